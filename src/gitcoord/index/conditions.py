"""One comparison of a query as SQL conditions, any of which fulfils it.

Words compare without regard to case. SQLite does so for ASCII; beyond it, each letter
becomes a class of its cases in a GLOB pattern.
"""

from __future__ import annotations

from gitcoord.model.kinds import PRIORITIES
from gitcoord.model.query import fields
from gitcoord.model.query.nodes import ANY, GLOB, IS, ME, NONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from gitcoord.model.query.nodes import Term, Value

    Condition = tuple[str, list[object]]

# The index keeps a record's JSON open at its end, for derived fields to follow.
_JSON = "iif(json_valid(r.json), r.json, r.json || '}')"
_IS_NUMBER = "j.type IN ('integer', 'real')"
_AS_TEXT = "iif(j.type IN ('true', 'false'), j.type, CAST(j.atom AS TEXT))"

_FLAGS = {
    "open": "r.open = 1",
    "closed": f"r.status IN ({', '.join([repr(status) for status in fields.DONE])})",
    "ready": "r.ready = 1",
    "blocked": "r.blocked = 1",
    "archived": "r.archived = 1",
    "cyclic": "r.cyclic = 1",
    "assigned": "r.assignee <> ''",
}
_STATES = {"open": _FLAGS["open"], "done": _FLAGS["closed"]}
_ARCHIVED = {"yes": "r.archived = 1", "no": "r.archived = 0"}


def flags(term: Term, today: str) -> list[Condition]:
    """Return the conditions for `is:` and `archived:`."""
    if term.field == "archived":
        return [("1" if how == ANY else _ARCHIVED[word], []) for how, word in term.values]
    return [
        ("(r.open = 1 AND r.target < ?)", [today]) if word == "overdue" else (_FLAGS[word], [])
        for _, word in term.values
    ]


def dates(term: Term, now: datetime) -> list[Condition]:
    """Return the conditions for a moment or a day."""
    from gitcoord.model.query.dates import days, seconds  # most queries name no date

    bounds = days if fields.sort_of(term.field) == fields.DAY else seconds
    column = f"r.{term.field}"
    found = _presence(column, term.values)
    for text in _said(term):
        low, high = bounds(term.op, text, now)
        found.append(_between(column, low, high, "<"))
    return found


def numbers(term: Term) -> list[Condition]:
    """Return the conditions for a number."""
    column = f"r.{term.field}"
    found = _presence(column, term.values)
    for text in _said(term):
        first, dots, last = text.partition("..")
        low, high = (float(end) if end else None for end in (first, last if dots else first))
        if term.op == ":":
            found.append(_between(column, low, high, "<="))
        else:
            found.append((f"{column} {term.op} ?", [low]))
    return found


def choices(term: Term) -> list[Condition]:
    """Return the conditions for a kind, a status, a type or a priority."""
    column = f"r.{term.field}"
    found = _presence(column, term.values)
    plain: list[object] = list(_said(term))
    if term.field == "priority":
        plain = [PRIORITIES.index(str(word)) for word in plain]
        if term.op != ":":  # the first is the most urgent, so more is less
            return [(f"{column} {term.op.translate(_TURNED)} ?", plain)]
    if term.field == "status":
        found += [(_STATES[word], []) for word in _said(term) if word in _STATES]
        plain = [word for word in plain if word not in _STATES]
    if plain:
        found.append(_equal(column, plain))
    return found


def words(term: Term, me: str | None) -> list[Condition]:
    """Return the conditions for a field of one record that holds a word or a title."""
    column = f"r.{term.field}"
    values = [(IS, me or "") if how == ME else (how, text) for how, text in term.values]
    return _presence(column, values) + _matching(column, values, part=term.field == "title")


