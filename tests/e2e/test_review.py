"""`coord review`: a change is judged as the merge would make it, and nothing is run or moved."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def proposal(hub: Hub) -> Hub:
    """A hub whose branch `change` has yet to differ from `main`."""
    hub.git("switch", "-q", "-c", "change")
    return hub


def review(hub: Hub, *words: str) -> dict[str, Any]:
    answer = hub("review", "--base", "main", "--json", *words)
    found: dict[str, Any] = answer.json
    assert answer.code == (1 if any(f["severity"] == "error" for f in found["findings"]) else 0)
    return found


def commit(hub: Hub, message: str = "by hand") -> None:
    hub.git("add", "-A")
    hub.git("commit", "-q", "-m", message)


def codes(found: dict[str, Any]) -> list[str]:
    return [one["code"] for one in found["findings"]]


def test_a_good_change_is_told_with_what_it_means(proposal: Hub) -> None:
    proposal.ok("issue", "close", "ISSUE-001")

    found = review(proposal)

    assert found["findings"] == []
    assert [(one["id"], one["change"]) for one in found["changes"]] == [("ISSUE-001", "changed")]
    assert found["changes"][0]["fields"]["status"] == ["pending", "closed"]
    assert [(one["id"], one["effect"], one["by"]) for one in found["effects"]] == [
        ("ISSUE-002", "unblocked", ["ISSUE-001"]),
        ("ISSUE-001", "finished", []),
    ]


def test_a_broken_reference_fails_with_its_place(proposal: Hub) -> None:
    path = proposal.root / "coord/issues/ISSUE-002.yaml"
    path.write_text(path.read_text().replace("- ISSUE-001", "- ISSUE-999"))
    commit(proposal)

    (finding,) = review(proposal)["findings"]

    assert (finding["code"], finding["severity"]) == ("unknown-id", "error")
    assert finding["path"] == "coord/issues/ISSUE-002.yaml"
    assert "ISSUE-999" in path.read_text().splitlines()[finding["line"] - 1]


def test_a_cycle_that_only_the_merge_closes_is_found(proposal: Hub) -> None:
    proposal.git("switch", "-q", "main")
    for number in (3, 4):
        proposal.ok("issue", "create", "--title", f"number {number}")
    proposal.git("switch", "-q", "-C", "change")
    proposal.ok("issue", "update", "ISSUE-003", "--set", "blocked_by=[ISSUE-004]")
    proposal.git("switch", "-q", "main")
    proposal.ok("issue", "update", "ISSUE-004", "--set", "blocked_by=[ISSUE-003]")
    proposal.git("switch", "-q", "change")
    assert proposal("check").code == 0

    found = review(proposal)

    assert codes(found) == ["cycle"]
    assert [one["id"] for one in found["effects"] if one["effect"] == "cycle"] == [
        "ISSUE-003",
        "ISSUE-004",
    ]


def test_a_conflict_is_an_error_at_its_line(proposal: Hub) -> None:
    path = proposal.root / "coord/issues/ISSUE-001.yaml"
    for branch in ("change", "main"):
        proposal.git("switch", "-q", branch)
        path.write_text(path.read_text().replace("Sessions leak", f"Sessions leak in {branch}"))
        commit(proposal)
    proposal.git("switch", "-q", "change")

    found = review(proposal)

    assert "merge-conflict" in codes(found)
    conflict = next(one for one in found["findings"] if one["code"] == "merge-conflict")
    assert conflict["path"] == "coord/issues/ISSUE-001.yaml"
    assert conflict["line"]


def test_a_fault_that_the_base_has_already_fails_no_other_change(hub: Hub) -> None:
    hub.write("issues/ISSUE-050.yaml", "id: ISSUE-050\ntitle: x\nstatus: wat\n")
    commit(hub)
    hub.git("switch", "-q", "-c", "change")
    hub.ok("issue", "update", "ISSUE-001", "--priority", "low")

    found = review(hub)

    assert found["findings"] == []
    assert found["known_findings"] == 1


def test_a_plan_that_is_completed_with_open_work_is_an_unmet_gate(hub: Hub) -> None:
    hub.ok("plan", "create", "--title", "One", "--repo", "oneiric", "--milestone", "M1:2030-01-01")
    hub.ok("todo", "create", "--task", "Do", "--repo", "oneiric", "--plan", "PLAN-001")
    hub.git("switch", "-q", "-c", "change")
    hub.ok("plan", "update", "PLAN-001", "--status", "completed")

    found = review(hub)

    assert codes(found) == ["unmet-gate", "unmet-gate"]
    assert "TODO-001" in " ".join(one["message"] for one in found["findings"])


def test_finishing_what_still_waits_is_a_warning(proposal: Hub) -> None:
    path = proposal.root / "coord/issues/ISSUE-002.yaml"
    path.write_text(path.read_text().replace("status: pending", "status: closed"))
    commit(proposal)

    found = review(proposal)

    assert codes(found) == ["finished-while-blocked"]
    assert found["findings"][0]["severity"] == "warning"


def test_a_review_moves_nothing_and_runs_nothing(proposal: Hub, tmp_path: Path) -> None:
    bait = tmp_path / "ran"
    proposal.write(
        "dependencies/DEP-001.yaml",
        "id: DEP-001\nconsumer: fastblocks\nprovider: oneiric\ntype: runtime\n"
        f"validation:\n  command: touch {bait}\n  expected_pattern: .\n",
    )
    commit(proposal)
    proposal.git("switch", "-q", "main")
    proposal.ok("issue", "update", "ISSUE-001", "--priority", "low")
    proposal.git("switch", "-q", "change")
    proposal.write("issues/ISSUE-002.yaml", "half written")
    seen = ("for-each-ref", "status", "rev-parse HEAD", "stash list")
    before = [proposal.git(*words.split()) for words in seen]

    review(proposal)

    assert [proposal.git(*words.split()) for words in seen] == before
    assert not bait.exists()


def test_a_merge_is_judged_the_same_each_time(proposal: Hub) -> None:
    proposal.ok("issue", "update", "ISSUE-001", "--priority", "low")
    proposal.git("switch", "-q", "main")
    proposal.ok("issue", "create", "--title", "meanwhile")
    proposal.git("switch", "-q", "change")

    assert review(proposal) == review(proposal)


def test_a_base_that_is_not_there_is_explained(proposal: Hub) -> None:
    answer = proposal("review", "--base", "origin/main")

    assert answer.code == 4
    assert "fetch-depth: 0" in answer.err


def test_histories_that_never_met_are_refused(proposal: Hub) -> None:
    proposal.git("checkout", "-q", "--orphan", "alone")
    proposal.git("commit", "-q", "-m", "alone")

    assert proposal("review", "--base", "main").code == 4


HOSTILE = "x`*_|<b>@all</b>\n::error file=a::b%0A ]( <!-- --> \x1b[31m"


def test_annotations_hold_what_a_record_says_on_one_line(proposal: Hub, tmp_path: Path) -> None:
    text = json.dumps(HOSTILE)
    proposal.write("issues/ISSUE-003.yaml", f"id: ISSUE-003\ntitle: a\nstatus: {text}\n")
    commit(proposal)

    answer = proposal(
        "review", "--base", "main", "--annotate", "github", "--markdown", str(tmp_path / "m.md"),
        "--sarif", str(tmp_path / "s.sarif"), "--codequality", str(tmp_path / "q.json"),
    )  # fmt: skip

    assert answer.code == 1
    (line,) = answer.out.splitlines()
    assert line.startswith("::error file=coord/issues/ISSUE-003.yaml,line=3,col=9,title=")
    assert "\x1b" not in (tmp_path / "m.md").read_text()
    outside = "".join((tmp_path / "m.md").read_text().split("`")[::2])
    assert "@all" not in outside
    assert "<b>" not in outside
    sarif = json.loads((tmp_path / "s.sarif").read_text())
    (result,) = sarif["runs"][0]["results"]
    rules = sarif["runs"][0]["tool"]["driver"]["rules"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "bad-status"
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": 9}
    (quality,) = json.loads((tmp_path / "q.json").read_text())
    assert quality["location"] == {
        "path": "coord/issues/ISSUE-003.yaml",
        "lines": {"begin": 3},
    }


def test_the_faults_of_check_have_the_same_formats(hub: Hub) -> None:
    hub.write("issues/ISSUE-003.yaml", "id: ISSUE-003\ntitle: a\nstatus: wat\n")

    assert hub("check", "--format", "github").out.startswith("::error file=")
    assert json.loads(hub("check", "--format", "sarif").out)["version"] == "2.1.0"


def test_the_action_comments_once_and_fails_with_the_review(
    proposal: Hub, tmp_path: Path, path_with_coord: str
) -> None:
    path = proposal.root / "coord/issues/ISSUE-002.yaml"
    path.write_text(path.read_text().replace("- ISSUE-001", "- ISSUE-999"))
    commit(proposal)
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    calls = tmp_path / "calls"
    forge = tmp_path / "bin" / "gh"  # stands for the forge: the comment would leave the machine
    forge.write_text(
        f'#!/bin/sh\necho "$*" >> {calls}\ncase "$*" in *--jq*) cat {tmp_path}/old 2>/dev/null;; esac\n'
    )
    forge.chmod(0o755)
    out = tmp_path / "out"
    env = {
        **os.environ, "PATH": path_with_coord, "ACTION": str(ROOT), "BASE": "main", "COMMENT": "true",
        "PULL": "7", "GH_TOKEN": "x", "GITHUB_REPOSITORY": "o/r", "RUNNER_TEMP": str(tmp_path),
        "COORD": str(tmp_path / "bin" / "coord"), "GITHUB_OUTPUT": str(out),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }  # fmt: skip

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", steps[0]["run"]], cwd=proposal.root, env=env, capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    first = run()
    (tmp_path / "old").write_text("42\n")
    run()

    assert first.returncode == 1, first
    assert "::error file=coord/issues/ISSUE-002.yaml" in first.stdout
    assert "repos/o/r/issues/7/comments -F body=@" in calls.read_text()
    assert "--method PATCH repos/o/r/issues/comments/42" in calls.read_text()
    assert (tmp_path / "summary").read_text().startswith("<!-- coord review -->")
    assert out.read_text().startswith(f"sarif={tmp_path}/coord.sarif")


def test_the_templates_take_nothing_of_a_pull_request_into_a_script() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]

    assert all("${{" not in step.get("run", "") for step in steps)
    assert "coord-review" in yaml.safe_load((ROOT / "ci/gitlab/coord-review.yml").read_text())
