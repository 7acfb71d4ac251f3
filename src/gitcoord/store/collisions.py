"""Notes of merges in which git was told that all is well though one id meant two records.

The merge driver keeps our record in the file and leaves a note here; whoever is called
next (the hook after a merge, `coord renumber`) brings the other one back under an id of
its own. Without a note the driver never does so: then both stand in the file, as a
conflict.
"""

from __future__ import annotations

import os

from gitcoord.git import process
from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository


REBASED = "(rebase)"


class Note:
    """A merge of two commits, and a path under which both have a record of their own.

    `REBASED` in place of a path: `theirs` was rebased onto `ours`, and ids changed on the way.
    """

    __slots__ = ("ours", "path", "theirs")

    def __init__(self, ours: str, theirs: str, path: str) -> None:
        self.ours = ours
        self.theirs = theirs
        self.path = path


def file_of(repo: Repository) -> str:
    """Return where the notes of a work tree lie."""
    return os.path.join(repo.git_dir, "coord", "collisions")


def add(repo: Repository, note: Note) -> None:
    """Leave a note; raise `OSError` if it cannot be kept."""
    path = file_of(repo)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    line = f"{note.ours} {note.theirs} {note.path}\n".encode("utf-8", "surrogateescape")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
    try:
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def load(repo: Repository) -> list[Note]:
    """Return all notes."""
    content = files.read(file_of(repo), 1 << 24) or b""
    found = []
    for line in content.decode("utf-8", "surrogateescape").split("\n"):
        parts = line.split(" ", 2)
        if len(parts) == 3 and "\0" not in line:
            found.append(Note(*parts))
    return found


def keep(repo: Repository, notes: list[Note]) -> None:
    """Keep only these notes."""
    if not notes:
        files.remove(file_of(repo))
        return
    lines = [f"{note.ours} {note.theirs} {note.path}\n" for note in notes]
    files.replace(file_of(repo), "".join(lines).encode("utf-8", "surrogateescape"))


def will_be_mended(repo: Repository) -> bool:
    """Say whether a hook of ours runs after a merge."""
    done = process.run(repo.root, "rev-parse", "--git-path", "hooks/post-merge")
    hook = os.path.join(repo.root, done.out.decode("utf-8", "surrogateescape").rstrip("\n"))
    if not os.access(hook, os.X_OK):
        return False
    with open(hook, "rb") as file:
        return b"coord" in file.read(1 << 16)
