"""How the use of skills went over time, and in how many repositories.

A bucket without a use of a skill is 0 where something else of the repository is known from before
and after it, and unknown outside of that. The bucket that is still running is shown and not judged.
"""

from __future__ import annotations

from datetime import date, timedelta

from gitcoord.skills import courses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from gitcoord.skills.asking import Shelf, Span

EVERY = ("day", "week", "month")
_MOST = 4000


def trends(
    shelf: Shelf, span: Span, every: str, now: datetime, *, skill: str | None, limit: int
) -> list[dict[str, Any]]:
    """Return the course of one skill, or of the most used; the level is shared among them all."""
    top = _top(shelf, span, skill, limit)
    if not top:
        return []
    bounds = {
        str(repo): (_day(first), _day(last))
        for repo, first, last in shelf.ask(
            f"SELECT repo, date_trunc('{every}', min(time))::DATE, date_trunc('{every}', max(time))::DATE"
            f" FROM use WHERE {span.condition()} GROUP BY repo"
        )
    }
    starts = buckets(
        min(low for low, _ in bounds.values()), max(high for _, high in bounds.values()), every
    )
    counted: dict[str, dict[date, tuple[int, int]]] = {name: {} for name in top}
    for name, start, uses, repos in shelf.ask(
        f"SELECT skill, date_trunc('{every}', time)::DATE, count(*), count(DISTINCT repo) FROM use"
        f" WHERE {span.condition()} AND list_contains(?::VARCHAR[], skill) GROUP BY ALL", [top]
    ):  # fmt: skip
        counted[name][start] = (uses, repos)
    running = trunc(now.date(), every)
    level = 1 - 0.05 / len(top)
    return [_trend(name, counted[name], starts, bounds, running, level) | {"every": every}
            for name in top]  # fmt: skip


def _top(shelf: Shelf, span: Span, skill: str | None, limit: int) -> list[str]:
    where = span.condition()
    if skill is not None:
        found = shelf.ask(f"SELECT 1 FROM use WHERE {where} AND skill = ? LIMIT 1", [skill])
        return [skill] if found else []
    rows = shelf.ask(
        f"SELECT skill FROM use WHERE {where} GROUP BY 1 ORDER BY count(*) DESC, 1"
        + (f" LIMIT {limit}" if limit else "")
    )
    return [str(name) for (name,) in rows]


def _trend(
    name: str,
    counted: dict[date, tuple[int, int]],
    starts: list[date],
    bounds: dict[str, tuple[date, date]],
    running: date,
    level: float,
) -> dict[str, Any]:
    series: list[dict[str, Any]] = []
    for start in starts:
        known = sum(low <= start <= high for low, high in bounds.values())
        uses, repos = counted.get(start, (0, 0) if known else (None, None))
        series.append({"date": start.isoformat(), "uses": uses, "repos": repos, "repos_known": known,
                       "running": start >= running})  # fmt: skip
    judged = [row for row in series if not row["running"]]
    return {
        "skill": name,
        "uses": _told(courses.course([row["uses"] for row in judged], level)),
        "adoption": _told(
            courses.course(
                [
                    row["repos"] / row["repos_known"] if row["repos_known"] else None
                    for row in judged
                ],
                level,
            )
        ),
        "level": level,
        "series": series,
    }


def _told(found: courses.Course) -> dict[str, Any]:
    return {"course": found.word, "slope": found.slope,
            "interval": None if found.low is None else [found.low, found.high],
            "points": found.points}  # fmt: skip


def buckets(first: date, last: date, every: str) -> list[date]:
    """Return the first day of each bucket from one to another."""
    found = [first]
    while found[-1] < last and len(found) < _MOST:
        found.append(
            trunc(found[-1] + timedelta(days={"day": 1, "week": 7, "month": 31}[every]), every)
        )
    return found


def trunc(day: date, every: str) -> date:
    """Return the first day of the bucket of a day; a week begins on Monday."""
    if every == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if every == "week" else day


def _day(value: Any) -> date:
    found: date = value
    return found
