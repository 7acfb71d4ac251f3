"""A query as values.

Trees are built with `both`, `either` and `negated`, which keep one form for one
meaning: no `And` directly inside an `And`, no `Not` of a `Not`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Value = tuple[str, str]

IS, GLOB, ANY, NONE, ME = "is", "glob", "any", "none", "me"
"""How a value is meant: itself, as a pattern, any value, no value, whoever asks."""

KEYWORDS = {"and": "and", "or": "or", "not": "not", "&&": "and", "||": "or"}
_ENDS_VALUE = frozenset('()",')


class _Value:
    """Equal to another when all its slots are."""

    __slots__: tuple[str, ...] = ()

    def _said(self) -> tuple[object, ...]:
        return type(self), *[getattr(self, name) for name in self.__slots__]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Value) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._said()[1:]!r}"


class Node(_Value):
    """One condition."""

    __slots__ = ()


class Term(Node):
    """A field compared with one of several values; `op` is one of `: < <= > >=`."""

    __slots__ = ("field", "op", "values")

    def __init__(self, field: str, op: str, values: Iterable[Value]) -> None:
        self.field = field
        self.op = op
        self.values = tuple(values)


class Text(Node):
    """Words that the record's text holds."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Not(Node):
    """The opposite of one condition."""

    __slots__ = ("part",)

    def __init__(self, part: Node) -> None:
        self.part = part


class Joint(Node):
    """Two or more conditions taken together."""

    __slots__ = ("parts",)

    def __init__(self, parts: Iterable[Node]) -> None:
        self.parts = tuple(parts)

    def _said(self) -> tuple[object, ...]:
        return type(self), self.parts


class And(Joint):
    """All of two or more conditions."""

    __slots__ = ()


class Or(Joint):
    """Any of two or more conditions."""

    __slots__ = ()


def both(parts: Iterable[Node]) -> Node | None:
    """Return the condition that asks for all parts; None for no parts."""
    return _joined(And, parts)


def either(parts: Iterable[Node]) -> Node | None:
    """Return the condition that asks for one of the parts; None for no parts."""
    return _joined(Or, parts)


def _joined(joint: type[And] | type[Or], parts: Iterable[Node]) -> Node | None:
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, joint) else (part,)
    return joint(flat) if len(flat) > 1 else flat[0] if flat else None


def negated(node: Node) -> Node:
    """Return the opposite of a condition."""
    return node.part if isinstance(node, Not) else Not(node)


def leaves(node: Node | None) -> Iterator[Term | Text]:
    """Yield every comparison in a condition."""
    if isinstance(node, (Term, Text)):
        yield node
    elif isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, Joint):
        for part in node.parts:
            yield from leaves(part)


def is_bare(text: str) -> bool:
    """Say whether a value can stand in a query without quotes and mean just itself or a pattern."""
    if not text or text[0] in "<>=" or not _ENDS_VALUE.isdisjoint(text):
        return False
    return not any(c.isspace() for c in text)


def quoted(text: str) -> str:
    """Return a text between quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Query(_Value):
    """A whole question: which records, in which order, grouped how, how many.

    `where` is None when every record is meant, `sort` holds (field, descending) pairs,
    `limit` is None when the query does not say and 0 when it asks for all.
    """

    __slots__ = ("group", "limit", "sort", "where")

    def __init__(
        self,
        where: Node | None = None,
        *,
        sort: Iterable[tuple[str, bool]] = (),
        group: str | None = None,
        limit: int | None = None,
    ) -> None:
        self.where = where
        self.sort = list(sort)
        self.group = group
        self.limit = limit

    def with_terms(self, *terms: Node) -> Query:
        """Return the query with further conditions, all of which must hold too."""
        where = both([*([self.where] if self.where is not None else []), *terms])
        return Query(where, sort=self.sort, group=self.group, limit=self.limit)
