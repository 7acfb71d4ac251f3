"""The contents of record files at any commit: each is read and parsed once.

A content that cannot be read as a record stands for the last one before it that could,
so a file that was broken for a while shows what has changed between its sound versions.
"""

from __future__ import annotations

import marshal

from gitcoord.codec.read import MAX_BYTES, Malformed, parse
from gitcoord.git import loose, objects, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from gitcoord.git.repository import Repository

_FEW = 16
_STEPS = (1, 4, 32, -1)
_MOST = 200_000


class Versions:
    """What blobs hold, packed small while they wait to be compared with the next version."""

    __slots__ = ("_earlier", "_packed", "_repo")

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._packed: dict[str, bytes | None] = {walk.NO_FILE: None}
        self._earlier: dict[tuple[str, str], dict[str, Any] | None] = {}

    def load(self, blobs: Iterable[str]) -> None:
        """Read the blobs that are not known yet, in one go."""
        wanted = [blob for blob in dict.fromkeys(blobs) if blob not in self._packed]
        if len(wanted) <= _FEW:  # just committed, mostly: then git need not be started
            wanted = [blob for blob in wanted if not self._loose(blob)]
        found = objects.contents(self._repo, wanted, MAX_BYTES)
        for blob, raw in zip(wanted, found, strict=True):
            self._packed[blob] = None if raw is None else _pack(raw)

    def _loose(self, blob: str) -> bool:
        try:
            raw = loose.blob(self._repo, blob, MAX_BYTES)
        except loose.MissingError:
            return False
        self._packed[blob] = None if raw is None else _pack(raw)
        return True

    def shrink(self) -> None:
        """Drop what was read, once it is much."""
        if len(self._packed) > _MOST:
            self._packed = {walk.NO_FILE: None}
            self._earlier = {}

    def get(self, blob: str) -> dict[str, Any] | None:
        """Return what a blob holds, None where that is no record."""
        if blob not in self._packed:
            self.load([blob])
        packed = self._packed[blob]
        if packed is None:
            return None
        found: dict[str, Any] = marshal.loads(packed)  # noqa: S302 - packed by ourselves
        return found

    def last(self, commit: str, path: str, blob: str) -> dict[str, Any] | None:
        """Return what a path held in a commit, or the last sound content before that.

        Looks back along first parents, and not beyond the commit that added the path.
        """
        found = self.get(blob)
        if found is not None:
            return found
        place = (commit, path)
        if place not in self._earlier:
            self._earlier[place] = self._sound(commit, path)
        return self._earlier[place]

    def _sound(self, commit: str, path: str) -> dict[str, Any] | None:
        # A few at a time: git walks no further than it has to for them.
        for most in _STEPS:
            before = walk.versions(self._repo, commit, path, most=most)
            for blob in before:
                found = None if blob is None else self.get(blob)
                if found is not None or blob is None:
                    return found
            if len(before) < most:
                break
        return None


def _pack(raw: bytes) -> bytes | None:
    try:
        return marshal.dumps(parse(raw))
    except Malformed:
        return None
