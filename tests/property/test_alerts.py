"""What holds for alerts of any series: known breaks are found, and what is no break is not."""

from __future__ import annotations

import random
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from gitcoord.metrics import alerts, shifts
from gitcoord.metrics.series import Point

DAY = 86_400.0
SEEDS = st.integers(0, 10**6)


def series(values: list[float], seed: int = 0, definition: str = "d") -> list[Point]:
    """Return points at irregular times."""
    chance = random.Random(seed)
    found, second = [], 0.0
    for n, value in enumerate(values):
        second += 600 + chance.expovariate(1) * DAY
        found.append(Point(f"t{n}", second, f"c{n}", value, False, definition))
    return found


@given(st.floats(0, 100), st.integers(0, 60), SEEDS)
def test_a_constant_series_has_no_alert(value: float, count: int, seed: int) -> None:
    assert alerts.found(series([value] * count, seed)) == []


@given(st.lists(st.floats(0, 3), max_size=60), SEEDS)
def test_a_series_that_only_rises_has_no_alert(steps: list[float], seed: int) -> None:
    values = [sum(steps[:n]) for n in range(len(steps))]

    assert alerts.found(series(values, seed)) == []


@given(st.integers(6, 40), st.integers(3, 20), st.floats(3, 60), SEEDS)
def test_a_fall_in_a_quiet_series_is_one_drop_at_its_place(
    before: int, after: int, fall: float, seed: int
) -> None:
    chance = random.Random(seed)
    values = [80 - (fall if n >= before else 0) + chance.uniform(-0.1, 0.1)
              for n in range(before + after)]  # fmt: skip

    found = alerts.found(series(values, seed))

    assert [(one.kind, one.last.commit) for one in found] == [("drop", f"c{before}")]
    assert found[0].ended is None


@given(st.integers(6, 40), st.integers(1, 20), st.floats(3, 60), SEEDS)
def test_a_fall_that_the_next_point_takes_back_is_none(
    before: int, after: int, fall: float, seed: int
) -> None:
    values = [80.0] * before + [80.0 - fall] + [80.0] * after

    assert alerts.found(series(values, seed)) == []


@given(st.integers(12, 60), st.floats(3, 20), SEEDS)
def test_a_steady_decline_is_one_drift(count: int, fall: float, seed: int) -> None:
    points = series([0.0] * count, seed)
    whole = points[-1].second - points[0].second
    points = [one._replace(value=90 - fall * (one.second - points[0].second) / whole)
              for one in points]  # fmt: skip

    (found,) = alerts.found(points)

    assert found.kind == "drift"
    assert abs(found.usual - found.value - fall) < 0.01


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from("ab")), max_size=40), SEEDS)
def test_no_alert_reaches_across_definitions(told: list[tuple[float, str]], seed: int) -> None:
    points = [one._replace(definition=kind)
              for one, (_, kind) in zip(series([value for value, _ in told], seed), told, strict=True)]  # fmt: skip

    for one in alerts.found(points):
        held = [p for p in points if one.first.second <= p.second <= one.last.second]
        assert {p.definition for p in held} == {one.last.definition}


@given(st.lists(st.floats(0, 100), max_size=40), st.lists(st.floats(0, 100), max_size=8), SEEDS)
def test_parts_of_runs_change_nothing(values: list[float], parts: list[float], seed: int) -> None:
    points = series(values, seed)
    chance = random.Random(seed)
    mixed = list(points)
    for value in parts:
        at = chance.randrange(len(mixed) + 1)
        second = mixed[at - 1].second if at else 0.0
        mixed.insert(at, Point("p", second, None, value, True, "other"))

    assert alerts.found(mixed) == alerts.found(points)


@given(st.lists(st.floats(0, 100), max_size=40), SEEDS)
def test_what_is_better_low_gives_the_same_alerts_upside_down(
    values: list[float], seed: int
) -> None:
    low = alerts.found(series([100 - value for value in values], seed), lower_is_better=True)
    high = alerts.found(series(values, seed))

    assert [(one.kind, one.last.commit, one.ended_by) for one in low] == [
        (one.kind, one.last.commit, one.ended_by) for one in high
    ]


@given(st.lists(st.floats(0, 100), min_size=8, max_size=30))
def test_the_best_split_leaves_least_over(values: list[float]) -> None:
    def over(part: list[float]) -> float:
        return sum(abs(one - median(part)) for one in part)

    found = shifts.step(values)

    assert found is not None
    least = min(over(values[:at]) + over(values[at:]) for at in range(3, len(values) - 2))
    assert abs(found.rest - least) < 1e-6


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=40), st.floats(-5, 5), SEEDS)
def test_a_line_is_moved_and_tilted_as_its_values_are(
    values: list[float], tilt: float, seed: int
) -> None:
    days = [one.second / DAY for one in series(values, seed)]

    one = shifts.line(days, values)
    other = shifts.line(days, [v + 7 + tilt * d for v, d in zip(values, days, strict=True)])

    assert one is not None
    assert other is not None
    assert abs(other.slope - one.slope - tilt) < 1e-4


def test_falls_do_not_make_the_next_one_usual() -> None:
    """The badge of a real repository, which fell four times."""
    values = [74.2, 72.1, 77.9, 71.1, 56.9, 56.8, 42.3, 44.5, 45.9, 45.5, 38.1]

    found = alerts.found(series(values))

    assert [(one.kind, one.last.commit) for one in found] == [
        ("drop", "c3"), ("drop", "c4"), ("drop", "c6"), ("drop", "c10"),
    ]  # fmt: skip


@given(st.integers(6, 20), st.integers(12, 30), st.floats(6, 20), SEEDS)
def test_what_rose_and_then_declines_is_a_drift_from_its_peak(
    up: int, down: int, fall: float, seed: int
) -> None:
    points = series([0.0] * (up + down), seed)
    peak = points[up].second
    rise = [one._replace(value=85 - fall * (peak - one.second) / (peak + 1)) for one in points[:up]]
    whole = points[-1].second - peak + 1
    decline = [one._replace(value=85 - fall * (one.second - peak) / whole) for one in points[up:]]

    found = alerts.found(rise + decline)

    assert all(one.last.second > peak for one in found)
    # How much of it is told depends on where the alerts part it; that it is told does not.
    assert sum(one.usual - one.value for one in found) > fall / 10
