"""What a file of skill metrics says, in any of the shapes that are written.

`{"invocations": [...]}` with or without ids of sessions, and `{"skills": {NAME: [...]}}`. Of each
invocation only what is counted is kept; texts such as a user's query are dropped while the file is
parsed. What a shape does not say is None. A value that cannot be understood is a fault
with its place, and hides neither the rest of its row nor other rows.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import blake2b
from math import isfinite
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

LONGEST = 200
"""Letters of a skill's or workflow's name."""

SHOWN = 20
"""Faults that are told one by one; of the others only the number."""

EARLY = "lies in the future"
"""What is wrong with a time that will be right one day."""

_EPOCH = datetime(1970, 1, 1)
_MICRO = timedelta(microseconds=1)
_FIRST = datetime(2000, 1, 1)
_LONGEST_USE = 30 * 86_400
_MANY = 10_000


class Row(NamedTuple):
    """One invocation; `time` is microseconds since 1970 on the clock of who wrote it."""

    skill: str | None
    time: int
    completed: bool | None
    success: bool | None
    errored: bool | None
    duration: float | None
    follow_ups: int | None
    session: int | None
    workflow: str | None


class Fault(NamedTuple):
    """What of a file could not be understood, and where in it."""

    place: str
    reason: str


class Read(NamedTuple):
    """The rows of a file, in its order, and what is wrong with it; `faulty` counts all faults."""

    rows: list[Row]
    faults: list[Fault]
    faulty: int


class Malformed(Exception):  # noqa: N818 - a fault of the data
    """A file that is no JSON, or none of the shapes; the place is a line and column."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason


class _Found:
    """A row while its place is not known yet, with what is wrong with it."""

    __slots__ = ("faults", "row")

    def __init__(self, row: Row | None, faults: list[tuple[str, str]]) -> None:
        self.row = row
        self.faults = faults


def read(content: bytes, now: datetime) -> Read:
    """Return what a file says; `now` is the local time, naive, beyond which nothing has happened."""
    latest = now + timedelta(days=1)

    def take(found: dict[str, Any]) -> Any:
        return _row(found, latest) if "invoked_at" in found else found

    data = _parsed(content, take)
    rows: list[Row] = []
    faults: list[Fault] = []
    faulty = 0
    for place, skill, found in _places(data):
        wrong: list[tuple[str, str]]
        if isinstance(found, _Found):
            row, wrong = _named(found, skill)
        else:
            row, wrong = None, [("", "has no invoked_at")]
        if row is not None:
            rows.append(row)
        faulty += len(wrong)
        faults += [Fault(f"{place}{key}", reason) for key, reason in wrong[: SHOWN - len(faults)]]
    return Read(rows, faults, faulty)


def _parsed(content: bytes, take: Any) -> dict[str, Any]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Malformed(f"line {line}", f"byte {error.start} is not UTF-8") from None
    if not text.strip():
        raise Malformed("line 1", "it is empty")
    try:
        data = json.loads(text, object_hook=take)
    except json.JSONDecodeError as error:
        raise Malformed(
            f"line {error.lineno}, column {error.colno}", f"no JSON: {error.msg}"
        ) from None
    except RecursionError:
        raise Malformed("line 1", "it is nested too deeply") from None
    except ValueError:
        raise Malformed("line 1", "a number in it has too many digits") from None
    if not isinstance(data, dict) or not ("invocations" in data or "skills" in data):
        raise Malformed("line 1", "it has neither `invocations` nor `skills`")
    return data


def _places(data: dict[str, Any]) -> Iterator[tuple[str, str | None, Any]]:
    """Yield what may be a row: where it stands, the name it stands under, and itself."""
    listed = data.get("invocations", [])
    if isinstance(listed, list):
        for number, found in enumerate(listed):
            yield f"invocations[{number}]", None, found
    elif listed is not None:
        yield "invocations", None, listed
    skills = data.get("skills")
    if isinstance(skills, dict):
        for key, (name, held) in enumerate(skills.items()):
            if isinstance(held, list):  # else these are sums, which the rows tell better
                for number, found in enumerate(held):
                    yield f"skills[{key}][{number}]", name, found
    elif isinstance(skills, list) and skills:
        yield "skills", None, skills


