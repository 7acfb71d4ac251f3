"""What follows from figures alone: averages, falls, parts of runs, choices, gates."""

from __future__ import annotations

import math
import statistics

from hypothesis import given
from hypothesis import strategies as st

from gitcoord.metrics import gates, series, summary
from gitcoord.metrics.coverage import choice, mapping, partial, statements
from gitcoord.metrics.coverage.choice import Said
from gitcoord.metrics.coverage.counts import Counts, total
from gitcoord.metrics.coverage.reading import DATA, JSON, LCOV, RATCHET, XML
from gitcoord.metrics.series import Point

PERCENTS = st.floats(0, 100)
COUNTS = st.builds(
    lambda s, m, b, n: Counts(s, min(s, m), 0, b, min(b, n), 0),
    st.integers(0, 500), st.integers(0, 500), st.integers(0, 90), st.integers(0, 90),
)  # fmt: skip


def rows(found: list[tuple[float | None, Counts | None, bool, str | None]]) -> list[summary.Row]:
    return [
        {"name": f"r{n}", "role": role,
         "coverage": {"percent": percent, "partial": part, "files": 1,
                      "statements": counts.statements if counts else None,
                      "missing": counts.missing if counts else None}}
        for n, (percent, counts, part, role) in enumerate(found)
    ]  # fmt: skip


ROWS = st.lists(
    st.tuples(
        st.none() | PERCENTS, st.none() | COUNTS, st.booleans(), st.sampled_from([None, "a", "b"])
    )
).map(rows)


def points(values: list[float], *, definition: str = "d") -> list[Point]:
    return [Point(f"t{n}", n, None, value, False, definition) for n, value in enumerate(values)]


@given(ROWS)
def test_averages_are_those_of_whole_runs_alone(found: list[summary.Row]) -> None:
    held = [row["coverage"] for row in found]
    counted = [one["percent"] for one in held if one["percent"] is not None and not one["partial"]]

    told = summary.summarise(found)

    assert told["repos"] == len(found)
    assert told["with_coverage"] == sum(one["percent"] is not None for one in held)
    if counted:
        assert math.isclose(told["average"], statistics.fmean(counted), abs_tol=1e-9)
        assert math.isclose(told["median"], statistics.median(counted), abs_tol=1e-9)
    else:
        assert (told["average"], told["median"], told["weighted_average"]) == (None, None, None)
    assert {one["name"] for one in told["leaders"]}.isdisjoint(
        {one["name"] for one in told["attention"]}
    )
    assert sum(role["repos"] for role in told["by_role"].values()) == len(found)
    assert [one["percent"] for one in told["top"]] == sorted(counted, reverse=True)[:5]
    assert [one["percent"] for one in told["bottom"]] == sorted(counted)[:5]


@given(st.lists(COUNTS, max_size=8))
def test_the_sum_of_files_is_that_of_the_repository(parts: list[Counts]) -> None:
    whole = total(parts)

    assert whole.statements == sum(one.statements for one in parts)
    assert whole.percent is None or 0 <= whole.percent <= 100
    assert (whole.percent is None) == (whole.statements + whole.branches == 0)


@given(st.lists(PERCENTS, max_size=60))
def test_a_series_that_never_falls_has_no_anomaly(values: list[float]) -> None:
    assert series.anomalies(points(sorted(values))) == []


@given(st.lists(st.floats(80, 80.5), min_size=5, max_size=40), st.floats(3, 60))
def test_a_drop_of_three_points_is_always_found(values: list[float], drop: float) -> None:
    found = series.anomalies(points([*values, min(values) - drop]))

    assert found[-1].point.second == len(values)
    assert found[-1].fall >= 1


@given(st.lists(st.floats(80, 80.5), min_size=1, max_size=40))
def test_noise_of_half_a_point_is_no_fall(values: list[float]) -> None:
    assert series.anomalies(points(values)) == []


@given(st.floats(3, 30), st.integers(1, 25))
def test_a_level_that_stays_low_is_told_once(drop: float, after: int) -> None:
    found = series.anomalies(points([90.0] * 20 + [90.0 - drop] * after))

    assert [one.point.second for one in found] == [20]
    assert found[0].lasted


@given(st.floats(0.1, 0.9))
def test_a_slow_drift_is_found_though_no_step_is_large(step: float) -> None:
    found = series.anomalies(points([90.0] * 20 + [90.0 - step * n for n in range(1, 21)]))

    assert found


@given(st.lists(PERCENTS, min_size=1, max_size=30), st.lists(PERCENTS, min_size=1, max_size=30))
def test_another_definition_is_no_fall(before: list[float], after: list[float]) -> None:
    found = points(sorted(before)) + points(sorted(after), definition="e")

    assert series.anomalies(found) == []
    assert [one.definition for one in series.changes(found)] == ["e"]


