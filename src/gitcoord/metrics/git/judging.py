"""What the figures of a repository say about its health: a verdict for each, with the reason.

`good`, `watch` and `poor` follow from the limits below alone; what is not known is
`unknown`, which is neither good nor bad.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

GOOD, WATCH, POOR, UNKNOWN = "good", "watch", "poor", "unknown"
_ORDER = (UNKNOWN, GOOD, WATCH, POOR)
MANY_STALE, HALF = 5, 0.5
ENOUGH_PEOPLE = 3
HOT, ENOUGH_COMMITS = 0.2, 20
SOME_CONFLICTS, MANY_CONFLICTS = 10, 20
QUARTER, YEAR = 90, 365


def judge(figures: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return for each item its value, verdict and reason."""
    return {
        "stale_branches": _stale(figures["branches"], figures["stale_branches"]),
        "conflicting_branches": _would_conflict(figures["conflicting_branches"]),
        "bus_factor": _bus_factor(figures["bus_factor"]),
        "hotspots": _hotspots(figures["hotspots"], figures["commits"] - figures["merges"]),
        "conflict_rate": _conflicts(
            figures["conflict_rate"], figures["remerged"], figures["conflicted_merges"]
        ),
        "days_since_release": _release(
            figures["release"], figures["days_since_release"], figures["commits_since_release"]
        ),
        "unmerged_pull_requests": _unmerged(
            figures["pull_requests"],
            figures["unmerged_pull_requests"],
            figures["active_pull_requests"],
        ),
        "open_pull_requests": _item(
            None, UNKNOWN, "git does not tell which are open, and no forge was asked"
        ),
    }


def overall(items: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the worst verdict of all that are known."""
    return max((str(item["verdict"]) for item in items.values()), key=_ORDER.index)


def _item(value: object, verdict: str, reason: str) -> dict[str, Any]:
    return {"value": value, "verdict": verdict, "reason": reason}


def _stale(branches: int, stale: int) -> dict[str, Any]:
    reason = f"{stale} of {branches} branches had no commit for 90 days"
    many = stale >= MANY_STALE and stale > branches * HALF
    return _item(stale, POOR if many else WATCH if stale else GOOD, reason)


def _would_conflict(names: list[str] | None) -> dict[str, Any]:
    if names is None:
        return _item(None, UNKNOWN, "there is no default branch here to merge into")
    if not names:
        return _item(0, GOOD, "every active branch would merge into the default branch")
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return _item(len(names), WATCH, f"would conflict with the default branch today: {shown}")


def _bus_factor(people: int | None) -> dict[str, Any]:
    if people is None:
        return _item(None, UNKNOWN, "nobody committed in the window")
    verdict = GOOD if people >= ENOUGH_PEOPLE else WATCH if people > 1 else POOR
    some = "one person" if people == 1 else f"{people} people"
    return _item(people, verdict, f"{some} made more than half of the commits")


def _hotspots(hotspots: list[dict[str, Any]], commits: int) -> dict[str, Any]:
    if not hotspots or commits < ENOUGH_COMMITS:
        return _item(None, UNKNOWN, f"fewer than {ENOUGH_COMMITS} commits in the window")
    hot = [one for one in hotspots if one["changes"] >= commits * HOT]
    top = hotspots[0]
    share = round(100 * top["changes"] / commits)
    reason = f"{top['path']} is in {share} % of {commits} commits"
    return _item(len(hot), WATCH if hot else GOOD, reason)


def _conflicts(rate: float | None, merges: int | None, conflicted: int | None) -> dict[str, Any]:
    if rate is None:
        reason = "no merges in the window" if merges is None else "merges could not be made again"
        return _item(None, UNKNOWN, reason)
    verdict = POOR if rate >= MANY_CONFLICTS else WATCH if rate >= SOME_CONFLICTS else GOOD
    return _item(rate, verdict, f"{conflicted} of {merges} merges would conflict now")


def _release(name: str | None, days: int | None, commits: int | None) -> dict[str, Any]:
    if name is None or days is None:
        return _item(None, UNKNOWN, "no tag names a release")
    if commits == 0:
        return _item(days, GOOD, f"{name} has everything")
    verdict = GOOD if days <= QUARTER else WATCH if days <= YEAR else POOR
    after = "" if commits is None else f", {commits} commits ago"
    return _item(days, verdict, f"{name} was {days} days ago{after}")


def _unmerged(here: int | None, unmerged: int | None, active: int | None) -> dict[str, Any]:
    """Tell of pull requests, without a verdict: one that was squashed or closed is not merged, too."""
    if here is None:
        return _item(None, UNKNOWN, "no refs of pull requests are in this clone")
    reason = f"of {here} in this clone, {active} of them with a commit in the last 90 days"
    return _item(unmerged, UNKNOWN, reason)
