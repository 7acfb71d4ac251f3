"""The sources that were measured: those of a commit, or of the work tree as it lies there.

Contents come from git by blob, so a file that many commits have alike is read once.
"""

from __future__ import annotations

import os

from gitcoord.git import peek, uncommitted
from gitcoord.git.objects import blob_id
from gitcoord.metrics.coverage import finding
from gitcoord.metrics.coverage.code import (
    CONFIGS,
    PYTHON,
    is_code,
    settings_part,
    without_environments,
)
from gitcoord.metrics.measurement import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


class Repo:
    """A repository of which commits are looked into; keeps what it has read."""

    def __init__(self, folder: str, *, bare: bool) -> None:
        self.folder = os.path.realpath(folder)
        self.bare = bare
        self.proofs: dict[tuple[str, frozenset[int]], int | None] = {}
        self._trees: dict[str, dict[str, str]] = {}
        self._blobs: dict[str, bytes | None] = {}
        self._beside: list[str] | None = None
        self._changes: dict[str, str | None] = {}

    def tree(self, commit: str | None) -> dict[str, str]:
        """Return the blobs of a commit's files by path; {} where there is no such commit."""
        if commit is None:
            return {}
        if commit not in self._trees:
            entries = peek.read_tree(peek.start_tree(self.folder, commit)) or []
            self._trees[commit] = {one.path: one.blob for one in entries}
        return self._trees[commit]

    def contents(self, commit: str | None, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the files that there are at a commit, or in the work tree for None.

        What a commit does not have, and is generated and so in none, is taken from the
        work tree.
        """
        wanted = list(paths)
        if commit is None:
            return {path: held for path in wanted if (held := self.present(path)) is not None}
        tree = self.tree(commit)
        unread = sorted({tree[path] for path in wanted if path in tree} - self._blobs.keys())
        self._blobs.update(zip(unread, peek.contents(self.folder, unread), strict=True))
        found = {}
        for path in wanted:
            held = self._blobs[tree[path]] if path in tree else self.present(path)
            if held is not None:
                found[path] = held
        return found

    def present(self, path: str) -> bytes | None:
        """Return a file of the work tree; never one behind a link or outside."""
        if self.bare:
            return None
        above = os.path.join(self.folder, os.path.dirname(path))
        if os.path.realpath(above) != os.path.normpath(above):
            return None
        return finding.read(self.folder, path)

    def written(self, path: str) -> float | None:
        """Return when a file of the work tree was written."""
        try:
            return os.lstat(os.path.join(self.folder, path)).st_mtime_ns / 1e9
        except OSError:
            return None

    def uncommitted(
        self, head: str | None, endings: frozenset[str] = PYTHON
    ) -> dict[str, str | None]:
        """Return the code that is not as HEAD has it, with its blobs; None where one is gone.

        Line ends do not count. Files that git does not know are in it, ignored ones are not.
        """
        if self._beside is None:
            found = uncommitted.look(self.folder) if not self.bare else ((), ())
            self._beside = [*found[0], *without_environments(found[1])]
        unseen = [
            path for path in self._beside if path not in self._changes and is_code(path, endings)
        ]
        tree = self.tree(head) if unseen else {}
        for path in unseen:
            held = self.present(path)
            blob = None if held is None else blob_id(held)
            same = held is not None and path in tree and not self._differs(held, tree[path])
            self._changes[path] = "" if same else blob
        return {
            path: blob
            for path, blob in self._changes.items()
            if blob != "" and is_code(path, endings)
        }

    def _differs(self, held: bytes, blob: str) -> bool:
        same = len(blob) == 40 and blob in (blob_id(held), blob_id(held.replace(b"\r\n", b"\n")))
        return not same and held.splitlines() != self._blob(blob).splitlines()

    def _blob(self, blob: str) -> bytes:
        if blob not in self._blobs:
            (self._blobs[blob],) = peek.contents(self.folder, [blob])
        return self._blobs[blob] or b""

    def resolve(self, name: str) -> str | None:
        """Return the commit that a name means, None where there is none."""
        if name.startswith("-") or "\0" in name:
            return None
        return peek.read_commit(peek.start_commit(self.folder, name))

    def code(self, commit: str | None) -> str | None:
        """Return a digest of all that a measured commit depends on: its Python and its settings."""
        return None if commit is None else digest(*sorted(self.state(commit).items()))

    def state(self, commit: str | None, endings: frozenset[str] = PYTHON) -> dict[str, str]:
        """Return the code of a commit, by path: the blob, of settings what is for coverage."""
        tree = self.tree(commit)
        found = {path: blob for path, blob in tree.items() if is_code(path, endings)}
        for path in CONFIGS:
            if path in found:
                found[path] = settings_part(path, self._blob(found[path]))
        return {path: held for path, held in found.items() if held}

    def now(self, head: str | None, endings: frozenset[str] = PYTHON) -> dict[str, str]:
        """Return the code as it lies in the work tree, in the way of `state`."""
        found = self.state(head, endings)
        for path, blob in self.uncommitted(head, endings).items():
            if path in CONFIGS:
                blob = settings_part(path, self.present(path) or b"")
            found[path] = blob or ""
        return {path: held for path, held in found.items() if held}
