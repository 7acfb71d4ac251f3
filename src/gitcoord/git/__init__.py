"""The git binary: the only door to it."""
