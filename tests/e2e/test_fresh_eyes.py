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


@pytest.mark.parametrize(("word", "meant"), [
    ("close", "issue close"), ("create", "issue create"), ("new", "issue create"), ("done", "todo complete"),
    ("list-isues", "list-issues"), ("isue", "issue"),
])  # fmt: skip
def test_a_verb_without_its_noun_is_told_the_command(hub: Hub, word: str, meant: str) -> None:
    assert f"did you mean `coord {meant}`?" in hub(word, "--json").error["message"]


def test_every_list_takes_the_usual_filters(hub: Hub) -> None:
    assert hub.ids("list", "--status", "open", "--repo", "fastblocks") == ["ISSUE-002"]
    assert hub.ids("list", "--label", "async", "--priority", "high", "--assignee", "lena") == [
        "ISSUE-001"
    ]


def test_a_kind_that_is_searched_for_as_text_is_told_its_list(hub: Hub) -> None:
    assert "`coord issue list` lists issues" in hub("list", "issues").err
    assert hub("list", "kind:issue").err == ""


def test_a_folder_that_is_not_there_is_not_the_hub_around_it(hub: Hub) -> None:
    refused = hub("init", "not there", "--json")

    assert refused.code == 3
    assert "`git init 'not there'`" in refused.error["hint"]


def test_a_section_for_agents_makes_no_second_hub(hub: Hub) -> None:
    told = hub.ok("init", "--agents")

    assert told.endswith("is a hub already; 1 file was created.\n")


def test_a_preview_of_a_merge_says_that_nothing_was_merged(hub: Hub) -> None:
    hub.git("checkout", "-qb", "other")
    hub.ok("issue", "update", "ISSUE-001", "--priority", "low")
    hub.git("checkout", "-q", "-")
    hub.ok("issue", "update", "ISSUE-001", "--priority", "critical")

    preview = hub("merge", "other", "--dry-run")

    assert preview.code == 1
    assert "nothing was merged" in preview.err
    assert hub("resolve").out == "Nothing is in conflict.\n"


def test_a_list_in_groups_counts_all_that_is_shown(hub: Hub) -> None:
    hub.ok("issue", "create", "--title", "Third", "--repo", "fastblocks")

    told = hub("list", "kind:issue", "--group", "repo", "--limit", "2").err

    assert "the first 2 are shown" in told


def test_what_waits_by_its_status_alone_says_so(hub: Hub) -> None:
    hub.ok("issue", "update", "ISSUE-001", "--status", "blocked")

    assert hub.ok("blocked").splitlines()[0].endswith("(its status)")


@pytest.mark.parametrize("words", [
    ("dep", "scan"), ("dep", "cycles"), ("dep", "outdated"), ("dep", "impact", "oneiric"),
])  # fmt: skip
def test_nothing_to_show_is_said(hub: Hub, words: tuple[str, ...]) -> None:
    answer = hub(*words)

    assert (answer.code, answer.out) == (0, "")
    assert "no " in answer.err


@pytest.mark.parametrize("words", [
    ("metrics", "collect"), ("metrics", "status"), ("git", "velocity"), ("quality",), ("dep", "scan"),
])  # fmt: skip
def test_who_has_no_clone_is_told_where_one_is_looked_for(hub: Hub, words: tuple[str, ...]) -> None:
    assert "`git config coord.repo.NAME.path FOLDER`" in hub(*words).err


def test_no_hint_leads_from_a_template_to_deleting_records(hub: Hub) -> None:
    refused = hub("template", "delete", "bug", "--json").error

    assert "did you mean `coord delete`" not in refused["message"]
    assert refused["hint"] == "`coord template --help` shows its commands."


def test_a_saved_query_can_be_deleted(hub: Hub) -> None:
    before = (hub.root / "coord" / "coord.yaml").read_text()
    hub.ok("query", "save", "mine", "assignee:me")
    hub.ok("query", "save", "hot", "priority:critical")

    assert hub("query", "delete", "mines", "--json").error["hint"] == "Did you mean mine?"
    assert hub.json("query", "delete", "@mine") == {"deleted": "mine"}
    assert hub.json("query", "list") == {"hot": "priority:critical"}
    hub.ok("query", "delete", "hot")
    assert hub.json("query", "list") == {}
    assert (hub.root / "coord" / "coord.yaml").read_text() == before
    assert hub("check").code == 0


def test_a_journal_without_such_facts_says_so(hub: Hub) -> None:
    assert "no such facts" in hub("journal", "log", "--repo", "oneiric").err