def _named(found: _Found, skill: str | None) -> tuple[Row | None, list[tuple[str, str]]]:
    """Return a row with the name of its skill, if it has one, and what is wrong."""
    row = found.row
    if row is None:
        return None, found.faults
    if skill is not None:
        name = _name(skill)
        return (row._replace(skill=name), found.faults) if name else (None, [_NAMELESS])
    return (row, found.faults) if row.skill else (None, [_NAMELESS])


_NAMELESS = (".skill_name", f"is no name of up to {LONGEST} letters; the row is left out")


def _row(found: dict[str, Any], latest: datetime) -> _Found:
    wrong: list[tuple[str, str]] = []
    time = _time(found["invoked_at"], latest)
    if isinstance(time, str):
        return _Found(None, [(".invoked_at", f"{time}; the row is left out")])
    errored = found.get("error_type", _ABSENT)
    session, workflow = found.get("session_id"), found.get("workflow_path")
    row = Row(
        _name(found.get("skill_name")),
        time,
        _completed(found, wrong),
        _truth(found, "success", wrong),
        None if errored is _ABSENT else errored is not None,
        _duration(found, wrong),
        _follow_ups(found, wrong),
        _digest(session) if isinstance(session, str) and session else None,
        _name(workflow),
    )
    return _Found(row, wrong)


_ABSENT = object()


def _name(value: Any) -> str | None:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        return None
    # Halves of a pair cannot be written as UTF-8, and a NUL ends a text elsewhere.
    return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _time(value: Any, latest: datetime) -> int | str:
    """Return a time as its writer's clock showed it, or what is wrong with it."""
    if not isinstance(value, str) or not 16 <= len(value) <= 40 or value[10] not in "Tt ":
        return "is no time"
    try:
        found = datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return "is no time"
    if not _FIRST <= found <= latest:
        return EARLY if found > latest else "is before 2000"
    return (found - _EPOCH) // _MICRO


def _completed(found: dict[str, Any], wrong: list[tuple[str, str]]) -> bool | None:
    if "completed" in found:
        return _truth(found, "completed", wrong)
    if "completed_at" in found:
        return found["completed_at"] is not None
    return None


def _truth(found: dict[str, Any], key: str, wrong: list[tuple[str, str]]) -> bool | None:
    value = found.get(key)
    if value is None or isinstance(value, bool):
        return value
    wrong.append((f".{key}", "is neither true nor false, so it is unknown"))
    return None


def _duration(found: dict[str, Any], wrong: list[tuple[str, str]]) -> float | None:
    for key, unit in (("duration_seconds", 1), ("duration_ms", 1000)):
        value = found.get(key)
        if value is None:
            continue
        sound = isinstance(value, int | float) and not isinstance(value, bool)
        if sound and abs(value) < 1e15 and isfinite(value) and 0 <= value / unit <= _LONGEST_USE:
            return float(value) / unit
        wrong.append((f".{key}", "is no duration of up to 30 days, so it is unknown"))
        return None
    return None


def _follow_ups(found: dict[str, Any], wrong: list[tuple[str, str]]) -> int | None:
    for key in ("follow_up_actions", "followup_actions"):
        value = found.get(key)
        if value is None:
            continue
        if isinstance(value, list):
            return min(len(value), _MANY)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MANY:
            return value
        wrong.append((f".{key}", "is no list, so it is unknown"))
        return None
    return None


def _digest(text: str) -> int:
    """Return a number that tells two sessions apart and does not tell which they are."""
    raw = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(raw) >> 1
