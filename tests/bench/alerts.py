"""How often alerts are right: `python -m tests.bench.alerts [FOLDER…]`.

Series with known breaks are made up, with a seed, at irregular times and with different noise;
an alert is right when it stands within three points of the break (a drift: anywhere in it).
FOLDERs are repositories whose README shows a badge of coverage, or that keep a
`.coverage-ratchet.json`: their values over history, where a real fall is one that the next
three measurements keep to.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING, NamedTuple

from gitcoord.metrics import alerts, series
from gitcoord.metrics.series import Point

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = 86_400.0
COUNT = 40
ROUNDS = 200
NEAR = 3
NOISES = (0.0, 0.1, 0.3, 1.0, 2.0)
FALLS = {"nothing": 0.0, "stray runs": 0.0, "fall of 1.5": 1.5, "fall of 3": 3.0, "fall of 8": 8.0,
         "drift of 3": 3.0, "drift of 6": 6.0, "wandering": 0.0}  # fmt: skip
_BADGE = re.compile(r"badge/coverage-([0-9.]+)%25")
_SMALLEST = 2.0


class Score(NamedTuple):
    """Right alerts, wrong ones, breaks found, breaks there are, and points until each was told."""

    right: int
    wrong: int
    found: int
    breaks: int
    late: list[int]


def make(name: str, noise: float, chance: random.Random) -> tuple[list[Point], int | None]:
    """Return a series and where it breaks."""
    at, second, level, found = chance.randrange(10, 30), 0.0, 80.0, list[Point]()
    fall = FALLS[name]
    for n in range(COUNT):
        second += 600 + chance.expovariate(1) * DAY
        value = level
        if name.startswith("fall") and n >= at:
            value -= fall
        if name.startswith("drift"):
            value -= fall * n / COUNT
        if name == "wandering" and chance.random() < 0.2:
            level += chance.gauss(0, 0.4)
        value += chance.gauss(0, noise)
        if (
            name == "stray runs"
            and chance.random() < 0.08
            and (not found or (found[-1].value or 0) > 60)
        ):
            value -= chance.uniform(20, 60)
        found.append(Point(str(n), second, str(n), min(100.0, max(0.0, value)), False, "d"))
    return found, at if name.startswith("fall") else 0 if name.startswith("drift") else None


def judge(name: str, noise: float) -> Score:
    """Return how alerts do on one sort of series."""
    chance = random.Random(f"{name} {noise}")
    right = wrong = hit = breaks = 0
    late: list[int] = []
    for _ in range(ROUNDS):
        points, at = make(name, noise, chance)
        told = [_fits(name, one, at) for one in alerts.found(points)]
        right += sum(told)
        wrong += len(told) - sum(told)
        breaks += at is not None
        hit += any(told)
        if any(told) and at is not None and name.startswith("fall") and len(late) < 40:
            late.append(_delay(name, points, at))
    return Score(right, wrong, hit, breaks, late)


def _fits(name: str, one: alerts.Alert, at: int | None) -> bool:
    return at is not None and (name.startswith("drift") or abs(int(one.last.time) - at) <= NEAR)


def _delay(name: str, points: list[Point], at: int) -> int:
    """Return how many points later a break was first told, had one asked after each."""
    for upto in range(at, COUNT):
        if any(_fits(name, one, at) for one in alerts.found(points[: upto + 1])):
            return upto - at
    return COUNT - at


def history(folder: str, path: str) -> list[Point]:
    """Return the values of coverage that a file of a repository had, where they changed."""
    words = ["git", "-C", folder]
    log = [*words, "log", "--first-parent", "--reverse", "--format=%H %ct %cI", "--", path]
    found: list[Point] = []
    for row in subprocess.run(log, capture_output=True, check=True, text=True).stdout.splitlines():
        commit, second, time = row.split()
        shown = subprocess.run(
            [*words, "show", f"{commit}:{path}"], capture_output=True, check=False, text=True
        ).stdout
        value = _badge(shown) if path == "README.md" else _ratchet(shown)
        if value is not None and (not found or found[-1].value != value):
            found.append(Point(time, float(second), commit, value, False, "d"))
    return found


def _badge(text: str) -> float | None:
    seen = _BADGE.search(text)
    return float(seen[1]) if seen else None


def _ratchet(text: str) -> float | None:
    try:
        kept = json.loads(text)
    except ValueError:
        return None
    for name in ("current_minimum", "current_coverage"):
        if isinstance(kept.get(name), int | float):
            return float(kept[name])
    return None


def real_falls(points: list[Point]) -> list[int]:
    """Return where values fall by two points and the next three stay there."""
    values = [one.value or 0.0 for one in points]
    found = []
    for at in range(1, len(values)):
        usual = median(values[max(0, at - 3) : at])
        kept = values[at : at + 4]
        sudden = values[at - 1] - values[at] >= _SMALLEST
        if sudden and max(kept) <= usual - _SMALLEST:
            found.append(at)
    return found


def real(folder: str, path: str) -> Iterator[str]:
    """Yield what alerts say of a repository's own values."""
    points = history(folder, path)
    if len(points) < NEAR:
        return
    falls = real_falls(points)
    told = [points.index(one.last) for one in alerts.found(points)]
    naive = sum((then.value or 0) - (now.value or 0) >= _SMALLEST
                for then, now in pairwise(points))  # fmt: skip
    right = sum(any(abs(one - at) <= 1 for at in falls) for one in told)
    hit = sum(any(abs(one - at) <= 1 for one in told) for at in falls)
    before = len(series.anomalies(points))
    yield (
        f"{folder.rstrip('/')} {path}: {len(points)} values, {naive} steps down by 2, {len(falls)} that lasted; "
        f"{len(told)} alerts, {right} right, {hit} of {len(falls)} found; {before} falls under Trends"
    )


def main(folders: list[str]) -> None:
    """Measure and print."""
    print(f"{'':12} {'noise':>5}  precision  recall  wrong a 100 points  points until told")
    for name in FALLS:
        for noise in NOISES:
            one = judge(name, noise)
            all_told = one.right + one.wrong
            precision = f"{one.right / all_told:9.2f}" if one.breaks and all_told else f"{'-':>9}"
            recall = f"{one.found / one.breaks:6.2f}" if one.breaks else f"{'-':>6}"
            wrong = 100 * one.wrong / (ROUNDS * COUNT)
            late = f"{fmean(one.late):.1f}" if one.late else "-"
            print(f"{name:12} {noise:5}  {precision}  {recall}  {wrong:18.2f}  {late:>17}")
    for folder in folders:
        for path in ("README.md", ".coverage-ratchet.json"):
            for line in real(folder, path):
                print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
