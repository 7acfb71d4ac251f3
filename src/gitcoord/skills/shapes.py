"""What a file of skill metrics says, in any of the shapes that are written.

`{"invocations": [...]}` with or without ids of sessions, and `{"skills": {NAME: [...]}}`. Of each
invocation only what is counted is kept; texts such as a user's query are dropped while the file is
parsed. What a shape does not say is None. A value that cannot be understood is a fault
with its place, and hides neither the rest of its row nor other rows.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import NamedTuple

from gitcoord.skills import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

MAX_ROWS = 500_000
"""Five times what a busy repository has; more are refused before memory is."""

_MOST = {b"[": 1_500_000, b"{": 1_500_000, b",": 20_000_000}
"""Signs of which a file of so many rows has fewer: each may become an object in memory."""

SHOWN = 20
"""Faults that are told one by one; of the others only the number."""

_ABSENT = object()


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

    taken = 0

    def take(found: dict[str, Any]) -> Any:
        nonlocal taken
        if "invoked_at" not in found:
            return found
        taken += 1
        if taken > MAX_ROWS:
            raise Malformed("line 1", f"it has more than {MAX_ROWS:,} invocations")
        return _row(found, latest)

    data = _parsed(content, take)
    rows: list[Row] = []
    faults: list[Fault] = []
    faulty = 0
    for place, skill, found in _places(data):
        row, wrong = _named(found, skill)
        if row is not None:
            rows.append(row)
        faulty += len(wrong)
        faults += [Fault(f"{place}{key}", reason) for key, reason in wrong[: SHOWN - len(faults)]]
    return Read(rows, faults, faulty)


def _parsed(content: bytes, take: Any) -> dict[str, Any]:
    for sign, most in _MOST.items():
        if len(content) > most and content.count(sign) > most:
            raise Malformed("line 1", f"it has more than {most:,} of `{sign.decode()}`")
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


def _named(found: Any, skill: str | None) -> tuple[Row | None, list[tuple[str, str]]]:
    """Return a row with the name of its skill, if it is one and has one, and what is wrong."""
    row: Row | None
    wrong: list[tuple[str, str]] = []
    if isinstance(found, Row):
        row = found
    elif isinstance(found, _Found):
        row, wrong = found.row, found.faults
    else:
        return None, [("", "has no invoked_at")]
    if row is None:
        return None, wrong
    name = row.skill if skill is None else fields.name(skill)
    if not name:
        return None, [_NAMELESS]
    return (row if skill is None else row._replace(skill=name)), wrong


_NAMELESS = (".skill_name", f"is no name of up to {fields.LONGEST} letters; the row is left out")


def _row(found: dict[str, Any], latest: datetime) -> Row | _Found:
    """Return a row, with what is wrong with it if anything is."""
    wrong: list[tuple[str, str]] = []
    time = fields.time(found["invoked_at"], latest)
    if isinstance(time, str):
        return _Found(None, [(".invoked_at", f"{time}; the row is left out")])
    errored = found.get("error_type", _ABSENT)
    session, workflow = found.get("session_id"), found.get("workflow_path")
    row = Row(
        fields.name(found.get("skill_name")),
        time,
        fields.completed(found, wrong),
        fields.truth(found, "success", wrong),
        None if errored is _ABSENT else errored is not None,
        fields.duration(found, wrong),
        fields.follow_ups(found, wrong),
        fields.digest(session) if isinstance(session, str) and session else None,
        fields.name(workflow),
    )
    return _Found(row, wrong) if wrong else row
