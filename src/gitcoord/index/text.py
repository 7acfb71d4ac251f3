"""Free text with exact recall: what `grep -i` would find in the words of a record.

The full-text index only narrows the search; a substring test over the record's own
words decides. Terms that hold a part of the wanted word are looked up in the list of
all terms, so the middle of a word is found as well.
"""

from __future__ import annotations

from gitcoord.index.words import SPLIT, catch_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

_MOST_TERMS = 400
_MANY = 2000


def condition(connection: sqlite3.Connection, wanted: str) -> tuple[str, list[object]]:
    """Return the SQL condition on `record r` for one folded word or phrase."""
    catch_up(connection)
    exact, parameters = "instr(r.body, ?) > 0", [wanted]
    if not wanted.isascii():  # our folding and the tokenizer's may differ there
        return exact, list(parameters)
    match = _candidates(connection, wanted)
    if match is None or _common(connection, match):
        return exact, list(parameters)
    return (
        f"(r.n IN (SELECT rowid FROM text WHERE text MATCH ?) AND {exact})",
        [match, wanted],
    )


def _common(connection: sqlite3.Connection, match: str) -> bool:
    """Whether so many records match that walking them in order finds a page sooner."""
    query = "SELECT count(*) FROM (SELECT 1 FROM text WHERE text MATCH ? LIMIT ?)"
    (count,) = connection.execute(query, (match, _MANY)).fetchone()
    return bool(count == _MANY)


def _candidates(connection: sqlite3.Connection, wanted: str) -> str | None:
    """Return a full-text query that every match satisfies, or None when it would be too wide."""
    tokens = wanted.translate(SPLIT).split()
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
        found = _terms(connection, token, open_left=open_left, open_right=open_right)
        if len(found) > _MOST_TERMS:
            continue
        if not found:
            return _NOTHING
        clauses.append("(" + " OR ".join(f'"{term}"' for term in found) + ")")
    return " AND ".join(clauses) or None


def _terms(
    connection: sqlite3.Connection, token: str, *, open_left: bool, open_right: bool
) -> list[str]:
    """Return the terms that hold a token, begin or end with it; one more than the most."""
    # Each row of the vocabulary is a text of terms, every one between two line ends.
    wanted = ("" if open_left else "\n") + token + ("" if open_right else "\n")
    found: list[str] = []
    for (terms,) in connection.execute("SELECT terms FROM vocabulary"):
        at = terms.find(wanted)
        while at >= 0 and len(found) <= _MOST_TERMS:
            start = terms.rfind("\n", 0, at + 1) + 1
            end = terms.find("\n", max(at + 1, start))
            found.append(terms[start:end])
            at = terms.find(wanted, end)
    return found


_NOTHING = '"nothing0holds0this0term"'
