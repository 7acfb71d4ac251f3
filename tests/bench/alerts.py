"""How often alerts are right: `python -m tests.bench.alerts [FOLDER…]`.

Without folders, series with known breaks are made up, with a seed, at irregular times and with
different noise; an alert is right when it stands within three points of the break (a drift:
anywhere in it). FOLDERs are repositories that keep values of coverage in files: those over
history, where a real fall is one by two points that the next three values keep to, and what
comes back before that was a part of a run, or noise.
"""

from __future__ import annotations

import random
import sys
from math import sqrt
from statistics import fmean, median
from typing import NamedTuple

from tests.bench import coverage_files

from gitcoord.metrics import alerts
from gitcoord.metrics.series import Point

DAY = 86_400.0
COUNT = 40
ROUNDS = 200
NEAR = 3
NOISES = (0.0, 0.1, 0.3, 1.0, 2.0)
FALLS = {"nothing": 0.0, "stray runs": 0.0, "fall of 1.5": 1.5, "fall of 3": 3.0, "fall of 8": 8.0,
         "drift of 3": 3.0, "drift of 6": 6.0, "wandering": 0.0}  # fmt: skip
_SMALLEST = 2.0
_SHORTEST = 4


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


class Real(NamedTuple):
    """One series: how many values, what is known to have fallen, and how alerts did."""

    values: int
    falls: int
    found: int
    told: int
    right: int
    held: int


def real(points: list[Point]) -> Real:
    """Return how alerts do on a repository's own values."""
    values = [one.value or 0.0 for one in points]
    falls = real_falls(points)
    told = [
        (one.kind, points.index(one.first), points.index(one.last)) for one in alerts.found(points)
    ]
    found = sum(any(_covers(*one, at) for one in told) for at in falls)
    right = [any(_covers(*one, at) for at in falls) for one in told]
    held = sum(known or _holds(*one, values) for known, one in zip(right, told, strict=True))
    return Real(len(values), len(falls), found, len(told), sum(right), held)


def _covers(kind: str, first: int, last: int, at: int) -> bool:
    """Whether an alert is about the fall at a place: a drift is about all that it spans."""
    return first <= at <= last if kind == alerts.DRIFT else abs(last - at) <= 1


def _holds(kind: str, first: int, last: int, values: list[float]) -> bool:
    """Whether what an alert says holds in hindsight, though it be less than a fall by two."""
    if kind == alerts.DRIFT:
        return median(values[first : first + 3]) - median(values[last - 2 : last + 1]) >= _SMALLEST
    if kind == alerts.LEVEL:
        return median(values[max(0, last - 5) : last]) - median(values[last : last + 5]) >= 1
    after = values[last : last + 3]
    return len(after) > 1 and values[last - 1] - max(after) >= 1


def interval(part: int, whole: int) -> str:
    """Return a share with the interval of Wilson in which it lies with 95 %."""
    if not whole:
        return "-"
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{share:.2f} ({middle - half:.2f}-{middle + half:.2f}, {part} of {whole})"


def over_history(folders: list[str]) -> None:
    """Measure the series of repositories, and print each and their sum."""
    done = []
    for folder in folders:
        for path, points in coverage_files.histories(folder):
            if len(points) >= _SHORTEST:
                done.append(real(points))
                print(f"{folder.rstrip('/')} {path}: {done[-1]}")
    if done:
        whole = Real(*map(sum, zip(*done, strict=True)))
        print(f"{len(done)} series of {whole.values} values")
        print(f"recall: falls by two points that lasted: {interval(whole.found, whole.falls)}")
        print(f"precision: alerts about one of those: {interval(whole.right, whole.told)}")
        print(f"precision: alerts that say what is so: {interval(whole.held, whole.told)}")


def synthetic() -> None:
    """Measure series that are made up, and print a table."""
    print(
        f"{'':12} {'noise':>5}  {'precision':30}  {'recall':30}  wrong a 100 points  points until told"
    )
    for name in FALLS:
        for noise in NOISES:
            one = judge(name, noise)
            precision = interval(one.right, one.right + one.wrong) if one.breaks else "-"
            recall = interval(one.found, one.breaks)
            wrong = 100 * one.wrong / (ROUNDS * COUNT)
            late = f"{fmean(one.late):.1f}" if one.late else "-"
            print(f"{name:12} {noise:5}  {precision:30}  {recall:30}  {wrong:18.2f}  {late:>17}")


if __name__ == "__main__":
    if not sys.argv[1:]:
        synthetic()
    over_history(sys.argv[1:])
