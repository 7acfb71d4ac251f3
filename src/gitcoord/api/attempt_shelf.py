"""Attempts as search looks through them: one document for all attempts at one message.

The number of a document is that of the message in the tables of attempts, so what is near by
meaning can be weighed there. The first wording stands for all, and keeps its vector.
"""

from __future__ import annotations

import os

from gitcoord.api import fixes, meaning
from gitcoord.api.shelves import AT_ONCE, Shelf
from gitcoord.codec.native import loads
from gitcoord.search import corpus
from gitcoord.search.corpus import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository

FLOOR = 0.6
"""The cosine that counts as nothing alike: messages of tools resemble each other in their tone.

Without it what any linter said of anything would speak for a fix; docs/fixes.md has what that
does to advice.
"""

_MESSAGES = (
    "SELECT text, id, repo, min(time), json, max(time), group_concat(DISTINCT strategy),"
    " group_concat(DISTINCT agent) FROM attempt GROUP BY text ORDER BY text"
)


def path_of(repo: Repository) -> str:
    """Return where the corpus of attempts lies, one for all work trees."""
    return os.path.join(repo.common_dir, "coord", "search", "attempts.db")


def of_attempts(workspace: Workspace, repos: list[str], since: int | None) -> Shelf:
    """Return the shelf of attempts, up to date."""
    tables = fixes.opened(workspace)
    path = path_of(workspace.repo)
    found = corpus.brought_up(path, lambda one: _catch_up(one, tables))
    shelf = Shelf("attempts", workspace.held(found))
    if repos or since is not None:
        where = f"repo IN ({', '.join('?' * len(repos))})" if repos else "1"
        rows = tables.execute(
            f"SELECT DISTINCT text FROM attempt WHERE {where} AND time >= ?",
            (*repos, float("-inf") if since is None else since),
        )
        shelf.allowed = {n for (n,) in rows}
    tables.close()
    return shelf


def _catch_up(found: sqlite3.Connection, tables: sqlite3.Connection) -> None:
    row = tables.execute("SELECT value FROM meta WHERE key = 'tip'").fetchone()
    tip = str(row[0]) if row and row[0] else ""
    if corpus.meta(found, "tip") == tip:
        return
    with corpus.transaction(found):
        had = dict(found.execute("SELECT n, version FROM doc"))
        now = {}
        for n, id, repo, _, text, last, strategies, agents in tables.execute(_MESSAGES):
            version = now[n] = f"{id} {last} {strategies} {agents}"
            if had.get(n) != version:
                data = loads(text)
                title, _, body = data["message"].partition("\n")
                tags = " ".join(word for word in (data["type"], strategies, agents) if word)
                one = Document(n, id, "attempt", repo, int(last), version, title=title, tags=tags,
                               body=body)  # fmt: skip
                corpus.put(found, [one])
        corpus.drop(found, had.keys() - now.keys())
        corpus.note(found, "tip", tip)


def meaning_of(workspace: Workspace, models: str) -> Callable[[str], dict[int, float]] | None:
    """Return the similarity by meaning, where a model is installed."""
    found, _ = meaning.opened(models, alone=True)
    if found is None:
        return None

    def near(message: str) -> dict[int, float]:
        shelf = of_attempts(workspace, [], None)
        shelf.understand(found, path_of(workspace.repo))
        assert shelf.vectors is not None
        if shelf.vectors.waiting():
            shelf.fill(found, AT_ONCE)
        vector = found.embedder.embed([message])[0]
        similarities = shelf.vectors.similarities(vector)
        if shelf.mended():
            similarities = shelf.vectors.similarities(vector)
        slots = shelf.connection.execute("SELECT n, slot FROM vector").fetchall()
        shelf.vectors.close()
        return {n: _alike(similarities[slot]) for n, slot in slots if slot < len(similarities)}

    return near


def meaning_among(
    workspace: Workspace, models: str, threshold: float
) -> Callable[[int], Mapping[int, float]] | None:
    """Return the similarity by meaning among the messages of attempts, by their numbers.

    Vectors that are missing are computed, all of them. None without a model.
    """
    found, _ = meaning.opened(models)
    if found is None:
        return None
    shelf = of_attempts(workspace, [], None)
    shelf.understand(found, path_of(workspace.repo))
    vectors = shelf.vectors
    assert vectors is not None
    vectors.mend()
    shelf.fill(found, None)
    listed = shelf.connection.execute("SELECT n FROM vector ORDER BY n").fetchall()
    known = {n: vector for (n,) in listed if (vector := vectors.vector(n)) is not None}
    vectors.close()
    shelf.connection.close()
    np, numbers = vectors.np, list(known)
    place = {n: row for row, n in enumerate(numbers)}
    matrix: Any = np.stack(list(known.values())) if known else None

    def near(number: int) -> dict[int, float]:
        if number not in place:
            return {}
        scores = matrix @ matrix[place[number]]
        found = {numbers[row]: _alike(scores[row]) for row in np.flatnonzero(scores > FLOOR)}
        return {n: score for n, score in found.items() if score >= threshold}

    return near


def _alike(cosine: float) -> float:
    """Return how alike two messages are, from 0 to 1."""
    return min(max((float(cosine) - FLOOR) / (1 - FLOOR), 0.0), 1.0)
