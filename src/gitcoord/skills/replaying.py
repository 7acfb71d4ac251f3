"""What the advice is worth: learn from the older part of the data, and try it on the newer.

Next skills are tried against the one that is used most, anywhere and in that repository; how likely
skills work against one rate for all. Differences go with intervals; as uses of one session are not
independent of each other, those are somewhat too narrow.
"""

from __future__ import annotations

from collections import defaultdict
from math import sqrt
from typing import NamedTuple

from gitcoord.skills import advice, following, kinship
from gitcoord.skills.following import Level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gitcoord.skills.asking import Shelf
    from gitcoord.skills.kinship import Weights

SHARE = 0.8
"""How much of the uses is learnt from: the older ones."""

TRIED = 20_000
"""Of how many newer uses at most, taken by chance."""

TOP = 3
_Z = 1.959964
_EVERYWHERE = "*"


class Case(NamedTuple):
    """A use in its context, and how many are just like it."""

    repo: str
    before2: str | None
    before1: str
    skill: str
    many: int


class _Past:
    """What was counted in the older part, by repository or circle of them, and context."""

    def __init__(self, alike: Mapping[str, str], weights: Weights) -> None:
        self._alike = {repo: f"~{name}" for repo, name in alike.items()}
        self._weights = weights
        self._counts: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(self, repo: str, context: tuple[str, ...], skill: str, count: int) -> None:
        """Count what followed a context in a repository, there and in all wider circles."""
        for circle in self._circles(repo):
            self.put(circle, context, skill, count)

    def put(self, circle: str, context: tuple[str, ...], skill: str, count: int) -> None:
        """Count what followed a context in one circle alone."""
        self._counts[(circle, *context)][skill] += count

    def _circles(self, repo: str) -> tuple[str, ...]:
        """Return where what happens in a repository counts: anywhere, among those like it, there."""
        near = self._alike.get(repo)
        return (_EVERYWHERE, near, repo) if near is not None else (_EVERYWHERE, repo)

    def usual(self, circle: str = _EVERYWHERE) -> list[str]:
        """Return the skills that are used most."""
        counts = self._counts.get((circle,), {})
        return sorted(counts, key=lambda name: (-counts[name], name))[:TOP]

    def guess(self, repo: str, before2: str | None, before1: str) -> list[str]:
        """Return what the advice would have been."""
        its = self._weights
        contexts: list[tuple[tuple[str, ...], float, float]] = [
            ((), its.repo, its.repo),
            ((before1,), its.after, its.after_here),
        ]
        if before2 is not None:
            contexts.append(((before2, before1), its.after2, max(its.after2, its.after_here)))
        levels = [
            Level(
                "",
                self._counts.get((circle, *context), {}),
                wide if circle == _EVERYWHERE else near,
            )
            for context, wide, near in contexts
            for circle in self._circles(repo)
        ]
        return [one.skill for one in following.predict(levels, TOP)]


def replay(shelf: Shelf, alike: Mapping[str, str]) -> dict[str, Any]:
    """Return how often each way was right on what it had not seen; `alike` names the like of each."""
    cut = shelf.ask(f"SELECT quantile_disc(time, {SHARE}) FROM use")
    if not cut or cut[0][0] is None:
        return {"cut": None, "next": None, "worked": None}
    moment = f"TIMESTAMP '{cut[0][0].isoformat(sep=' ')}'"
    weights = kinship.weights(shelf, f"time < {moment}")
    tried = _sample(shelf, f"time >= {moment} AND before1 IS NOT NULL")
    cases = [
        Case(*row)
        for row in shelf.ask(
            f"SELECT repo, before2, before1, skill, count(*) FROM use WHERE {tried} GROUP BY ALL"
        )
    ]
    past = _Past(alike, weights)
    _learn(shelf, past, f"time < {moment}", tried, alike)
    return {"cut": cut[0][0].date().isoformat(), "next": _next(past, cases),
            "worked": _worked(shelf, moment, weights)}  # fmt: skip


def _sample(shelf: Shelf, condition: str) -> str:
    """Return the condition for some uses, by chance and the same each time."""
    ((count,),) = shelf.ask(f"SELECT count(*) FROM use WHERE {condition}") or [(0,)]
    return f"{condition} AND hash(repo, time, skill, n) % {-(-count // TRIED) or 1} = 0"


def _learn(shelf: Shelf, past: _Past, older: str, tried: str, alike: Mapping[str, str]) -> None:
    """Count what followed what; of two before, here, only what is going to be asked."""
    for repo, skill, count in shelf.ask(
        f"SELECT repo, skill, count(*) FROM use WHERE {older} GROUP BY ALL"
    ):
        past.add(repo, (), skill, count)
    for repo, before1, skill, count in shelf.ask(
        f"SELECT repo, before1, skill, count(*) FROM use WHERE {older} AND before1 IS NOT NULL GROUP BY ALL"
    ):
        past.add(repo, (before1,), skill, count)
    pair = f"{older} AND before2 IS NOT NULL"
    for before2, before1, skill, count in shelf.ask(
        f"SELECT before2, before1, skill, count(*) FROM use WHERE {pair} GROUP BY ALL"
    ):
        past.put(_EVERYWHERE, (before2, before1), skill, count)
    for repo, before2, before1, skill, count in shelf.ask(
        f"SELECT repo, before2, before1, skill, count(*) FROM use WHERE {pair} AND (repo, before2, before1) IN"
        f" (SELECT DISTINCT repo, before2, before1 FROM use WHERE {tried}) GROUP BY ALL"
    ):
        past.put(repo, (before2, before1), skill, count)
    for name in sorted(set(alike.values())):
        repos = [repo for repo, held in alike.items() if held == name]
        for before2, before1, skill, count in shelf.ask(
            f"SELECT before2, before1, skill, count(*) FROM use WHERE {pair}"
            " AND list_contains(?::VARCHAR[], repo) GROUP BY ALL", [repos]
        ):  # fmt: skip
            past.put(f"~{name}", (before2, before1), skill, count)


def _next(past: _Past, cases: Sequence[Case]) -> dict[str, Any] | None:
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
    half = _Z * sqrt(max(0.0, gained + lost - (gained - lost) ** 2 / whole)) / whole
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
