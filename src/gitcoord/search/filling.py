"""Give documents the vectors they lack: taken from beside the record, or computed in batches.

Nothing is computed twice: a vector belongs to a text, and while the text stays so does it.
"""

from __future__ import annotations

from gitcoord.search import beside, corpus

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from gitcoord.search.embedder import Embedder
    from gitcoord.search.vectors import Vectors

    Place = Callable[[int], str | None]
    Tell = Callable[[int], object]

BATCH = 256


class Filled:
    """How many vectors were computed, and how many were found beside their records."""

    __slots__ = ("embedded", "taken")

    def __init__(self) -> None:
        self.embedded = 0
        self.taken = 0


def fill(
    connection: sqlite3.Connection,
    vectors: Vectors,
    embedder: Embedder,
    *,
    most: int | None = None,
    place: Place | None = None,
    keeps: bool = True,
    tell: Tell | None = None,
) -> Filled:
    """Give vectors to the documents that wait, the newest first, computing at most so many.

    `place` gives the path of the file in which a document's vector is kept as well; without
    `keeps` such a file is used where it fits, and not written. `tell` hears after each batch
    how many are done.
    """
    filled = Filled()
    below = 1 << 62
    while True:
        rows = connection.execute(
            "SELECT n, title, body FROM waiting JOIN doc USING (n) WHERE n < ? ORDER BY n DESC"
            " LIMIT ?", (below, BATCH),
        ).fetchall()  # fmt: skip
        if not rows:
            return filled
        below = rows[-1][0]
        texts = [(n, corpus.said(title, body)) for n, title, body in rows]
        left = _take(vectors, texts, place, filled) if place else texts
        if most is not None:
            left = left[: most - filled.embedded]
        if left:
            _compute(vectors, embedder, left, place if keeps else None)
            filled.embedded += len(left)
        if tell is not None:
            tell(filled.embedded + filled.taken)
        if most is not None and filled.embedded >= most:
            return filled


def _take(
    vectors: Vectors, texts: list[tuple[int, str]], place: Place, filled: Filled
) -> list[tuple[int, str]]:
    """Use the vectors that lie beside records already; return the texts that have none."""
    found, left = [], []
    for n, text in texts:
        path = place(n)
        said = corpus.digest(text)
        raw = path and beside.read(
            vectors.np, path, model=vectors.model, dimension=vectors.dimension, said=said
        )
        if raw:
            found.append((n, said, raw))
        else:
            left.append((n, text))
    vectors.put(found)
    filled.taken += len(found)
    return left


def _compute(
    vectors: Vectors, embedder: Embedder, texts: list[tuple[int, str]], place: Place | None
) -> None:
    made = embedder.embed([text for _, text in texts])
    rows = [
        (n, corpus.digest(text), made[number].tobytes()) for number, (n, text) in enumerate(texts)
    ]
    for n, said, raw in rows:
        path = place(n) if place is not None else None
        if path is not None:
            beside.write(path, raw, model=vectors.model, said=said)
    vectors.put(rows)
