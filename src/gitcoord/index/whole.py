"""Fill an empty index: every file at once, and all that follows from them in memory.

It gives what bringing an index up to date file by file would give, in half the time.
"""

from __future__ import annotations

import _thread
import sys

from gitcoord.index import derive, replace, schema, share

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from gitcoord.index.scan import Seen
    from gitcoord.index.share import Batch

    Row = tuple[Any, ...]
    Moment = tuple[int | None, bool]
    """When a file last changed, and whether that was after it came."""


_IMPATIENT = 0.0002


def fill(
    connection: sqlite3.Connection,
    seen: Mapping[str, Seen],
    batches: Iterable[Batch],
    heads: Mapping[str, str],
    updated: Callable[[str, str], Moment],
) -> None:
    """Store all rows and what is derived from them.

    `heads` are the blobs that HEAD has; `updated` returns the time of a path's last
    change, given its digest.
    """
    records: list[Row] = []
    links: list[tuple[str, str]] = []
    times: dict[int, Moment] = {}
    for batch in batches:
        replace.insert_beside(connection, seen, batch, heads)
        records += batch[1]
        links += [(src, dst) for src, dst, type in share.ends(batch) if type == "waits"]
        for n, path, digest in batch[0]:
            times[n] = updated(path, digest)
    judged, members = _beside(lambda: _judged(records, links), connection)
    connection.executemany(
        replace.WHOLE_RECORD,
        [
            (
                *row,
                times[row[0]][0] if row[10] is None else _later(row[10], *times[row[0]]),
                *found[:5],
            )
            for row, found in zip(records, judged, strict=True)
        ],
    )
    schema.run_all(connection, schema.INDEXES)
    replace.give_roles(connection, None)
    derive.mark(connection, members)


def _later(stated: int, changed: int | None, again: bool) -> int:
    """Return when a record that says so itself was changed: its word holds till the next change."""
    return max(stated, changed) if again and changed is not None else stated


def _judged(records: list[Row], links: list[tuple[str, str]]) -> tuple[list[Row], list[str]]:
    """Return what follows for each record from all others, and the ids that stand in a cycle."""
    # n, id, kind, status, open, priority, target, created
    facts = [(r[0], r[1], r[2], r[5], r[18], r[6], r[11], r[9]) for r in records]
    archived = [(*fact, r[19]) for fact, r in zip(facts, records, strict=True)]
    near = derive.whole_graph(archived, links)
    return list(derive.judged(facts, near)), derive.cyclic(near)


def _beside(work: Callable[[], Any], connection: sqlite3.Connection) -> Any:
    """Return what some work gives; SQLite makes indexes at the same time."""
    patience = sys.getswitchinterval()
    sys.setswitchinterval(_IMPATIENT)  # else each statement waits for the work as long as it takes
    try:
        meanwhile = _Meanwhile(work)
        schema.run_all(connection, schema.BESIDE)
        return meanwhile.result()
    finally:
        sys.setswitchinterval(patience)


class _Meanwhile:
    """Something to do beside SQLite, which lets others run while it works."""

    __slots__ = ("_done", "_error", "_found", "_work")

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self._found: Any = None
        self._error: BaseException | None = None
        self._done = _thread.allocate_lock()
        self._done.acquire()
        _thread.start_new_thread(self._run, ())

    def _run(self) -> None:
        try:
            self._found = self._work()
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever asks for the result
            self._error = error
        finally:
            self._done.release()

    def result(self) -> Any:
        """Wait, and return what came of it."""
        with self._done:
            if self._error is not None:
                raise self._error
            return self._found
