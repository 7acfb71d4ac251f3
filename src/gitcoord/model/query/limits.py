"""What no query may be: too long, or made of what no record can hold."""

from __future__ import annotations

from gitcoord.model.query.faults import QueryError

MAX_QUERY = 10_000
MAX_VALUE = 1_000


def check_length(query: str) -> None:
    """Raise QueryError when a query is too long."""
    if len(query) > MAX_QUERY:
        raise QueryError(
            f"The query is longer than {MAX_QUERY:,} characters.",
            hint="Ask for less at once; a glob such as id:ISSUE-* names many.",
        ).at(query, MAX_QUERY, 1)


def refuse_control(query: str) -> None:
    """Raise QueryError when a text holds what no text of a record can hold."""
    if query.isprintable():
        return
    for at, c in enumerate(query):
        if (c < " " and c not in "\t\n\r") or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff":
            raise QueryError(
                f"The query holds a control character (U+{ord(c):04X}).", hint="Take it out."
            ).at(query, at, 1)


def check_value(query: str, start: int, end: int, text: str) -> None:
    """Raise QueryError when one value is empty or too long."""
    if not text:
        hint = "Use field:none for records without a value."
        raise QueryError("The value is empty.", hint=hint).at(query, start, end - start)
    if len(text) > MAX_VALUE:
        message = f"A value is longer than {MAX_VALUE:,} characters."
        raise QueryError(message, hint="A part of it will do.").at(query, start, end - start)
