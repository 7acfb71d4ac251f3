"""Alerts from snapshots to the journal: what is told, what is not, and each only once."""

from __future__ import annotations

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.integration.measured import FILES, Package

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

KEYS = {"repo", "role", "metric", "alert", "time", "commit", "value", "usual", "change", "why",
        "first", "last", "points", "ended", "ended_by", "noted"}  # fmt: skip
NOW = datetime.now(UTC).replace(microsecond=0)


def snapshots(hub: Hub, values: list[Any], *, repo: str = "oneiric", **more: Any) -> list[str]:
    """Write a snapshot for each value, one a day up to now; return their commits."""
    commits = [f"{n:040x}" for n in range(1, len(values) + 1)]
    for n, (value, commit) in enumerate(zip(values, commits, strict=True)):
        moment = (NOW - timedelta(days=len(values) - 1 - n)).isoformat()
        told = value if isinstance(value, dict) else {"percent": value}
        section = {"definition": "one", "measured_at": moment, "commit": commit, "partial": False,
                   **more, **told}  # fmt: skip
        hub.ok("journal", "add", "snapshot", "--repo", repo, "--time", moment, "--commit", commit,
               "--data", json.dumps({"coverage": section}))  # fmt: skip
    return commits


def noted(hub: Hub) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hub.json("journal", "log", "--kind", "alert")
    return found


def test_a_drop_is_told_with_its_evidence_and_noted_once(hub: Hub) -> None:
    commits = snapshots(hub, [80.0, 80.1, 80.0, 80.2, 80.1, 74.0])

    (one,) = hub.json("metrics", "alerts")

    assert one.keys() == KEYS
    assert (one["alert"], one["metric"]) == ("drop", "coverage.percent")
    assert (one["value"], one["usual"], one["commit"]) == (74.0, 80.1, commits[-1])
    assert one["first"]["commit"] == commits[-2]
    assert "6.1 points" in one["why"]
    (fact,) = noted(hub)
    assert (fact["path"], fact["commit"]) == (one["noted"], commits[-1])
    assert fact["data"]["why"] == one["why"]
    assert hub.json("metrics", "alerts") == [one]
    assert len(noted(hub)) == 1


def test_ten_at_once_note_an_alert_once(hub: Hub) -> None:
    snapshots(hub, [80.0] * 5 + [70.0])

    with ThreadPoolExecutor(10) as threads:
        runs = [threads.submit(hub.process, "metrics", "alerts", "--json") for _ in range(10)]
        answers = [json.loads(run.result().stdout) for run in runs]

    assert {one["noted"] for (one,) in answers} == {noted(hub)[0]["path"]}
    assert len(noted(hub)) == 1


def test_fail_exits_with_one_until_the_figure_is_back(hub: Hub) -> None:
    snapshots(hub, [80.0] * 5 + [70.0, 70.0])
    assert hub("metrics", "alerts").code == 0
    assert hub("metrics", "alerts", "--fail").code == 1
    assert hub("metrics", "alerts", "--fail", "--repo", "fastblocks").code == 0

    snapshots(hub, [80.0] * 5 + [70.0, 70.0, 80.0], repo="fastblocks")

    answer = hub("metrics", "alerts", "--fail", "--repo", "fastblocks", "--json")
    assert answer.code == 0
    assert [one["ended_by"] for one in answer.json] == ["recovered"]


def test_another_definition_and_a_part_of_a_run_are_no_fall(hub: Hub) -> None:
    other = {"percent": 60.0, "definition": "two"}
    part = {"percent": 20.0, "partial": True}

    snapshots(hub, [80.0, 80.0, 80.0, 80.0, part, 80.0, 80.0, other, other, other])

    assert hub.json("metrics", "alerts") == []
    assert noted(hub) == []


def test_a_slow_drift_and_a_lower_level_are_told_apart(hub: Hub) -> None:
    wave = [0.0, 0.8, -0.7, 0.5, -0.9, 0.2, 0.9, -0.4, 0.6, -0.8]
    snapshots(hub, [90 - 0.4 * n for n in range(20)])
    snapshots(hub, [80 + one for one in wave] + [77.4 + one for one in wave], repo="fastblocks")

    found = {one["repo"]: one for one in hub.json("metrics", "alerts")}

    assert found["oneiric"]["alert"] == "drift"
    assert "a month" in found["oneiric"]["why"]
    assert found["fastblocks"]["alert"] == "level"
    assert found["fastblocks"]["change"] < -2


