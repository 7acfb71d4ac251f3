"""Creating, changing and showing records of every kind, in the shapes that CLI.md fixes."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from gitcoord.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub

DERIVED = {"kind", "path", "updated", "ready", "blocked", "blocked_by_open"}


def test_init_says_where_the_hub_is_and_what_it_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    root = tmp_path / "new"
    subprocess.run(["git", "init", "-q", str(root)], check=True)

    code = main(["init", str(root), "--json"])
    first = json.loads(capsys.readouterr().out)
    main(["init", str(root), "--json"])
    again = json.loads(capsys.readouterr().out)

    assert code == 0
    assert first["hub"] == str(root)
    assert "coord/coord.yaml" in first["created"]
    assert again == {"hub": str(root), "created": []}


@pytest.mark.parametrize("bare", [False, True])
def test_init_refuses_what_is_no_work_tree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bare: bool
) -> None:
    if bare:
        subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "x")], check=True)
    else:
        (tmp_path / "x").mkdir()

    assert main(["init", str(tmp_path / "x")]) == 3
    assert capsys.readouterr().err.startswith("coord: ")


def test_init_in_a_subfolder_makes_the_hub_at_the_top(hub: Hub) -> None:
    sub = hub.root / "deep" / "er"
    sub.mkdir(parents=True)

    assert hub.json("init", str(sub)) == {"hub": str(hub.root), "created": []}
    assert hub.ids("issue", "list", "--hub", str(sub)) == ["ISSUE-001", "ISSUE-002"]


def test_an_issue_has_every_field_that_was_given(hub: Hub) -> None:
    record = hub.json("issue", "show", "ISSUE-001")

    assert record.keys() >= DERIVED
    wanted = {
        "id": "ISSUE-001", "title": "Sessions leak", "priority": "high", "severity": "bug",
        "labels": ["async"], "assignee": "lena", "target": "2030-01-31", "repos": ["oneiric"],
        "status": "pending", "ready": True, "blocked": False, "description": None,
        "path": "coord/issues/ISSUE-001.yaml", "kind": "issue",
    }  # fmt: skip
    assert wanted.items() <= record.items()
    assert record["created"].endswith("+00:00")


def test_a_blocked_issue_says_what_it_waits_for(hub: Hub) -> None:
    record = hub.json("show", "ISSUE-002")

    assert (record["blocked"], record["ready"]) == (True, False)
    assert record["blocked_by_open"] == ["ISSUE-001"]


def test_update_changes_only_what_is_named(hub: Hub) -> None:
    before = hub.json("show", "ISSUE-001")

    record = hub.json(
        "issue", "update", "ISSUE-001", "--status", "in_progress", "--priority", "critical",
        "--title", "T", "--description", "D", "--assignee", "mo", "--add-label", "x",
        "--remove-label", "async", "--set", "severity=security", "--set", "metadata.points=5",
    )  # fmt: skip

    changed = {key for key in record if record[key] != before[key]}
    assert changed - {"updated", "ready"} == {
        "status", "priority", "title", "description", "assignee", "labels", "severity", "metadata",
    }  # fmt: skip
    assert record["labels"] == ["x"]
    assert record["metadata"] == {"points": 5}


def test_closing_keeps_the_reason_and_frees_what_waited(hub: Hub) -> None:
    closed = hub.json("issue", "close", "ISSUE-001", "--reason", "fixed in 0.4")

    assert closed["status"] in ("closed", "resolved")
    assert [c["text"] for c in closed["comments"]] == ["fixed in 0.4"]
    assert hub.ids("ready") == ["ISSUE-002"]


def test_todos_carry_hours_links_and_criteria(hub: Hub) -> None:
    made = hub.json(
        "todo", "create", "--task", "Pin", "--repo", "oneiric", "--estimate", "2.5", "--issue",
        "ISSUE-001", "--criterion", "green", "--criterion", "released",
    )  # fmt: skip
    done = hub.json("todo", "complete", made["id"], "--hours", "3")

    assert (made["estimated_hours"], made["issue"]) == (2.5, "ISSUE-001")
    assert len(made["acceptance_criteria"]) == 2
    assert (done["status"], done["actual_hours"]) == ("completed", 3)


def test_a_todo_that_waits_is_not_completed(hub: Hub) -> None:
    hub.ok("todo", "create", "--task", "a", "--repo", "oneiric", "--blocked-by", "ISSUE-001")

    answer = hub("todo", "complete", "TODO-001", "--json")

    assert answer.code == 6
    assert "ISSUE-001" in answer.error["message"] + answer.error["hint"]


def test_one_todo_for_each_repository_of_an_issue(hub: Hub) -> None:
    first = hub.json("todo", "create", "--for-each-repo", "ISSUE-002")
    again = hub.json("todo", "create", "--for-each-repo", "ISSUE-002")

    assert [todo["repo"] for todo in first] == ["oneiric", "fastblocks"]
    assert {todo["issue"] for todo in first} == {"ISSUE-002"}
    assert again == []


def test_plans_have_milestones_and_are_validated(hub: Hub) -> None:
    plan = hub.json(
        "plan", "create", "--title", "1.0", "--repo", "oneiric", "--target", "2030-02-01",
        "--milestone", "API frozen:2020-01-01", "--issue", "ISSUE-001",
    )  # fmt: skip
    stone = plan["milestones"][0]
    late = hub("plan", "validate", plan["id"], "--json")
    hub.ok("plan", "milestone", plan["id"], stone["id"], "--status", "completed")
    fine = hub("validate-plan", plan["id"], "--json")

    assert (stone["name"], stone["due"]) == ("API frozen", "2020-01-01")
    assert late.code == 1
    assert late.json[0]["overdue"]
    assert fine.json[0]["overdue"] == []


def test_dependencies_are_recorded_and_asked_for(hub: Hub) -> None:
    made = hub.json(
        "dep", "create", "--consumer", "fastblocks", "--provider", "oneiric", "--type", "runtime",
        "--version", ">=0.3",
    )  # fmt: skip
    checked = hub("dep", "check", "--consumer", "fastblocks", "--json", "--fail-on", "unknown")
    hub.ok("dep", "update", made["id"], "--status", "satisfied")

    assert made["version_constraint"] == ">=0.3"
    assert checked.code == 1
    assert checked.json[0]["verdict"] == "unknown"
    assert checked.json[0].keys() == {
        "id", "consumer", "provider", "constraint", "provider_version", "verdict", "reason",
        "file", "line",
    }  # fmt: skip
    assert hub("check-deps", "--fail-on", "unknown").code == 0


def test_a_repository_is_found_by_its_nickname(hub: Hub) -> None:
    hub.ok("repo", "update", "oneiric", "--role", "foundation", "--add-tag", "core")

    shown = hub.json("repo", "show", "one")
    assert (shown["name"], shown["role"], shown["tags"]) == ("oneiric", "foundation", ["core"])


def test_a_comment_is_signed_and_dated(hub: Hub) -> None:
    (comment,) = hub.json("comment", "ISSUE-001", "Seen on 3.13.")["comments"]

    assert comment.keys() == {"id", "author", "created", "text"}
    assert (comment["author"], comment["text"]) == ("Lena", "Seen on 3.13.")


def test_no_commit_leaves_the_commit_to_the_user(hub: Hub) -> None:
    before = hub.commits()

    hub.ok("issue", "create", "--title", "x", "--no-commit")

    assert hub.commits() == before
    assert "ISSUE-003" in hub.git("status", "--short")


def test_every_other_change_is_one_commit_named_for_it(hub: Hub) -> None:
    before = hub.commits()

    hub.ok("issue", "update", "ISSUE-001", "--priority", "low")

    assert hub.commits() == before + 1
    assert hub.git("log", "-1", "--format=%s").strip() == "ISSUE-001: priority high → low"


def test_status_of_a_repository_has_the_fixed_shape(hub: Hub) -> None:
    status = hub.json("status", "oneiric")

    assert {
        "repo", "issues", "todos", "dependencies_outgoing", "dependencies_incoming", "blocking",
        "blocked_by",
    } <= status.keys()  # fmt: skip
    assert [one["id"] for one in status["issues"]] == ["ISSUE-001", "ISSUE-002"]
    assert {row["repo"] for row in hub.json("status")["repos"]} == {"oneiric", "fastblocks"}


def test_blocking_names_what_stands_before_a_repository(hub: Hub) -> None:
    assert hub.ids("blocking", "fastblocks") == ["ISSUE-001"]
    assert hub.ids("blocked") == ["ISSUE-002"]


def test_what_was_exported_imports_without_a_change(hub: Hub, tmp_path: Path) -> None:
    hub.ok("todo", "create", "--for-each-repo", "ISSUE-002")
    file = tmp_path / "ecosystem.yaml"
    hub.ok("export", "ecosystem", "-o", str(file))

    again = hub.json("import", "ecosystem", str(file))

    assert (again["created"], again["updated"]) == (0, 0)
    assert again["unchanged"] >= 6
    assert isinstance(again["notes"], list)


def test_export_to_nowhere_is_said_in_one_line(hub: Hub) -> None:
    answer = hub("export", "ecosystem", "-o", "/nowhere/x.yaml")

    assert answer.code == 3
    assert "/nowhere/x.yaml" in answer.err


def test_a_repository_that_records_mention_needs_no_registration(empty_hub: Hub) -> None:
    first = empty_hub.json("issue", "create", "--title", "first", "--repo", "alpha")["id"]
    empty_hub.json("issue", "create", "--title", "second", "--repo", "beta", "--blocked-by", first)

    assert empty_hub.ids("blocking", "beta") == [first]
    assert [r["id"] for r in empty_hub.json("status", "alpha")["blocking"]] == [first]
    assert empty_hub("status", "gamma").code == 4


def test_a_repository_that_is_not_registered_is_told_of_and_kept(empty_hub: Hub) -> None:
    empty_hub.ok("repo", "create", "oneiric", "--path", "../oneiric")

    answer = empty_hub("issue", "create", "--title", "first", "--repo", "oneirc", "--json")

    assert answer.code == 0
    assert answer.json["repos"] == ["oneirc"]
    assert "did you mean oneiric?" in answer.err
    (finding,) = empty_hub.json("check")
    assert (finding["code"], finding["severity"]) == ("unknown-repo", "warning")
    assert finding["line"] is not None


def test_a_repository_has_its_own_path_beside_that_of_its_file(empty_hub: Hub) -> None:
    record = empty_hub.json("repo", "create", "oneiric", "--path", "../oneiric")

    assert record["path"] == "coord/repos/oneiric.yaml"
    assert record["repo_path"] == "../oneiric"


def test_a_mistyped_field_is_set_and_told_with_the_nearest(hub: Hub) -> None:
    answer = hub("issue", "update", "ISSUE-001", "--set", "asignee=bob", "--json")

    assert (answer.code, answer.json["asignee"]) == (0, "bob")
    assert "asignee is no field of an issue; did you mean assignee?" in answer.err
    assert hub("issue", "update", "ISSUE-001", "--set", "metadata.mine=1").err == ""


def test_a_repository_cannot_depend_on_itself(hub: Hub) -> None:
    itself = ("--consumer", "oneiric", "--provider", "one", "--type", "runtime")

    refused = hub("dep", "create", *itself, "--json")

    assert (refused.code, refused.error["message"]) == (6, "oneiric cannot depend on itself.")
    other = hub.json("dep", "create", "--consumer", "fastblocks", *itself[2:])["id"]
    assert hub("dep", "update", other, "--consumer", "oneiric").code == 6
    assert hub.json("show", other)["consumer"] == "fastblocks"
