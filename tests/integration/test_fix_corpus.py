"""What the recommender is worth on attempts from real repositories (tests/data/fixes)."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.journal_world import clone

from gitcoord.api import fixes, learning, recommending
from gitcoord.api.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DATA = Path(__file__).parent.parent / "data" / "fixes"
_START = datetime(2026, 1, 1, tzinfo=UTC)


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_DATA / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A hub that remembers nothing yet, as it is a year later."""
    with closing(
        Workspace(clone(tmp_path / "hub"), _START + timedelta(days=365), watch=False)
    ) as one:
        yield one


def _remember(workspace: Workspace, rows: Sequence[dict[str, Any]]) -> None:
    given = [
        {"time": (_START + timedelta(hours=number)).isoformat()}
        | {key: value for key, value in row.items() if key != "worked"}
        for number, row in enumerate(rows)
    ]
    fixes.record(workspace, given)


def test_on_runs_of_a_tool_following_beats_the_most_common_strategy(workspace: Workspace) -> None:
    _remember(workspace, _rows("ruff.jsonl"))

    found = learning.evaluate(workspace)

    assert found["recommender"]["matched"] > 80
    assert found["lift"]["interval"][0] > 0.2
    assert found["lift"]["weighted_interval"][0] > 0.2
    assert found["calibration"]["error"] < 0.03
    assert found["parameters"]["prior"] == 0.25  # what a tool does to a type is always the same


def test_what_the_replay_says_of_a_policy_is_true_where_the_truth_is_known(
    workspace: Workspace,
) -> None:
    rows = _rows("ruff.jsonl")
    known, rest = rows[:1400], rows[1400:]
    _remember(workspace, known)
    workspace.now = _START + timedelta(hours=1401)

    advised = right = usual = 0
    for row in rest:
        found = recommending.recommend(workspace, row["message"], type=row["type"], remember=False)
        if found["basis"] != "default":
            advised += 1
            right += found["strategy"] in row["worked"]
            usual += "autofix" in row["worked"]
    said = learning.evaluate(workspace)["recommender"]["interval"]

    assert advised > 80
    assert right / advised > usual / advised + 0.2
    assert said[0] - 0.05 <= right / advised <= said[1] + 0.05


def test_on_histories_of_fixes_no_lift_is_claimed(workspace: Workspace) -> None:
    _remember(workspace, _rows("history.jsonl"))

    found = learning.evaluate(workspace)

    low, high = found["lift"]["interval"]
    assert low < 0 < high
    assert found["calibration"]["error"] < 0.07
    assert found["parameters"]["prior"] == 8  # what people do is not