def test_a_value_that_is_gone_is_missing_with_the_reason(hub: Hub) -> None:
    gone = {"percent": None, "reason": "there is no data"}
    snapshots(hub, [80.0, 80.0, 80.0, 80.0, gone])

    (one,) = hub.json("metrics", "alerts")

    assert one["alert"] == "missing"
    assert "there is no data" in one["why"]
    assert hub("metrics", "alerts", "--fail").code == 1
    assert len(noted(hub)) == 1


def test_a_figure_that_nobody_renewed_is_missing_after_its_usual_pause(hub: Hub) -> None:
    stale = {"stale": True}
    old = (NOW - timedelta(days=30)).isoformat()
    values: list[Any] = [
        {"percent": 80.0, "measured_at": (NOW - timedelta(days=33 - n)).isoformat()}
        for n in range(3)
    ]

    snapshots(hub, [*values, {"percent": 80.0, "measured_at": old, **stale}])

    (one,) = hub.json("metrics", "alerts")
    assert (one["alert"], one["time"]) == ("missing", old)
    assert "30 days" in one["why"]


def test_a_conflict_rate_is_bad_when_it_rises(hub: Hub) -> None:
    for n, rate in enumerate([4.0, 4.0, 4.0, 4.0, 4.0, 15.0]):
        moment = (NOW - timedelta(days=5 - n)).isoformat()
        data = {"git": {"conflict_rate": rate, "measured_at": moment, "definition": "d"}}
        hub.ok("journal", "add", "snapshot", "--repo", "oneiric", "--time", moment, "--data",
               json.dumps(data))  # fmt: skip

    (one,) = hub.json("metrics", "alerts")

    assert (one["metric"], one["usual"], one["value"]) == ("git.conflict_rate", 4.0, 15.0)
    assert "above" in one["why"]


def test_collect_tells_of_a_new_alert_once(hub: Hub) -> None:
    package = Package(hub.root.parent / "oneiric")
    package.commit(FILES)
    package.measure()
    hub.ok("metrics", "collect", "-q", "--only", "coverage")
    first = hub("metrics", "collect", "--only", "coverage")
    more = "".join(f"def unused{n}():\n    return {n}\n\n\n" for n in range(9))
    package.commit({"pkg/text.py": FILES["pkg/text.py"] + "\n\n" + more})
    package.measure()

    second = hub("metrics", "collect", "--only", "coverage")
    third = hub("metrics", "collect", "--only", "coverage")

    assert "alert:" not in first.err
    assert "alert: oneiric: drop of coverage.percent" in second.err
    assert "alert:" not in third.err
    assert len(noted(hub)) == 1


def test_what_cannot_be_noted_is_still_told(hub: Hub) -> None:
    snapshots(hub, [80.0] * 5 + [70.0])
    hub.git("worktree", "add", "-q", str(hub.root.parent / "look here"), "coord-journal")

    answer = hub("metrics", "alerts", "--json")

    assert [one["noted"] for one in answer.json] == [None]
    assert "not noted" in answer.err


def test_hostile_facts_of_others_hide_no_alert(hub: Hub) -> None:
    snapshots(hub, [80.0] * 5 + [70.0])
    for data in ({"metric": "coverage.percent"}, {"metric": ["x"], "first": 1, "last": "x"},
                 {"metric": "coverage.percent", "first": {"time": "no"}, "last": {}}):  # fmt: skip
        hub.ok("journal", "add", "alert", "--repo", "oneiric", "--data", json.dumps(data))

    (one,) = hub.json("metrics", "alerts")

    assert one["noted"] is not None
    assert len(noted(hub)) == 4


def test_no_note_writes_nothing(hub: Hub) -> None:
    snapshots(hub, [80.0] * 5 + [70.0])
    tip = hub.git("rev-parse", "coord-journal")

    (one,) = hub.json("metrics", "alerts", "--no-note")

    assert one["noted"] is None
    assert hub.git("rev-parse", "coord-journal") == tip
    assert "drop" in hub.ok("metrics", "alerts", "--no-note")
    assert hub("metrics", "alerts", "--repo", "nobody").code == 4


def test_the_time_zone_changes_no_alert(hub: Hub) -> None:
    snapshots(hub, [80.0] * 5 + [70.0])
    env = {**os.environ, "TZ": "Pacific/Auckland"}

    done: subprocess.CompletedProcess[bytes] = hub.process("metrics", "alerts", "--json", env=env)

    assert json.loads(done.stdout) == hub.json("metrics", "alerts")


def issues(hub: Hub) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hub.json("issue", "list", "--label", "alert", "--limit", "0")
    return found


def measured_now(hub: Hub, percent: float) -> None:
    later = (NOW + timedelta(seconds=30)).isoformat()
    data = {"percent": percent, "definition": "one", "measured_at": later, "partial": False}
    hub.ok(
        "journal", "add", "snapshot", "--repo", "oneiric", "--data", json.dumps({"coverage": data})
    )


