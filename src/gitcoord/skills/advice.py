"""What to use next in a repository, what to try that others do well with, and what to drop.

How likely a skill works is a Beta posterior: what is known of it anywhere is the prior of what is
known of it in repositories like this one, and that the prior of what is known here, each worth as many
outcomes as the data itself says (`kinship`). A skill is to be dropped only where it does worse than
all else here beyond chance, shared among all that are looked at.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.model import intervals
from gitcoord.skills import evidence, following

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Any

    from gitcoord.skills.evidence import Circle, Known
    from gitcoord.skills.kinship import Weights

HEAVIEST = 1000.0
"""Outcomes that the wider evidence counts for at most: a thousand here say more than all elsewhere."""

IDLE = 90
LEAST = 8
"""Outcomes below which nothing is said against a skill."""

_REGULAR = 5
_TRIED = 2


class Belief(NamedTuple):
    """How likely a skill works, and between what that lies."""

    mean: float
    low: float
    high: float


def believe(outcomes: Sequence[tuple[int, int]], base: float, weights: Weights) -> Belief:
    """Return what outcomes say, from the widest to the nearest; `base` is what is usual."""
    worth = min(weights.worked, HEAVIEST)
    alpha, beta = worth * base, worth * (1 - base)
    for good, known in outcomes:
        mean = alpha / (alpha + beta)
        alpha, beta = good + worth * mean, known - good + worth * (1 - mean)
        worth = min(weights.worked_here, HEAVIEST)
    low, high = intervals.beta(alpha, beta)
    return Belief(alpha / (alpha + beta), low, high)


def recommend(
    known: Sequence[Known],
    circles: Sequence[Circle],
    weights: Weights,
    *,
    today: date,
    limit: int,
) -> dict[str, Any]:
    """Return what to use, to try and to drop; the last circle is the repository itself."""
    judged = [evidence.outcomes(known, circle.repos) for circle in circles]
    good, all = (sum(pair[at] for pair in judged[0].values()) for at in (0, 1))
    here = circles[-1]
    wide = len(circles) > 1
    found: dict[str, Any] = {"use": [], "try": [], "drop": []}
    if not known:
        return found
    base = good / all if all else None

    def belief(skill: str) -> Belief | None:
        if base is None or not any(skill in one and one[skill][1] for one in judged):
            return None
        return believe([one.get(skill, (0, 0)) for one in judged], base, weights)

    mine = evidence.users(known, here.repos)
    found["use"] = [
        _use(one, belief(one.skill), base or 1.0, judged, circles)
        for one in following.predict(evidence.levels(known, circles, weights))
        if one.skill in mine or not wide
    ]
    found["use"].sort(key=lambda row: (-row["score"], row["skill"]))
    if wide:
        found["try"] = _try(known, circles, mine, belief)
    found["drop"] = _drop(known, here, judged[0], today)
    return {name: rows[:limit] for name, rows in found.items()}


def _use(
    one: following.Next,
    sure: Belief | None,
    usual: float,
    judged: Sequence[Mapping[str, tuple[int, int]]],
    circles: Sequence[Circle],
) -> dict[str, Any]:
    """Return one row of advice; of whose outcomes nothing is known works as is usual."""
    reasons = [
        f"{count:,} of {total:,} uses {name}"
        for name, (count, total) in reversed(one.counts.items())
        if count
    ]
    reasons += _outcomes(one.skill, judged, circles)
    return {"skill": one.skill, "chance": one.chance, **_told(sure),
            "score": one.chance * (sure.mean if sure else usual), "reasons": reasons}  # fmt: skip


def _outcomes(
    skill: str, judged: Sequence[Mapping[str, tuple[int, int]]], circles: Sequence[Circle]
) -> list[str]:
    found = []
    for circle, held in reversed(list(zip(circles, judged, strict=True))):
        worked, count = held.get(skill, (0, 0))
        if count:
            found.append(f"worked in {worked} of {count} {circle.name}")
    return found


def _told(sure: Belief | None) -> dict[str, Any]:
    if sure is None:
        return {"confidence": None, "interval": None}
    return {"confidence": sure.mean, "interval": [sure.low, sure.high]}


def _try(
    known: Sequence[Known], circles: Sequence[Circle], mine: Mapping[str, int], belief: Any
) -> list[dict[str, Any]]:
    """Return skills that repositories like this one use with success, and this one does not."""
    here, near = circles[-1], circles[-2]
    others = [name for name in near.repos if name not in here.repos]
    judged = [evidence.outcomes(known, circle.repos) for circle in circles]
    rows = []
    for skill, count in evidence.users(known, others).items():
        sure = belief(skill)
        if skill in mine or count < _TRIED or sure is None:
            continue
        adoption = intervals.wilson(count, len(others))
        rows.append({
            "skill": skill, "repos": count, "of": len(others), **_told(sure),
            "score": adoption[0] * sure.low,
            "reasons": [f"{count} of {len(others)} repositories {near.name} use it",
                        *_outcomes(skill, judged, circles)],
        })  # fmt: skip
    return sorted(rows, key=lambda row: (-row["score"], row["skill"]))


def _drop(
    known: Sequence[Known], here: Circle, everywhere: Mapping[str, tuple[int, int]], today: date
) -> list[dict[str, Any]]:
    """Return skills that do worse here than all else, and those that lie idle."""
    mine = evidence.outcomes(known, here.repos)
    good, all = (sum(pair[at] for pair in mine.values()) for at in (0, 1))
    tested = [skill for skill, (_, count) in mine.items() if LEAST <= count < all]
    z = intervals.shared(len(tested))
    rows: list[dict[str, Any]] = []
    for skill in tested:
        worked, count = mine[skill]
        gap = intervals.difference((worked, count), (good - worked, all - count), z)
        if gap[1] >= 0:
            continue
        reasons = [f"worked in {worked} of {count} {here.name}",
                   f"everything else in {good - worked} of {all - count}"]  # fmt: skip
        there = (everywhere[skill][0] - worked, everywhere[skill][1] - count)
        if there[1]:
            reasons.append(f"in other repositories it worked in {there[0]} of {there[1]}")
        rows.append({"skill": skill, "why": "fails", "rate": worked / count,
                     "difference": list(gap), "reasons": reasons})  # fmt: skip
    rows.sort(key=lambda row: (row["difference"][1], row["skill"]))
    return rows + _idle(known, here, today, {row["skill"] for row in rows})


def _idle(
    known: Sequence[Known], here: Circle, today: date, told: set[str]
) -> list[dict[str, Any]]:
    last: dict[str, tuple[int, date]] = {}
    for one in known:
        if one.repo in here.repos:
            uses, day = last.get(one.skill, (0, one.last.date()))
            last[one.skill] = (uses + one.uses, max(day, one.last.date()))
    # Where nothing at all was used lately, the repository rests, and its skills with it.
    newest = max((day for _, day in last.values()), default=today)
    return [
        {"skill": skill, "why": "idle", "rate": None, "difference": None,
         "reasons": [f"used {uses} times, last on {day}"]}
        for skill, (uses, day) in sorted(last.items(), key=lambda one: one[1][1])
        if uses >= _REGULAR and (newest - day).days > IDLE and skill not in told
    ]  # fmt: skip
