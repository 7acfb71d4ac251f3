"""Ask the tables: which attempts are alike, and what they say for each strategy.

Similarity by words is always there. Who asks may bring a second measure (`meaning`), which
gives the similarity of messages by what they mean; an attempt then counts with the greater
of the two.
"""

from __future__ import annotations

from array import array
from typing import NamedTuple

from gitcoord.memory import build, evidence, likeness, wording
from gitcoord.memory.build import DAY
from gitcoord.memory.evidence import Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from typing import Any

    Meaning = Callable[[str], dict[int, float]]
    """The similarity of a text to messages by what they mean, by their numbers."""


class Known(NamedTuple):
    """One attempt as far as weighing it needs: `worked` is None where nobody said."""

    n: int
    message: int
    time: float
    strategy: str | None
    agent: str | None
    worked: bool | None
    confirmed: bool


def alike(
    connection: sqlite3.Connection,
    message: str,
    type: str | None,
    threshold: float,
    meaning: Meaning | None = None,
) -> dict[int, float]:
    """Return the messages at least that alike, by their numbers, with the similarity."""  # fmt: skip
    words = wording.words(message, type)
    total = _total(connection)
    found = likeness.alike(
        words, _postings(connection, words), lengths(connection), total, threshold
    )
    if meaning is not None:
        for number, score in meaning(message).items():
            if score >= threshold and score > found.get(number, 0.0):
                found[number] = score
    return found


def _total(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT value FROM meta WHERE key = 'messages'").fetchone()
    return row[0] if row else 0


def lengths(connection: sqlite3.Connection) -> array[float]:
    """Return the length of each message, by its number."""
    found = array("d")
    row = connection.execute("SELECT value FROM meta WHERE key = 'lengths'").fetchone()
    if row:
        found.frombytes(row[0])
    return found


def _postings(connection: sqlite3.Connection, words: list[str]) -> dict[str, array[int]]:
    marks = ", ".join("?" * len(words))
    return {
        word: build.numbers_of(raw)
        for word, raw in connection.execute(
            f"SELECT word, messages FROM posting WHERE word IN ({marks})", words
        )
    }


_KNOWN = (
    "SELECT n, text, time, strategy, agent, coalesce(confirmed, claimed), confirmed IS NOT NULL"
    " FROM attempt"
)


def attempts(connection: sqlite3.Connection, messages: Iterable[int]) -> list[Known]:
    """Return the attempts at some messages, the latest first."""
    wanted = sorted(messages)
    found: list[Known] = []
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        marks = ", ".join("?" * len(part))
        found += [
            Known(
                n, text, time, strategy, agent, None if worked is None else bool(worked), bool(sure)
            )
            for n, text, time, strategy, agent, worked, sure in connection.execute(
                f"{_KNOWN} WHERE text IN ({marks})", part
            )
        ]
    found.sort(key=lambda one: (-one.time, one.n))
    return found


def by_strategy(
    found: Iterable[Known], similarity: dict[int, float], now: float, half_life: float
) -> dict[str, Tally]:
    """Sum what similar attempts say for and against each strategy."""
    sums: dict[str, Tally] = {}
    for one in found:
        if one.strategy is None or one.worked is None:
            continue
        weight = similarity[one.message] * evidence.trust(one.confirmed)
        weight *= evidence.decay((now - one.time) / DAY, half_life)
        sums.setdefault(one.strategy, Tally()).add(one.worked, weight, 1, similarity[one.message])
    return sums


def overall(
    connection: sqlite3.Connection, now: float, half_life: float, type: str | None = None
) -> dict[str, Tally]:
    """Sum what all attempts say, of one type if one is named; ages are whole days here."""
    sums: dict[str, Tally] = {}
    where, words = (" WHERE type = ?", [type]) if type else ("", [])
    today = int(now // DAY)
    for strategy, day, claimed_good, claimed_bad, good, bad in connection.execute(
        f"SELECT strategy, day, claimed_good, claimed_bad, good, bad FROM tally{where}", words
    ):
        factor = evidence.decay(today - day, half_life)
        tally = sums.setdefault(strategy, Tally())
        tally.add(True, factor * (claimed_good + evidence.CONFIRMED * good), claimed_good + good)
        tally.add(False, factor * (claimed_bad + evidence.CONFIRMED * bad), claimed_bad + bad)
    return sums


def outcomes(connection: sqlite3.Connection) -> dict[tuple[str | None, str], tuple[int, int]]:
    """Return successes and failures of each type and strategy, each outcome counted once."""
    query = (
        "SELECT type, strategy, sum(claimed_good + good), sum(claimed_bad + bad) FROM tally"
        " GROUP BY type, strategy ORDER BY type, strategy"
    )
    return {
        (type, strategy): (good, bad) for type, strategy, good, bad in connection.execute(query)
    }


def followed(connection: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Return how often each strategy was recommended where something was tried, and used."""
    return {
        strategy: (shown, taken)
        for strategy, shown, taken in connection.execute("SELECT * FROM follow")
    }


def documents(connection: sqlite3.Connection, numbers: list[int]) -> list[dict[str, Any]]:
    """Return attempts in their documented shape, in the order of the numbers given."""
    from gitcoord.codec.native import loads  # JSON is YAML, and `json` takes longer to load

    marks = ", ".join("?" * len(numbers))
    rows = {
        n: dict(loads(text)) | {"confirmed": None if sure is None else bool(sure)}
        for n, text, sure in connection.execute(
            f"SELECT n, json, confirmed FROM attempt WHERE n IN ({marks})", numbers
        )
    }
    return [rows[n] for n in numbers]