def test_an_alert_opens_one_issue_and_closes_it_when_the_figure_is_back(hub: Hub) -> None:
    commits = snapshots(hub, [80.0] * 5 + [70.0, 70.0])

    for _ in range(3):
        hub.ok("metrics", "alerts", "--create-issues")

    (issue,) = issues(hub)
    assert (issue["title"], issue["repos"]) == ("Drop of coverage.percent of oneiric", ["oneiric"])
    assert (issue["status"], issue["priority"], issue["severity"]) == ("pending", "high", "quality")
    assert "80 → 70" in issue["description"]
    assert commits[-2][:9] in issue["description"]
    assert hub.git("log", "-1", "--format=%s").startswith("Follow up on alerts: issues: created")
    assert hub.git("status", "--porcelain") == ""

    measured_now(hub, 80.0)
    for _ in range(2):
        hub.ok("metrics", "alerts", "--create-issues")

    (issue,) = issues(hub)
    assert issue["status"] == "closed"
    (comment,) = issue["comments"]
    assert comment["text"].startswith("Ended: recovered on")


def test_ten_at_once_open_one_issue_for_an_alert(hub: Hub) -> None:
    snapshots(hub, [80.0] * 5 + [70.0])
    words = ("metrics", "alerts", "--create-issues", "--json")

    with ThreadPoolExecutor(10) as threads:
        runs = [threads.submit(hub.process, *words) for _ in range(10)]
        assert {run.result().returncode for run in runs} == {0}

    assert len(issues(hub)) == 1


def test_an_alert_that_the_next_value_takes_back_closes_its_issue(hub: Hub) -> None:
    snapshots(hub, [80.0] * 5 + [70.0])
    hub.ok("metrics", "alerts", "--create-issues")
    later = (NOW + timedelta(seconds=30)).isoformat()
    data = {"percent": 80.0, "definition": "one", "measured_at": later, "partial": False}
    hub.ok(
        "journal", "add", "snapshot", "--repo", "oneiric", "--data", json.dumps({"coverage": data})
    )
    assert hub.json("metrics", "alerts") == []

    hub.ok("metrics", "alerts", "--create-issues", "--repo", "fastblocks")
    hub.ok("metrics", "alerts", "--create-issues", "--metric", "quality")
    assert [one["status"] for one in issues(hub)] == ["pending"]  # not asked about

    hub.ok("metrics", "alerts", "--create-issues")
    (issue,) = issues(hub)
    assert issue["status"] == "closed"
    assert "takes it back" in issue["comments"][0]["text"]


def test_an_issue_of_an_alert_that_a_person_closed_stays_closed(hub: Hub) -> None:
    snapshots(hub, [80.0] * 5 + [70.0])
    hub.ok("metrics", "alerts", "--create-issues")
    id = issues(hub)[0]["id"]
    hub.ok("issue", "close", id, "--reason", "wanted: the old module went")

    hub.ok("metrics", "alerts", "--create-issues")
    hub.ok("archive", id)
    hub.ok("metrics", "alerts", "--create-issues")

    assert hub.json("show", id)["status"] == "closed"
    assert [one["id"] for one in hub.json("list", "label:alert", "--limit", "0")] in ([], [id])


def test_without_the_measurements_no_issue_of_an_alert_is_closed(hub: Hub) -> None:
    snapshots(hub, [80.0] * 5 + [70.0])
    hub.ok("metrics", "alerts", "--create-issues")
    hub.git("update-ref", "-d", "refs/heads/coord-journal")

    assert hub.json("metrics", "alerts", "--create-issues") == []

    assert [one["status"] for one in issues(hub)] == ["pending"]


def test_what_somebody_writes_into_the_metadata_of_an_issue_breaks_no_alert(hub: Hub) -> None:
    snapshots(hub, [80.0] * 5 + [70.0])
    for marks in (
        {"alert": "drop", "metric": "coverage.percent", "repo": "oneiric", "first": 1, "last": []},
        {"alert": 7, "metric": {}, "repo": None, "first": {"time": "x"}, "last": {"time": 3}},
        {"alert": "drop", "last": {"time": "2026-01-01T00:00:00+00:00"}},
    ):
        id = hub.json("issue", "create", "--title", "mine")["id"]
        hub.ok("issue", "update", id, "--set", f"metadata={json.dumps(marks)}")

    hub.ok("metrics", "alerts", "--create-issues")

    assert len(issues(hub)) == 1
    assert {one["status"] for one in hub.json("issue", "list")} == {"pending"}
