"""Metrics from collecting to the report, the trend and the issues, over real repositories."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from tests.integration.measured import CALC, FILES, Package

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

KEYS = {"percent", "statements", "missing", "files", "branch", "source", "commit", "measured_at",
        "partial", "reason"}  # fmt: skip
SUMMARY = {"repos", "with_coverage", "average", "weighted_average", "files", "by_role", "leaders",
           "attention"}  # fmt: skip


@pytest.fixture
def oneiric(hub: Hub) -> Package:
    """A measured repository beside the hub."""
    package = Package(hub.root.parent / "oneiric")
    package.commit(FILES)
    package.measure()
    return package


def rows(found: dict[str, list[dict[str, object]]]) -> dict[object, dict[str, object]]:
    return {row["name"]: row for row in found["repos"]}


def test_collect_report_and_status_have_one_shape(hub: Hub, oneiric: Package) -> None:
    totals = oneiric.reported()

    for words in (["collect"], ["report"], ["status"]):
        found = hub.json("metrics", *words)

        held = rows(found)["oneiric"]["coverage"]
        assert isinstance(held, dict)
        assert held.keys() >= KEYS
        assert found["summary"].keys() >= SUMMARY
        assert held["percent"] == totals["percent_covered"]
        assert (found["summary"]["repos"], found["summary"]["with_coverage"]) == (2, 1)
        assert found["summary"]["by_role"]["resolver"]["average"] == totals["percent_covered"]


def test_a_repository_that_is_not_here_is_unknown_and_not_zero(hub: Hub, oneiric: Package) -> None:
    answer = hub("metrics", "collect", "--json")

    held = rows(answer.json)["fastblocks"]["coverage"]
    assert isinstance(held, dict)
    assert (held["percent"], held["partial"]) == (None, False)
    assert "not on this machine" in str(held["reason"])
    assert "not on this machine" in answer.err


def test_each_snapshot_is_a_commit_and_nothing_new_makes_none(hub: Hub, oneiric: Package) -> None:
    hub.ok("metrics", "collect", "--only", "coverage")
    first = hub.git("rev-list", "--count", "coord-journal")
    again = hub("metrics", "collect", "--only", "coverage")
    assert hub.git("rev-list", "--count", "coord-journal") == first == "1\n"
    assert "oneiric unchanged" in again.err

    oneiric.commit({"README.md": "words\n"})
    hub.ok("metrics", "collect", "--only", "coverage")

    assert hub.git("rev-list", "--count", "coord-journal") == "2\n"
    assert hub.git("status", "--porcelain") == ""


def test_a_broken_repository_stops_no_other(hub: Hub, oneiric: Package) -> None:
    broken = Package(hub.root.parent / "fastblocks")
    broken.commit(FILES)
    (broken.root / ".coverage").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    (broken.root / "coverage.json").write_text("[" * 100_000)

    found = rows(hub.json("metrics", "collect"))

    held, other = found["oneiric"]["coverage"], found["fastblocks"]["coverage"]
    assert isinstance(held, dict)
    assert isinstance(other, dict)
    assert held["percent"] is not None
    assert other["percent"] is None
    assert other["reason"]


def test_a_trend_has_a_point_for_each_measurement(hub: Hub, oneiric: Package) -> None:
    values = []
    for tests in (["calc", "text"], ["calc", "text"]):
        oneiric.measure(*tests)
        values.append(oneiric.reported()["percent_covered"])
        hub.ok("metrics", "collect", "-q")
        oneiric.commit({"pkg/calc.py": CALC + f"\n\ndef more():\n    return {len(values)}\n"})

    found = hub.json("metrics", "trend", "oneiric", "coverage")

    assert [one["value"] for one in found] == values
    assert all(one.keys() == {"time", "commit", "value", "partial"} for one in found)
    assert found == hub.json("metrics", "trend", "oneiric")
    assert hub.json("metrics", "trend", "resolver")[-1]["value"] == values[-1]
    assert [one["value"] for one in hub.json("metrics", "trend", "oneiric", "coverage.files")] == [
        3,
        3,
    ]
    assert hub.json("metrics", "trend", "oneiric", "--since", "2100-01-01") == []
    assert hub("metrics", "trend", "nobody").code == 4
    assert hub("metrics", "trend", "oneiric", "nope.nope").code == 2


def test_a_trend_can_be_drawn(hub: Hub, oneiric: Package) -> None:
    hub.ok("metrics", "collect")

    hub.ok("metrics", "trend", "oneiric", "--plot", "trend.svg")

    assert (hub.root / "trend.svg").read_text().startswith("<?xml")
    assert hub("metrics", "trend", "oneiric", "--plot", "trend.gif").code == 2


def test_a_hub_without_commits_and_one_without_repositories_can_be_asked(empty_hub: Hub) -> None:
    subprocess.run(["git", "init", "-q", "unborn"], cwd=empty_hub.root.parent, check=True)
    other = empty_hub.root.parent / "unborn"
    (other / "coord" / "repos").mkdir(parents=True)
    (other / "coord" / "coord.yaml").write_text("version: 1\n")
    (other / "coord" / "repos" / "oneiric.yaml").write_text("name: oneiric\n")

    assert empty_hub.json("metrics", "report")["repos"] == []
    assert empty_hub.json("metrics", "collect")["summary"]["average"] is None
    assert len(empty_hub.json("metrics", "report", "--hub", str(other))["repos"]) == 1
    empty_hub.ok("metrics", "collect", "--hub", str(other))


def test_time_zones_do_not_move_points(
    hub: Hub, oneiric: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.ok("metrics", "collect")
    here = hub.json("metrics", "trend", "oneiric")

    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        hub.ok("metrics", "collect")
        assert hub.json("metrics", "trend", "oneiric") == here
    finally:
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()


def test_fail_below_judges_only_what_is_known(hub: Hub, oneiric: Package) -> None:
    assert hub("metrics", "collect", "--fail-below", "10").code == 0

    answer = hub("metrics", "report", "--fail-below", "99")

    assert answer.code == 1
    assert "oneiric" in answer.err
    assert "not judged: fastblocks" in answer.err
    assert hub("metrics", "report", "--fail-below", "101").code == 2


def test_issues_follow_the_coverage_and_are_never_made_twice(hub: Hub, oneiric: Package) -> None:
    words = ("metrics", "collect", "--create-issues", "--min-coverage")

    hub.ok(*words, "90")
    hub.ok(*words, "90")
    (issue,) = hub.json("issue", "list", "--severity", "quality")
    assert (issue["repos"], issue["labels"]) == (["oneiric"], ["coverage"])
    assert issue["comments"] == []

    hub.ok(*words, "20")
    (closed,) = hub.json("issue", "list", "--severity", "quality")
    assert (closed["id"], closed["status"], len(closed["comments"])) == (issue["id"], "closed", 1)

    hub.ok(*words, "95")
    (again,) = hub.json("issue", "list", "--severity", "quality")
    assert (again["id"], again["status"], len(again["comments"])) == (issue["id"], "pending", 2)
    assert hub("check").code == 0
    assert hub("metrics", "collect", "--create-issues").code == 2


def test_what_is_unknown_or_partial_opens_and_closes_no_issue(hub: Hub, oneiric: Package) -> None:
    words = ("metrics", "collect", "--create-issues", "--min-coverage", "90")
    hub.ok(*words)
    (issue,) = hub.json("issue", "list", "--severity", "quality")

    (oneiric.root / ".coverage").unlink()
    hub.ok(*words)

    assert hub.json("issue", "list", "--severity", "quality") == [issue]


def test_reports_escape_what_names_and_reasons_hold(hub: Hub, oneiric: Package) -> None:
    hub.ok("metrics", "collect")
    data = {"coverage": {"percent": 12.5, "statements": 8, "missing": 7, "source": "=cmd|<script>\u202e",
                         "reason": "**x** | y", "partial": False}}  # fmt: skip
    hub.ok("journal", "add", "snapshot", "--repo", "fastblocks", "--data", json.dumps(data))

    page, marked, rows_ = (
        hub.ok("metrics", "report", f"--{sort}") for sort in ("html", "markdown", "csv")
    )

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\\*\\*x\\*\\* \\| y" in marked
    assert "'=cmd" in rows_
    assert "\u202e" not in page + marked + hub.ok("metrics", "report")


def test_a_snapshot_of_strange_shape_is_no_trouble(hub: Hub, oneiric: Package) -> None:
    for data in (
        {
            "coverage": {
                "percent": "high",
                "others": "many",
                "statements": True,
                "lowest": {"a": [1]},
            }
        },
        {"coverage": [1], "git": {"commits": 3, "deep": {"deeper": {"x": 1}}}},
        {"coverage": {"percent": 1e18, "measured_at": "yesterday", "commit": 7}},
    ):
        hub.ok("journal", "add", "snapshot", "--repo", "fastblocks", "--data", json.dumps(data))

        for words in (["report"], ["status"], ["trend", "fastblocks"], ["history", "fastblocks"],
                      ["compare", "oneiric", "fastblocks"], ["explain", "fastblocks"],
                      ["report", "--html"], ["report", "--markdown"], ["report", "--csv"]):  # fmt: skip
            hub.ok("metrics", *words)
            if len(words) == 1 or "--" not in words[1]:
                hub.json("metrics", *words)


def test_explain_goes_down_to_file_and_commit(hub: Hub, oneiric: Package) -> None:
    oneiric.coverage("xml", "-q")
    hub.ok("metrics", "collect")

    shown = hub.ok("metrics", "explain", "oneiric")
    found = hub.json("metrics", "explain", "oneiric", "coverage.missing")

    assert found["value"] == oneiric.reported()["missing_lines"]
    assert found["section"]["lowest"][0]["path"] == "pkg/calc.py"
    assert oneiric.git("rev-parse", "HEAD") in shown
    assert "not taken         .coverage" in shown
    assert hub("metrics", "explain", "fastblocks").code == 4


def test_ten_at_once_agree(hub: Hub, oneiric: Package) -> None:
    running = [
        subprocess.Popen([*hub.program, "metrics", "collect", "--only=coverage", "-q", "--json"], cwd=hub.root,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(10)
    ]  # fmt: skip
    answers = [one.communicate(timeout=120) for one in running]

    assert [one.returncode for one in running] == [0] * 10, answers
    assert len({out for out, _ in answers}) == 1
    assert len(hub.json("metrics", "trend", "oneiric")) == 1


def test_killed_at_any_moment_the_next_collection_is_whole(hub: Hub, oneiric: Package) -> None:
    for tenths in range(1, 8):
        child = subprocess.Popen([*hub.program, "metrics", "collect", "-q"], cwd=hub.root,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        time.sleep(tenths / 10)
        child.send_signal(signal.SIGKILL)
        child.wait()

    found = rows(hub.json("metrics", "collect"))["oneiric"]["coverage"]

    assert isinstance(found, dict)
    assert found["percent"] == oneiric.reported()["percent_covered"]
    assert hub.git("fsck", "--strict") == ""


def test_tables_that_are_lost_or_damaged_are_made_anew(hub: Hub, oneiric: Package) -> None:
    hub.ok("metrics", "collect")
    before = hub.ok("metrics", "report", "--json")
    place = hub.root / ".git" / "coord" / "metrics.db"
    for content in (None, b"", b"SQLite format 3\0" + b"\xff" * 5000):
        for path in place.parent.glob("metrics.db*"):
            path.unlink()
        if content is not None:
            place.write_bytes(content)

        assert hub.ok("metrics", "report", "--json") == before


def test_a_compacted_journal_is_followed(hub: Hub, oneiric: Package) -> None:
    for percent in (50.0, 60.0):
        hub.ok("journal", "add", "snapshot", "--repo", "fastblocks", "--time",
               f"2020-01-01T0{int(percent / 10)}:00:00+00:00", "--data",
               json.dumps({"coverage": {"percent": percent}}))  # fmt: skip
    assert len(hub.json("metrics", "trend", "fastblocks")) == 2

    hub.ok("journal", "compact", "--keep", "30d")

    assert [one["value"] for one in hub.json("metrics", "trend", "fastblocks")] == [60.0]


def test_without_coverage_reports_are_read_and_data_is_told(
    hub: Hub, oneiric: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = hub.root.parent / "without"
    absent.mkdir()
    (absent / "coverage.py").write_text("raise ImportError('not here')\n")
    oneiric.coverage("xml", "-q")
    totals = oneiric.reported()
    monkeypatch.setenv("PYTHONPATH", str(absent), prepend=os.pathsep)

    found = hub.json("metrics", "collect", "--only", "coverage")

    held = rows(found)["oneiric"]["coverage"]
    assert isinstance(held, dict)
    assert (held["source"], held["percent"]) == (
        "coverage.xml",
        pytest.approx(totals["percent_covered"]),
    )
    assert "pip install 'gitcoord[metrics]'" in held["others"][0]["reason"]

    (absent / "coverage.py").unlink()
    (oneiric.root / "coverage.xml").unlink()

    held = rows(hub.json("metrics", "collect", "--only", "coverage"))["oneiric"]["coverage"]
    assert isinstance(held, dict)
    assert (held["source"], held["percent"]) == (".coverage", totals["percent_covered"])


def test_a_fall_is_told_once_it_is_measured(hub: Hub) -> None:
    for day, percent in enumerate([90.0, 90.2, 90.1, 60.0, 90.1, 90.0, 85.0, 85.1], 1):
        data = {"coverage": {"percent": percent, "measured_at": f"2026-01-0{day}T00:00:00+00:00"}}
        hub.ok("journal", "add", "snapshot", "--repo", "oneiric", "--data", json.dumps(data))

    told = {one["time"][:10]: one["anomaly"] for one in hub.json("metrics", "history", "oneiric")}

    assert {day for day, why in told.items() if why} == {"2026-01-04", "2026-01-07"}
    assert told["2026-01-04"].endswith("came back")
    assert "fell" in hub.ok("metrics", "trend", "oneiric")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_hub_can_be_asked(hub: Hub, oneiric: Package) -> None:
    hub.ok("metrics", "collect")
    before = hub.ok("metrics", "report", "--json")
    for path in (hub.root / ".git" / "coord").glob("metrics.db*"):
        path.unlink()
    (hub.root / ".git" / "coord").chmod(0o500)
    try:
        assert hub.ok("metrics", "report", "--json") == before
    finally:
        (hub.root / ".git" / "coord").chmod(0o700)


def test_what_was_collected_since_then_is_left_alone(hub: Hub, oneiric: Package) -> None:
    hub.ok("metrics", "collect", "--only", "coverage", "-q")
    oneiric.commit({"README.md": "words\n"})
    tip = hub.git("rev-parse", "coord-journal")

    again = hub("metrics", "collect", "--only", "coverage", "--since", "1h")

    assert "oneiric was collected already" in again.err
    assert hub.git("rev-parse", "coord-journal") == tip
    hub.ok("metrics", "collect", "--only", "coverage,git", "--since", "1h", "--role", "resolver")
    assert hub.git("rev-parse", "coord-journal") != tip


def test_averages_are_told_by_tag_as_by_role(hub: Hub, oneiric: Package) -> None:
    hub.ok("repo", "update", "oneiric", "--set", 'tags=["core","py:3"]')
    hub.ok("repo", "update", "fastblocks", "--set", 'tags=["core"]')
    hub.ok("metrics", "collect", "-q", "--only", "coverage")

    found = hub.json("metrics", "report")

    held = found["summary"]["by_tag"]
    assert list(held) == ["core", "py:3"]
    assert held["py:3"] == found["summary"]["by_role"]["resolver"]
    assert {"average", "median", "weighted_average"} <= held["core"].keys()
    assert (held["core"]["repos"], held["core"]["with_coverage"]) == (2, 1)


def test_the_report_has_no_line_for_a_tag_of_one_repository_or_of_none_that_is_measured(
    hub: Hub, oneiric: Package
) -> None:
    hub.ok("repo", "update", "oneiric", "--set", 'tags=["core","alone"]')
    hub.ok("repo", "update", "fastblocks", "--set", 'tags=["core","unmeasured"]')
    hub.ok("metrics", "collect", "-q", "--only", "coverage")

    shown = hub.ok("metrics", "report")

    assert [line.split()[0] for line in shown.splitlines() if "#" in line] == ["#core"]


def test_the_history_of_any_figure_is_listed(hub: Hub, oneiric: Package) -> None:
    for day, score in enumerate([90.0, 90.2, 80.0], 1):
        data = {"quality": {"score": score, "measured_at": f"2026-01-0{day}T00:00:00+00:00"}}
        hub.ok("journal", "add", "snapshot", "--repo", "oneiric", "--data", json.dumps(data))

    listed = hub.json("metrics", "history", "oneiric", "quality")

    assert [one["value"] for one in listed] == [90.0, 90.2, 80.0]
    assert hub.json("metrics", "history", "oneiric") == []
    assert "coverage.percent was never" in hub.ok("metrics", "history", "oneiric")
    assert hub("metrics", "history", "oneiric", "qualty").code == 2
