"""Free text with exact recall: what `grep -i` would find in the words of a record.

The full-text index only narrows the search; a substring test over the record's own
words decides. Terms that hold a part of the wanted word are looked up in the list of
all terms, so the middle of a word is found as well.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

_MOST_TERMS = 400
_SPLIT = {code: " " for code in range(128) if not chr(code).isalnum()}


def condition(connection: sqlite3.Connection, wanted: str) -> tuple[str, list[object]]:
    """Return the SQL condition on `record r` for one folded word or phrase."""
    exact, parameters = "instr(r.body, ?) > 0", [wanted]
    if not wanted.isascii():  # our folding and the tokenizer's may differ there
        return exact, list(parameters)
    match = _candidates(connection, wanted)
    if match is None:
        return exact, list(parameters)
    return (
        f"(r.n IN (SELECT rowid FROM text WHERE text MATCH ?) AND {exact})",
        [match, wanted],
    )


def _candidates(connection: sqlite3.Connection, wanted: str) -> str | None:
    """Return a full-text query that every match satisfies, or None when it would be too wide."""
    tokens = wanted.translate(_SPLIT).split()
    if not tokens:
        return None
    starts, ends = wanted[0].isalnum(), wanted[-1].isalnum()
    clauses = []
    for position, token in enumerate(tokens):
        open_left = position == 0 and starts
        open_right = position == len(tokens) - 1 and ends
        if not open_left and not open_right:
            clauses.append(f'"{token}"')
            continue
        like = f"{'%' if open_left else ''}{token}{'%' if open_right else ''}"
        found = [
            term
            for (term,) in connection.execute(
                "SELECT term FROM term WHERE term LIKE ? LIMIT ?", (like, _MOST_TERMS + 1)
            )
        ]
        if len(found) > _MOST_TERMS:
            continue
        if not found:
            return _NOTHING
        clauses.append("(" + " OR ".join(f'"{term}"' for term in found) + ")")
    return " AND ".join(clauses) or None


_NOTHING = '"nothing0holds0this0term"'
