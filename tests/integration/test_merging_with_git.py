"""git itself merges records: by its merge, rebase, cherry-pick and stash, with our driver in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.integration.merging_world import OURS, THEIRS, Hub, begin, branches, merged_fields

from gitcoord.api import merge_driver
from gitcoord.git.repository import discover


@pytest.fixture
def bare_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    return begin(tmp_path, monkeypatch)


@pytest.fixture
def hub(bare_hub: Hub) -> Hub:
    bare_hub.install()
    bare_hub.add("ISSUE-001", "Sessions leak", "2026-01-01T10:00:00+00:00")
    bare_hub.commit("first")
    return bare_hub


@pytest.mark.parametrize(
    "words",
    [["merge", "other"], ["rebase", "other"], ["cherry-pick", "other"],
     ["merge", "--squash", "other"], ["merge", "-s", "recursive", "other"],
     ["pull", "--no-rebase", ".", "other"]],
    ids=lambda words: " ".join(words[:2]),
)  # fmt: skip
def test_git_merges_field_by_field(hub: Hub, words: list[str]) -> None:
    branches(hub, OURS, THEIRS)

    hub.git(*words)

    merged_fields(hub)


def test_stash_pop_merges_field_by_field(hub: Hub) -> None:
    for old, new in THEIRS:
        hub.edit(old, new)
    hub.git("stash", "-q")
    for old, new in OURS:
        hub.edit(old, new)
    hub.commit()

    hub.git("stash", "pop")

    merged_fields(hub)


def labelled(text: str) -> str:
    """Call the sides of conflicts as every git does; from 2.44 on it tells their branches' names."""
    text = text.replace("<<<<<<< HEAD\n", "<<<<<<< ours\n")
    return text.replace(">>>>>>> other\n", ">>>>>>> theirs\n")


def test_a_conflict_marks_its_own_lines_and_says_how_to_decide(hub: Hub) -> None:
    branches(
        hub,
        [("status: pending", "status: closed"), ("lena", "omar")],
        [("status: pending", "status: resolved"), ("priority: medium", "priority: high")],
    )

    said = hub.git("merge", "other", fails=True)

    text = hub.file().read_text()
    assert "<<<<<<< ours\nstatus: closed\n=======\nstatus: resolved\n>>>>>>> theirs\n" in labelled(
        text
    )
    assert text.count("<<<<<<<") == 1
    assert "priority: high" in text
    assert "assignee: omar" in text
    assert "coord: ISSUE-001: status was changed on both sides" in said
    assert "`coord resolve ISSUE-001 --field status`" in said
    assert hub.coord("resolve") == [
        {"id": "ISSUE-001", "field": "status", "ours": "closed", "theirs": "resolved"}
    ]

    assert hub.coord("resolve", "ISSUE-001", "--theirs") == []
    assert hub.git("status", "--porcelain") == "M  coord/issues/ISSUE-001.yaml\n"
    hub.git("commit", "-q", "--no-edit")
    assert hub.coord("show", "ISSUE-001")["status"] == "resolved"


def test_one_deleted_and_one_changed_is_a_conflict_as_in_git(hub: Hub) -> None:
    hub.git("checkout", "-q", "-b", "other")
    hub.file().unlink()
    hub.commit("delete")
    hub.git("checkout", "-q", "main")
    hub.edit("lena", "omar")
    hub.commit()

    hub.git("merge", "other", fails=True)

    (one,) = hub.coord("resolve")
    assert (one["id"], one["field"], one["theirs"]) == ("ISSUE-001", None, None)
    assert one["ours"]["assignee"] == "omar"
    hub.coord("resolve", "ISSUE-001", "--theirs")
    assert not hub.file().exists()
    assert hub.git("status", "--porcelain") == "D  coord/issues/ISSUE-001.yaml\n"


def test_a_side_that_is_no_yaml_is_merged_by_lines(hub: Hub) -> None:
    branches(hub, [("lena", "omar")], [("severity: bug", "severity: [bug")])

    hub.git("merge", "other")

    text = hub.file().read_text()
    assert "assignee: omar" in text
    assert "severity: [bug\n" in text


