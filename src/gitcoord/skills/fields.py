"""One value of an invocation at a time: what it says, unknown, or what is wrong with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from math import isfinite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONGEST = 200
"""Letters of a skill's or workflow's name."""

EARLY = "lies in the future"
"""What is wrong with a time that will be right one day."""

_EPOCH = datetime(1970, 1, 1)  # the clock of who wrote it, whatever zone that is in
_MICRO = timedelta(microseconds=1)
_FIRST = datetime(2000, 1, 1)
_LONGEST_USE = 30 * 86_400
_MANY = 10_000


def name(value: Any) -> str | None:
    """Return a name as it can be written anywhere, None where it is none."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        return None
    # Halves of a pair cannot be written as UTF-8, and a NUL ends a text elsewhere.
    return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def time(value: Any, latest: datetime) -> int | str:
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


def completed(found: dict[str, Any], wrong: list[tuple[str, str]]) -> bool | None:
    """Return whether a use completed, as a word or the time of its end tells."""
    if "completed" in found:
        return truth(found, "completed", wrong)
    if "completed_at" in found:
        return found["completed_at"] is not None
    return None


def truth(found: dict[str, Any], key: str, wrong: list[tuple[str, str]]) -> bool | None:
    """Return what is true or false; anything else is wrong, and so unknown."""
    value = found.get(key)
    if value is None or isinstance(value, bool):
        return value
    wrong.append((f".{key}", "is neither true nor false, so it is unknown"))
    return None


def duration(found: dict[str, Any], wrong: list[tuple[str, str]]) -> float | None:
    """Return a duration in seconds."""
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


def follow_ups(found: dict[str, Any], wrong: list[tuple[str, str]]) -> int | None:
    """Return how many follow-ups there were."""
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


def digest(text: str) -> int:
    """Return a number that tells two sessions apart and does not tell which they are."""
    raw = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(raw) >> 1
