"""The files a transaction reads and what it is going to write, kept in memory until it happens."""

from __future__ import annotations

import os

from gitcoord.codec import plain
from gitcoord.errors import InvalidError
from gitcoord.store import files, layout
from gitcoord.store.intent import Write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.git.repository import Repository
    from gitcoord.model.kinds import Kind

MAX_BYTES = 1 << 20


class Stored:
    """A record as it lies on disk: its data and the very bytes."""

    __slots__ = ("archived", "data", "id", "kind", "path", "raw")

    def __init__(
        self, kind: Kind, id: str, path: str, raw: bytes, data: dict[str, Any], *, archived: bool
    ) -> None:
        self.kind = kind
        self.id = id
        self.path = path
        self.raw = raw
        self.data = data
        self.archived = archived


class Workset:
    """Contents by path: those on disk, and over them what is to be written."""

    __slots__ = ("_folders", "_repo", "writes")

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._folders: set[str] = set()
        self.writes: dict[str, Write] = {}

    def find(self, kind: Kind, id: str) -> Stored | None:
        """Return a record as it will be after the writes so far, or None."""
        from gitcoord.codec.read import Malformed, parse  # a create never reads

        if not layout.fits(kind, id):
            return None
        for archived in (False, True):
            path = layout.path_of(kind, id, archived=archived)
            raw = self.now(path)
            if raw is not None:
                try:
                    return Stored(kind, id, path, raw, parse(raw), archived=archived)
                except Malformed as fault:
                    raise InvalidError(
                        f"{path}:{fault.line}:{fault.column}: {fault.message}",
                        hint=fault.hint or f"Mend the file by hand, then `coord check {path}`.",
                    ) from None
        return None

    def set(self, path: str, content: bytes | None) -> None:
        """Let a file have a content, None for no file; refuse a record that would be too large."""
        if content is not None and len(content) > MAX_BYTES and path.count("/") > 1:
            raise InvalidError(
                f"{path} would have {len(content):,} bytes; a record has {MAX_BYTES:,} at most.",
                hint="Keep large texts in files of their own and name them in the record.",
            )
        if path in self.writes:
            self.writes[path].new = content
        else:
            self.writes[path] = Write(path, self.read(path), content)

    def read(self, path: str) -> bytes | None:
        """Return a file's content on disk."""
        full = f"{self._repo.root}/{path}"
        folder = path[: path.rfind("/") + 1].rstrip("/")
        if folder not in self._folders and not (folder and plain.linked(self._repo.root, folder)):
            self._folders.add(folder)
        content = files.read(full, 1 << 24) if folder in self._folders else b""
        if content == b"" and (folder not in self._folders or os.path.islink(full)):
            raise InvalidError(
                f"{path} is, or lies in, a symbolic link; coord does not follow links in the store.",
                hint="Put the file itself there.",
            )
        return content

    def add(self, path: str, content: bytes) -> None:
        """Let a file come into being of which it is known that it is not there."""
        self.writes.setdefault(path, Write(path, None, b""))
        self.set(path, content)

    def changed(self) -> list[Write]:
        """Return the writes that change something."""
        return [write for write in self.writes.values() if write.old != write.new]

    def now(self, path: str) -> bytes | None:
        """Return a file's content as it will be after the writes so far."""
        return self.writes[path].new if path in self.writes else self.read(path)
