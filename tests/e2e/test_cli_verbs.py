"""The commands beside create and update: edit, bulk, undo, archive, graph, completion and more."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub


def _editor(hub: Hub, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    file = hub.root.parent / "my editor.sh"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setenv("EDITOR", f"'{file}'")


def test_edit_takes_what_the_editor_saved(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    _editor(hub, monkeypatch, "sed -i 's/Sessions leak/Sessions leak memory  # seen/' \"$1\"")

    record = hub.json("edit", "ISSUE-001")

    assert record["title"] == "Sessions leak memory"
    assert "# seen" in (hub.root / "coord/issues/ISSUE-001.yaml").read_text()
    assert hub.git("status", "--short") == ""


def test_edit_without_a_change_commits_nothing(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    _editor(hub, monkeypatch, "true")
    before = hub.commits()

    answer = hub("edit", "ISSUE-001")

    assert (answer.code, hub.commits()) == (0, before)
    assert "nothing changed" in answer.err


def test_edit_refuses_a_fault_and_keeps_the_text(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    _editor(hub, monkeypatch, "sed -i 's/status: pending/status: wat/' \"$1\"")
    before = (hub.root / "coord/issues/ISSUE-001.yaml").read_bytes()

    answer = hub("edit", "ISSUE-001")

    assert answer.code == 6
    kept = Path(answer.err.rpartition("kept in ")[2].strip().removesuffix("."))
    assert "status: wat" in kept.read_text()
    assert (hub.root / "coord/issues/ISSUE-001.yaml").read_bytes() == before


def test_an_editor_that_fails_changes_nothing(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    _editor(hub, monkeypatch, 'echo x >> "$1"; exit 3')

    assert hub("edit", "ISSUE-001").code == 2
    assert hub.git("status", "--short") == ""


def test_bulk_shows_first_and_changes_only_when_told(
    hub: Hub,
) -> None:
    words = ("bulk", "kind:issue status:pending", "--priority", "low", "--add-label", "later")
    before = hub.commits()

    asked = hub(*words)
    dry = hub(*words, "--dry-run", "--yes", "--json").json
    assert hub.commits() == before
    done = hub(*words, "--yes", "--json").json

    assert len(asked.out.splitlines()) == 2
    assert "--yes" in asked.err
    assert (dry["applied"], done["applied"]) == (False, True)
    assert dry["changes"] == done["changes"]
    assert done["changes"][0]["fields"]["priority"] == ["high", "low"]
    assert hub.commits() == before + 1
    assert {one["priority"] for one in hub.json("issue", "list")} == {"low"}


def test_the_options_of_bulk_are_changes_and_no_filters(hub: Hub) -> None:
    hub.ok("bulk", "kind:issue", "--status", "in_progress", "--assignee", "mo", "--yes")

    assert {(one["status"], one["assignee"]) for one in hub.json("issue", "list")} == {
        ("in_progress", "mo")
    }


@pytest.mark.parametrize("words", [["bulk", "kind:issue"], ["bulk", "--priority", "low"]])
def test_bulk_has_to_know_what_and_which(hub: Hub, words: list[str]) -> None:
    assert hub(*words).code == 2


def test_bulk_is_taken_back_in_one_undo(hub: Hub) -> None:
    before = hub.json("issue", "list")
    hub.ok("bulk", "kind:issue", "--priority", "low", "--yes")

    hub.ok("undo")

    after = hub.json("issue", "list")
    assert [one["priority"] for one in after] == [one["priority"] for one in before]


def test_undo_of_many_records_reads_each_content_by_its_id_and_not_by_a_path_that_git_looks_up(
    hub: Hub, tmp_path: Path
) -> None:
    for number in range(20):
        hub.ok("issue", "create", "--title", f"many {number}", "--repo", "fastblocks")
    before = sorted(hub.git("ls-tree", "-r", "HEAD", "coord").splitlines())
    hub.ok("bulk", "many", "--set", "status=closed", "--yes")
    hub.ok("archive", "--query", "many")
    trace = tmp_path / "trace"

    assert hub.process("undo", env={**os.environ, "GIT_TRACE2_EVENT": str(trace)}).returncode == 0
    hub.ok("undo")

    assert sorted(hub.git("ls-tree", "-r", "HEAD", "coord").splitlines()) == before
    begun = [line for line in trace.read_text("utf-8").splitlines() if '"event":"start"' in line]
    assert sum('"ls-tree"' in line for line in begun) == 2  # of the commit and of the one before
    assert hub.git("status", "--porcelain") == ""


def test_undo_goes_further_back_every_time(hub: Hub) -> None:
    for title in ("one", "two", "three"):
        hub.ok("issue", "update", "ISSUE-001", "--title", title)

    titles = []
    for _ in range(3):
        hub.ok("undo")
        titles.append(hub.json("show", "ISSUE-001")["title"])

    assert titles == ["two", "one", "Sessions leak"]


def test_undo_refuses_what_has_changed_since(hub: Hub) -> None:
    hub.ok("issue", "update", "ISSUE-001", "--title", "one")
    commit = hub.git("rev-parse", "HEAD").strip()
    hub.ok("issue", "update", "ISSUE-001", "--title", "two")
    before = hub.commits()

    answer = hub("undo", commit, "--json")

    assert (answer.code, answer.error["code"]) == (5, "conflict")
    assert (hub.commits(), hub.json("show", "ISSUE-001")["title"]) == (before, "two")


def test_undo_keeps_an_uncommitted_edit_of_another_field(hub: Hub) -> None:
    before = hub.json("show", "ISSUE-001")["title"]
    hub.ok("issue", "update", "ISSUE-001", "--title", "one")
    file = hub.root / "coord/issues/ISSUE-001.yaml"
    file.write_text(file.read_text() + "# a note\n")

    hub.ok("undo")

    assert hub.json("show", "ISSUE-001")["title"] == before
    assert file.read_text().endswith("# a note\n")
    assert "# a note" not in hub.git("show", "HEAD:coord/issues/ISSUE-001.yaml")


def test_undo_refuses_where_the_same_field_has_changed_since(hub: Hub) -> None:
    hub.ok("issue", "update", "ISSUE-001", "--title", "one")
    file = hub.root / "coord/issues/ISSUE-001.yaml"
    file.write_text(file.read_text().replace("title: one", "title: two"))

    assert hub("undo").code == 5
    assert "title: two" in file.read_text()


def test_undo_preview_writes_nothing(hub: Hub) -> None:
    before = hub.commits()

    found = hub.json("undo", "--dry-run")

    assert found.keys() == {"commit", "subject", "paths"}
    assert found["paths"] == ["coord/issues/ISSUE-002.yaml"]
    assert hub.commits() == before


def test_only_finished_records_are_archived_and_they_come_back(hub: Hub) -> None:
    assert hub("archive", "ISSUE-001").code == 6
    hub.ok("issue", "close", "ISSUE-001")
    hub.ok("archive", "--query", "kind:issue")

    assert hub.ids("issue", "list") == ["ISSUE-002"]
    assert hub.ids("list", "is:archived") == ["ISSUE-001"]
    assert hub.json("show", "ISSUE-001")["archived"] is True
    hub.ok("unarchive", "ISSUE-001")
    assert hub.ids("issue", "list") == ["ISSUE-001", "ISSUE-002"]


def test_delete_asks_refuses_what_is_named_and_never_frees_the_id(hub: Hub) -> None:

    assert hub("delete", "ISSUE-002").code == 1
    assert hub("delete", "ISSUE-001", "--yes").code == 6
    assert hub.json("delete", "ISSUE-002", "--yes") == {"deleted": "ISSUE-002"}
    assert hub("show", "ISSUE-002").code == 4
    assert hub.json("issue", "create", "--title", "new")["id"] == "ISSUE-003"


def test_a_template_gives_what_it_holds_and_no_more(hub: Hub) -> None:
    made = hub.json("template", "create", "leak", "ISSUE-001")
    record = hub.json("issue", "create", "--template", "leak", "--title", "Another")

    assert (hub.root / made["path"]).is_file()
    assert hub.json("template", "list") == [{"kind": "issue", "name": "leak"}]
    assert (record["title"], record["labels"], record["severity"]) == ("Another", ["async"], "bug")
    assert hub("issue", "create", "--template", "lek", "--title", "x").code == 4


def test_a_saved_query_runs_by_its_name(hub: Hub) -> None:
    hub.ok("query", "save", "mine", "label:async is:open")

    assert hub.json("query", "list") == {"mine": "label:async is:open"}
    assert hub.ids("list", "@mine") == ["ISSUE-001"]
    assert hub("query", "save", "bad", "prio:x").code == 2


def test_the_graph_draws_one_truth_in_every_format(hub: Hub) -> None:
    found = hub.json("graph")
    tree, mermaid, dot = (hub.ok("graph", "--format", f) for f in ("tree", "mermaid", "dot"))

    assert found["edges"] == [{"from": "ISSUE-002", "to": "ISSUE-001"}]
    assert tree == "ISSUE-002 pending Move to 1.0\n└─ ISSUE-001 pending Sessions leak\n"
    assert mermaid.startswith("graph LR\n")
    assert "n0 --> n1" in mermaid
    assert '"ISSUE-001" -> "ISSUE-002";' in dot


def test_labels_are_offered_and_found(hub: Hub) -> None:
    hub.ok("issue", "update", "ISSUE-002", "--add-label", "with space", "--add-label", "ärger")

    assert hub.ids("issue", "list", "--label", "with space") == ["ISSUE-002"]
    assert hub.ids("list", 'label:"with space"') == ["ISSUE-002"]
    hub.ok("issue", "update", "ISSUE-002", "--remove-label", "with space")
    assert hub.json("show", "ISSUE-002")["labels"] == ["ärger"]


def test_check_reads_what_is_staged_as_it_is_staged(hub: Hub) -> None:
    file = hub.write("issues/ISSUE-007.yaml", "id: ISSUE-007\ntitle: x\nstatus: wat\n")
    hub.git("add", "coord")
    file.write_text("id: ISSUE-007\ntitle: x\nstatus: pending\n")

    staged = hub("check", "--staged", "--json")

    assert hub("check").code == 0
    assert staged.code == 1
    (finding,) = staged.json
    assert finding.keys() == {
        "path", "line", "column", "id", "field", "code", "severity", "message", "hint",
    }  # fmt: skip
    assert (finding["path"], finding["line"], finding["column"], finding["field"]) == (
        "coord/issues/ISSUE-007.yaml", 3, 9, "status",
    )  # fmt: skip


def test_check_of_a_path_looks_at_that_alone(hub: Hub) -> None:
    hub.write("issues/ISSUE-007.yaml", "id: ISSUE-007\ntitle: x\nstatus: wat\n")

    assert hub("check", "coord/issues/ISSUE-001.yaml").code == 0
    assert hub("check", "coord/issues/ISSUE-007.yaml").code == 1
    assert hub("check", "coord/todos").code == 0
    assert hub("check", "coord/nope").code == 4


def test_doctor_finds_and_mends(hub: Hub) -> None:
    hub.ok("list")
    (hub.root / "coord/schemas/issue.schema.json").write_text("{}")
    (hub.root / "coord/issues/.ISSUE-001.yaml.tmp").write_text("half")
    (hub.root / ".git/coord/index.db").write_bytes(b"SQLite format 3\0" + b"junk" * 4000)

    sick = hub("doctor", "--json")
    mended = hub("doctor", "--fix", "--json")
    well = hub("doctor", "--json")

    assert (sick.code, mended.code, well.code) == (1, 0, 0)
    assert {one["name"] for one in mended.json if one["mended"]} >= {"schemas", "leftovers"}
    assert all(one["ok"] for one in well.json)
    assert hub.ids("issue", "list") == ["ISSUE-001", "ISSUE-002"]


def test_an_index_that_is_junk_does_not_stop_a_list(hub: Hub) -> None:
    hub.ok("list")
    for junk in (b"", b"junk", b"SQLite format 3\0" + b"junk" * 4000):
        (hub.root / ".git/coord/index.db").write_bytes(junk)
        assert hub.ids("issue", "list") == ["ISSUE-001", "ISSUE-002"]


def test_undo_keeps_a_file_that_was_written_by_hand(hub: Hub) -> None:
    text = "id: ISSUE-015\ntitle: mine # note\nstatus: pending\n"
    file = hub.write("issues/ISSUE-015.yaml", text)
    hub.ok("issue", "update", "ISSUE-015", "--status", "closed")

    hub.ok("undo")

    assert file.read_text() == text
    assert hub.git("status", "--porcelain") == ""


@pytest.mark.parametrize("kind", ["issue", "plan"])
def test_a_record_without_its_title_is_asked_for_it(hub: Hub, kind: str) -> None:
    before = hub.commits()

    bare = hub(kind, "create")
    loose = hub(kind, "create", "Two words")

    assert (bare.code, loose.code, hub.commits()) == (2, 2, before)
    assert "needs --title" in bare.err
    assert "--title 'Two words'" in loose.err


@pytest.mark.parametrize(("setting", "said"), [
    (["--status", "nonsense"], "There is no status 'nonsense'"),
    (["--set", "dependencies=[ISSUE-001]"], "circle"),
    (["--set", "dependencies=[ISSUE-999]"], "there is no record ISSUE-999"),
])  # fmt: skip
def test_bulk_refuses_in_the_preview_what_it_could_not_do(
    hub: Hub, setting: list[str], said: str
) -> None:
    for how in ("--dry-run", "--yes"):
        refused = hub("bulk", "kind:issue", *setting, how)

        assert (refused.code, refused.out) == (6, "")
        assert said in refused.err
    assert hub.git("status", "--short") == ""


def test_an_editor_of_the_terminal_is_not_started_where_there_is_none(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_EDITOR", "vi")

    refused = hub.process("edit", "ISSUE-001", stdin=subprocess.DEVNULL)

    assert refused.returncode == 2
    assert b"vi needs a terminal" in refused.stderr


def test_a_record_whose_file_cannot_be_read_is_not_said_to_be_missing(hub: Hub) -> None:
    hub.write("issues/ISSUE-060.yaml", "id: ISSUE-060\ntitle: a\ntitle: b\n")

    answer = hub("show", "ISSUE-060")

    assert answer.code == 4
    assert (
        "coord/issues/ISSUE-060.yaml:3:1: The key `title` stands here a second time" in answer.err
    )


def test_another_gits_lock_is_named_and_nothing_is_half_done(hub: Hub) -> None:
    before, lock = hub.commits(), hub.root / ".git" / "index.lock"
    lock.write_text("")

    refused = hub("issue", "create", "--title", "now")
    lock.unlink()

    assert refused.code == 3
    assert f"another git holds {lock}." in refused.err
    assert (hub.commits(), hub.git("status", "--short")) == (before, "")


def test_the_demo_takes_an_empty_repository_and_nothing_else(hub: Hub, tmp_path: Path) -> None:
    begun, used = tmp_path / "begun", tmp_path / "used"
    for root in (begun, used):
        root.mkdir()
        subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    (used / "file").write_text("mine")

    assert hub.json("init", "--demo", str(begun))["hub"] == str(begun)
    assert hub("init", "--demo", str(used)).code == 5


def test_a_mistyped_milestone_is_not_made(hub: Hub) -> None:
    hub.ok("plan", "create", "--title", "p", "--milestone", "Frozen:2026-12-01")
    plan = hub.json("plan", "list")[-1]["id"]

    mistyped = hub("plan", "milestone", plan, "Frozn", "--status", "completed")
    added = hub.json("plan", "milestone", plan, "Released", "--due", "2026-12-31")

    assert mistyped.code == 4
    assert "Did you mean Frozen?" in mistyped.err
    assert [one["name"] for one in added["milestones"]] == ["Frozen", "Released"]


def test_an_option_is_abbreviated_by_three_letters_or_more(hub: Hub) -> None:
    assert hub("search", "cache", "--att").code == 0
    assert hub("issue", "list", "--pr", "low").code == 2
