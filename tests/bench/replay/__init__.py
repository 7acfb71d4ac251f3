"""Real merges of other trackers' stores, replayed as our records and held against a plain oracle.

python -m tests.bench.replay PATH-TO-GIT-DIR…

Nothing of those repositories is kept: a merge is read from their objects, its three
versions are written as our files, merged, judged and forgotten.
"""
