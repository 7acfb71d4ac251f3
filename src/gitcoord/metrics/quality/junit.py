"""A JUnit XML report as outcomes by test, whoever wrote it: pytest, surefire, jest, gotestsum.

It is read piece by piece with limits, and a document type is refused: entities that
explode need one, and no report has one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple
from xml.parsers import expat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PASSED, FAILED, ERROR, SKIPPED = "passed", "failed", "error", "skipped"
_OUTCOMES = {"failure": FAILED, "error": ERROR, "skipped": SKIPPED}
_RERUNS = {"flakyFailure", "flakyError", "rerunFailure", "rerunError"}
_MOST_NAME = 400


class NoReportError(ValueError):
    """The document is no report; the text says why."""


class Report(NamedTuple):
    """What one report holds: how often each outcome, and for each test all of its outcomes."""

    counts: dict[str, int]
    tests: dict[str, list[str]]
    seconds: float
    written: datetime | None


def read(raw: bytes) -> Report:
    """Return what a report holds; raise `NoReportError`."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise NoReportError(f"it is no XML: {error}") from None
    return Report(reader.counts, reader.tests, round(reader.seconds, 3), reader.written)


def _refuse(*_: object) -> None:
    raise NoReportError("it has a document type, which no report needs")


class _Reader:
    """Takes in elements as they come."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys((PASSED, FAILED, ERROR, SKIPPED), 0)
        self.tests: dict[str, list[str]] = {}
        self.seconds = 0.0
        self.written: datetime | None = None
        self._depth = 0
        self._name: str | None = None
        self._found: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        tag = tag.rpartition(":")[2]
        if self._depth == 0 and tag not in ("testsuites", "testsuite"):
            raise NoReportError(f"it begins with <{tag[:40]}>, a report with <testsuites>")
        self._depth += 1
        if self._depth > 100:
            raise NoReportError("it is nested too deeply")
        if tag == "testsuite":
            self._note(attributes.get("timestamp", ""))
        elif tag == "testcase":
            names = [attributes.get("classname", ""), attributes.get("name", "")]
            self._name = "::".join([one for one in names if one])[:_MOST_NAME]
            self._found = []
            self.seconds += _seconds(attributes.get("time", ""))
        elif self._name is not None and tag in _OUTCOMES:
            self._found.append(_OUTCOMES[tag])
            if (
                attributes.get("message", "").startswith("failed on teardown")
                and len(self._found) == 1
            ):
                self.counts[PASSED] += 1  # pytest: the test itself had passed
        elif self._name is not None and tag in _RERUNS:
            self.tests.setdefault(self._name, []).append(FAILED)

    def end(self, tag: str) -> None:
        """End an element."""
        self._depth -= 1
        if tag.rpartition(":")[2] == "testcase" and self._name is not None:
            for outcome in self._found or [PASSED]:
                self.counts[outcome] += 1
                self.tests.setdefault(self._name, []).append(outcome)
            self._name = None

    def _note(self, text: str) -> None:
        """Keep the latest time that says its zone: one without a zone may be anybody's."""
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return
        if found.tzinfo is not None and (self.written is None or found > self.written):
            self.written = found.astimezone(UTC)


def _seconds(text: str) -> float:
    try:
        found = float(text.replace(",", ""))
    except ValueError:
        return 0.0
    return found if 0 <= found < 1e7 else 0.0
