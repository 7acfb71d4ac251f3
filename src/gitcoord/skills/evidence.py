"""What is known of each skill in each repository: how often, after what, and whether it worked.

One pass over the data answers all of it, and sums over any repositories are made from that: of
one, of those like it, of all.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.skills.following import Level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from gitcoord.skills.asking import Shelf, Span
    from gitcoord.skills.kinship import Weights


AFTER, AFTER_BOTH = " after it", " after both"


class Known(NamedTuple):
    """One skill in one repository; `after` and `after2` count what followed the context."""

    repo: str
    skill: str
    uses: int
    after: int
    after2: int
    worked: int
    judged: int
    first: datetime
    last: datetime


class Circle(NamedTuple):
    """Repositories that count as one body of evidence; the widest comes first."""

    name: str
    repos: Collection[str]


def gather(shelf: Shelf, span: Span, after: Sequence[str] = ()) -> list[Known]:
    """Return what is known, with what followed the last one or two skills of a context."""
    where = span.condition()
    followed = _followed(shelf, where, [*after][-2:]) if after else {}
    rows = shelf.ask(
        "SELECT repo, skill, count(*), count(*) FILTER (worked), count(worked), min(time), max(time)"
        f" FROM use WHERE {where} GROUP BY repo, skill"
    )
    return [
        Known(repo, skill, uses, *followed.get((repo, skill), (0, 0)), *rest)
        for repo, skill, uses, *rest in rows
    ]


def _followed(
    shelf: Shelf, where: str, context: Sequence[str]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return how often each skill followed the last of a context, and both of it."""
    both = "count(*) FILTER (before2 = ?)" if len(context) == 2 else "0"
    rows = shelf.ask(
        f"SELECT repo, skill, count(*), {both} FROM use WHERE {where} AND before1 = ? GROUP BY repo, skill",
        context,
    )
    return {(repo, skill): (once, twice) for repo, skill, once, twice in rows}


def newest(known: Sequence[Known], enough: int) -> datetime | None:
    """Return from when on there are about that many uses, None where there are no more."""
    whole = sum(one.uses for one in known)
    if whole <= enough:
        return None
    first, last = min(one.first for one in known), max(one.last for one in known)
    return last - (last - first) * (enough / whole)


def levels(known: Iterable[Known], circles: Sequence[Circle], weights: Weights) -> list[Level]:
    """Return the evidence of what comes next, from the widest to the nearest."""
    rows = list(known)
    found = []
    for depth, word, wide, near in (
        ("uses", "", weights.repo, weights.repo),
        ("after", AFTER, weights.after, weights.after_here),
        ("after2", AFTER_BOTH, weights.after2, max(weights.after2, weights.after_here)),
    ):
        for circle in circles:
            counts: dict[str, int] = {}
            for one in rows:
                number = getattr(one, depth)
                if number and one.repo in circle.repos:
                    counts[one.skill] = counts.get(one.skill, 0) + number
            weight = wide if circle is circles[0] else near
            found.append(Level(f"{circle.name}{word}", counts, weight))
    return found


def outcomes(known: Iterable[Known], repos: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return for each skill in some repositories how often it worked, and of how many."""
    found: dict[str, tuple[int, int]] = {}
    for one in known:
        if one.repo in repos:
            good, all = found.get(one.skill, (0, 0))
            found[one.skill] = (good + one.worked, all + one.judged)
    return found


def users(known: Iterable[Known], repos: Collection[str]) -> dict[str, int]:
    """Return for each skill how many of some repositories use it."""
    found: dict[str, int] = {}
    for one in known:
        if one.repo in repos:
            found[one.skill] = found.get(one.skill, 0) + 1
    return found