@given(st.lists(PERCENTS, min_size=1), st.integers(0, 50), PERCENTS)
def test_a_part_of_a_run_changes_no_anomaly(values: list[float], at: int, value: float) -> None:
    found = points(values)
    part = Point("part", at, None, value, True, "d")

    assert series.anomalies([*found[:at], part, *found[at:]]) == series.anomalies(found)


@given(st.lists(st.tuples(st.sampled_from("abc"), PERCENTS), max_size=30))
def test_a_role_has_the_mean_of_its_latest_values(told: list[tuple[str, float]]) -> None:
    found = series.together(
        [Point(f"t{n}", n, None, value, False, None, repo) for n, (repo, value) in enumerate(told)],
        3,
    )

    assert len(found) == len(told)
    if told:
        latest = dict(told)
        assert math.isclose(found[-1].value or 0, statistics.fmean(latest.values()), abs_tol=1e-9)
        assert found[-1].partial == (len(latest) < 3)


SAID = st.builds(
    Said, st.sampled_from([JSON, XML, LCOV, DATA, RATCHET]), st.sampled_from("abcdef"), st.floats(0, 1e9),
    st.none() | PERCENTS, partial=st.booleans(), stale=st.booleans(),
)  # fmt: skip


@given(st.lists(SAID, min_size=1, max_size=6, unique_by=lambda one: one.path))
def test_the_choice_is_the_most_trusted_whatever_their_order(said: list[Said]) -> None:
    chosen = choice.best(said)

    assert chosen is not None
    assert choice.best(said[::-1]) == chosen
    if any(one.percent is not None for one in said):
        assert chosen.percent is not None
    sound = [
        one for one in said if one.percent is not None and not one.partial and one.kind != RATCHET
    ]
    if sound:
        assert not chosen.partial
        assert chosen.kind != RATCHET
        assert chosen.stale <= min(one.stale for one in sound)


RUNS = st.builds(
    partial.Run, PERCENTS, st.integers(1, 1000), st.integers(0, 1000), st.floats(0, 1e6),
    st.sampled_from(["x", "y", None]), st.just("a run"),
)  # fmt: skip


@given(RUNS, RUNS)
def test_of_two_runs_at_most_one_is_a_part(one: partial.Run, other: partial.Run) -> None:
    assert not (partial.contradicted(one, [other]) and partial.contradicted(other, [one]))


def test_only_tests_beside_those_that_ran_are_known() -> None:
    beside = [f"tests/test_{name}.py" for name in "abcde"]
    other = [
        "tests/data/test_x.py",
        "examples/test_y.py",
        "benchmarks/test_z.py",
        "tests/conftest.py",
    ]

    assert partial.few_tests(beside, (), beside + other) is None
    assert partial.few_tests(beside[:4], (), beside + other) is None
    assert partial.few_tests(beside[:3], (), beside + other) == "tests of only 3 of 5 files ran"
    assert (
        partial.few_tests((), ["test_a.test_one", "tests.test_b.T.x"], beside)
        == "tests of only 2 of 5 files ran"
    )
    assert partial.few_tests((), [], beside) is None


@given(RUNS)
def test_a_run_does_not_contradict_itself(one: partial.Run) -> None:
    assert partial.contradicted(one, [one]) is None


NAMES = st.sampled_from(["a", "b", "pkg", "src", "tests", "x y", "ü"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda parts: "/".join(parts) + ".py")


@given(
    st.sets(PATHS, min_size=2, max_size=12),
    st.sampled_from(["/build/1", "C:\\work", "/home/x/src"]),
)
def test_paths_of_another_machine_find_their_files(present: set[str], base: str) -> None:
    slash = "\\" if "\\" in base else "/"
    away = {base + slash + path.replace("/", slash): path for path in present}

    assert mapping.mapped(away, "/here", present, {}) == away


@given(st.sets(PATHS, max_size=12))
def test_paths_below_the_repository_and_relative_ones_are_themselves(present: set[str]) -> None:
    for base in ("", "/here/", "./"):
        told = {base + path: path for path in present}
        assert mapping.mapped(told, "/here", present, {}) == told


@given(st.sampled_from([">=", "<=", "==", ">", "<"]), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_gate_says_what_its_text_says(sign: str, number: float, value: float) -> None:
    gate = gates.parse(f"git.conflict_rate {sign} {number!r}%")

    assert gate is not None
    assert (gate.metric, gate.number, gate.fall) == ("git.conflict_rate", number, False)
    assert gates.passes(gate, value) is eval(
        f"value {sign} number", {"value": value, "number": number}
    )
    assert not gates.passes(gate, None)


@given(st.text(max_size=30))
def test_any_text_is_a_gate_or_none(text: str) -> None:
    found = gates.parse(text)

    assert found is None or math.isfinite(found.number)


@given(st.binary(max_size=80), st.sets(st.integers(0, 20)))
def test_any_bytes_can_be_asked_for_statements(source: bytes, lines: set[int]) -> None:
    assert set(statements.impossible(source, lines)) <= lines
