"""The branch of machine-written facts: append with plumbing, read back, exchange with peers."""

from gitcoord.journal.reading import File, read, walk
from gitcoord.journal.writing import append

__all__ = ["File", "append", "read", "walk"]
