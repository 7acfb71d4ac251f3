"""The files of a repository of the ecosystem: as they lie in its work tree, or in a commit.

Only manifests and what they name is read, never through a symbolic link and never
outside the repository: what a manifest names was written by anybody.
"""

from __future__ import annotations

import os
import posixpath
import re

from gitcoord.git import peek
from gitcoord.manifests.reading import MAX_LOCK, is_manifest
from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SKIPPED = re.compile(r"node_modules|\..*|target|build|dist|__pycache__")
MAX_MEMBERS = 500


def inside(path: str) -> bool:
    """Whether a path that a manifest names stays in its repository."""
    return (
        bool(path)
        and not path.startswith(("/", "~", "\\"))
        and "\0" not in path
        and ".." not in posixpath.normpath(path).split("/")
    )


class WorkTree:
    """The work tree of a clone, with everything that is not committed yet."""

    __slots__ = ("folder",)

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def manifests(self) -> list[str]:
        """Return the manifests at the top and one folder below."""
        found = []
        for folder in ("", *self._folders("")):
            try:
                names = os.listdir(os.path.join(self.folder, folder))
            except OSError:
                continue
            paths = [f"{folder}/{name}" if folder else name for name in names]
            found += [path for path in paths if is_manifest(path)]
        return sorted(found)

    def _folders(self, below: str) -> list[str]:
        try:
            with os.scandir(os.path.join(self.folder, below)) as entries:
                names = [one.name for one in entries if one.is_dir(follow_symlinks=False)]
        except OSError:
            return []
        kept = [name for name in names if not _SKIPPED.fullmatch(name)]
        found = sorted(f"{below}/{name}" if below else name for name in kept)
        return [path for path in found if not self._another(path)]

    def _another(self, path: str) -> bool:
        """Whether a folder is a repository of its own: a submodule, or a clone inside this one."""
        return os.path.lexists(os.path.join(self.folder, path, ".git"))

    def members(self, pattern: str) -> list[str]:
        """Return the folders that a workspace's pattern names."""
        found = [""]
        for step in filter(None, posixpath.normpath(pattern).split("/")):
            wanted = re.compile(_as_regex(step))
            below = [one for folder in found for one in self._folders(folder)]
            if step == "**":
                found += [*below, *[one for folder in below for one in self._folders(folder)]]
            else:
                found = [one for one in below if wanted.fullmatch(posixpath.basename(one))]
            found = found[:MAX_MEMBERS]
        return [one for one in found if one]

    def read(self, path: str) -> bytes | None:
        """Return a file's content; None when there is no such plain file in the repository."""
        if not inside(path):
            return None
        full = os.path.join(self.folder, path)
        if os.path.realpath(os.path.dirname(full)) != os.path.normpath(os.path.dirname(full)):
            return None
        return files.read(full, MAX_LOCK) if os.path.isfile(full) and not os.path.islink(full) else None  # fmt: skip

    def stat(self, path: str) -> list[int] | None:
        """Return what tells an unchanged file."""
        try:
            seen = os.lstat(os.path.join(self.folder, path))
        except OSError:
            return None
        return [seen.st_ino, seen.st_size, seen.st_mtime_ns]


class AtCommit:
    """The files of one commit; the work tree, if there is one, is not looked at."""

    __slots__ = ("blobs", "folder")

    def __init__(self, folder: str, blobs: dict[str, str]) -> None:
        self.folder = folder
        self.blobs = blobs

    def manifests(self) -> list[str]:
        """Return the manifests at the top and one folder below."""
        return sorted(path for path in self.blobs if is_manifest(path))

    def members(self, pattern: str) -> list[str]:
        """Return the folders that a workspace's pattern names."""
        steps = [_as_regex(step) for step in posixpath.normpath(pattern).split("/")]
        wanted = re.compile("/".join(steps).replace(".*/", "(?:.*/)?"))
        folders = {posixpath.dirname(path) for path in self.blobs}
        return sorted(one for one in folders if wanted.fullmatch(one))[:MAX_MEMBERS]

    def read(self, path: str) -> bytes | None:
        """Return a file's content; None when the commit has no such file."""
        path = posixpath.normpath(path)
        return self.read_many([path])[0] if path in self.blobs else None

    def read_many(self, paths: Sequence[str]) -> list[bytes | None]:
        """Return the content of several files, with one question to git."""
        return peek.contents(self.folder, [self.blobs[path] for path in paths])


def _as_regex(step: str) -> str:
    if step == "**":
        return ".*"
    return re.escape(step).replace(r"\*", "[^/]*").replace(r"\?", "[^/]")


Files = WorkTree | AtCommit


def existing(tree: Files, paths: Iterable[str]) -> list[str]:
    """Return those of some paths that the repository has."""
    if isinstance(tree, AtCommit):
        return [path for path in paths if path in tree.blobs]
    return [path for path in paths if inside(path) and tree.stat(path) is not None]
