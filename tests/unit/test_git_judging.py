"""Which verdict a figure gets."""

from __future__ import annotations

from typing import Any

import pytest

from gitcoord.metrics.git import judging

FIGURES: dict[str, Any] = {
    "branches": 4, "stale_branches": 0, "conflicting_branches": [], "bus_factor": 3, "commits": 110,
    "merges": 10, "hotspots": [{"path": "a", "changes": 19, "authors": 2}], "conflict_rate": 0.0,
    "remerged": 10, "conflicted_merges": 0, "release": "v1.0", "days_since_release": 90, "commits_since_release": 7,
    "pull_requests": None, "unmerged_pull_requests": None, "active_pull_requests": None,
}  # fmt: skip


def judged(**changes: Any) -> dict[str, dict[str, Any]]:
    return judging.judge({**FIGURES, **changes})


def test_what_is_well_is_good_and_what_is_not_known_does_not_spoil_it() -> None:
    items = judged()

    assert {name: item["verdict"] for name, item in items.items()} == {
        "stale_branches": "good", "conflicting_branches": "good", "bus_factor": "good",
        "hotspots": "good", "conflict_rate": "good", "days_since_release": "good",
        "unmerged_pull_requests": "unknown", "open_pull_requests": "unknown",
    }  # fmt: skip
    assert judging.overall(items) == "good"


@pytest.mark.parametrize(
    ("item", "changes", "verdict"),
    [
        ("stale_branches", {"stale_branches": 1}, "watch"),
        ("stale_branches", {"stale_branches": 5, "branches": 9}, "poor"),
        ("stale_branches", {"stale_branches": 5, "branches": 10}, "watch"),
        ("conflicting_branches", {"conflicting_branches": ["x"]}, "watch"),
        ("conflicting_branches", {"conflicting_branches": None}, "unknown"),
        ("bus_factor", {"bus_factor": 2}, "watch"),
        ("bus_factor", {"bus_factor": 1}, "poor"),
        ("bus_factor", {"bus_factor": None}, "unknown"),
        ("hotspots", {"hotspots": [{"path": "a", "changes": 20, "authors": 1}]}, "watch"),
        ("hotspots", {"commits": 29}, "unknown"),
        ("conflict_rate", {"conflict_rate": 10.0}, "watch"),
        ("conflict_rate", {"conflict_rate": 20.0}, "poor"),
        ("conflict_rate", {"conflict_rate": None}, "unknown"),
        ("days_since_release", {"days_since_release": 91}, "watch"),
        ("days_since_release", {"days_since_release": 366}, "poor"),
        ("days_since_release", {"days_since_release": 900, "commits_since_release": 0}, "good"),
        ("days_since_release", {"release": None, "days_since_release": None}, "unknown"),
    ],
)
def test_a_figure_beyond_its_limit_changes_the_verdict(
    item: str, changes: dict[str, Any], verdict: str
) -> None:
    assert judged(**changes)[item]["verdict"] == verdict


def test_the_worst_verdict_that_is_known_is_that_of_the_repository() -> None:
    assert judging.overall(judged(bus_factor=1, release=None)) == "poor"
    assert judging.overall(judged(bus_factor=2)) == "watch"
