"""What a date in a query means: the seconds or days it covers, seen from now.

Every comparison becomes a half-open interval. A day is a day in the time zone of
`now`. A bare duration is an age for a moment in the past and the time left for a day
to come; a signed one is a day counted from today. Dates beyond the calendar's ends
count as its ends.
"""

from __future__ import annotations

from gitcoord.model.moments import UTC, date, datetime, time, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    Edge = TypeVar("Edge", int, str)
    Span = tuple[datetime, datetime]
    Duration = tuple[str, int, str]

HINT = (
    "Use a date (2026-01-31, 2026-01, 2026-W05), today, a duration (7d, 2w, 3m, 1y, 12h) "
    "or a range (2026-01-01..2026-02-01)."
)
_NAMED = {"yesterday": -1, "today": 0, "tomorrow": 1}
_UNITS = {"d": (1, 0), "w": (7, 0), "m": (0, 1), "y": (0, 12), "h": (0, 0)}
_FIRST, _LAST = date(1, 1, 2), date(9999, 12, 30)
_SOME = datetime(2026, 1, 31, 12, tzinfo=UTC)
_SECOND, _TICK = timedelta(seconds=1), timedelta(microseconds=1)


def is_date(text: str) -> bool:
    """Say whether a text is a date, a duration or a range of them."""
    if ".." not in text:
        return _span(text, _SOME, -1) is not None
    first, _, last = text.partition("..")
    ends = [end for end in (first, last) if end]
    return bool(ends) and all(_span(end, _SOME, -1) is not None for end in ends)


def seconds(op: str, text: str, now: datetime) -> tuple[int | None, int | None]:
    """Return the first second that fulfils `op text`, and the first one after that does not."""
    age = _duration(text)
    if age is not None and not age[0]:
        cut = _second(_shift(now, -age[1], age[2]))
        if op in (">", ">="):
            return None, cut + (op == ">=")
        return cut + (op == "<"), None
    start, end = _interval(text, now, -1)
    low = None if start is None else _second(start)
    high = None if end is None else _second(end)
    return _side(op, low, high)


def days(op: str, text: str, now: datetime) -> tuple[str | None, str | None]:
    """Return the first day that fulfils `op text`, and the first one after that does not."""
    left = _duration(text)
    if left is not None and not left[0]:
        day = _shift(now, left[1], left[2]).date()
        first, low, high = now.date().isoformat(), day.isoformat(), _after(day)
        return _side(op, low, high) if op != ":" else (first, high)
    start, end = _interval(text, now, 1)
    return _side(
        op,
        None if start is None else start.date().isoformat(),
        None if end is None else _after((end - _TICK).date()),
    )


def _side(op: str, low: Edge | None, high: Edge | None) -> tuple[Edge | None, Edge | None]:
    """Return the part of the calendar that lies to one side of an interval, or the interval."""
    if op in ("<", "<="):
        return None, low if op == "<" else high
    return high if op == ">" else low, high if op == ":" else None


def _interval(text: str, now: datetime, way: int) -> tuple[datetime | None, datetime | None]:
    """Return where a checked date or range begins and ends; None for an open end."""
    first, dots, last = text.partition("..")
    low = _span(first, now, way) if first else None
    high = (_span(last, now, way) if last else None) if dots else low
    return low and low[0], high and high[1]


def _span(text: str, now: datetime, way: int) -> Span | None:
    """Return what one date covers; `way` is where a duration without a sign leads."""
    low = text.lower()
    if low == "now":
        return now, now + _SECOND
    if low in _NAMED:
        return _days(_shift(now, _NAMED[low], "d").date(), 1, now)
    duration = _duration(low)
    if duration is not None:
        sign, count, unit = duration
        there = _shift(now, count * (-1 if sign == "-" else 1 if sign else way), unit)
        return (there, there + _SECOND) if unit == "h" else _days(there.date(), 1, now)
    try:
        return _calendar(text, now)
    except (ValueError, OverflowError):
        return None


def _calendar(text: str, now: datetime) -> Span | None:
    """Return what an absolute date covers; raise ValueError when it is on no calendar."""
    if not text.isascii():
        return None
    size = len(text)
    if size == 4 and text.isdigit():
        return _months(int(text), 1, 12, now)
    if size == 7 and text[4] == "-" and (text[:4] + text[5:]).isdigit():
        return _months(int(text[:4]), int(text[5:]), 1, now)
    if size == 8 and text[4:6].upper() == "-W" and (text[:4] + text[6:]).isdigit():
        return _days(date.fromisocalendar(int(text[:4]), int(text[6:]), 1), 7, now)
    if size == 10 and text[4] == text[7] == "-":
        return _days(date.fromisoformat(text), 1, now)
    if size >= 16 and text[4] == text[7] == "-" and text[10] in "Tt" and text[13] == ":":
        found = datetime.fromisoformat(text.upper())
        start = found.astimezone(now.tzinfo) if found.tzinfo else found.replace(tzinfo=now.tzinfo)
        precise = text[16:17] == ":"
        return start, start + (_SECOND if precise else timedelta(minutes=1))
    return None


def _duration(text: str) -> Duration | None:
    """Return sign, count and unit of a duration."""
    sign = text[:1] if text[:1] in ("+", "-") else ""
    count, unit = text[len(sign) : -1], text[-1:].lower()
    if unit not in _UNITS or not 1 <= len(count) <= 5 or not (count.isascii() and count.isdigit()):
        return None
    return sign, int(count), unit


def _shift(now: datetime, count: int, unit: str) -> datetime:
    """Return the moment some hours, days, weeks, months or years away, within the calendar."""
    if unit == "h":
        return (now.astimezone(UTC) + timedelta(hours=count)).astimezone(now.tzinfo)
    per_day, per_month = _UNITS[unit]
    months = now.year * 12 + now.month - 1 + count * per_month
    year, month = divmod(months, 12)
    try:
        last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
        day = date(year, month + 1, min(now.day, last)) + timedelta(days=count * per_day)
    except (ValueError, OverflowError):
        day = _LAST if count > 0 else _FIRST
    return datetime.combine(min(max(day, _FIRST), _LAST), now.timetz())


def _months(year: int, month: int, count: int, now: datetime) -> Span:
    beyond = year * 12 + month - 1 + count
    first = date(year, month, 1)
    if beyond // 12 > 9999:
        return _midnight(first, now), datetime.max.replace(tzinfo=now.tzinfo)
    return _midnight(first, now), _midnight(date(beyond // 12, beyond % 12 + 1, 1), now)


def _days(first: date, count: int, now: datetime) -> Span:
    if date.max - first < timedelta(days=count):
        return _midnight(first, now), datetime.max.replace(tzinfo=now.tzinfo)
    return _midnight(first, now), _midnight(first + timedelta(days=count), now)


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), tzinfo=now.tzinfo)


def _second(moment: datetime) -> int:
    return int(moment.timestamp() // 1)


def _after(day: date) -> str:
    """Return a text that sorts right after a day."""
    return (day + timedelta(days=1)).isoformat() if day < date.max else "9999-12-32"
