"""How skills are used across repositories: read, keep, count, advise.

A *skill* is a named ability of a coding assistant, an *invocation* one use of it. What is kept
lies below the git directory and stays on this machine; only roll-ups may leave it, and only
when a person says so.
"""
