"""How the files of a store looked last, and which of them look different now.

Only what a check reads is looked at: records, settings, roles, templates and schemas. What
an editor leaves beside a file for a moment is passed over.
"""

from __future__ import annotations

import os

from gitcoord.index import scan
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitcoord.git.repository import Repository

    Look = tuple[int, int, int, int]

SCHEMAS = f"{layout.ROOT}/schemas"
NOTES = "collisions"
"""What merges leave to mend; it lies beside the index."""
_LISTED = (*layout.FOLDERS, layout.TEMPLATES, SCHEMAS)
_SINGLE = (layout.SETTINGS, layout.ROLES)


def folders(repo: Repository) -> dict[str, tuple[int, int]]:
    """Return the folders in which something can change that matters, with what tells them apart.

    One that was taken away and made again is another folder, and one that may not be read none.
    """
    wanted = [repo.root, os.path.join(repo.git_dir, "coord")]
    wanted += [os.path.join(repo.root, name) for name in (layout.ROOT, layout.ARCHIVE, *_LISTED)]
    found = {}
    for path in wanted:
        try:
            if os.path.isdir(path) and os.access(path, os.R_OK):
                own = os.stat(path)
                found[path] = (own.st_dev, own.st_ino)
        except OSError:
            continue
    return found


def matters(repo: Repository, path: str) -> bool:
    """Whether a change at a path can change what a check says."""
    if path == os.path.join(repo.git_dir, "coord", NOTES):
        return True
    inside = path[len(repo.root) + 1 :] if path.startswith(repo.root + "/") else ""
    if inside == layout.ROOT or inside in _SINGLE or inside in (layout.ARCHIVE, *_LISTED):
        return True
    folder, _, name = inside.rpartition("/")
    return folder in _LISTED and not scan.is_passing(name)


class Sightings:
    """The looks of all files of a store."""

    def __init__(self, repo: Repository) -> None:
        self._root = repo.root
        self._seen = dict(self._all())

    def look(self, paths: Iterable[str] | None = None) -> set[str]:
        """Look at some files, or at all, and return those that changed, as paths of the hub."""
        names = None if paths is None else self._named(paths)
        if names is None:
            now = dict(self._all())
            changed = {
                path for path in {*now, *self._seen} if now.get(path) != self._seen.get(path)
            }
            self._seen = now
            return changed
        changed = set()
        for path in names:
            found = _look(os.path.join(self._root, path))
            if found == self._seen.get(path):
                continue
            changed.add(path)
            if found is None:
                del self._seen[path]
            else:
                self._seen[path] = found
        return changed

    def _named(self, paths: Iterable[str]) -> list[str] | None:
        """Return paths of the hub; None where one of them can mean many files."""
        names = []
        for path in paths:
            inside = os.path.relpath(path, self._root)
            if inside in _SINGLE or os.path.dirname(inside) in _LISTED:
                names.append(inside)
            elif os.path.basename(path) != NOTES:
                return None
        return names

    def _all(self) -> Iterator[tuple[str, Look]]:
        for path in _SINGLE:
            found = _look(os.path.join(self._root, path))
            if found is not None:
                yield path, found
        for folder in _LISTED:
            try:
                with os.scandir(os.path.join(self._root, folder)) as entries:
                    for entry in entries:
                        if not scan.is_passing(entry.name):
                            found = _look(entry)
                            if found is not None:
                                yield f"{folder}/{entry.name}", found
            except OSError:
                continue  # no such folder, or one that may not be read: the check says so


def _look(file: str | os.DirEntry[str]) -> Look | None:
    try:
        own = os.lstat(file) if isinstance(file, str) else file.stat(follow_symlinks=False)
    except OSError:
        return None
    return own.st_mtime_ns, own.st_size, own.st_ino, own.st_mode
