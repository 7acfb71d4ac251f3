"""What manifests said when they were last read: derived, and safe to delete at any moment.

One file under the hub's git directory. What was parsed is keyed by the content's
digest, so a switch of branches reads nothing twice; a file whose stat has not changed
is not even opened.
"""

from __future__ import annotations

import json
import os
import time

from gitcoord.manifests import reading
from gitcoord.manifests.manifest import Manifest, from_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FILE = "manifests.json"
_FRESH = 100_000_000  # ns: a file this young may change again without its stat showing it
_MANY = 20_000


class Remembered:
    """The memory of one run: looked up first, saved at the end if something was new."""

    __slots__ = ("_changed", "_parsed", "_path", "_stats", "_touched", "_trees")

    def __init__(self, git_dir: str) -> None:
        self._path = os.path.join(git_dir, "coord", FILE)
        self._changed = False
        self._touched: set[str] = set()
        held = _load(self._path)
        self._stats: dict[str, list[Any]] = held.get("stats", {})
        self._parsed: dict[str, list[Any]] = held.get("parsed", {})
        self._trees: dict[str, dict[str, str]] = held.get("trees", {})

    def digest_of(self, path: str, seen: list[int]) -> str | None:
        """Return the digest of a file that is as it was when it was read."""
        known = self._stats.get(path)
        return known[1] if known is not None and known[0] == seen else None

    def keep_digest(self, path: str, seen: list[int], digest: str) -> None:
        """Remember the digest of a file, unless it is so young that it may change unseen."""
        if time.time_ns() - seen[2] > _FRESH:
            self._stats[path] = [seen, digest]
            self._changed = True

    def manifest(self, path: str, digest: str) -> Manifest | None:
        """Return what a file of that content says, if it is known."""
        key = f"{digest} {path}"
        row = self._parsed.get(key)
        if row is None:
            return None
        self._touched.add(key)
        return from_row(row)

    def parse(self, path: str, digest: str, raw: bytes) -> Manifest:
        """Read a manifest and remember what it says."""
        found = reading.read(path, raw)
        key = f"{digest} {path}"
        self._parsed[key] = found.as_row()
        self._touched.add(key)
        self._changed = True
        return from_row(self._parsed[key])

    def tree(self, commit: str, paths: list[str]) -> dict[str, str] | None:
        """Return the blobs of some files at a commit, if they are known."""
        known = self._trees.get(commit)
        if known is None or any(path not in known for path in paths):
            return None
        return known

    def keep_tree(self, commit: str, blobs: dict[str, str]) -> None:
        """Remember the blobs of some files at a commit ("" for one that is not there)."""
        self._trees[commit] = {**self._trees.get(commit, {}), **blobs}
        self._changed = True

    def save(self) -> None:
        """Write what is new; a disk that refuses costs only time the next time."""
        if not self._changed:
            return
        if len(self._parsed) > _MANY:
            self._parsed = {key: self._parsed[key] for key in self._touched}
            self._stats, self._trees = {}, {}
        held = {
            "version": reading.VERSION,
            "stats": self._stats,
            "trees": self._trees,
            "parsed": self._parsed,
        }
        passing = f"{self._path}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
            with open(passing, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(json.dumps(held))
            os.rename(passing, self._path)
        except (OSError, UnicodeError):
            return


def _load(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            held = json.loads(file.read())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(held, dict) or held.get("version") != reading.VERSION:
        return {}
    parts = ("stats", "parsed", "trees")
    return held if all(isinstance(held.get(part), dict) for part in parts) else {}
