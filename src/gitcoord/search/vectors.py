"""The vectors of a corpus, packed in one file of rows beside it, for one model.

Which row belongs to which document stands in the corpus, and that decides: a row is written
first and listed afterwards, so a process that dies between the two leaves a row that nobody
reads. Rows are read in pieces into one buffer, which costs less than mapping them.
"""

from __future__ import annotations

import os
import stat

from gitcoord.git.process import scratch
from gitcoord.search import corpus

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any

_ROWS = 1024  # what the cache of a core holds: each is looked at twice
_TOGETHER, _SUM_OFF = 512, 0.5
_LEAST_LENGTH, _MOST_LENGTH = 0.99, 1.01


class Vectors:
    """The vectors of a corpus under one model; close it after use."""

    __slots__ = ("_connection", "_file", "_width", "dimension", "model", "np", "spoilt")

    def __init__(
        self, np: ModuleType, connection: sqlite3.Connection, path: str, model: str, dimension: int
    ) -> None:
        self.np = np
        self._connection = connection
        self.model = model
        self.dimension = dimension
        self.spoilt = False
        self._width = 4 * dimension
        self._file = _open(connection, f"{path.removesuffix('.db')}-{model}.f32")
        self._settle()

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def waiting(self) -> int:
        """Return how many documents have no vector yet."""
        return int(self._connection.execute("SELECT count(*) FROM waiting").fetchone()[0])

    def _settle(self) -> None:
        """Forget all rows when they are another model's, or not all there any more."""
        same = corpus.meta(self._connection, "model") == self.model
        if same and os.fstat(self._file).st_size >= self._rows() * self._width:
            return
        run = self._connection.execute
        with corpus.transaction(self._connection):
            run("DELETE FROM vector")
            run("DELETE FROM free")
            run("INSERT OR IGNORE INTO waiting SELECT n FROM doc")
            corpus.note(self._connection, "model", self.model)

    def _rows(self) -> int:
        query = "SELECT max(coalesce((SELECT max(slot) FROM vector), -1), coalesce((SELECT max(slot) FROM free), -1))"
        return int(self._connection.execute(query).fetchone()[0]) + 1

    def put(self, rows: Sequence[tuple[int, str, bytes]]) -> None:
        """Add vectors of documents that wait for one: number, what was said, float32 bytes."""
        run = self._connection.execute
        with corpus.transaction(self._connection):
            for n, said, raw in rows:
                text = run(
                    "SELECT title, body FROM waiting JOIN doc USING (n) WHERE n = ?", (n,)
                ).fetchone()
                if text is None or corpus.digest(corpus.said(*text)) != said:
                    continue  # another process was quicker, or the document went or changed
                found = run("SELECT min(slot) FROM free").fetchone()[0]
                slot = self._rows() if found is None else found
                os.pwrite(self._file, raw, slot * self._width)
                run("DELETE FROM free WHERE slot = ?", (slot,))
                run("INSERT INTO vector VALUES (?, ?, ?)", (n, slot, said))
                run("DELETE FROM waiting WHERE n = ?", (n,))

    def vector(self, n: int) -> Any | None:
        """Return the vector of a document, None when it has none."""
        row = self._connection.execute("SELECT slot FROM vector WHERE n = ?", (n,)).fetchone()
        if row is None:
            return None
        raw = os.pread(self._file, self._width, row[0] * self._width)
        return self.np.frombuffer(raw, self.np.float32)

    def similarities(self, question: Any) -> Any:
        """Return the cosine of every row with a vector of length 1, by slot.

        It is 0 for a row that has not the length of a vector; where that belongs to a document,
        the vectors are `spoilt`: the file is damaged.
        """
        np, rows = self.np, self._rows()
        found = np.empty(rows, np.float32)
        buffer = np.empty((min(rows, _ROWS), self.dimension), np.float32)
        odd: list[int] = []
        for start in range(0, rows, _ROWS):
            some = buffer[: min(_ROWS, rows - start)]
            read = os.preadv(self._file, [some.reshape(-1).view(np.uint8)], start * self._width)
            some[read // self._width :] = 0
            with np.errstate(all="ignore"):
                found[start : start + len(some)] = some @ question
                odd += [start + row for row in _odd(np, some)]
        if odd:
            found[odd] = 0
            self.spoilt = any(self._of_slot(slot) is not None for slot in odd)
        return found

    def nearest(self, similarities: Any, most: int, allowed: set[int] | None) -> dict[int, float]:
        """Return the documents with the highest similarities, the best first.

        `allowed` are the documents that may be among them, None for all.
        """
        np = self.np
        if allowed is not None and len(allowed) <= 5 * most:
            found = self.of(similarities, sorted(allowed))
            return dict(sorted(found.items(), key=lambda one: -one[1])[:most])
        wanted = most
        while True:
            wanted = min(4 * wanted, len(similarities))
            slots = np.argpartition(-similarities, wanted - 1)[:wanted] if wanted else []
            best = {}
            for slot in sorted(map(int, slots), key=lambda i: -float(similarities[i])):
                n = self._of_slot(slot)
                if n is not None and (allowed is None or n in allowed):
                    best[n] = float(similarities[slot])
            if len(best) >= most or wanted >= len(similarities):
                return dict(list(best.items())[:most])

    def of(self, similarities: Any, numbers: Sequence[int]) -> dict[int, float]:
        """Return the similarities of some documents, of those that have a vector."""
        query = "SELECT slot FROM vector WHERE n = ?"
        found = {}
        for n in numbers:
            row = self._connection.execute(query, (n,)).fetchone()
            if row is not None and row[0] < len(similarities):
                found[n] = float(similarities[row[0]])
        return found

    def _of_slot(self, slot: int) -> int | None:
        row = self._connection.execute("SELECT n FROM vector WHERE slot = ?", (slot,)).fetchone()
        return None if row is None else int(row[0])

    def mend(self) -> int:
        """Let documents wait again whose row has not the length of a vector; return how many."""
        np = self.np
        listed = self._connection.execute("SELECT n, slot FROM vector ORDER BY slot").fetchall()
        self.spoilt = False
        bad = []
        for n, slot in listed:
            raw = os.pread(self._file, self._width, slot * self._width)
            if not is_vector(np, raw, self.dimension):
                bad.append((n,))
        if bad:
            with corpus.transaction(self._connection):
                corpus.forget_vectors(self._connection, [n for (n,) in bad])
                self._connection.executemany("INSERT OR IGNORE INTO waiting VALUES (?)", bad)
        return len(bad)


def _odd(np: ModuleType, rows: Any) -> list[int]:
    """Return which rows have not the length of a vector.

    The squares of many rows are added up in one go, which costs next to nothing: the sum is
    how many they are. Only where it is not each row is looked at.
    """
    found = []
    for start in range(0, len(rows), _TOGETHER):
        some = rows[start : start + _TOGETHER]
        flat = some.reshape(-1)
        if abs(float(flat @ flat) - len(some)) < _SUM_OFF:
            continue
        lengths = np.einsum("ij,ij->i", some, some)
        wrong = ~((lengths > _LEAST_LENGTH) & (lengths < _MOST_LENGTH))
        found += [start + int(row) for row in np.flatnonzero(wrong)]
    return found


def is_vector(np: ModuleType, raw: bytes, dimension: int) -> bool:
    """Whether bytes are a vector of length 1."""
    if len(raw) != 4 * dimension:
        return False
    found = np.frombuffer(raw, np.float32)
    with np.errstate(all="ignore"):
        length = float(found @ found)
    return _LEAST_LENGTH < length < _MOST_LENGTH


def _open(connection: sqlite3.Connection, path: str) -> int:
    """Return the file of rows; one without a name for a corpus that is only in memory."""
    (_, _, file) = connection.execute("PRAGMA database_list").fetchone()
    if not file:
        return scratch()
    for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        try:
            found = os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK, 0o666)
        except OSError:
            continue
        if stat.S_ISREG(os.fstat(found).st_mode):
            return found
        os.close(found)
    return scratch()
