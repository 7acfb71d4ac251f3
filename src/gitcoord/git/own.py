"""The folder that coord has in a git directory, and those in it."""

from __future__ import annotations

import os

FOLDER = "coord"


def make(folder: str) -> None:
    """Make a folder, and coord's own one that it lies in, but never the git directory.

    A repository that was deleted a moment ago stays deleted: then, or where the system
    refuses, this raises `OSError`.
    """
    try:
        os.mkdir(folder)
    except FileExistsError:
        return
    except FileNotFoundError:
        above = os.path.dirname(folder)
        if os.path.basename(above) != FOLDER:
            raise
        make(above)
        make(folder)
