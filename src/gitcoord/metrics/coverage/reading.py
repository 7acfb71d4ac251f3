"""What one source says about coverage, before it is known at which commit it was measured."""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.metrics.coverage.counts import Counts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

JSON, XML, LCOV, DATA, PARALLEL, RATCHET = "json", "xml", "lcov", "data", "parallel", "ratchet"
COVERAGE_PY = "coverage.py"
REPORTS = frozenset({JSON, XML, LCOV})


class Unreadable(Exception):  # noqa: N818 - a finding about a source, not a fault of ours
    """A source that says nothing; the text is the reason, a whole sentence."""


class Reading(NamedTuple):
    """One source as it was read.

    `time` is when it was made, in seconds since 1970. `lines` are by file the lines that
    it says are statements (of a data file: those that were executed), `ran` the files of
    which any line was executed, `contexts` the tests that a data file names. `commit` is
    told by few sources. A ratchet file has a percentage and no counts. `tool` is None where
    nothing says which it was, and `faults` tells what could not be read besides, `notes` what else has to be said.
    `unlisted` statements are in the counts and in none of the files.
    """

    kind: str
    path: str
    time: float
    counts: Counts | None = None
    branch: bool | None = None
    version: str | None = None
    files: Mapping[str, Counts] = {}
    lines: Mapping[str, frozenset[int]] = {}
    ran: frozenset[str] = frozenset()
    contexts: frozenset[str] = frozenset()
    commit: str | None = None
    percent: float | None = None
    data: tuple[str, ...] = ()
    tool: str | None = None
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unlisted: int = 0
