"""Alerts: what went wrong in a series, with the figures, days and commits that show it.

A `drop` is sudden (see `series`), a `level` is a fall to a lower level in values that waver, a
`drift` goes down slowly. What a series is made of comes first: another definition begins
anew, parts of runs are no points, and a fall that the next point takes back was none. So
each stretch of points is explained once, by what leaves least over.
"""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from gitcoord.metrics import series, shifts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gitcoord.metrics.series import Anomaly, Point

DROP, LEVEL, DRIFT, MISSING = "drop", "level", "drift", "missing"
LOOKED_AT = 200
_KNOWN = 12  # of fewer steps, the falls themselves would be half
_DAY = 86_400.0


class Alert(NamedTuple):
    """One thing that went wrong.

    `first` is the last point before it (of a drift, where it began) and `last` where it showed;
    `usual` is what the value was then, `points` those that are the evidence. `ended` is the
    point that ended it: by a recovery, or because another definition began.
    """

    kind: str
    first: Point
    last: Point
    usual: float
    value: float
    why: str
    points: tuple[Point, ...]
    ended: Point | None = None
    ended_by: str | None = None


def found(points: Iterable[Point], *, lower_is_better: bool = False) -> list[Alert]:
    """Return the alerts of one series, oldest first."""
    sign = -1.0 if lower_is_better else 1.0
    counted = [one._replace(value=sign * (one.value or 0.0)) for one in series.whole(points)][
        -LOOKED_AT:
    ]
    alerts = [one for run in _runs(counted) for one in _of_run(run)]
    alerts = [_ended(one, counted) for one in alerts]
    return sorted((_turned(one, sign) for one in alerts), key=lambda one: one.last.second)


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Return the stretches of one definition."""
    runs: list[list[Point]] = []
    for one in points:
        if not runs or runs[-1][-1].definition != one.definition:
            runs.append([])
        runs[-1].append(one)
    return runs


def _of_run(run: list[Point]) -> Iterator[Alert]:
    """Yield the drops of a stretch, then what there is in each part between them.

    Where one line explains every point there is no drop: a long pause makes a large step.
    """
    if _is_one_line(run):
        yield from _of_part(run)
        return
    falls = {one.point: one for one in series.anomalies(run)}
    wavers = _wavers(run)
    parts: list[list[Point]] = [[]]
    for at, point in enumerate(run):
        fall = falls.get(point)
        if fall is not None and _is_sudden(run, at, fall, wavers):
            if not (fall.lasted and _stays(run, at, fall)):
                continue  # a stray value, most likely a part of a run
            parts.append([])
            yield Alert(DROP, run[at - 1], point, fall.usual, point.value or 0.0, fall.why,
                        tuple(run[max(0, at - 5) : at + 3]))  # fmt: skip
        parts[-1].append(point)
    for part in parts:
        yield from _of_part(part)


def _is_one_line(run: Sequence[Point]) -> bool:
    days, values = _days(run), [one.value or 0.0 for one in run]
    line, step = shifts.line(days, values), shifts.step(values)
    if line is None or step is None or line.rest > step.rest:
        return False
    return shifts.is_drift(values, line) and shifts.fits(days, values, line)


def _days(part: Sequence[Point]) -> list[float]:
    return [(one.second - part[0].second) / _DAY for one in part]


def _wavers(run: Sequence[Point]) -> float:
    """Return how far values lie apart from one point to the next, as a standard deviation."""
    steps = [abs((now.value or 0.0) - (then.value or 0.0)) for then, now in pairwise(run)]
    return shifts.SIGMA * series.median(steps) / sqrt(2) if len(steps) >= _KNOWN else 0.0


def _is_sudden(run: Sequence[Point], at: int, fall: Anomaly, wavers: float) -> bool:
    """Whether a fall is one from a point to the next, and more than the series wavers anyway."""
    step = (run[at - 1].value or 0.0) - (run[at].value or 0.0)
    return step >= fall.fall / 2 and fall.fall >= series.TIMES * wavers


def _stays(run: Sequence[Point], at: int, fall: Anomaly) -> bool:
    """Whether the points that follow a fall are low, too."""
    after = [one.value or 0.0 for one in run[at : at + series.FEWEST]]
    return series.median(after) <= fall.usual - fall.fall / 2


def _of_part(part: list[Point]) -> Iterator[Alert]:
    """Yield what explains a part best: a line, or levels, each of which is looked at again."""
    values = [one.value or 0.0 for one in part]
    step = shifts.step(values)
    if step is None:
        return
    days = _days(part)
    line = shifts.line(days, values)
    is_shift = shifts.is_shift(values, step)
    if (
        line is not None
        and shifts.is_drift(values, line)
        and (not is_shift or line.rest <= step.rest)
    ):
        if line.end < line.start:
            yield _drift(part, line, days[-1])
    elif is_shift:
        if step.after < step.before:
            yield _level(part, step)
        yield from _of_part(part[: step.at])
        yield from _of_part(part[step.at :])
    else:
        # What rose and then fell is neither one line nor two levels; the fall alone may be.
        peak = shifts.peak(values)
        if peak:
            yield from _of_part(part[peak:])


def _drift(part: list[Point], line: shifts.Line, days: float) -> Alert:
    why = (
        f"{line.start - line.end:.1f} points in {days:.0f} days, "
        f"{-30 * line.slope:.1f} a month over {len(part)} measurements"
    )
    return Alert(DRIFT, part[0], part[-1], line.start, line.end, why, tuple(part[-10:]))


def _level(part: list[Point], step: shifts.Step) -> Alert:
    at, after = step.at, len(part) - step.at
    why = (
        f"{step.before - step.after:.1f} points: the median of {after} measurements is "
        f"{{after:.1f}}, that of the {at} before {{before:.1f}}"
    )
    shown = tuple(part[max(0, at - 5) : at + 5])
    return Alert(LEVEL, part[at - 1], part[at], step.before, step.after, why, shown)


def _ended(alert: Alert, points: Sequence[Point]) -> Alert:
    """Say when an alert was over: the figure is back and stays, or is counted in another way."""
    back: Point | None = None
    for one in points[points.index(alert.last) + 1 :]:
        if one.definition != alert.last.definition:
            return alert._replace(ended=one, ended_by="another definition")
        is_back = (one.value or 0.0) > alert.usual - series.LEAST
        back = (back or one) if is_back else None
    return alert if back is None else alert._replace(ended=back, ended_by="recovered")


def _turned(alert: Alert, sign: float) -> Alert:
    """Give an alert of a figure that is better low its own values again."""

    def of(point: Point) -> Point:
        return point._replace(value=sign * (point.value or 0.0))

    usual, value = sign * alert.usual, sign * alert.value
    why = alert.why.format(after=value, before=usual)
    if sign < 0:
        why = why.replace(" below ", " above ")
    return alert._replace(
        first=of(alert.first), last=of(alert.last), usual=usual, value=value, why=why,
        points=tuple(of(one) for one in alert.points),
        ended=of(alert.ended) if alert.ended else None,
    )  # fmt: skip
