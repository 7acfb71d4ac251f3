"""Finished reports: coverage.json and ratchet files, and those of `cobertura` and `lcov`.

The integers are taken, not the percentage, wherever a report has them. Anyone can write
such a file, so each value is checked, and XML with entities is refused.
"""

from __future__ import annotations

import json
from datetime import datetime

from gitcoord.metrics.coverage import cobertura, lcov
from gitcoord.metrics.coverage.counts import Counts, total
from gitcoord.metrics.coverage.reading import (
    COVERAGE_PY,
    JSON,
    LCOV,
    RATCHET,
    XML,
    Reading,
    Unreadable,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_ZONE = 900
_FARTHEST = 14 * 3600


def read(kind: str, path: str, content: bytes, time: float) -> Reading:
    """Return what a report says; raise `Unreadable` with the reason when that is nothing."""
    try:
        found = _READERS[kind](path, content, time)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise Unreadable(f"{path} is no {kind} report that can be read: {error}.") from None
    if found.counts and not all(one.sound for one in (found.counts, *found.files.values())):
        raise Unreadable(f"{path} has counts that cannot be.")
    return found


def _json(path: str, content: bytes, time: float) -> Reading:
    data = _object(content)
    _refuse_istanbul(path, data)
    meta, files = data.get("meta") or {}, data["files"]
    counted = {name: _summary(one["summary"]) for name, one in files.items()}
    lines, ran = {}, set()
    for name, one in files.items():
        executed = _numbers(one.get("executed_lines"))
        lines[name] = executed | _numbers(one.get("missing_lines"))
        if executed:
            ran.add(name)
        if not _listed(one, counted[name]):
            raise Unreadable(
                f"{path} contradicts itself: the counts of {name} are not those of its lines."
            )
    if _summary(data["totals"]) != total(counted.values()):
        raise Unreadable(f"{path} contradicts itself: its totals are not the sum of its files.")
    version = meta.get("version")
    return Reading(
        JSON, path, _moment(meta.get("timestamp"), time), _summary(data["totals"]),
        bool(meta.get("branch_coverage")), version if isinstance(version, str) else None,
        counted, lines, frozenset(ran), tool=COVERAGE_PY,
    )  # fmt: skip


def _refuse_istanbul(path: str, data: dict[str, Any]) -> None:
    """Raise for the JSON of JavaScript's tools, which has other counts: its lcov has those of lines."""
    whole = data.get("total")
    summary = isinstance(whole, dict) and "lines" in whole
    if summary or any(isinstance(one, dict) and "statementMap" in one for one in data.values()):
        raise Unreadable(
            f"{path} is a report of Istanbul (JavaScript), of which lcov is read: let it write coverage/lcov.info, too."
        )


def _listed(told: dict[str, Any], counts: Counts) -> bool:
    """Whether the lists of a file's lines are as long as its counts say, where there are any."""
    pairs = (("missing_lines", counts.missing), ("excluded_lines", counts.excluded))
    return all(
        len(told[name]) == count for name, count in pairs if isinstance(told.get(name), list)
    )


def _summary(told: dict[str, Any]) -> Counts:
    names = ("num_statements", "missing_lines", "excluded_lines", "num_branches",
             "missing_branches", "num_partial_branches")  # fmt: skip
    return Counts(*[_whole(told.get(name, 0)) for name in names])


def _ratchet(path: str, content: bytes, time: float) -> Reading:
    data = _object(content)
    steps = [one for one in data.get("history") or [] if isinstance(one, dict)]
    last = steps[-1] if steps else {}
    told = (last.get("coverage"), data.get("current_coverage"), data.get("baseline_coverage"),
            data.get("baseline"))  # fmt: skip
    percent = next((float(one) for one in told if isinstance(one, int | float)), None)
    if percent is None or not 0 <= percent <= 100:
        raise ValueError("it names no percentage")
    commit = last.get("commit")
    made = _moment(last.get("date"), time) if last else time
    return Reading(RATCHET, path, made, percent=percent,
                   commit=commit if isinstance(commit, str) and commit else None)  # fmt: skip


_READERS: dict[str, Callable[[str, bytes, float], Reading]] = {
    JSON: _json,
    XML: cobertura.read,
    LCOV: lcov.read,
    RATCHET: _ratchet,
}


def _object(content: bytes) -> dict[str, Any]:
    found = json.loads(content.decode("utf-8-sig"))
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")
    return found


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r} is no count")
    return value


def _numbers(values: object) -> frozenset[int]:
    return frozenset(map(_whole, values)) if isinstance(values, list) else frozenset()


def _moment(told: object, written: float) -> float:
    """Return when a report was made, by a time without zone in it and the file's own.

    Where the two lie apart by what time zones do, it was made elsewhere and the file's counts.
    """
    if not isinstance(told, str):
        return written
    try:
        stamp = datetime.fromisoformat(told)
        made = stamp.timestamp()
    except (ValueError, OverflowError):
        return written
    apart = written - made
    if apart < 0 or (stamp.tzinfo is None and 60 < apart <= _FARTHEST and _near(apart)):
        return written
    return made


def _near(apart: float) -> bool:
    return min(apart % _ZONE, _ZONE - apart % _ZONE) < 60
