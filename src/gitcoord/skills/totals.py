"""How often skills are used and what comes of it: by skill, by repository, and all together.

The data is read once, by repository and skill, and summed from there. Each rate goes with the
number of invocations it rests on, because many say nothing of it: where none does, it is None.
A rate has the interval of Wilson.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.model import intervals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from typing import Any

    from gitcoord.skills.asking import Shelf, Span

BY_SKILL, BY_REPO = "skill", "repo"
_SUMS = """count(*), count(completed), count(*) FILTER (completed), count(success),
    count(*) FILTER (success), count(worked), count(*) FILTER (worked), count(errored),
    count(*) FILTER (errored), count(follow_ups), coalesce(sum(follow_ups), 0)::BIGINT,
    count(*) FILTER (follow_ups > 0), count(duration)"""


class Cell(NamedTuple):
    """The sums of one skill in one repository."""

    repo: str
    skill: str
    first: date
    last: date
    counts: tuple[int, ...]


def cells(shelf: Shelf, span: Span, skill: str | None = None) -> list[Cell]:
    """Return the sums of every skill in every repository."""
    where, values = condition(span, skill)
    rows = shelf.ask(
        f"SELECT repo, skill, min(time)::DATE, max(time)::DATE, {_SUMS} FROM use WHERE {where}"
        " GROUP BY repo, skill",
        values,
    )
    return [Cell(repo, name, first, last, counts) for repo, name, first, last, *counts in rows]  # type: ignore[arg-type]


def durations(
    shelf: Shelf, by: str, span: Span, skill: str | None = None
) -> dict[str, tuple[float, float]]:
    """Return the median and the 90 % quantile of how long uses took."""
    where, values = condition(span, skill)
    rows = shelf.ask(
        f"SELECT {by}, quantile_cont(duration, [0.5, 0.9]) FROM use WHERE {where}"
        f" AND duration IS NOT NULL GROUP BY 1",
        values,
    )
    return {name: (middle, high) for name, (middle, high) in rows}


def condition(span: Span, skill: str | None = None) -> tuple[str, list[Any]]:
    """Return the condition of SQL for uses in a span, of a skill if one is named."""
    if skill is None:
        return span.condition(), []
    return f"{span.condition()} AND skill = ?", [skill]


def figures(
    held: Iterable[Cell], by: str, took: dict[str, tuple[float, float]]
) -> list[dict[str, Any]]:
    """Return a row of figures for each skill or repository, the most used first."""
    groups: dict[str, list[Cell]] = {}
    for one in held:
        groups.setdefault(one.skill if by == BY_SKILL else one.repo, []).append(one)
    rows: list[dict[str, Any]] = []
    for name, group in groups.items():
        row = {by: name} | total(group)
        del row["repos" if by == BY_REPO else "skills"]
        if row["duration"] is not None:
            row["duration"] |= {"median": took[name][0], "p90": took[name][1]}
        rows.append(row)
    return sorted(rows, key=lambda row: (-row["uses"], row[by]))


def total(held: list[Cell]) -> dict[str, Any]:
    """Return the figures of some cells together; how long uses took is known in number only."""
    sums = [sum(column) for column in zip(*[one.counts for one in held], strict=True)]
    (uses, completed_of, completed, success_of, success, worked_of, worked, errors_of, errors,
     follow_of, follow, followed, duration_of) = sums  # fmt: skip
    return {
        "uses": uses,
        "repos": len({one.repo for one in held}),
        "skills": len({one.skill for one in held}),
        "completion": share(completed, completed_of),
        "success": share(success, success_of),
        "worked": share(worked, worked_of),
        "errors": share(errors, errors_of),
        "follow_ups": None
        if not follow_of
        else {"mean": follow / follow_of, "with_any": followed / follow_of, "known": follow_of},
        "duration": {"known": duration_of} if duration_of else None,
        "first": str(min(one.first for one in held)),
        "last": str(max(one.last for one in held)),
    }


def periods(shelf: Shelf, span: Span, every: str, skill: str | None = None) -> list[dict[str, Any]]:
    """Return the figures of each day, week or month with a use, the earliest first."""
    where, values = condition(span, skill)
    rows = shelf.ask(
        f"SELECT date_trunc('{every}', time)::DATE::VARCHAR, min(time)::DATE, max(time)::DATE,"
        f" count(DISTINCT repo), count(DISTINCT skill), {_SUMS} FROM use WHERE {where}"
        " GROUP BY 1 ORDER BY 1",
        values,
    )
    return [
        {"date": start} | total([Cell("", "", first, last, tuple(counts))])
        | {"repos": repos, "skills": skills}
        for start, first, last, repos, skills, *counts in rows
    ]  # fmt: skip


def share(good: int, known: int) -> dict[str, Any] | None:
    """Return a rate with its interval and what it rests on, None where nothing is known."""
    if not known:
        return None
    return {"rate": good / known, "interval": list(intervals.wilson(good, known)), "known": known}
