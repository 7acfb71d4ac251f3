"""Which of several sources counts: an order of trust, and nothing but the order.

A whole run goes before a part, what was measured at this code before what is older, a
finished report before data that a report has to be made of, a ratchet's bare percentage
last, and of equals the latest.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.metrics.coverage.counts import Counts
from gitcoord.metrics.coverage.reading import DATA, JSON, LCOV, PARALLEL, RATCHET, XML

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# XML and lcov tell statements and branches as well, but neither all counts nor how they were told.
_TRUST = {JSON: 0, XML: 1, LCOV: 2, DATA: 3, PARALLEL: 3, RATCHET: 4}


class Said(NamedTuple):
    """What one source says, with the commit it belongs to; `percent` None where that is nothing."""

    kind: str
    path: str
    time: float
    percent: float | None
    counts: Counts | None = None
    branch: bool | None = None
    version: str | None = None
    commit: str | None = None
    code: str | None = None
    partial: bool = False
    stale: bool = False
    reason: str | None = None
    files: Mapping[str, Counts] | None = None
    tool: str | None = None
    definition: str = ""


def best(said: Sequence[Said]) -> Said | None:
    """Return the source that counts, None where there is none at all."""
    return min(said, key=_rank, default=None)


def _rank(one: Said) -> tuple[bool, bool, bool, int, float, str, float]:
    trust = _TRUST[one.kind]
    return (
        one.percent is None,
        one.partial or trust == 4,
        one.stale,
        trust,
        -one.time,
        one.path,
        -(one.percent or 0),
    )
