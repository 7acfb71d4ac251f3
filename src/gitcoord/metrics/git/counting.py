"""How much happened in a window: commits, people, words, merges.

`conventional` and its share look at commits that are no merges, for a merge has git's own
words. Merging again is told by `gitcoord.metrics.git.remerging`.
"""

from __future__ import annotations

from datetime import UTC

from gitcoord.metrics.git import people
from gitcoord.metrics.git.window import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping
    from typing import Any

    from gitcoord.metrics.git.people import Person
    from gitcoord.metrics.git.window import Window


def count(
    connection: sqlite3.Connection, persons: Mapping[int, Person], window: Window
) -> dict[str, Any]:
    """Return the figures of a window; what cannot be known is None."""
    where, values = window.condition()
    (commits, merges, conventional, breaking) = connection.execute(
        "SELECT count(*), coalesce(sum(parents > 1), 0), coalesce(sum(parents < 2 AND kind IS NOT NULL), 0),"
        f" coalesce(sum(breaking), 0) FROM commits WHERE {where}",
        values,
    ).fetchone()
    oldest = first(connection, window)
    days = window.days(oldest)
    alone = commits - merges
    return {
        "since": window.text(window.begin(oldest)),
        "until": window.text(window.end() if window.until is None else window.until),
        "days": _rounded(days),
        "commits": commits,
        "commits_per_hour": _rounded(commits / days / 24 if days else None),
        "commits_per_day": _rounded(commits / days if days else None),
        "commits_per_week": _rounded(commits / days * 7 if days else None),
        "active_days": _active_days(connection, window),
        **_people(connection, persons, window),
        "conventional": conventional,
        "conventional_share": _rounded(conventional / alone if alone else None),
        "breaking": breaking,
        "merges": merges,
    }


def first(connection: sqlite3.Connection, window: Window) -> int | None:
    """Return the second of the first commit of all, by the date that counts."""
    found = connection.execute(f"SELECT min({window.column}) FROM commits").fetchone()[0]
    return None if found is None else int(found)


def authors(
    connection: sqlite3.Connection,
    persons: Mapping[int, Person],
    window: Window,
    *,
    merges: bool = True,
) -> dict[str, tuple[Person, int]]:
    """Return by address who wrote commits in a window, and how many; the most first."""
    where, values = window.condition()
    rows = connection.execute(
        f"SELECT who, count(*) FROM commits WHERE {where}"
        + ("" if merges else " AND parents < 2")
        + " GROUP BY who",
        values,
    )
    found: dict[str, tuple[Person, int]] = {}
    for _, person, number in sorted((-number, persons[who], number) for who, number in rows):
        known = found.get(person[1])
        found[person[1]] = (known[0], known[1] + number) if known else (person, number)
    return dict(sorted(found.items(), key=lambda item: (-item[1][1], item[0])))


def more_than_half(numbers: Iterable[int]) -> int | None:
    """Return how many of the largest numbers make more than half of all; None of nothing."""
    ranked = sorted(numbers, reverse=True)
    reached = 0
    for position, number in enumerate(ranked, 1):
        reached += number
        if 2 * reached > sum(ranked):
            return position
    return None


def _people(
    connection: sqlite3.Connection, persons: Mapping[int, Person], window: Window
) -> dict[str, Any]:
    found = authors(connection, persons, window)
    bots = [number for person, number in found.values() if people.is_bot(person)]
    return {"authors": len(found), "bots": len(bots), "bot_commits": sum(bots)}


def _active_days(connection: sqlite3.Connection, window: Window) -> int:
    where, values = window.condition()
    column = window.column
    if window.zone is UTC:
        query = f"SELECT count(DISTINCT {column} / {DAY}) FROM commits WHERE {where}"
        return int(connection.execute(query, values).fetchone()[0])
    query = f"SELECT DISTINCT {column} FROM commits WHERE {where}"
    return len({window.day(second) for (second,) in connection.execute(query, values)})


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
