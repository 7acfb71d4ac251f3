"""Ranking by words: BM25 over title, tags, body and past, with English endings cut off."""

from __future__ import annotations

from gitcoord.search.corpus import WEIGHTS
from gitcoord.search.terms import expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_LARGE = 1000
_RANK = f"bm25(words, {', '.join(map(str, WEIGHTS))})"


def best(
    connection: sqlite3.Connection, terms: list[str], most: int, *, column: str = ""
) -> dict[int, float]:
    """Return the documents with the best scores, the best first; a score is above 0.

    With `column` only what stands there counts.
    """
    if not terms:
        return {}
    query = f"SELECT rowid, {_RANK} AS score FROM words WHERE words MATCH ? ORDER BY score LIMIT ?"
    every = expression(terms, column)
    wanted = every if column else _telling(connection, terms)
    found = connection.execute(query, (wanted, most)).fetchall()
    if not found and wanted != every:  # all words stand in most documents, and in no title
        found = connection.execute(query, (every, most)).fetchall()
    # FTS5's scores are negative; those of words that stand in most texts may reach 0.
    return {n: max(-score, 1e-9) for n, score in found}


def _telling(connection: sqlite3.Connection, terms: list[str]) -> str:
    """Return the expression in which words that stand in most documents count in titles only.

    They tell nothing elsewhere, and looking at nearly every document takes its time.
    """
    (size,) = connection.execute("SELECT coalesce(max(n), 0) FROM doc").fetchone()
    if size < _LARGE:
        return expression(terms)
    query = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    common = [
        term
        for term in terms
        if connection.execute(query, (expression([term]), size // 2)).fetchone()[0] == size // 2
    ]
    rare = [term for term in terms if term not in common]
    parts = [expression(rare)] if rare else []
    parts += [expression(common, "title")] if common else []
    return " OR ".join(parts)


def matched(
    connection: sqlite3.Connection, terms: list[str], numbers: Sequence[int], *, column: str = ""
) -> dict[int, list[str]]:
    """Return which of the words each document has."""
    found: dict[int, list[str]] = {n: [] for n in numbers}
    for term in terms:
        for n in numbers:
            query = "SELECT 1 FROM words WHERE words MATCH ? AND rowid = ?"
            if connection.execute(query, (expression([term], column), n)).fetchone():
                found[n].append(term)
    return found
