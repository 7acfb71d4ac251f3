"""How often skills are used and what comes of it: by skill, by repository, and all together.

Each rate goes with the number of invocations it rests on, because many say nothing of it: where
none does, it is None. A rate has the interval of Wilson.
"""

from __future__ import annotations

from gitcoord.model import intervals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.skills.asking import Shelf, Span

_SUMS = """count(*), count(DISTINCT repo), count(DISTINCT skill), count(DISTINCT time::DATE),
    count(completed), count(*) FILTER (completed), count(success), count(*) FILTER (success),
    count(worked), count(*) FILTER (worked), count(errored), count(*) FILTER (errored),
    count(follow_ups), sum(follow_ups), count(*) FILTER (follow_ups > 0),
    count(duration), quantile_cont(duration, [0.5, 0.9]), min(time)::DATE, max(time)::DATE"""

ALL, BY_SKILL, BY_REPO = "NULL", "skill", "repo"


def figures(
    shelf: Shelf, by: str, span: Span, *, skill: str | None = None, limit: int = 0
) -> list[dict[str, Any]]:
    """Return a row of figures for each skill or repository, the most used first."""
    where, values = condition(span, skill)
    tail = f" LIMIT {limit}" if limit else ""
    rows = shelf.ask(
        f"SELECT {by}, {_SUMS} FROM use WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1{tail}", values
    )
    return [_figures(by, row) for row in rows]


def condition(span: Span, skill: str | None = None) -> tuple[str, list[Any]]:
    """Return the condition of SQL for uses in a span, of a skill if one is named."""
    if skill is None:
        return span.condition(), []
    return f"{span.condition()} AND skill = ?", [skill]


def _figures(by: str, row: Sequence[Any]) -> dict[str, Any]:
    (name, uses, repos, skills, days, completed_of, completed, success_of, success, worked_of,
     worked, errors_of, errors, follow_of, follow, followed, duration_of, middle, first, last) = row  # fmt: skip
    found: dict[str, Any] = {} if by == ALL else {by: name}
    found |= {"uses": uses} | ({} if by == BY_REPO else {"repos": repos})
    found |= {} if by == BY_SKILL else {"skills": skills}
    found |= {
        "days": days, "completion": share(completed, completed_of), "success": share(success, success_of),
        "worked": share(worked, worked_of), "errors": share(errors, errors_of),
        "follow_ups": None
        if not follow_of
        else {"mean": follow / follow_of, "with_any": followed / follow_of, "known": follow_of},
        "duration": None
        if not duration_of
        else {"median": middle[0], "p90": middle[1], "known": duration_of},
        "first": str(first), "last": str(last),
    }  # fmt: skip
    return found


def share(good: int, known: int) -> dict[str, Any] | None:
    """Return a rate with its interval and what it rests on, None where nothing is known."""
    if not known:
        return None
    return {"rate": good / known, "interval": list(intervals.wilson(good, known)), "known": known}
