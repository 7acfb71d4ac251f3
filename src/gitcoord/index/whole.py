"""Fill an empty index: every file at once, and all that follows from them in memory.

It gives what bringing an index up to date file by file would give, in half the time.
"""

from __future__ import annotations

from gitcoord.index import derive, replace, schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from gitcoord.index.scan import Seen
    from gitcoord.index.share import Batch

_UPDATE = (
    "UPDATE core SET blocked = ?1, ready = ?2, blocks = ?3, worth = ?4, open_blockers = ?5,"
    " updated = coalesce(stated, ?7) WHERE n = ?6"
)


def fill(
    connection: sqlite3.Connection,
    seen: Mapping[str, Seen],
    batches: Iterable[Batch],
    heads: Mapping[str, str],
    updated: Callable[[str, str], int | None],
) -> None:
    """Store all rows and what is derived from them.

    `heads` are the blobs that HEAD has; `updated` returns the time of a path's last
    change, given its digest.
    """
    facts: list[tuple[Any, ...]] = []
    links: list[tuple[str, str]] = []
    times: dict[int, int | None] = {}
    for batch in batches:
        replace.insert(connection, seen, batch, heads)
        # n, id, kind, status, open, priority, target, created, archived
        facts += [(r[0], r[1], r[2], r[5], r[18], r[6], r[11], r[9], r[19]) for r in batch[1]]
        links += [(src, dst) for _, src, dst, type, _ in batch[4] if type == "waits"]
        for n, path, digest in batch[0]:
            times[n] = updated(path, digest)
    schema.run_all(connection, schema.INDEXES)
    replace.give_roles(connection, None)
    near = derive.whole_graph(facts, links)
    judged = derive.judged([fact[:-1] for fact in facts], near)
    connection.executemany(_UPDATE, [(*row, times[row[-1]]) for row in judged])
    derive.mark(connection, near)
