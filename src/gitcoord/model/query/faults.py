"""What is wrong with a query: the place, the reason and the nearest valid word."""

from __future__ import annotations

from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_WIDTH = 72
_MARGIN = 20


class QueryError(UsageError):
    """A query that says nothing clear; `position` and `length` count characters from 0.

    `saved` is the name of the saved query that is at fault; the place is then where the
    query asks for it.
    """

    code = "query"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.query = ""
        self.position = 0
        self.length = 0
        self.saved = ""

    def at(self, query: str, position: int, length: int) -> QueryError:
        """Set the place and return the error."""
        self.query = query
        self.position = position
        self.length = length
        return self

    def explain(self) -> str:
        """Return the query, or the part of it around the fault, with a line of carets below."""
        start = max(0, self.position - _MARGIN) if len(self.query) > _WIDTH else 0
        end = min(len(self.query), start + _WIDTH)
        before = ("…" if start else "") + _shown(self.query[start : self.position])
        marked = _shown(self.query[self.position : min(end, self.position + self.length)])
        after = _shown(self.query[self.position + self.length : end])
        tail = "…" if end < len(self.query) else ""
        carets = " " * _columns(before) + "^" * max(1, _columns(marked))
        return f"{before}{marked}{after}{tail}".rstrip() + f"\n{carets}"


def unknown(what: str, word: str, candidates: Iterable[str], hint: str = "") -> QueryError:
    """Return the error for a word that is none of the candidates."""
    from gitcoord.model.suggest import nearest  # only a wrong query pays for it

    words = list(candidates)
    close = nearest(word, words)
    if close is not None:
        hint = f"Did you mean `{close}`?" + (f" {hint}" if hint else "")
    elif len(words) <= 24 and not hint:
        hint = f"Use one of {', '.join(words)}." if words else ""
    return QueryError(f"There is no {what} `{short(word)}`.", hint=hint)


def short(word: str) -> str:
    """Return a word as a message can show it: not too long, nothing that steers a terminal."""
    shown = _shown(word)
    return shown if len(shown) <= 40 else shown[:39] + "…"


def _shown(text: str) -> str:
    if text.isprintable():
        return text
    return "".join([c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text])


def _columns(text: str) -> int:
    """Return how wide a terminal shows a text."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    wide = [0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text]
    return sum(wide)
