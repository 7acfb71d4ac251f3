"""What dates in a query mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from gitcoord.model.query.dates import days, is_date, seconds

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 31, 14, 30, 15, 500_000, tzinfo=BERLIN)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    "text",
    [
        "2026",
        "2026-01",
        "2026-W05",
        "2026-w53",
        "2026-01-31",
        "2024-02-29",
        "2026-01-31T10:00",
        "2026-01-31T10:00:00Z",
        "2026-01-31t10:00:00.5+02:00",
        "today",
        "Yesterday",
        "TOMORROW",
        "now",
        "7d",
        "2W",
        "3m",
        "1y",
        "12h",
        "-7d",
        "+7d",
        "0d",
        "99999y",
        "2026-01-01..2026-02-01",
        "..2026",
        "2026..",
        "-7d..",
        "..+2w",
        "30d..7d",
        "yesterday..now",
        "9999-12-31",
        "9999",
        "0001",
    ],
)
def test_is_a_date(text: str) -> None:
    assert is_date(text)
    for op in (":",) if ".." in text else (":", "<", "<=", ">", ">="):
        seconds(op, text, NOW)
        days(op, text, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "..",
        "...",
        "2026-13",
        "2026-00",
        "2026-W54",
        "2026-W00",
        "2026-W5",
        "2026-02-30",
        "20260131",
        "26-01-31",
        "2026-1-1",
        "0000",
        "2026-01-31T25:00",
        "2026-01-31T10",
        "7",
        "d",
        "7x",
        "7dd",
        "1000000d",
        "-d",
        "+-7d",
        "²d",
        "٢٠٢٦",
        "now-7d",
        "a..b",
        "2026..x",
        "2026-01-01..2026-02-01..2026",
        "2026-01-31T10:00:00+99:00",
        "+2026",
        "-2026",
        "2026-01-31T10:00:00ZZ",
    ],
)
def test_is_no_date(text: str) -> None:
    assert not is_date(text)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", "2026-01-01T00:00+01:00", "2027-01-01T00:00+01:00"),
        ("2026-03", "2026-03-01T00:00+01:00", "2026-04-01T00:00+02:00"),
        ("2025-12", "2025-12-01T00:00+01:00", "2026-01-01T00:00+01:00"),
        ("2026-W05", "2026-01-26T00:00+01:00", "2026-02-02T00:00+01:00"),
        ("2026-03-29", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00"),
        ("2026-01-31T10:00", "2026-01-31T10:00+01:00", "2026-01-31T10:01+01:00"),
        ("2026-01-31T10:00:07Z", "2026-01-31T10:00:07Z", "2026-01-31T10:00:08Z"),
        ("today", "2026-03-31T00:00+02:00", "2026-04-01T00:00+02:00"),
        ("yesterday", "2026-03-30T00:00+02:00", "2026-03-31T00:00+02:00"),
        ("tomorrow", "2026-04-01T00:00+02:00", "2026-04-02T00:00+02:00"),
        ("now", "2026-03-31T14:30:15+02:00", "2026-03-31T14:30:16+02:00"),
        ("-7d", "2026-03-24T00:00+01:00", "2026-03-25T00:00+01:00"),
        ("+7d", "2026-04-07T00:00+02:00", "2026-04-08T00:00+02:00"),
        ("-12h", "2026-03-31T02:30:15+02:00", "2026-03-31T02:30:16+02:00"),
        ("-1m", "2026-02-28T00:00+01:00", "2026-03-01T00:00+01:00"),
        ("+1m", "2026-04-30T00:00+02:00", "2026-05-01T00:00+02:00"),
        ("-1y", "2025-03-31T00:00+02:00", "2025-04-01T00:00+02:00"),
        ("2026-01-01..2026-02-01", "2026-01-01T00:00+01:00", "2026-02-02T00:00+01:00"),
        ("2w..1w", "2026-03-17T00:00+01:00", "2026-03-25T00:00+01:00"),
    ],
)
def test_covers_whole_days_of_the_user(text: str, start: str, end: str) -> None:
    low, high = at(start), at(end)

    assert seconds(":", text, NOW) == (low, high)
    if ".." not in text:
        assert seconds("<", text, NOW) == (None, low)
        assert seconds("<=", text, NOW) == (None, high)
        assert seconds(">", text, NOW) == (high, None)
        assert seconds(">=", text, NOW) == (low, None)


def test_a_range_can_be_open() -> None:
    assert seconds(":", "2026..", NOW) == (at("2026-01-01T00:00+01:00"), None)
    assert seconds(":", "..2025", NOW) == (None, at("2026-01-01T00:00+01:00"))


def test_a_bare_duration_is_an_age_for_a_moment() -> None:
    week = at("2026-03-24T14:30:15+01:00")

    assert seconds("<", "7d", NOW) == (week + 1, None)
    assert seconds("<=", "7d", NOW) == (week, None)
    assert seconds(":", "7d", NOW) == (week, None)
    assert seconds(">", "7d", NOW) == (None, week)
    assert seconds(">=", "7d", NOW) == (None, week + 1)


def test_a_bare_duration_is_the_time_left_for_a_day() -> None:
    assert days("<", "7d", NOW) == (None, "2026-04-07")
    assert days("<=", "7d", NOW) == (None, "2026-04-08")
    assert days(":", "7d", NOW) == ("2026-03-31", "2026-04-08")
    assert days(">", "7d", NOW) == ("2026-04-08", None)
    assert days(">=", "7d", NOW) == ("2026-04-07", None)
    assert days("<", "0d", NOW) == (None, "2026-03-31")
    assert days("<=", "12h", NOW) == (None, "2026-04-02")


@pytest.mark.parametrize(
    ("text", "first", "beyond"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-W05", "2026-01-26", "2026-02-02"),
        ("today", "2026-03-31", "2026-04-01"),
        ("now", "2026-03-31", "2026-04-01"),
        ("-7d", "2026-03-24", "2026-03-25"),
        ("1w..2w", "2026-04-07", "2026-04-15"),
        ("2026-01-31T23:30:00-05:00", "2026-02-01", "2026-02-02"),
        ("9999-12-31", "9999-12-31", "9999-12-32"),
    ],
)
def test_days_are_those_of_the_user(text: str, first: str, beyond: str) -> None:
    assert days(":", text, NOW) == (first, beyond)


@pytest.mark.parametrize("hours", [-12, 0, 14])
def test_the_ends_of_the_calendar_hold(hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    now = datetime(2026, 1, 1, tzinfo=zone)

    for text in (
        "0001",
        "0001-01-01",
        "9999",
        "9999-12",
        "9999-W52",
        "99999y",
        "-99999y",
        "99999w",
    ):
        for op in (":", "<", "<=", ">", ">="):
            seconds(op, text, now)
            days(op, text, now)


def test_today_depends_on_the_zone() -> None:
    moment = datetime(2026, 1, 1, 23, 0, tzinfo=UTC)

    assert days(":", "today", moment)[0] == "2026-01-01"
    assert days(":", "today", moment.astimezone(BERLIN))[0] == "2026-01-02"
