"""What somebody stumbles over who types what the pages and the hints say, and mistypes the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub


def test_a_query_archives_finished_work_and_nothing_that_is_in_use(hub: Hub) -> None:
    file = hub.root / "coord" / "repos" / "oneiric.yaml"
    file.write_text(file.read_text().replace("status: active\n", ""))  # as an import leaves it
    hub.git("commit", "-qam", "No status")
    hub.ok(
        "dep", "create", "--consumer", "fastblocks", "--provider", "oneiric", "--type", "runtime"
    )
    hub.ok("issue", "close", "ISSUE-001")

    archived = hub.json("archive", "--query", "updated<9d")

    assert [one["id"] for one in archived] == ["ISSUE-001"]


@pytest.mark.parametrize("words", [
    ("issue", "close", "ISSUE-001"), ("todo", "complete", "TODO-001"),
    ("plan", "update", "PLAN-001", "--status", "completed"),
])  # fmt: skip
def test_archiving_open_work_names_the_command_that_ends_it(
    hub: Hub, words: tuple[str, ...]
) -> None:
    hub.ok("todo", "create", "--task", "Look", "--repo", "oneiric")
    hub.ok("plan", "create", "--title", "All of it", "--repo", "oneiric")

    refused = hub("archive", words[2], "--json")

    assert refused.code == 6
    assert f"`coord {' '.join(words)}`" in refused.error["hint"]
    hub.ok(*words)
    assert hub.json("archive", words[2])[0]["archived"]


def test_closing_what_waits_names_the_command_that_drops_the_link(hub: Hub) -> None:
    refused = hub("issue", "close", "ISSUE-002", "--json")

    assert refused.code == 6
    hint = refused.error["hint"].partition("`coord ")[2].rstrip("`.")
    assert hint == "issue update ISSUE-002 --remove-blocker ISSUE-001"
    hub.ok(*hint.split())
    hub.ok("issue", "close", "ISSUE-002")


def test_a_link_finds_its_record_in_any_case(hub: Hub) -> None:
    made = hub.json("issue", "create", "--title", "Later", "--blocked-by", "issue-001")
    assert made["blocked_by_open"] == ["ISSUE-001"]

    hub.ok("issue", "update", made["id"], "--add-blocker", "issue-002")
    assert hub.json("show", made["id"])["dependencies"] == ["ISSUE-001", "ISSUE-002"]


def test_a_nickname_is_its_repository_in_an_update_too(hub: Hub) -> None:
    changed = hub("issue", "update", "ISSUE-001", "--add-repo", "one", "--json")

    assert changed.json["repos"] == ["oneiric"]
    assert changed.err == ""
    assert "registry" not in hub("issue", "create", "--title", "x", "--repo", "one").err


def test_an_update_tells_of_a_repository_that_nobody_registered(hub: Hub) -> None:
    told = hub("issue", "update", "ISSUE-001", "--add-repo", "fastblcks").err

    assert "did you mean fastblocks? `coord undo`" in told
    hub.ok("undo")
    assert hub.json("show", "ISSUE-001")["repos"] == ["oneiric"]


def test_an_update_of_nothing_says_so(hub: Hub) -> None:
    before = hub.commits()

    refused = hub("issue", "update", "ISSUE-001", "--json")

    assert (refused.code, refused.error["code"]) == (2, "usage")
    assert hub.commits() == before


def test_before_the_first_commit_the_hint_names_its_day(hub: Hub) -> None:
    refused = hub("list", "--at", "9y", "--json")
    day = hub.git("log", "-1", "--format=%cs").strip()

    assert refused.code == 4
    assert f"is of {day};" in refused.error["hint"]
    assert hub("list", "--at", day).code == 0


@pytest.mark.parametrize(("words", "lists"), [
    (("repo", "show", "zzz"), "`coord repo list --limit 0`"), (("show", "zzz"), "`coord list --limit 0`"),
    (("dep", "show", "zzz"), "`coord dep list --limit 0`"), (("blocking", "zzz"), "`coord repo list --limit 0`"),
])  # fmt: skip
def test_a_hint_lists_what_was_asked_for(hub: Hub, words: tuple[str, ...], lists: str) -> None:
    assert lists in hub(*words, "--json").error["hint"]


def test_a_figure_is_mistyped_before_anything_was_measured(hub: Hub) -> None:
    refused = hub("metrics", "trend", "oneiric", "coverag", "--json")

    assert refused.code == 2
    assert "did you mean coverage?" in refused.error["message"]
