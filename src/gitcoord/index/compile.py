"""From a query to SQL over the table `record r`.

Every value is a parameter; only names from our own tables stand in the text. A
comparison with a missing value is false, and its opposite is true: no NULL survives a
`NOT`. The order of an answer is, or ends with, that of ids, so it never wavers.
"""

from __future__ import annotations

from gitcoord.errors import UsageError
from gitcoord.index import conditions
from gitcoord.model.kinds import KINDS
from gitcoord.model.query import fields
from gitcoord.model.query.nodes import ME, And, Joint, Not, Term, Text, leaves

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gitcoord.index.conditions import Condition
    from gitcoord.model.query.nodes import Node, Query

BY_ID = "r.sort"
"""The order of ids: by kind, and within a kind as people count."""

_CHUNK = 100


class Compiled:
    """What stands after WHERE, its parameters, and what stands after ORDER BY."""

    __slots__ = ("order", "params", "where")

    def __init__(self, where: str, params: list[object], order: str) -> None:
        self.where = where
        self.params = params
        self.order = order


class _Asker:
    """Who asks, when, and how a free text is looked for."""

    __slots__ = ("me", "now", "text")

    def __init__(self, now: datetime, me: str | None, text: Callable[[str], Condition]) -> None:
        self.now = now
        self.me = me
        self.text = text


def compile_query(
    query: Query,
    *,
    now: datetime,
    me: str | None,
    text: Callable[[str], tuple[str, list[object]]],
) -> Compiled:
    """Return the SQL for a query; archived records are left out unless it speaks of them.

    `now` is aware and its time zone is the user's, `text` gives the condition for a word
    or phrase that is already folded.
    """
    parts: list[Condition] = []
    if not any(_is_archival(leaf) for leaf in leaves(query.where)):
        # Of what is ready or blocked there is an index in the order worth doing. SQLite would take
        # the one of what is not archived, which is nearly everything; the plus keeps it from that.
        parts.append(("+r.archived = 0" if _is_of_worth(query) else "r.archived = 0", []))
    if query.where is not None:
        parts.append(_node(query.where, _Asker(now, me, text)))
    where, params = _joined(parts, "AND") if parts else ("1", [])
    return Compiled(where, params, _order(query))


def _is_archival(leaf: Term | Text) -> bool:
    if not isinstance(leaf, Term):
        return False
    return leaf.field == "archived" or (
        leaf.field == "is" and any(word == "archived" for _, word in leaf.values)
    )


def _is_of_worth(query: Query) -> bool:
    """Whether only what is ready, or only what is blocked, is asked for."""
    parts = query.where.parts if isinstance(query.where, And) else [query.where]
    return any(
        isinstance(part, Term)
        and part.field == "is"
        and [word for _, word in part.values] in (["ready"], ["blocked"])
        for part in parts
    )


def _node(node: Node, asker: _Asker, wanted: bool = True) -> Condition:
    """Return the condition, or its opposite when it is not wanted.

    A `NOT` goes down to the comparisons, for SQLite's parser can nest only so deep.
    """
    if isinstance(node, Not):
        return _node(node.part, asker, not wanted)
    if isinstance(node, Joint):
        word = "AND" if isinstance(node, And) is wanted else "OR"
        return _joined([_node(part, asker, wanted) for part in node.parts], word)
    if isinstance(node, Term):
        sql, params = _term(node, asker)
    elif isinstance(node, Text):
        sql, params = _text(node.text, asker)
    else:
        raise TypeError(f"{type(node).__name__} is no condition")
    return (sql if wanted else f"NOT ifnull({sql}, 0)"), params


def _joined(parts: list[Condition], word: str) -> Condition:
    """Join conditions; many in a tree of chunks, because SQLite limits how deep one goes."""
    while len(parts) > _CHUNK:
        chunks = [parts[at : at + _CHUNK] for at in range(0, len(parts), _CHUNK)]
        parts = [_joined(chunk, word) for chunk in chunks]
    if len(parts) == 1:
        return parts[0]
    params = [param for _, some in parts for param in some]
    return "(" + f" {word} ".join([sql for sql, _ in parts]) + ")", params


def _text(text: str, asker: _Asker) -> Condition:
    sql, params = asker.text(text.casefold())
    if "-" in text and text.isascii() and text.replace("-", "").isalnum():
        return f"({sql} OR r.id = ? COLLATE NOCASE)", [*params, text]
    return sql, list(params)


def _term(term: Term, asker: _Asker) -> Condition:
    sort = fields.sort_of(term.field)
    if sort in (fields.CHOICE, fields.RANK):
        found = conditions.choices(term)
    elif sort == fields.MANY:
        found = conditions.sets(term)
    elif sort == fields.WORD:
        found = conditions.words(term, _me(term, asker))
    elif sort == fields.FLAG:
        found = conditions.flags(term, asker.now.date().isoformat())
    elif sort == fields.NUMBER:
        found = conditions.numbers(term)
    elif sort == fields.METADATA:
        found = conditions.metadata(term)
    else:
        found = conditions.dates(term, asker.now)
    return _joined(found, "OR")


def _me(term: Term, asker: _Asker) -> str | None:
    if not asker.me and any(how == ME for how, _ in term.values):
        raise UsageError(
            "`assignee:me` asks who you are, and git does not know.",
            hint='Say it with `git config --global user.email "you@example.org"`.',
        )
    return asker.me


def _order(query: Query) -> str:
    wanted = list(dict.fromkeys([*([(query.group, False)] if query.group else []), *query.sort]))
    found = [_sorted(field, down) for field, down in wanted]
    return ", ".join([*found, BY_ID])


def _sorted(field: str, down: bool) -> str:
    """Return one key of the order; records without a value come last either way."""
    sort, way = fields.SORT_OF.get(field, fields.NUMBER), " DESC" if down else ""
    if field in ("id", "worth"):
        return f"{BY_ID if field == 'id' else 'r.worth'}{way}"
    key = f"r.{field}"
    if sort == fields.MANY:
        # The plus keeps SQLite from reading all values of the field for each record.
        pick = f"{'max' if down else 'min'}(v.value COLLATE NOCASE)"
        key = (
            f"(SELECT {pick} FROM value v WHERE v.n = r.n AND +v.field = '{field}') COLLATE NOCASE"
        )
    elif field == "status":
        key = _LIFE
    elif sort in (fields.WORD, fields.CHOICE):
        key = f"nullif(r.{field}, '') COLLATE NOCASE"
    return f"{key}{way} NULLS LAST"


def _life() -> str:
    """Return a status's place in a life: from what is to begin to what has ended."""
    places: dict[str, int] = {}
    for kind in KINDS:
        for place, status in enumerate(kind.statuses):
            places.setdefault(status, place)
    cases = " ".join([f"WHEN '{status}' THEN {place}" for status, place in places.items()])
    return f"CASE r.status {cases} END"


_LIFE = _life()