def test_criss_cross_merges_do_not_bring_back_what_was_decided(hub: Hub) -> None:
    branches(hub, [("status: pending", "status: closed")], [("lena", "omar")])
    hub.git("branch", "left")
    hub.git("branch", "right", "other")
    hub.git("merge", "-q", "--no-edit", "right")
    hub.git("checkout", "-q", "other")
    hub.git("merge", "-q", "--no-edit", "left")
    hub.edit("status: closed", "status: resolved")
    hub.commit("on other")
    hub.git("checkout", "-q", "main")
    hub.edit("assignee: omar", "assignee: lena")
    hub.commit("on main")
    assert len(hub.git("merge-base", "--all", "main", "other").split()) == 2

    hub.git("merge", "-q", "--no-edit", "other")

    record = hub.coord("show", "ISSUE-001")
    assert (record["status"], record["assignee"]) == ("resolved", "lena")


@pytest.mark.parametrize("program", ["missing", "broken", "crashing"])
def test_without_a_working_coord_git_merges_by_lines(
    bare_hub: Hub, tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "elsewhere" / "coord"
    if program != "missing":
        path.parent.mkdir()
        first = "#!/nowhere/python" if program == "broken" else "#!/bin/sh\nexit 1"
        path.write_text(f"{first}\n")
        path.chmod(0o755)
    bare_hub.install(str(path))
    bare_hub.add("ISSUE-001", "Sessions leak", "2026-01-01T10:00:00+00:00")
    bare_hub.commit("first")
    branches(
        bare_hub,
        [("status: pending", "status: closed"), ("  one", "  ONE")],
        [("status: pending", "status: resolved"), ("lena", "omar")],
    )
    if program == "missing":
        bare_hub.program = tmp_path / "nowhere" / "coord"

    bare_hub.git("merge", "other", fails=True)

    text = bare_hub.file().read_text()
    assert "<<<<<<< ours\nstatus: closed\n=======\nstatus: resolved\n>>>>>>> theirs\n" in labelled(
        text
    )
    assert "assignee: omar" in text
    assert "ONE" in text
    assert bare_hub.git("status", "--porcelain") == "UU coord/issues/ISSUE-001.yaml\n"


def test_an_archived_record_takes_the_edits_of_the_other_branch(hub: Hub) -> None:
    hub.git("checkout", "-q", "-b", "other")
    hub.edit("status: pending", "status: closed")
    hub.commit()
    assert hub.coord("archive", "ISSUE-001")
    hub.git("checkout", "-q", "main")
    hub.edit("severity: bug", "severity: security")
    hub.commit()

    hub.git("merge", "other")

    text = hub.file(folder="archive/issues").read_text()
    assert "severity: security" in text
    assert text.startswith("# yaml-language-server: $schema=../../schemas/")
    assert hub.coord("check") == []


EARLY, LATE = "2026-02-01T10:00:00+00:00", "2026-02-02T10:00:00+00:00"
LINKED = "blocked_by:\n  - ISSUE-002\n"


def collision(hub: Hub, ours: str = EARLY, theirs: str = LATE) -> None:
    """Both branches create ISSUE-002, and an issue of their own that waits for it."""
    hub.git("checkout", "-q", "-b", "other")
    hub.add("ISSUE-002", "Theirs", theirs)
    hub.commit(date=theirs)
    hub.add("ISSUE-005", "Waits for theirs", theirs, LINKED)
    hub.edit("  one", "  one, see ISSUE-002.")
    hub.commit(date=theirs)
    hub.git("checkout", "-q", "main")
    hub.add("ISSUE-002", "Ours", ours)
    hub.commit(date=ours)
    hub.add("ISSUE-004", "Waits for ours", ours, LINKED)
    hub.edit("four", "four, see ISSUE-002.")
    hub.commit(date=ours)


def both_there(hub: Hub, first: str = "Ours", second: str = "Theirs") -> None:
    records = {one["title"]: one for one in hub.coord("list", "--limit", "0")}
    assert len(records) == 5
    assert records[first]["id"] == "ISSUE-002"
    new = records[second]["id"]
    assert new not in ("ISSUE-001", "ISSUE-002", "ISSUE-004", "ISSUE-005")
    assert records[f"Waits for {first.lower()}"]["blocked_by"] == ["ISSUE-002"]
    assert records[f"Waits for {second.lower()}"]["blocked_by"] == [new]
    lines = records["Sessions leak"]["description"].splitlines()
    names = {"Ours": lines[3], "Theirs": lines[0]}
    assert names[first].endswith("see ISSUE-002.")
    assert names[second].endswith(f"see {new}.")
    assert hub.coord("check") == []


def test_two_records_of_one_id_stay_a_conflict_without_a_hook(hub: Hub) -> None:
    collision(hub)

    said = hub.git("merge", "other", fails=True)

    assert "`coord renumber` keeps both" in said
    text = hub.file("ISSUE-002").read_text()
    assert labelled(text).startswith("<<<<<<< ours\n# yaml")
    assert "title: Ours\n" in text
    assert "title: Theirs\n" in text
    (one,) = hub.coord("resolve")
    assert (one["ours"]["title"], one["theirs"]["title"]) == ("Ours", "Theirs")

    assert list(hub.coord("renumber")) == ["ISSUE-002"]
    assert hub.git("diff", "--name-only") == ""
    hub.git("commit", "-q", "--no-edit")
    both_there(hub)
    assert hub.coord("renumber") == {}


def test_two_records_of_one_id_both_stay_with_the_hook(hub: Hub) -> None:
    hub.hook()
    collision(hub)

    hub.git("merge", "--no-edit", "other")

    both_there(hub)
    assert hub.git("status", "--porcelain") == ""
    assert hub.coord("renumber") == {}
    assert hub.coord("renumber", "HEAD~1") == {}


def test_the_later_record_is_renumbered_though_it_is_ours(hub: Hub) -> None:
    hub.hook()
    collision(hub, ours=LATE, theirs=EARLY)

    hub.git("merge", "--no-edit", "other")

    both_there(hub, "Theirs", "Ours")


def test_a_renumbered_record_is_followed_by_later_merges(hub: Hub) -> None:
    hub.hook()
    collision(hub)
    hub.git("merge", "--no-edit", "other")
    hub.git("checkout", "-q", "other")
    hub.edit("assignee: lena", "assignee: omar", "ISSUE-002")
    hub.commit("later on other")
    hub.git("checkout", "-q", "main")

    hub.git("merge", "--no-edit", "other")

    both_there(hub)
    found = {one["title"]: one["assignee"] for one in hub.coord("list", "--limit", "0")}
    assert (found["Ours"], found["Theirs"]) == ("lena", "omar")


@pytest.mark.parametrize("how", ["rebase", "cherry-pick"])
def test_a_rebase_stops_at_two_records_of_one_id_and_renumber_helps(hub: Hub, how: str) -> None:
    hub.hook()
    collision(hub)
    hub.git("checkout", "-q", "other")
    words = ["rebase", "main"] if how == "rebase" else ["cherry-pick", "main~2..main"]

    hub.git(*words, fails=True)
    assert "<<<<<<<" in hub.file("ISSUE-002").read_text()
    (old,) = hub.coord("renumber")
    assert old == "ISSUE-002"
    assert "UU" not in hub.git("status", "--porcelain")
    hub.git(words[0], "--continue", env={"GIT_EDITOR": "true"})

    if how == "rebase":
        # A commit that came later and conflicted with nothing still named the old id.
        assert hub.coord("check") != []
        assert list(hub.coord("renumber")) == ["ISSUE-002"]
        both_there(hub)
        assert hub.coord("renumber") == {}
    assert {"Ours", "Theirs"} <= {one["title"] for one in hub.coord("list", "--limit", "0")}


def test_a_new_record_that_looks_like_a_deleted_one_does_not_take_its_edits(hub: Hub) -> None:
    hub.hook()
    hub.git("checkout", "-q", "-b", "other")
    hub.edit("assignee: lena", "assignee: omar")
    hub.commit()
    hub.git("checkout", "-q", "main")
    hub.file().unlink()
    hub.add("ISSUE-009", "Another", LATE)
    hub.commit()

    hub.git("merge", "other", fails=True)

    text = hub.file("ISSUE-009").read_text()
    assert "title: Another\n" in text
    assert "assignee: omar\n" in text
    assert len(hub.coord("resolve")) == 1
    hub.git("merge", "--abort")
    (one,) = hub.coord("merge", "other")["conflicts"]
    assert (one["id"], one["ours"], one["theirs"]["assignee"]) == ("ISSUE-001", None, "omar")
    assert "<<<<" not in hub.file("ISSUE-009").read_text()


def test_an_archived_record_and_a_new_one_of_its_id_both_stay(hub: Hub) -> None:
    hub.hook()
    collision(hub)
    hub.git("checkout", "-q", "other")
    hub.edit("status: pending", "status: closed", "ISSUE-002")
    hub.commit()
    hub.coord("archive", "ISSUE-002")
    hub.git("checkout", "-q", "main")

    hub.git("merge", "--no-edit", "other")

    assert hub.coord("check") == []
    assert not hub.file("ISSUE-002", "archive/issues").exists()
    assert hub.coord("show", "ISSUE-002")["title"] == "Ours"
    assert hub.coord("show", "ISSUE-006")["title"] == "Theirs"
    assert hub.coord("show", "ISSUE-005")["blocked_by"] == ["ISSUE-006"]
    assert hub.coord("renumber") == {}


def test_an_aborted_merge_leaves_nothing_behind(hub: Hub) -> None:
    hub.hook()
    collision(hub)
    hub.edit("assignee: lena", "assignee: a")
    hub.commit()
    hub.git("checkout", "-q", "other")
    hub.edit("assignee: lena", "assignee: b")
    hub.commit()
    hub.git("checkout", "-q", "main")
    before = hub.git("rev-parse", "HEAD^{tree}")

    hub.git("merge", "other", fails=True)
    hub.git("merge", "--abort")

    assert hub.coord("renumber") == {}
    assert hub.git("status", "--porcelain") == ""
    assert hub.git("rev-parse", "HEAD^{tree}") == before


def test_renumber_in_a_stopped_merge_leaves_the_other_conflict(hub: Hub) -> None:
    hub.hook()
    collision(hub)
    hub.edit("assignee: lena", "assignee: a")
    hub.commit()
    hub.git("checkout", "-q", "other")
    hub.edit("assignee: lena", "assignee: b")
    hub.commit()
    hub.git("checkout", "-q", "main")

    hub.git("merge", "other", fails=True)
    assert list(hub.coord("renumber")) == ["ISSUE-002"]
    (left,) = hub.coord("resolve")
    assert (left["id"], left["field"]) == ("ISSUE-001", "assignee")
    hub.coord("resolve", "ISSUE-001", "--value", "c")
    hub.git("commit", "-q", "--no-edit")

    both_there(hub)
    assert hub.coord("show", "ISSUE-001")["assignee"] == "c"


def test_installing_twice_changes_nothing_and_uninstalling_takes_all_away(bare_hub: Hub) -> None:
    config = (bare_hub.root / ".git" / "config").read_bytes()
    own = bare_hub.root / "coord" / ".gitattributes"
    own.write_text("*.npy binary")
    bare_hub.commit()
    repo = discover(str(bare_hub.root))
    assert repo is not None
    assert merge_driver.installed(repo) == "missing"

    assert merge_driver.install(repo)
    assert merge_driver.installed(repo) == "installed"
    assert merge_driver.installed(repo, program="/other/coord") == "outdated"
    assert merge_driver.install(repo) == []
    merge_driver.uninstall(repo)

    assert merge_driver.installed(repo) == "missing"
    assert own.read_text() == "*.npy binary\n"
    assert (bare_hub.root / ".git" / "config").read_bytes() == config