def sets(term: Term) -> list[Condition]:
    """Return the conditions for a field with several values."""
    inside = f"SELECT v.n FROM value v WHERE v.field = '{term.field}'"
    found: list[Condition] = []
    for how, _ in term.values:
        if how in (ANY, NONE):
            found.append((f"r.n {'NOT ' if how == NONE else ''}IN ({inside})", []))
    for sql, params in _matching("v.value", term.values):
        found.append((f"r.n IN ({inside} AND {sql})", params))
    return found


def metadata(term: Term) -> list[Condition]:
    """Return the conditions for a value at or below a key of `metadata`."""
    path = "$" + "".join([f'."{key}"' for key in term.field.split(".")])
    inside = f"EXISTS (SELECT 1 FROM json_tree({_JSON}, ?) j WHERE "
    sign = "=" if term.op == ":" else term.op
    tests: list[Condition] = []
    found: list[Condition] = []
    for how, text in term.values:
        number = float(text) if how == IS and fields.is_number(text) else None
        if how == ANY:
            tests.append(("j.atom <> ''", []))
        elif how == NONE:
            found.append((f"NOT {inside}j.atom <> '')", [path]))
        elif number is not None:
            tests.append((f"({_IS_NUMBER} AND j.atom {sign} ?)", [number]))
        elif term.op != ":":
            tests.append((f"(j.type = 'text' AND j.atom COLLATE NOCASE {sign} ?)", [text]))
    if term.op == ":":
        tests += _matching(_AS_TEXT, term.values)
    return found + [(f"{inside}{sql})", [path, *params]) for sql, params in tests]


def _said(term: Term) -> list[str]:
    return [text for how, text in term.values if how == IS]


def _presence(column: str, values: Iterable[Value]) -> list[Condition]:
    tests = {ANY: f"{column} <> ''", NONE: f"({column} IS NULL OR {column} = '')"}
    return [(tests[how], []) for how, _ in values if how in tests]


def _between(column: str, low: object, high: object, below: str) -> Condition:
    sides = [(f"{column} >= ?", low), (f"{column} {below} ?", high)]
    given = [(sql, bound) for sql, bound in sides if bound is not None]
    return "(" + " AND ".join([sql for sql, _ in given]) + ")", [bound for _, bound in given]


def _equal(column: str, values: Sequence[object]) -> Condition:
    if len(values) == 1:
        return f"{column} = ?", list(values)
    return f"{column} IN ({', '.join('?' * len(values))})", list(values)


def _matching(column: str, values: Iterable[Value], *, part: bool = False) -> list[Condition]:
    """Return the conditions for texts and globs; `part` lets a text stand anywhere inside."""
    plain: list[object] = []
    found: list[Condition] = []
    for how, text in values:
        if how == IS and text.isascii() and not part:
            plain.append(text)
        elif how in (IS, GLOB) and text.isascii():
            around = "%" if part and how == IS else ""
            test = f"{column} LIKE ? ESCAPE '\\'"
            found.append((test, [f"{around}{_like(text, how)}{around}"]))
        elif how in (IS, GLOB):
            around = "*" if part and how == IS else ""
            found.append((f"{column} GLOB ?", [f"{around}{_glob(text, how)}{around}"]))
    if plain:
        found.append(_equal(f"{column} COLLATE NOCASE", plain))
    return found


def _like(text: str, how: str) -> str:
    """Return the LIKE pattern that matches an ASCII text or glob; LIKE ignores ASCII case."""
    pattern = text.translate(_LITERAL)
    return pattern.translate(_WILD) if how == GLOB else pattern


def _glob(text: str, how: str) -> str:
    """Return the GLOB pattern that matches a text or a glob in any case."""
    found = []
    for c in text:
        cases = {case for case in (c, c.lower(), c.upper()) if len(case) == 1}
        if how == GLOB and c in "*?":
            found.append(c)
        else:
            found.append(f"[{''.join(sorted(cases))}]" if len(cases) > 1 or c in "*?[" else c)
    return "".join(found)


_LITERAL = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})
_WILD = str.maketrans("*?", "%_")
_TURNED = str.maketrans("<>", "><")
