"""Runs of todos: which goes next, in which pool, in which worktree, and what came of it."""
