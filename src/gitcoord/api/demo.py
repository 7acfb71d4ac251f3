"""Make a hub with realistic data and months of history."""

from __future__ import annotations

import os

from gitcoord.api import setup
from gitcoord.demo import history, story
from gitcoord.errors import ConflictError
from gitcoord.git import process
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime


def init(folder: str, now: datetime) -> tuple[str, list[str]]:
    """Make a demo hub in a new or empty folder or repository; return its root and its files' paths.

    Raises `ConflictError` when there is something in the folder.
    """
    begun = os.path.isdir(folder) and os.listdir(folder)
    if begun and (begun != [".git"] or process.run(folder, "rev-list", "-n1", "--all").out):
        raise ConflictError(f"{folder} is not empty.", hint="The demo needs a folder of its own.")
    os.makedirs(folder, exist_ok=True)
    root = os.path.realpath(folder)
    if not begun:
        process.call(root, "init", "--quiet", "--initial-branch=main")
    settled = {path: content.decode() for path, content in setup.files_of_hub().items()}
    history.write(root, story.commits(now, header=layout.header, files=settled))
    listed = process.call(root, "ls-files", "-z", "--", "coord").decode().split("\0")
    return root, [path for path in listed if path]
