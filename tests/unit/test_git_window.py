"""From when to when figures are counted, and how long that is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from gitcoord.metrics.git.window import DAY, Window, last

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def second(*parts: int, zone: str = "UTC") -> int:
    return int(datetime(*parts, tzinfo=ZoneInfo(zone)).timestamp())  # type: ignore[misc,arg-type]


def test_the_first_second_belongs_to_a_window_and_the_last_does_not() -> None:
    window = Window(NOW, 100, 200)

    assert [window.holds(s) for s in (99, 100, 199, 200)] == [False, True, True, False]
    assert window.condition() == ("time >= ? AND time < ?", [100, 200])


def test_an_open_window_holds_everything_and_begins_on_the_day_of_the_first_commit() -> None:
    window = Window(NOW)
    first = second(2026, 11, 19, 18)

    assert window.holds(0)
    assert window.condition() == ("1", [])
    assert window.begin(first) == second(2026, 11, 19)
    assert window.days(first) == 2.5


def test_a_repository_of_today_has_a_rate_of_one_day() -> None:
    assert Window(NOW).days(int(NOW.timestamp()) - 60) == 1


def test_without_a_commit_an_open_window_has_no_length() -> None:
    assert Window(NOW).begin(None) is None
    assert Window(NOW).days(None) is None


def test_what_has_not_passed_yet_does_not_lengthen_a_window() -> None:
    start = int(NOW.timestamp()) - 2 * DAY

    assert Window(NOW, start, start + 100 * DAY).days(None) == 2
    assert Window(NOW, start + 10 * DAY).days(None) is None


@pytest.mark.skipif(BERLIN not in available_timezones(), reason="no time zones here")
def test_the_day_on_which_clocks_change_is_one_day() -> None:
    zone = ZoneInfo(BERLIN)
    span = second(2026, 3, 28, zone=BERLIN), second(2026, 3, 31, zone=BERLIN)

    assert Window(NOW, *span, zone=zone).days(None) == 3
    assert Window(NOW, *span).days(None) == 3 - 1 / 24


def test_the_last_days_end_now() -> None:
    window = last(NOW, 30)

    assert window.since == int((NOW - timedelta(days=30)).timestamp())
    assert (window.until, window.days(None)) == (None, 30)


def test_the_authors_date_is_another_column() -> None:
    assert Window(NOW, 1, authored=True).condition() == ("made >= ?", [1])
