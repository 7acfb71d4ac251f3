"""What the user's surroundings say: where things lie that belong to the user and not to a hub."""

from __future__ import annotations

import os


def models() -> str:
    """Return the user's folder of models: COORD_MODELS, else below XDG_DATA_HOME."""
    told = os.environ.get("COORD_MODELS")
    if told:
        return os.path.abspath(told)
    data = os.environ.get("XDG_DATA_HOME") or ""
    if not os.path.isabs(data):
        data = os.path.join(os.path.expanduser("~"), ".local", "share")
    return os.path.join(data, "coord", "models")


def worktrees() -> str:
    """Return the user's folder of worktrees of runs, below XDG_STATE_HOME."""
    state = os.environ.get("XDG_STATE_HOME") or ""
    if not os.path.isabs(state):
        state = os.path.expanduser("~/.local/state")
    return os.path.join(state, "coord", "worktrees")
