"""Hand out ids that no branch, no stage and no past commit has ever used.

The highest number ever seen for each prefix is remembered under the git directory,
with the refs it was learned from; only commits that are new since then are looked at.
The memory is derived: without it, all history is read once.
"""

from __future__ import annotations

import os

from gitcoord.git import process, refs
from gitcoord.model import ids
from gitcoord.store import files, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository
    from gitcoord.model.kinds import Kind

_FIRST = "coord ids 1"


class Allocator:
    """Allocates ids for one transaction; the hub's lock is held while it lives."""

    __slots__ = ("_marks", "_repo", "_running", "_stage", "_tips")

    def __init__(self, repo: Repository, running: process.Running | None = None) -> None:
        self._repo = repo
        self._running = running
        self._marks: dict[str, int] | None = None
        self._tips: set[str] = set()
        self._stage = ""

    def next(self, kind: Kind, prefix: str, width: int) -> str:
        """Return the next sequential id with this prefix."""
        marks = self._learned()
        number = marks.get(prefix, 0)
        while True:
            number += 1
            id = ids.join(prefix, number, width)
            if not self._on_disk(kind, id):
                break
        marks[prefix] = number
        return id

    def random(self, kind: Kind, prefix: str) -> str:
        """Return a short random id with this prefix."""
        while True:
            id = ids.random_id(prefix, os.urandom(8))
            if not self._on_disk(kind, id):
                return id

    def save(self, new_tip: str | None) -> None:
        """Remember what was handed out; `new_tip` is the commit that now carries it."""
        if self._marks is None:
            return
        if new_tip:
            self._tips.add(new_tip)
            self._stage = _stage(self._repo)
        lines = [_FIRST, self._stage, " ".join(sorted(self._tips))]
        lines += [f"{number} {prefix}" for prefix, number in sorted(self._marks.items())]
        path = os.path.join(self._repo.common_dir, "coord", "ids")
        files.replace(path, "\n".join(lines).encode(), sync=False)

    def close(self) -> None:
        """Collect the git process, if nobody waited for it."""
        if self._running is not None:
            self._running.wait()

    def _on_disk(self, kind: Kind, id: str) -> bool:
        return any(
            os.path.lexists(os.path.join(self._repo.root, layout.path_of(kind, id, archived=away)))
            for away in (False, True)
        )

    def _learned(self) -> dict[str, int]:
        if self._marks is not None:
            return self._marks
        known, stage, marks = _load(self._repo)
        tips = refs.read_tips(self._repo, self._running or refs.tips(self._repo))
        head = refs.head(self._repo)
        if head:
            tips.add(head)
        fresh = tips - known
        if fresh:
            _raise_marks(marks, _added(self._repo, fresh, known))
        now = _stage(self._repo)
        if now != stage:
            out = process.call(self._repo.root, "ls-files", "-z", "--", layout.ROOT)
            _raise_marks(marks, out)
        if not known:
            _raise_marks(marks, _listing(self._repo.root))
        self._marks, self._tips, self._stage = marks, tips, now
        return marks


def _load(repo: Repository) -> tuple[set[str], str, dict[str, int]]:
    path = os.path.join(repo.common_dir, "coord", "ids")
    content = files.read(path, 1 << 24) or b""
    lines = content.decode("utf-8", "replace").split("\n")
    if lines[0] != _FIRST or len(lines) < 3:
        return set(), "", {}
    marks = {}
    for line in lines[3:]:
        number, _, prefix = line.partition(" ")
        if number.isdigit():
            marks[prefix] = int(number)
    return set(lines[2].split()), lines[1], marks


def _added(repo: Repository, fresh: set[str], known: set[str]) -> bytes:
    """Return the paths that the new commits touched below the store, NUL-separated."""
    fed = "\n".join([*sorted(fresh), *(f"^{tip}" for tip in sorted(known))]) + "\n"
    return process.call(
        repo.root,
        "log",
        "--ignore-missing",
        "--stdin",
        "--format=",
        "--name-only",
        "--no-renames",
        "--diff-filter=A",
        "--full-history",
        "-z",
        "--",
        layout.ROOT,
        stdin=fed.encode(),
    )


def _listing(root: str) -> bytes:
    found = []
    for folder in layout.FOLDERS:
        try:
            found += [f"{folder}/{name}" for name in os.listdir(os.path.join(root, folder))]
        except (FileNotFoundError, NotADirectoryError):
            continue
    return "\0".join(found).encode("utf-8", "surrogateescape")


def _raise_marks(marks: dict[str, int], paths: bytes) -> None:
    for path in paths.decode("utf-8", "surrogateescape").replace("\n", "\0").split("\0"):
        place = layout.place(path)
        if place is not None and place.kind.prefix:
            prefix, number = ids.split(place.id)
            if number is not None and number > marks.get(prefix, 0):
                marks[prefix] = number


def _stage(repo: Repository) -> str:
    """Return a word that changes whenever git's index file does."""
    try:
        seen = os.stat(os.path.join(repo.git_dir, "index"))
    except FileNotFoundError:
        return "none"
    return f"{seen.st_ino}.{seen.st_size}.{seen.st_mtime_ns}"
