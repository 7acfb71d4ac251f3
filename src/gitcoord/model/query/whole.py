"""What a query says of its answer as a whole: the order, the groups, how many."""

from __future__ import annotations

from gitcoord.model.query import fields
from gitcoord.model.query.faults import QueryError, short, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.model.query.nodes import Query
    from gitcoord.model.query.tokens import Token


def apply(query: Query, token: Token, text: str) -> None:
    """Add what `sort:`, `group:` or `limit:` says to a query; the last group and limit count."""
    name = token.text.lower()
    if token.op != ":" or (name != "sort" and len(token.values) > 1):
        hint = {"sort": "sort:priority,-updated", "group": "group:repo", "limit": "limit:20"}[name]
        message = f"`{name}` takes {'fields' if name == 'sort' else 'one value'} after a colon."
        raise QueryError(message, hint=f"Write {hint}.").at(
            text, token.start, token.end - token.start
        )
    for word, _, start, end in token.values:
        try:
            if name == "sort":
                query.sort.append(_sort(word))
            elif name == "group":
                query.group = _group(word)
            else:
                query.limit = _limit(word)
        except QueryError as fault:
            raise fault.at(text, start, end - start) from None


def _sort(word: str) -> tuple[str, bool]:
    name = word.removeprefix("-").removeprefix("+").lower()
    name = fields.ALIASES.get(name, name)
    if name not in fields.SORTS:
        raise unknown("sort field", name, fields.SORTS)
    return name, word.startswith("-")


def _group(word: str) -> str:
    name = fields.ALIASES.get(word.lower(), word.lower())
    if name not in fields.GROUPS:
        raise unknown("group field", word, fields.GROUPS)
    return name


def _limit(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 9):
        raise QueryError(
            f"`{short(word)}` is no number of records.", hint="Write limit:20, or limit:0 for all."
        )
    return int(word)
