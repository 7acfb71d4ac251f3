"""What the advice is worth: learn from the older part of the data, and try it on the newer.

Next skills are tried against the one that is used most, anywhere and in that repository; how likely
skills work against one rate for all. Differences go with intervals; as uses of one session are not
independent of each other, those are somewhat too narrow.
"""

from __future__ import annotations

from collections import defaultdict
from math import sqrt
from typing import NamedTuple

from gitcoord.model import intervals
from gitcoord.skills import advice, evidence, kinship
from gitcoord.skills.asking import Span
from gitcoord.skills.past import TOP, Past, learn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from gitcoord.skills.asking import Shelf
    from gitcoord.skills.kinship import Weights

SHARE = 0.8
"""How much of the uses is learnt from: the older ones."""

TRIED = 20_000
"""Of how many newer uses at most, taken by chance."""


class Case(NamedTuple):
    """A use in its context, and how many are just like it."""

    repo: str
    before2: str | None
    before1: str
    skill: str
    many: int


def replay(shelf: Shelf, alike: Mapping[str, str]) -> dict[str, Any]:
    """Return how often each way was right on what it had not seen; `alike` names the like of each."""
    cut = shelf.ask(f"SELECT quantile_disc(time, {SHARE}) FROM use")
    if not cut or cut[0][0] is None:
        return {"cut": None, "next": None, "worked": None}
    moment = f"TIMESTAMP '{cut[0][0].isoformat(sep=' ')}'"
    weights = _weights(shelf, cut[0][0])
    tried = _sample(shelf, f"time >= {moment} AND before1 IS NOT NULL")
    cases = [
        Case(*row)
        for row in shelf.ask(
            f"SELECT repo, before2, before1, skill, count(*) FROM use WHERE {tried} GROUP BY ALL"
        )
    ]
    past = Past(alike, weights)
    learn(shelf, past, f"time < {moment}", tried, alike)
    return {"cut": cut[0][0].date().isoformat(), "next": _next(past, cases),
            "worked": _worked(shelf, moment, weights)}  # fmt: skip


def _weights(shelf: Shelf, cut: datetime) -> Weights:
    older = Span(until=cut)
    known = evidence.gather(shelf, older)
    return kinship.weights(shelf, older.condition(), evidence.newest(known, kinship.ENOUGH))


def _sample(shelf: Shelf, condition: str) -> str:
    """Return the condition for some uses, by chance and the same each time."""
    ((count,),) = shelf.ask(f"SELECT count(*) FROM use WHERE {condition}") or [(0,)]
    return f"{condition} AND hash(repo, time, skill, n) % {-(-count // TRIED) or 1} = 0"


def _next(past: Past, cases: Sequence[Case]) -> dict[str, Any] | None:
    anywhere = past.usual()
    guesses: dict[tuple[str, str | None, str], list[str]] = {}
    hits: dict[str, int] = defaultdict(int)
    gained = lost = whole = 0
    for one in cases:
        key = (one.repo, one.before2, one.before1)
        if key not in guesses:
            guesses[key] = past.guess(*key)
        ours, here = guesses[key], past.usual(one.repo) or anywhere
        whole += one.many
        for name, said in (("ours", ours), ("usual", anywhere), ("usual_here", here)):
            hits[f"{name}_1"] += one.many * (said[:1] == [one.skill])
            hits[f"{name}_{TOP}"] += one.many * (one.skill in said)
        gained += one.many * (ours[:1] == [one.skill] and here[:1] != [one.skill])
        lost += one.many * (ours[:1] != [one.skill] and here[:1] == [one.skill])
    if not whole:
        return None
    gain = (gained - lost) / whole
    half = intervals.Z * sqrt(max(0.0, gained + lost - (gained - lost) ** 2 / whole)) / whole
    return {"tried": whole, **{name: count / whole for name, count in hits.items()},
            "gain": gain, "interval": [gain - half, gain + half]}  # fmt: skip


def _worked(shelf: Shelf, moment: str, weights: Weights) -> dict[str, Any] | None:
    """Return how far off the likelihoods were (Brier): 0 is perfect, one rate for all is the baseline."""
    rows = shelf.ask(
        f"SELECT repo, skill, count(*) FILTER (worked AND time < {moment}),"
        f" count(worked) FILTER (time < {moment}), count(*) FILTER (worked AND time >= {moment}),"
        f" count(worked) FILTER (time >= {moment}) FROM use GROUP BY ALL"
    )
    good, known = sum(row[2] for row in rows), sum(row[3] for row in rows)
    tried = sum(row[5] for row in rows)
    if not known or not tried:
        return None
    base = good / known
    everywhere: dict[str, tuple[int, int]] = {}
    for _, skill, worked, count, _, _ in rows:
        held = everywhere.get(skill, (0, 0))
        everywhere[skill] = (held[0] + worked, held[1] + count)
    ours = usual = 0.0
    for _, skill, worked, count, later, of in rows:
        chance = advice.believe([everywhere[skill], (worked, count)], base, weights).mean
        ours += later * (1 - chance) ** 2 + (of - later) * chance**2
        usual += later * (1 - base) ** 2 + (of - later) * base**2
    return {"tried": tried, "ours": ours / tried, "usual": usual / tried,
            "skill": 1 - ours / usual if usual else None}  # fmt: skip
