"""From the words of a query to what it asks: the grammar, saved queries, sort and limit.

    either  := all ("or" all)*
    all     := one (["and"] one)*
    one     := ("not" | "!" | "-") one | "(" either ")" | comparison | text | "@" saved

`sort:`, `group:` and `limit:` stand outside parentheses and speak of the whole answer. Those
of a saved query count where the query that names it has none of its own.
"""

from __future__ import annotations

from gitcoord.model.query import fields, tokens
from gitcoord.model.query.faults import QueryError, unknown
from gitcoord.model.query.nodes import Query, Text, both, either, negated
from gitcoord.model.query.terms import condition, kinds_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitcoord.model.query.nodes import Node
    from gitcoord.model.query.tokens import Token

MAX_DEPTH = 16  # of 20 or so at which SQLite's parser gives up
MAX_WORDS = 2_000
_LOOP_HINT = "Take one of them out of `queries` in coord/coord.yaml."
_TEXT_HINT = 'To search for the text, put it between quotes: "{}".'


def parse(text: str, *, saved: Mapping[str, str] | None = None) -> Query:
    """Return what a query asks; raise QueryError at the first word that makes no sense."""
    return _Parser(text, saved or {}, [MAX_WORDS]).query()


class _Parser:
    """Reads one text; a saved query in it is read by a parser of its own."""

    def __init__(
        self,
        text: str,
        saved: Mapping[str, str],
        left: list[int],
        trail: tuple[str, ...] = (),
        depth: int = 0,
    ) -> None:
        self.text = text
        self.saved = saved
        self.trail = trail
        self.left = left  # words that may still be read, shared by all saved queries
        self.tokens = tokens.tokens(text)
        self.at = 0
        self.top = self.depth = depth
        self.kinds = kinds_of(self.tokens)
        self.own = Query()
        self.inherited = Query()

    def query(self) -> Query:
        where = self.either() if self.tokens else None
        if self.at < len(self.tokens):
            hint = f"Take it out, or open one before it. {_TEXT_HINT.format(')')}"
            raise self.fault("`)` closes nothing.", self.tokens[self.at], hint)
        own, inherited = self.own, self.inherited
        return Query(
            where,
            sort=own.sort or inherited.sort,
            group=own.group if own.group is not None else inherited.group,
            limit=own.limit if own.limit is not None else inherited.limit,
        )

    def fault(self, message: str, token: Token, hint: str) -> QueryError:
        return QueryError(message, hint=hint).at(self.text, token.start, token.end - token.start)

    def peek(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else ""

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        self.left[0] -= 1
        if self.left[0] < 0:
            hint = "Ask for less at once, or name fewer saved queries in it."
            raise self.fault(f"The query has more than {MAX_WORDS:,} words.", token, hint)
        return token

    def either(self) -> Node | None:
        parts = [self.all()]
        while self.peek() == tokens.OR:
            joint = self.take()
            self.need(parts[-1], joint, "before")
            parts.append(self.need(self.all(), joint, "after"))
        return either([part for part in parts if part is not None])

    def all(self) -> Node | None:
        parts: list[Node] = []
        while self.peek() not in ("", tokens.OR, tokens.CLOSE):
            joint = self.take() if self.peek() == tokens.AND else None
            if joint is not None:
                self.need(parts[-1] if parts else None, joint, "before")
            found = self.one()
            if joint is not None:
                self.need(found, joint, "after")
            parts += [found] if found is not None else []
        return both(parts)

    def need(self, found: Node | None, joint: Token, side: str) -> Node:
        if found is None:
            word = joint.text
            hint = _TEXT_HINT.format(word) if word.isalpha() else ""
            raise self.fault(f"`{word}` has no condition {side} it.", joint, hint)
        return found

    def one(self) -> Node | None:
        """Read one condition; None when the next word is none, or speaks of the whole answer."""
        if self.peek() in ("", tokens.AND, tokens.OR, tokens.CLOSE):
            return None
        token = self.take()
        if token.kind == tokens.NOT:
            return self.opposite(token)
        if token.kind == tokens.OPEN:
            return self.group(token)
        if token.kind == tokens.SAVED:
            return self.expand(token)
        if token.kind == tokens.TEXT:
            return Text(token.text)
        if (fields.canonical(token.text) or "") in fields.WHOLE:
            self.whole(token)
            return None
        return condition(token, self.text, self.kinds)

    def descend(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            hint = "Say it with fewer parentheses."
            raise self.fault(f"The query is nested more than {MAX_DEPTH} deep.", token, hint)

    def opposite(self, token: Token) -> Node:
        times = 1
        while self.peek() == tokens.NOT:
            token = self.take()
            times += 1
        self.descend(token)
        node = self.need(self.one(), token, "after")
        self.depth -= 1
        return negated(node) if times % 2 else node

    def group(self, token: Token) -> Node:
        self.descend(token)
        node = self.either()
        if self.peek() != tokens.CLOSE:
            raise self.fault("`(` is never closed.", token, "Close it with `)`.")
        end = self.take()
        self.depth -= 1
        if node is None:
            token.end = end.end
            hint = _TEXT_HINT.format("()")
            raise self.fault("There is no condition between the parentheses.", token, hint)
        return node

    def whole(self, token: Token) -> None:
        if self.depth > self.top:
            message = f"`{token.text}:` speaks of the whole answer."
            raise self.fault(message, token, "Write it outside the parentheses, without `not`.")
        from gitcoord.model.query.whole import apply  # many queries have none

        apply(self.own, token, self.text)

    def expand(self, token: Token) -> Node | None:
        name = token.text
        if name in self.trail:
            path = " → ".join([f"@{step}" for step in (*self.trail, name)])
            raise self.fault(f"The saved query `@{name}` names itself: {path}.", token, _LOOP_HINT)
        if name not in self.saved:
            fault = unknown("saved query", name, self.saved, _TEXT_HINT.format(f"@{name}"))
            raise fault.at(self.text, token.start, token.end - token.start)
        self.descend(token)
        trail = (*self.trail, name)
        try:
            inner = _Parser(self.saved[name], self.saved, self.left, trail, self.depth).query()
        except QueryError as fault:
            message = f"The saved query `@{name}` is wrong: {fault.message}"
            outer = self.fault(fault.message if fault.saved else message, token, fault.hint)
            outer.saved = fault.saved or name
            raise outer from None
        self.depth -= 1
        if self.depth == self.top:
            was = self.inherited
            self.inherited = Query(
                sort=was.sort or inner.sort,
                group=was.group or inner.group,
                limit=inner.limit if was.limit is None else was.limit,
            )
        return inner.where
