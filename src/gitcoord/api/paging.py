"""An answer in pages: how much there is in all, some of it, and where to go on.

A page goes on after the last record of the one before, wherever that record stands by then,
so records that come and go in between make nobody miss or see another one twice.
"""

from __future__ import annotations

from gitcoord.api.entry import COLUMNS, Entry, entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.model.query.nodes import Query


class Slice:
    """Some of an answer; `start` is how many come before, `total` how many there are."""

    __slots__ = ("entries", "start", "total")

    def __init__(self, found: list[Entry], start: int, total: int) -> None:
        self.entries = found
        self.start = start
        self.total = total

    @property
    def more(self) -> bool:
        """Whether records come after these."""
        return self.start + len(self.entries) < self.total


def page(
    workspace: Workspace, query: Query, *, limit: int, after: tuple[int, str] | None = None
) -> Slice:
    """Return the records of a query that follow one of them, given by its number and its id.

    Where that record is gone from the answer, its number says where to go on.
    """
    from gitcoord.index import text  # as in `read`: not every answer asks a query
    from gitcoord.index.compile import compile_query

    view = workspace.view()
    asked = compile_query(
        query,
        now=workspace.now,
        me=workspace.me if _speaks_of_me(query) else None,
        text=lambda wanted: text.condition(view, wanted),
    )
    # To count needs no contents, which are most of an index; few conditions look at them.
    whole = "r.json" in asked.where or "r.body" in asked.where
    where = f"FROM {'record' if whole else 'core'} r WHERE {asked.where}"
    if after is None:
        (total,) = view.execute(f"SELECT count(*) {where}", asked.params).fetchone()
        start = 0
    else:
        ids = view.execute(f"SELECT r.id {where} ORDER BY {asked.order}", asked.params)
        start, total = _place([row[0] for row in ids], after)
    rows = view.execute(
        f"SELECT {COLUMNS} FROM record r WHERE {asked.where} ORDER BY {asked.order} LIMIT ? OFFSET ?",
        [*asked.params, limit, start],
    )
    return Slice(entries(rows), start, total)


def cut(found: list[Entry], *, limit: int, after: tuple[int, str] | None = None) -> Slice:
    """Return the part of an answer that is known as a whole, as `page` does."""
    start = _place([entry.id for entry in found], after)[0] if after else 0
    return Slice(found[start : start + limit], start, len(found))


def _place(ids: list[str], after: tuple[int, str]) -> tuple[int, int]:
    number, id = after
    if ids[number - 1 : number] == [id]:
        return number, len(ids)
    return (ids.index(id) + 1 if id in ids else min(number, len(ids))), len(ids)


def _speaks_of_me(query: Query) -> bool:
    from gitcoord.model.query.nodes import ME, Term, leaves  # loaded with the query

    terms = [leaf for leaf in leaves(query.where) if isinstance(leaf, Term)]
    return any(how == ME for term in terms for how, _ in term.values)
