"""Fill an index for the first time: every file is read once, and its stat taken as it is read."""

from __future__ import annotations

from gitcoord.index import scan, share, touched, whole
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from typing import Any

    from gitcoord.git.repository import Repository
    from gitcoord.index.scan import Seen
    from gitcoord.index.share import Batch


def fill(connection: sqlite3.Connection, repo: Repository, running: Any, head: str) -> None:
    """Fill an empty index: parse in other processes while this one looks at times and commits.

    `running` is the walk over the commits up to `head`, None where there is none.
    """
    files = Files(repo.root)
    batches = share.share(repo.root, files.jobs)
    heads = touched.heads(repo, head, None) if running is not None else {}
    last, again = touched.begin(connection, running) if running is not None else ({}, set())

    def updated(path: str, digest: str) -> tuple[int | None, bool]:
        head = heads.get(path)
        if head == digest and path in last:
            return last[path], path in again
        written = scan.file_time(repo.root, path, files.seen[path].mtime)
        return written, head not in (None, digest)

    whole.fill(connection, files.seen, files.noted(batches), heads, updated)
    connection.executemany("INSERT OR REPLACE INTO folder VALUES (?, ?)", files.checksums())


class Files:
    """All files of the store, with what whoever reads them sees of them."""

    __slots__ = ("_now", "_restless", "_totals", "jobs", "seen")

    def __init__(self, root: str) -> None:
        self._now = scan.clock()  # before any file is read: one that changes later is read again
        self._restless: set[str] = set()
        self._totals: dict[str, int] = {}
        self.seen: dict[str, Seen] = {}
        paths: list[tuple[str, bool]] = []
        for folder in layout.FOLDERS:
            found, self._totals[folder] = scan.names(root, folder)
            paths += found
        self.jobs = [(n, path, regular) for n, (path, regular) in enumerate(sorted(paths), 1)]

    def noted(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Yield the batches, after taking a note of what was seen of their files."""
        for batch in batches:
            for (_, path, _), found in zip(batch[0], batch[6], strict=True):
                self._note(path, found)
            yield batch

    def _note(self, path: str, found: tuple[int, int, int, int, int] | None) -> None:
        folder = path[: path.rindex("/")]
        if found is None:  # it went before it was read
            self.seen[path] = scan.Seen(-1, 0, 0, 0)
            self._restless.add(folder)
            return
        mtime, size, ino, kind, weight = found
        seen = self.seen[path] = scan.Seen(mtime, size, ino, kind)
        self._totals[folder] += weight
        if not scan.settled(seen, self._now):
            seen.mtime = -1
            self._restless.add(folder)

    def checksums(self) -> Iterator[tuple[str, int]]:
        """Yield each folder with its checksum."""
        for folder, total in self._totals.items():
            restless = folder in self._restless
            yield folder, scan.RESTLESS if restless else scan.closed(total)
