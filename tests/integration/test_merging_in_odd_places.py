"""Merges where git is set up unusually: other hashes, styles, strategies, and kinds of work tree."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.integration.merging_world import OURS, THEIRS, Hub, begin, branches, merged_fields

if TYPE_CHECKING:
    from pathlib import Path

CREATED = "2026-01-01T10:00:00+00:00"
CLASH = ("status: pending", "status: closed"), ("status: pending", "status: resolved")
HUNK = "status: closed\n=======\nstatus: resolved\n>>>>>>> "


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    return filled(begin(tmp_path, monkeypatch))


def filled(hub: Hub) -> Hub:
    hub.install()
    hub.add("ISSUE-001", "Sessions leak", CREATED)
    hub.commit("first")
    return hub


def merge(hub: Hub, how: str, *words: str, fails: bool = False) -> str:
    """Merge the branch `other`: with `coord merge`, or with git and our driver."""
    if how == "git":
        return hub.git("merge", "--no-edit", *words, "other", fails=fails)
    done = hub.run(str(hub.program), "merge", "other")
    assert fails == (done.returncode != 0), done
    return done.stdout + done.stderr


both = pytest.mark.parametrize("how", ["coord", "git"])


@both
def test_a_repository_of_sha256_merges_and_takes_decisions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    hub = filled(begin(tmp_path, monkeypatch, "--object-format=sha256"))
    branches(hub, OURS[:1], THEIRS[:1])
    merge(hub, how)
    hub.git("branch", "-D", "other")
    branches(hub, [CLASH[0]], [CLASH[1], ("lena", "omar")])

    merge(hub, how, fails=True)

    assert hub.git("status", "--porcelain") == "UU coord/issues/ISSUE-001.yaml\n"
    assert hub.coord("resolve", "ISSUE-001", "--theirs") == []
    hub.git("commit", "-q", "--no-edit")
    record = hub.coord("show", "ISSUE-001")
    assert (record["status"], record["assignee"]) == ("resolved", "omar")
    assert sorted(record["labels"]) == ["async", "ours", "theirs"]
    hub.git("fsck", "--strict")


def test_a_merge_by_coord_is_signed_where_git_signs(hub: Hub, tmp_path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("there is no ssh-keygen here")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    for name, value in (
        ("gpg.format", "ssh"), ("user.signingkey", str(key)), ("commit.gpgsign", "true"),
    ):  # fmt: skip
        hub.git("config", name, value)
    branches(hub, OURS, THEIRS)

    merge(hub, "coord")

    merged_fields(hub)
    assert "BEGIN SSH SIGNATURE" in hub.git("cat-file", "commit", "HEAD")


def test_a_key_that_cannot_sign_leaves_the_branch_and_the_files_alone(hub: Hub) -> None:
    branches(hub, OURS, THEIRS)
    for name, value in (
        ("gpg.format", "ssh"), ("user.signingkey", "/nowhere"), ("commit.gpgsign", "true"),
    ):  # fmt: skip
        hub.git("config", name, value)
    before, text = hub.git("rev-parse", "HEAD"), hub.file().read_text()

    said = merge(hub, "coord", fails=True)

    assert "/nowhere" in said
    assert hub.git("rev-parse", "HEAD") == before
    assert hub.file().read_text() == text
    assert hub.git("status", "--porcelain") == ""


@both
@pytest.mark.parametrize("style", ["diff3", "zdiff3", "merge"])
def test_the_style_of_conflicts_does_not_matter(hub: Hub, how: str, style: str) -> None:
    hub.git("config", "merge.conflictStyle", style)
    branches(hub, [CLASH[0], ("  one", "  ONE")], [CLASH[1], ("  one", "  EINS")])

    merge(hub, how, fails=True)

    fields = [one["field"] for one in hub.coord("resolve")]
    assert fields == ["status", "description"]
    assert HUNK in hub.file().read_text()
    assert hub.coord("resolve", "ISSUE-001", "--ours") == []
    assert hub.coord("show", "ISSUE-001")["description"] == "ONE\ntwo\nthree\nfour\n"


def test_a_decision_is_remembered_by_rerere_and_made_again(hub: Hub) -> None:
    hub.git("config", "rerere.enabled", "true")
    branches(hub, [CLASH[0]], [CLASH[1], ("lena", "omar")])
    merge(hub, "git", fails=True)
    hub.coord("resolve", "ISSUE-001", "--theirs")
    hub.git("commit", "-q", "--no-edit")
    hub.git("reset", "-q", "--hard", "HEAD~1")

    said = merge(hub, "git", fails=True)

    assert "previous resolution" in said
    hub.git("add", "-A")
    hub.git("commit", "-q", "--no-edit")
    record = hub.coord("show", "ISSUE-001")
    assert (record["status"], record["assignee"]) == ("resolved", "omar")


@pytest.mark.parametrize("strategy", ["ours", "theirs"])
def test_a_side_for_all_conflicts_is_not_taken_in_silence(hub: Hub, strategy: str) -> None:
    """git does not tell a driver of -X; to stop is better than to guess."""
    branches(hub, [CLASH[0]], [CLASH[1], ("lena", "omar")])

    hub.git("merge", "-X", strategy, "other", fails=True)

    assert HUNK in hub.file().read_text()
    assert "assignee: omar" in hub.file().read_text()


def test_three_branches_merge_at_once(hub: Hub) -> None:
    for name, old, new in (
        ("a", "lena", "omar"), ("b", "severity: bug", "severity: security"), ("c", "  four", "  FOUR"),
    ):  # fmt: skip
        hub.git("checkout", "-q", "-b", name, "main")
        hub.edit(old, new)
        hub.commit(name)
    hub.git("checkout", "-q", "main")
    hub.edit("- async", "- async\n  - ours")
    hub.commit()

    hub.git("merge", "--no-edit", "a", "b", "c")

    record = hub.coord("show", "ISSUE-001")
    assert (record["assignee"], record["severity"]) == ("omar", "security")
    assert record["description"].endswith("FOUR\n")
    assert record["labels"] == ["async", "ours"]
    assert len(hub.git("log", "-1", "--format=%p").split()) == 4


def test_merges_are_kept_by_a_rebase_and_merge_again_by_field(hub: Hub) -> None:
    branches(hub, OURS, THEIRS)
    merge(hub, "git")
    hub.git("checkout", "-q", "-b", "new", "HEAD~1~1")
    hub.edit("lena", "omar")
    hub.commit("below all")
    hub.git("checkout", "-q", "main")

    hub.git("rebase", "-q", "--rebase-merges", "new")

    merged_fields(hub)
    assert hub.coord("show", "ISSUE-001")["assignee"] == "omar"
    assert len(hub.git("log", "-1", "--format=%p").split()) == 2


def test_a_stash_that_conflicts_marks_only_the_field_and_stays(hub: Hub) -> None:
    for old, new in (CLASH[1], ("lena", "omar")):
        hub.edit(old, new)
    hub.git("stash", "-q")
    hub.edit(*CLASH[0])
    hub.commit()

    hub.git("stash", "pop", fails=True)

    text = hub.file().read_text()
    assert HUNK in text
    assert "assignee: omar" in text
    assert len(hub.git("stash", "list").splitlines()) == 1
    assert hub.coord("resolve", "ISSUE-001", "--theirs") == []
    assert hub.coord("show", "ISSUE-001")["status"] == "resolved"


def test_a_picked_change_can_be_left_uncommitted(hub: Hub) -> None:
    branches(hub, OURS, THEIRS)

    hub.git("cherry-pick", "-n", "other")

    merged_fields(hub)
    assert hub.git("status", "--porcelain") == "M  coord/issues/ISSUE-001.yaml\n"


def test_the_revert_of_a_merge_takes_back_only_what_the_merge_brought(hub: Hub) -> None:
    branches(hub, OURS, THEIRS)
    merge(hub, "coord")
    hub.edit("lena", "omar")
    hub.edit("- async", "- async\n  - later")
    hub.commit("later")

    hub.git("revert", "--no-edit", "-m", "1", "HEAD~1")

    record = hub.coord("show", "ISSUE-001")
    assert (record["status"], record["severity"], record["assignee"]) == ("closed", "bug", "omar")
    assert sorted(record["labels"]) == ["async", "later", "ours"]
    assert record["description"] == "ONE\ntwo\nthree\nfour\n"


def test_records_outside_a_sparse_checkout_merge_by_field_too(hub: Hub) -> None:
    (hub.root / "docs").mkdir()
    (hub.root / "docs" / "notes.txt").write_text("one\n")
    hub.commit("docs")
    branches(hub, OURS, THEIRS)
    hub.git("sparse-checkout", "set", "docs")
    assert not hub.file().exists()

    merge(hub, "git")

    hub.git("sparse-checkout", "disable")
    merged_fields(hub)
    assert hub.git("status", "--porcelain") == ""


def test_a_branch_from_before_the_attributes_merges_by_field_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = begin(tmp_path, monkeypatch)
    hub.add("ISSUE-001", "Sessions leak", CREATED)
    hub.commit("first")
    branches(hub, OURS, THEIRS)
    hub.git("checkout", "-q", "-b", "third")
    hub.install()
    hub.git("checkout", "-q", "main")
    assert not (hub.root / "coord" / ".gitattributes").exists()

    merge(hub, "git")

    merged_fields(hub)


@both
def test_a_submodule_in_the_hub_stays_as_it_is(hub: Hub, how: str, tmp_path: Path) -> None:
    part = tmp_path / "part"
    subprocess.run(["git", "init", "-q", str(part)], check=True)
    for words in (
        ["commit", "-q", "--allow-empty", "-m", "1"],
        ["commit", "-q", "--allow-empty", "-m", "2"],
    ):
        subprocess.run(["git", *words], cwd=part, check=True)
    hub.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(part), "part")
    hub.commit("submodule")
    branches(hub, OURS, THEIRS)
    hub.git("checkout", "-q", "other")
    subprocess.run(["git", "checkout", "-q", "HEAD~1"], cwd=hub.root / "part", check=True)
    hub.commit("their submodule")
    theirs = hub.git("rev-parse", "HEAD:part")
    hub.git("checkout", "-q", "main")
    hub.git("-c", "protocol.file.allow=always", "submodule", "update", "-q")

    merge(hub, how)

    merged_fields(hub)
    assert hub.git("rev-parse", "HEAD:part") == theirs
    assert hub.git("status", "--porcelain") == " M part\n"  # as after git's own merge


def test_a_library_that_was_added_as_a_subtree_does_not_matter(hub: Hub, tmp_path: Path) -> None:
    library = tmp_path / "library"
    subprocess.run(["git", "init", "-q", "-b", "main", str(library)], check=True)
    (library / "a.txt").write_text("a\n")
    subprocess.run("git add -A && git commit -qm a", shell=True, cwd=library, check=True)
    branches(hub, OURS, THEIRS)

    hub.git("fetch", "-q", str(library), "main")
    hub.git("merge", "-q", "-s", "ours", "--no-commit", "--allow-unrelated-histories", "FETCH_HEAD")
    hub.git("read-tree", "--prefix=library/", "-u", "FETCH_HEAD")
    hub.git("commit", "-q", "-m", "library")
    merge(hub, "coord")

    merged_fields(hub)
    assert (hub.root / "library" / "a.txt").read_text() == "a\n"


@both
def test_a_linked_work_tree_merges_for_itself(hub: Hub, how: str, tmp_path: Path) -> None:
    branches(hub, OURS, THEIRS)
    hub.git("branch", "third", "main")
    hub.git("worktree", "add", "-q", str(tmp_path / "linked ü"), "third")
    linked = Hub(tmp_path / "linked ü", hub.program)

    merge(linked, how)

    merged_fields(linked)
    assert hub.git("status", "--porcelain") == ""
    assert "severity: bug" in hub.file().read_text()


@both
def test_line_ends_of_windows_in_the_work_tree_are_no_change(hub: Hub, how: str) -> None:
    branches(hub, OURS, THEIRS)
    hub.git("config", "core.autocrlf", "true")
    hub.git("rm", "-q", "-r", "--cached", ".")
    hub.git("reset", "-q", "--hard")
    assert b"\r\n" in hub.file().read_bytes()

    merge(hub, how)

    merged_fields(hub)
    assert hub.git("status", "--porcelain") == ""
    assert "\r" not in hub.git("cat-file", "blob", "HEAD:coord/issues/ISSUE-001.yaml")


@pytest.mark.parametrize("forward", [False, True], ids=["merge", "fast-forward"])
def test_a_disk_that_fills_up_midway_leaves_everything_as_it_was(hub: Hub, forward: bool) -> None:
    (hub.root / "a.txt").write_text("old\n")
    hub.commit("a")
    branches(hub, OURS, THEIRS)
    hub.git("checkout", "-q", "other")
    for name, text in (("a.txt", "new\n"), ("ab.txt", "new\n"), ("z.txt", "z" * 500_000)):
        (hub.root / name).write_text(text)
    hub.commit("more")
    hub.git("checkout", "-q", "main")
    if forward:
        hub.git("reset", "-q", "--hard", hub.git("merge-base", "main", "other").strip())
    before, text = hub.git("rev-parse", "HEAD"), hub.file().read_text()

    done = hub.run(
        "sh", "-c", 'ulimit -f 400; trap "" XFSZ; exec "$0" merge other', str(hub.program)
    )

    assert done.returncode == 3, done
    assert "coord: The merged files could not be written; nothing was merged.\n" in done.stderr
    assert hub.git("rev-parse", "HEAD") == before
    assert hub.git("status", "--porcelain") == ""
    assert hub.file().read_text() == text
    assert not (hub.root / ".git" / "MERGE_HEAD").exists()
    merge(hub, "coord")
    assert (hub.root / "a.txt").read_text() == "new\n"
