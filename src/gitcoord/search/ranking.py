"""The best documents of a corpus for a question, by words, by meaning, or by both."""

from __future__ import annotations

import math

from gitcoord.search import fusing, lexical
from gitcoord.search.terms import terms_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

    from gitcoord.search.vectors import Vectors

MODES = ("fused", "lexical", "semantic")
COMPARED = 50
"""How many of the best are compared with the question once more."""

_WIDE = 400
"""How many documents each ranking brings into the fused one, at least."""

LEAST = 0.15
"""Below this similarity two texts have nothing in common."""


class Scored:
    """One document with its score, and the parts of it; None where a part was not asked for."""

    __slots__ = ("lexical", "n", "score", "similarity")

    def __init__(
        self, n: int, score: float, lexical: float | None, similarity: float | None
    ) -> None:
        self.n = n
        self.score = score
        self.lexical = lexical
        self.similarity = similarity


class Question:
    """What is looked for: its words, its vector (None: no meaning), and the way of ranking."""

    __slots__ = ("mode", "terms", "text", "vector")

    def __init__(self, text: str, vector: Any | None, mode: str) -> None:
        self.text = text
        self.terms = terms_of(text)
        self.vector = vector
        self.mode = mode if vector is not None else "lexical"


class Found:
    """What one corpus has for a question, before it is compared with another's.

    `strength` brings the lexical scores of corpora of different sizes to one measure.
    """

    __slots__ = ("lexical", "similar", "strength")

    def __init__(
        self, lexical: dict[int, float], similar: dict[int, float], strength: float
    ) -> None:
        self.lexical = lexical
        self.similar = similar
        self.strength = strength

    @property
    def top(self) -> float:
        """The best lexical score, in the common measure."""
        return max(self.lexical.values(), default=0.0) * self.strength


def look(
    connection: sqlite3.Connection,
    vectors: Vectors | None,
    question: Question,
    most: int,
    allowed: set[int] | None,
) -> Found:
    """Find the documents that are worth comparing; `allowed` may be found, None for all."""
    wide = max(_WIDE, 2 * most)
    words: dict[int, float] = {}
    if question.mode != "semantic":
        words = lexical.best(connection, question.terms, wide if allowed is None else 1_000_000)
        if allowed is not None:
            words = dict([one for one in words.items() if one[0] in allowed][:wide])
    near: dict[int, float] = {}
    if question.mode != "lexical" and vectors is not None:
        similarities = vectors.similarities(question.vector)
        near = vectors.nearest(similarities, wide, allowed)
        near = {n: value for n, value in near.items() if value >= LEAST}
        near |= vectors.of(similarities, [n for n in words if n not in near])
    (size,) = connection.execute("SELECT coalesce(max(n), 0) FROM doc").fetchone()
    return Found(words, near, 1 / math.log(size + 3))


def score(found: Found, question: Question, top: float) -> list[Scored]:
    """Return the documents with their scores, the best first; `top` as `Found.top` has it."""
    scale = found.strength / top if top else 0.0
    words = {n: value * scale for n, value in found.lexical.items()}
    if question.mode == "lexical":
        scores = words
    elif question.mode == "semantic":
        scores = found.similar
    else:
        scores = fusing.fuse(words, found.similar, 1.0)
    scored = [Scored(n, value, words.get(n), found.similar.get(n)) for n, value in scores.items()]
    return sorted(scored, key=lambda one: (-one.score, one.n))


def closer(listed: list[tuple[sqlite3.Connection, Scored]], question: Question) -> None:
    """Let those of the best rise that follow the question closely, or lie beside others that do.

    The documents may come from several corpora; all keep a score from 0 to 1. Only where words
    and meaning count.
    """
    if question.mode != "fused":
        return
    from gitcoord.search import closeness, references, vicinity  # words alone do without

    best = sorted(range(len(listed)), key=lambda i: (-listed[i][1].score, i))[:COMPARED]
    rows = {i: _told(listed[i][0], listed[i][1].n, closeness.LONGEST) for i in best}
    texts = {i: text for i, (text, _, _) in rows.items()}
    near = closeness.of(question.text, texts)
    touched = closeness.of_paths(question.text, {i: paths for i, (_, paths, _) in rows.items()})
    for i, (_, one) in enumerate(listed):
        one.score = fusing.closer(one.score, near.get(i, 0.0))
        one.score = fusing.lifted(one.score, touched.get(i, 0.0), fusing.TOUCHED)
    places = {
        i: (id(listed[i][0]), repo, listed[i][1].n)
        for i, (_, paths, repo) in rows.items()
        if paths is not None  # records do not follow each other as commits do
    }
    for i, by in vicinity.of({i: listed[i][1].score for i in places}, places).items():
        listed[i][1].score = fusing.lifted(listed[i][1].score, by, fusing.BESIDE)
    for i in references.of(question.text, texts):
        listed[i][1].score = fusing.lifted(listed[i][1].score, 1.0, fusing.NAMED)


def _told(connection: sqlite3.Connection, n: int, longest: int) -> tuple[str, str | None, str]:
    """Return the text of a document, the paths that it touches (None for no commit), its repository."""
    query = (
        "SELECT title || char(10) || substr(body, 1, ?), CASE kind WHEN 'commit' THEN paths END, repo"
        " FROM doc WHERE n = ?"
    )
    # Another process may have taken it out since it was found.
    text, paths, repo = connection.execute(query, (longest, n)).fetchone() or ("", None, "")
    return text, paths, repo


def named(connection: sqlite3.Connection, n: int, question: Question) -> list[str]:
    """Return which words of the question stand in the paths that a document touches, where they count."""
    if question.mode != "fused":
        return []
    from gitcoord.search import closeness  # words alone do without

    row = connection.execute("SELECT paths FROM doc WHERE n = ?", (n,)).fetchone()
    return closeness.in_paths(question.terms, row[0]) if row and row[0] else []
