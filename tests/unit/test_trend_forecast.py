"""Forecasts that are ranges or nothing, and clocks that are believed only so far."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitcoord.history.trend.clocks import settled
from gitcoord.history.trend.forecast import forecast

TODAY = date(2026, 3, 2)


def test_a_steady_pace_gives_one_day() -> None:
    found, reason = forecast([12, 10, 8, 6, 4], 8, TODAY)

    assert reason == ""
    assert found is not None
    assert {found[name] for name in ("earliest", "likely", "latest")} == {"2026-03-16"}
    assert (found["weeks"], found["closed"]) == (4, 8)


def test_an_uneven_pace_gives_a_range_in_order() -> None:
    found, _ = forecast([20, 20, 14, 13, 13, 9], 11, TODAY)

    assert found is not None
    assert TODAY.isoformat() < found["earliest"] < found["likely"] < found["latest"]


def test_the_range_is_exactly_that_of_all_futures() -> None:
    # Each week takes away 0 or 2, evenly: 2 are gone after one week in half of the futures,
    # after two in three quarters, after three in seven eighths.
    found, _ = forecast([8, 8, 6, 6, 4, 4, 2], 6, TODAY)

    assert found is not None
    assert (found["earliest"], found["likely"], found["latest"]) == (
        "2026-03-09", "2026-03-09", "2026-03-23",
    )  # fmt: skip


@pytest.mark.parametrize(("remaining", "closed", "said"), [
    ([5, 4, 3, 0], 5, "Nothing remains"), ([], 0, "Nothing remains"), ([9, 7, 5, 3], 6, "whole weeks"),
    ([9, 8, 7, 7, 6], 3, "Fewer than 4"), ([5, 5, 6, 5, 6, 6], 9, "may not end"),
    ([5, 5, 5, 5, 5], 9, "may not end"),
])  # fmt: skip
def test_without_grounds_there_is_none_and_the_reason_is_told(
    remaining: list[int], closed: int, said: str
) -> None:
    found, reason = forecast(remaining, closed, TODAY)

    assert found is None
    assert said in reason


@pytest.mark.parametrize(("times", "wanted"), [
    ([1, 2, 3], [1, 2, 3]), ([5, 2, 7], [5, 5, 7]), ([900, 2, 3], [2, 2, 3]), ([1, 900, 3], [1, 1, 3]),
    ([900, 901], [100, 100]), ([], []), ([5, 1, 1], [5, 5, 5]),
])  # fmt: skip
def test_times_that_go_back_or_lie_ahead_are_set_right(times: list[int], wanted: list[int]) -> None:
    assert settled(times, 100) == wanted


@given(st.lists(st.integers(-10, 200)))
def test_settled_times_never_go_back_nor_beyond_now(times: list[int]) -> None:
    found = settled(times, 100)

    assert len(found) == len(times)
    assert all(time <= 100 for time in found)
    assert all(one <= after for one, after in pairwise(found))
    assert times != sorted(times) or any(time > 100 for time in times) or found == times
