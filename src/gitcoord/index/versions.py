"""Which of many versions of records a query finds: the same query, asked of the past.

Every version becomes a row of an index of its own, so the answer is the one that a list
would have given, whatever the query. What depends on other records or on the day of the
question (ready, blocked, overdue, when it was changed) is not asked of the past.
"""

from __future__ import annotations

from contextlib import closing

from gitcoord.errors import UsageError
from gitcoord.index import replace, schema, share, text
from gitcoord.index.compile import compile_query
from gitcoord.index.rows import rows_of_data
from gitcoord.index.scan import Seen
from gitcoord.model.kinds import BY_NAME
from gitcoord.model.query import parse
from gitcoord.model.query.nodes import Term, leaves
from gitcoord.store.layout import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from gitcoord.model.query.nodes import Query

    Version = tuple[str, str, dict[str, Any], bool, tuple[str, ...]]
    """Kind, id, data, whether it was archived, and the roles of its repositories."""

_FIELDS = ("updated", "blocks")
_STATES = ("ready", "blocked", "overdue", "cyclic")


# The fields of a record that each field of a query looks at; others have the same name.
_LOOKS_AT = {
    "kind": (), "id": (), "archived": (), "is": ("status", "assignee"), "role": ("role",),
    "title": ("title", "task", "description", "consumer", "provider", "version_constraint"),
    "repo": ("repo", "repos", "consumer", "provider"), "label": ("labels",), "tag": ("tags",),
    "target": ("target", "milestones"),
}  # fmt: skip


class Question:
    """A query that is asked of versions; `fields` are those it looks at, None for all.

    Raises `UsageError` for what cannot be asked of the past.
    """

    __slots__ = ("by_id", "fields", "me", "now", "query")

    def __init__(self, query: Query, *, now: datetime, me: str | None) -> None:
        _check(query)
        self.query = query
        self.now = now
        self.me = me
        found: set[str] | None = set()
        self.by_id = False
        for leaf in leaves(query.where):
            name = leaf.field if isinstance(leaf, Term) else "text"
            self.by_id |= name in ("id", "text")
            if name == "text" or name.startswith("metadata"):
                found = None
            if found is not None:
                found.update(_LOOKS_AT.get(name, (name,)))
        self.fields = None if found is None else frozenset(found)

    def same(self, version: Version) -> object:
        """Return what two versions have in common that the query cannot tell apart."""
        kind, id, data, archived, roles = version
        named = id if self.by_id or kind == "repo" else ""
        fields = sorted(data if self.fields is None else self.fields)
        return kind, named, archived, roles, tuple([repr(data.get(field)) for field in fields])


def _check(query: Query) -> None:
    for leaf in leaves(query.where):
        if not isinstance(leaf, Term):
            continue
        words = [word for _, word in leaf.values]
        wrong = [f"is:{word}" for word in words if leaf.field == "is" and word in _STATES]
        if leaf.field in _FIELDS or wrong:
            raise UsageError(
                f"`{wrong[0] if wrong else leaf.field}` cannot be followed through history.",
                hint="A trend can ask for what stands in the record: status, priority, label, title …",
            )


def matching(versions: Sequence[Version], question: Question) -> set[int]:
    """Return the places of the versions that a query finds; archived ones are no exception."""
    query = question.query
    with closing(schema.connect(":memory:")) as connection:
        _fill(connection, versions)
        everything = parse("archived:*", saved={}).where
        whole = query.with_terms(*([everything] if everything is not None else []))
        compiled = compile_query(
            whole,
            now=question.now,
            me=question.me,
            text=lambda wanted: text.condition(connection, wanted),
        )
        asked = f"SELECT r.path FROM record r WHERE {compiled.where}"
        return {int(path) for (path,) in connection.execute(asked, compiled.params)}


def _fill(connection: sqlite3.Connection, versions: Sequence[Version]) -> None:
    packs = []
    for number, (kind, id, data, archived, roles) in enumerate(versions):
        rows = rows_of_data(str(number), Place(BY_NAME[kind], id, archived), data)
        rows.values += [("role", role) for role in roles if ("role", role) not in rows.values]
        packs.append(rows.pack())
    seen = {str(number): Seen(0, 0, 0, 0) for number in range(len(packs))}
    replace.insert(connection, seen, share.batch(range(1, len(packs) + 1), packs))
    schema.run_all(connection, schema.INDEXES)
