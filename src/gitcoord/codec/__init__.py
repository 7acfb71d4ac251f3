"""YAML in and out: the only door to it."""
