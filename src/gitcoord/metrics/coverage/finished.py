"""Finished reports: coverage.json, Cobertura's XML, lcov and ratchet files, as they are written.

The integers are taken, not the percentage, wherever a report has them. Anyone can write
such a file, so each value is checked, and XML with entities is refused.
"""

from __future__ import annotations

import json
import posixpath
from datetime import datetime

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
    from xml.etree.ElementTree import Element

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


def _xml(path: str, content: bytes, time: float) -> Reading:
    from xml.etree import ElementTree  # only for this format

    if b"<!ENTITY" in content:
        raise ValueError("it declares entities")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from None
    if root.tag != "coverage":
        raise ValueError(f"its root is <{root.tag}>")
    places = [(one.text or "").strip() for one in root.iterfind("sources/source")]
    base = places[0] if len(places) == 1 else ""
    files: dict[str, _Lines] = {}
    for one in root.iter("class"):  # a file may hold several, as one with inner classes does
        name = posixpath.join(base, one.get("filename", "").replace("\\", "/"))
        files.setdefault(name, _Lines()).add(one)
    counted = {name: one.counts() for name, one in files.items()}
    lines = {name: frozenset(one.hits) for name, one in files.items()}
    ran = {name for name, one in files.items() if any(one.hits.values())}
    stamp = root.get("timestamp")
    made = int(stamp) / (1000 if len(stamp) > 11 else 1) if stamp else time
    counts = _told(root, total(counted.values()))
    return Reading(XML, path, min(made, time), counts, counts.branches > 0, root.get("version"),
                   counted, lines, frozenset(ran), tool=_author(content))  # fmt: skip


def _author(content: bytes) -> str | None:
    """Return which tool wrote an XML report, where it says so."""
    head = content[:2000]
    if b"Generated by coverage.py" in head:
        return COVERAGE_PY
    return "gcovr" if b'version="gcovr' in head else None


class _Lines:
    """The lines of one file of an XML report: how often each ran, and its branches."""

    __slots__ = ("branches", "hits")

    def __init__(self) -> None:
        self.hits: dict[int, int] = {}
        self.branches: dict[int, tuple[int, int]] = {}

    def add(self, one: Element) -> None:
        """Take in a class of the file."""
        for line in one.iterfind("lines/line"):
            number = int(line.get("number", ""))
            self.hits[number] = max(self.hits.get(number, 0), int(line.get("hits", "")))
            condition = line.get("condition-coverage")
            if condition:
                part, _, whole = condition.partition("(")[2].rstrip(")").partition("/")
                if int(part) > int(whole):
                    raise ValueError(f"line {number} has more branches taken than there are")
                found = int(part), int(whole)
                self.branches[number] = max(found, self.branches.get(number, found))

    def counts(self) -> Counts:
        """Return the integers of the file."""
        missing = sum(not count for count in self.hits.values())
        whole = sum(of for _, of in self.branches.values())
        taken = sum(part for part, _ in self.branches.values())
        partial = sum(0 < part < of for part, of in self.branches.values())
        return Counts(len(self.hits), missing, 0, whole, whole - taken, partial)


def _told(root: Element, counts: Counts) -> Counts:
    """Return the totals that the report itself tells, where its list of files lacks some of them.

    Two files of one name below different roots leave only one of them in the list.
    """
    names = ("lines-valid", "lines-covered", "branches-valid", "branches-covered")
    told = [int(root.get(name, "0") or 0) for name in names]
    if told[0] <= counts.statements or told[1] > told[0] or told[3] > told[2]:
        return counts
    return counts._replace(
        statements=told[0], missing=told[0] - told[1],
        branches=max(told[2], counts.branches),
        missing_branches=told[2] - told[3] if told[2] >= counts.branches else counts.missing_branches,
    )  # fmt: skip


def _lcov(path: str, content: bytes, time: float) -> Reading:
    found: dict[str, _Trace] = {}
    here = _Trace()
    for line in content.decode("utf-8", "replace").splitlines():
        word, _, rest = line.strip().partition(":")
        if word == "SF":
            here = found.setdefault(rest.replace("\\", "/"), _Trace())
        elif word == "DA":
            number, _, hits = rest.partition(",")
            here.hits[int(number)] = max(here.hits.get(int(number), 0), int(hits.partition(",")[0]))
        elif word == "BRDA":
            *place, count = rest.split(",")
            key = ",".join(place)
            here.branches[key] = max(here.branches.get(key, 0), 0 if count == "-" else int(count))
    if not found:
        raise ValueError("it names no file")
    counted = {name: one.counts() for name, one in found.items()}
    counts = total(counted.values())
    return Reading(
        LCOV, path, time, counts, counts.branches > 0, None, counted,
        {name: frozenset(one.hits) for name, one in found.items()},
        frozenset(name for name, one in found.items() if any(one.hits.values())),
    )  # fmt: skip


class _Trace:
    """What an lcov file says about one source file."""

    __slots__ = ("branches", "hits")

    def __init__(self) -> None:
        self.hits: dict[int, int] = {}
        self.branches: dict[str, int] = {}

    def counts(self) -> Counts:
        missing = sum(not hits for hits in self.hits.values())
        untaken = sum(not count for count in self.branches.values())
        return Counts(len(self.hits), missing, 0, len(self.branches), untaken, 0)


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
    XML: _xml,
    LCOV: _lcov,
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
