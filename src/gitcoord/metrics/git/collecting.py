"""All figures of one repository in one plain dict, as a snapshot keeps them.

Activity is that of the last days (30, unless told otherwise); bus factor, hotspots and
coupled files are those of the last year. Days are those of UTC.
"""

from __future__ import annotations

from gitcoord.metrics.git.measured import Measured, measure
from gitcoord.metrics.git.window import last

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from gitcoord.metrics.git.switching import Switch

DAYS = 30
YEAR = 365


def collect_all(
    folder: str,
    now: datetime,
    *,
    hub: str | None = None,
    facts: Sequence[Switch] = (),
    days: int = DAYS,
    remerge: bool = True,
) -> dict[str, Any]:
    """Return the git figures of the repository in a folder; raise `GitError` where there is none.

    `hub` is the hub's shared git directory, where what was read is remembered; `facts` are
    the switches of branches that the journal tells.
    """
    recent, year = last(now, days), last(now, YEAR)

    def all_of(measured: Measured) -> dict[str, Any]:
        branches = measured.branches()
        return {
            **measured.about(),
            **measured.velocity(recent, facts, remerge=remerge),
            "total_commits": measured.total(),
            "bus_factor": measured.bus_factor(year),
            **measured.touched(year),
            **{name: value for name, value in branches.items() if name != "stale"},
            **measured.release(),
            **measured.pull_requests(),
            "open_pull_requests": None,
        }

    return measure(folder, now, hub, all_of)
