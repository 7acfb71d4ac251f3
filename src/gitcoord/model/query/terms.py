"""From a field, an operator and words to a checked condition.

What leaves here is right: every field, operator and value is known to make sense, so
that nothing can fail when the condition is compiled or evaluated later.
"""

from __future__ import annotations

from gitcoord.model.query import fields
from gitcoord.model.query.faults import QueryError, short, unknown
from gitcoord.model.query.limits import check_value, refuse_control
from gitcoord.model.query.nodes import ANY, GLOB, IS, ME, NONE, Term, Text, either, is_bare, negated
from gitcoord.model.query.tokens import TERM, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitcoord.model.query.nodes import Node, Value

_ORDER = ("<", "<=", ">", ">=")


def term(field: str, values: Iterable[str], op: str = ":") -> Node:
    """Return the condition that `field:value,value` would be, without the detour over text.

    A value means what it would mean without quotes (a glob, `none`, `me`), or just itself
    when it could not stand there without them.
    """
    text, found = f"{field}{op}", []
    for word in values:
        found.append((word, not is_bare(word), len(text), len(text) + len(word)))
        text += f"{word},"
    text = text.removesuffix(",")
    name = fields.canonical(field)
    if name is None or name in fields.WHOLE:
        raise unknown("field", field, fields.SORT_OF).at(text, 0, len(field))
    refuse_control(text)
    for word, _, start, end in found:
        check_value(text, start, end, word)
    if not found:
        raise QueryError(f"`{field}` lacks a value.").at(text, 0, len(text))
    return condition(Token(TERM, 0, len(text), field, op, tuple(found)), text, [])


def condition(token: Token, query: str, kinds: list[str]) -> Node:
    """Return what a comparison means; `kinds` are those the query speaks of."""
    field = fields.canonical(token.text) or token.text
    sort = fields.sort_of(field)
    op = ":" if token.op == "!=" else token.op
    try:
        _check_operator(field, sort, op, len(token.values))
    except QueryError as fault:
        raise fault.at(query, token.start, token.end - token.start) from None
    parts: list[Node] = []
    values: list[Value] = []
    for text, is_quoted, start, end in token.values:
        try:
            if sort == fields.TEXT:
                parts.append(Text(text))
            elif sort == fields.PRESENCE:
                parts.append(_presence(field, text))
            else:
                values.append(_value(field, sort, op, text, is_quoted, kinds))
        except QueryError as fault:
            raise fault.at(query, start, end - start) from None
    node = either(parts) or Term(field, op, values)
    return negated(node) if token.op == "!=" else node


def kinds_of(found: list[Token]) -> list[str]:
    """Return the kinds that the query names, for whose states to suggest."""
    words = [
        fields.choice("kind", word)
        for token in found
        if token.kind == TERM and token.text.lower() == "kind"
        for word, *_ in token.values
    ]
    return [word for word in words if word is not None]


def _check_operator(field: str, sort: str, op: str, count: int) -> None:
    if op not in _ORDER:
        return
    if sort not in fields.ORDERED:
        ordered = [name for name, other in fields.SORT_OF.items() if other in fields.ORDERED]
        hint = f"Write {field}:value. These have one: {', '.join(ordered)}."
        raise QueryError(f"`{field}` has no order, so `{op}` says nothing.", hint=hint)
    if count > 1:
        raise QueryError(
            f"`{op}` compares with one value.", hint=f"Write {field}:a,b to ask for any of several."
        )


def _presence(field: str, word: str) -> Node:
    name = fields.canonical(word)
    if name is None:
        raise unknown("field", word, fields.PRESENT)
    if name.partition(".")[0] not in fields.PRESENT:
        hint = f"Use one of {', '.join(fields.PRESENT)}."
        raise QueryError(f"`{field}:{name}` says nothing.", hint=hint)
    return Term(name, ":", [(ANY if field == "has" else NONE, "")])


def _value(field: str, sort: str, op: str, text: str, is_quoted: bool, kinds: list[str]) -> Value:
    special = None if is_quoted else _special(field, sort, text)
    if special is not None:
        if op != ":":
            message = f"`{op}` needs something to compare with, not `{text}`."
            raise QueryError(message, hint=f"Write {field}:{text}.")
        return special, ""
    if sort in (fields.CHOICE, fields.RANK, fields.FLAG):
        return IS, _choice(field, text, kinds)
    if sort == fields.NUMBER:
        return IS, _number(field, op, text)
    if sort in (fields.MOMENT, fields.DAY):
        return IS, _date(field, op, text)
    is_glob = op == ":" and not is_quoted and ("*" in text or "?" in text)
    return (GLOB if is_glob else IS), text


def _special(field: str, sort: str, text: str) -> str | None:
    if text == "*":
        return ANY if sort != fields.FLAG or field == "archived" else None
    if sort != fields.FLAG and text.lower() == "none":
        return NONE
    return ME if field == "assignee" and text.lower() == "me" else None


def _choice(field: str, text: str, kinds: list[str]) -> str:
    found = fields.choice(field, text)
    if found is not None:
        return found
    known = fields.statuses(kinds) if field == "status" else fields.CHOICES[field]
    if field == "is" and fields.choice("kind", text):
        raise QueryError(f"`is:{text}` is no state.", hint=f"Write kind:{text}.")
    if field == "type":
        hint = "It is the type of a dependency; the sort of an issue is its severity:."
        raise unknown("type", text, known, hint)
    raise unknown("state" if field == "is" else field, text, known)


def _number(field: str, op: str, text: str) -> str:
    ends = text.split("..") if op == ":" and ".." in text else [text]
    if len(ends) <= 2 and any(ends) and all(fields.is_number(end) for end in ends if end):
        return text
    hint = f"Write {field}>4, {field}:3 or {field}:2..8."
    raise QueryError(f"`{short(text)}` is no number.", hint=hint)


def _date(field: str, op: str, text: str) -> str:
    from gitcoord.model.query import dates  # most queries name no date

    if not dates.is_date(text):
        raise QueryError(f"`{short(text)}` is no date.", hint=dates.HINT)
    if op != ":" and ".." in text:
        message = f"`{op}` compares with one date, not with a range."
        raise QueryError(message, hint=f"Write {field}:{text}.")
    return text
