"""Trailers in commits of the repositories: linked, and moving records once."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from tests.e2e.conftest import Repo

from gitcoord.cli import table
from gitcoord.errors import ConflictError
from gitcoord.git.repository import discover
from gitcoord.git.standstill import Standstill

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub


@pytest.fixture
def tracked(hub: Hub, oneiric: Repo) -> Hub:
    """The hub with a todo, and a repository beside it."""
    hub.ok("todo", "create", "--task", "Do it", "--repo", "oneiric")
    return hub


def status(hub: Hub, id: str) -> str:
    found: str = hub.json("show", id)["status"]
    return found


def apply(hub: Hub, *words: str) -> dict[tuple[str, str], str]:
    steps = hub.json("trailers", "apply", *words)
    return {(step["subject"], step["id"]): step["outcome"] for step in steps}


def wait_for(hub: Hub, id: str, wanted: str) -> None:
    """Wait for what a hook does in the background."""
    until = time.monotonic() + 20
    while status(hub, id) != wanted:
        assert time.monotonic() < until, f"{id} is {status(hub, id)}"
        time.sleep(0.02)


@pytest.mark.parametrize(("trailer", "id", "wanted"), [
    ("Closes: TODO-001", "TODO-001", "completed"), ("Fixes: TODO-001", "TODO-001", "completed"),
    ("Closes: ISSUE-001", "ISSUE-001", "closed"), ("Fixes: ISSUE-001", "ISSUE-001", "resolved"),
    ("closes: issue-001", "ISSUE-001", "closed"), ("CLOSES:ISSUE-002, ISSUE-001", "ISSUE-001", "closed"),
    ("Refs: ISSUE-001", "ISSUE-001", "pending"), ("Closes: #1 ISSUE-0010", "ISSUE-001", "pending"),
])  # fmt: skip
def test_a_trailer_moves_a_record(
    tracked: Hub, oneiric: Repo, trailer: str, id: str, wanted: str
) -> None:
    oneiric.commit(f"Work\n\nWhy.\n\n{trailer}")

    apply(tracked)

    assert status(tracked, id) == wanted
    assert tracked.git("status", "--porcelain") == ""


def test_a_word_that_is_no_trailer_moves_nothing(tracked: Hub, oneiric: Repo) -> None:
    oneiric.commit("Closes: ISSUE-001")  # a subject is no trailer
    oneiric.commit("Work\n\nCloses: ISSUE-001\nand more text, so this is a paragraph\n\nEnd")
    oneiric.commit("Work\n\nX-Closes: ISSUE-001")

    assert apply(tracked) == {}
    assert status(tracked, "ISSUE-001") == "pending"


def test_many_commits_of_one_pull_are_one_commit_of_the_hub(tracked: Hub, oneiric: Repo) -> None:
    oneiric.commit("One\n\nFixes: ISSUE-001")
    oneiric.commit("Two\n\nCloses: TODO-001")
    oneiric.commit("Three\n\nCloses: ISSUE-001")
    before = tracked.commits()

    steps = apply(tracked)

    assert set(steps.values()) == {"moved"}
    assert tracked.commits() == before + 1
    assert (status(tracked, "ISSUE-001"), status(tracked, "TODO-001")) == ("closed", "completed")
    message = tracked.git("log", "-1", "--format=%B")
    assert message.startswith("ISSUE-001, TODO-001: moved by commits of oneiric\n")
    assert message.count("\nSource: oneiric@") == 3
    assert apply(tracked) == {}


def test_a_dry_run_tells_and_changes_nothing(tracked: Hub, oneiric: Repo) -> None:
    oneiric.commit("One\n\nFixes: ISSUE-001")
    before = tracked.commits()

    assert apply(tracked, "--dry-run") == {("One", "ISSUE-001"): "moved"}
    assert (status(tracked, "ISSUE-001"), tracked.commits()) == ("pending", before)
    assert apply(tracked) == {("One", "ISSUE-001"): "moved"}


@pytest.mark.parametrize("forget", [False, True])
def test_a_record_that_was_opened_again_stays_open(
    tracked: Hub, oneiric: Repo, forget: bool
) -> None:
    oneiric.commit("One\n\nCloses: ISSUE-001")
    apply(tracked)
    tracked.ok("issue", "reopen", "ISSUE-001")
    if forget:
        subprocess.run(["rm", "-r", str(tracked.root / ".git" / "coord")], check=True)

    steps = apply(tracked, *["--again"] * (not forget))

    assert steps == {("One", "ISSUE-001"): "moved before"}
    assert status(tracked, "ISSUE-001") == "pending"
    oneiric.commit("Two\n\nCloses: ISSUE-001")
    assert apply(tracked) == {("Two", "ISSUE-001"): "moved"}


@pytest.mark.parametrize("how", ["amend", "rebase", "pick"])
def test_a_new_edition_of_a_commit_does_not_move_a_record_again(
    tracked: Hub, oneiric: Repo, how: str
) -> None:
    base = oneiric.git("rev-parse", "HEAD").strip()
    oneiric.commit("One\n\nCloses: ISSUE-001")
    apply(tracked)
    tracked.ok("issue", "reopen", "ISSUE-001")
    old = oneiric.git("rev-parse", "HEAD").strip()
    if how == "amend":
        oneiric.git("commit", "--quiet", "--amend", "-m", "One, better\n\nCloses: ISSUE-001")
    else:
        oneiric.git("checkout", "--quiet", "-B", "other", base)
        oneiric.git("commit", "--quiet", "--allow-empty", "-m", "before")
        words = ["cherry-pick", old] if how == "pick" else ["rebase", "--quiet", "HEAD", "main"]
        oneiric.git(*words)
        oneiric.git("checkout", "--quiet", "-B", "main")

    steps = apply(tracked)

    assert set(steps.values()) == {"moved before"}
    assert status(tracked, "ISSUE-001") == "pending"


def test_a_record_reopened_by_hand_is_not_closed_by_an_older_commit(
    tracked: Hub, oneiric: Repo
) -> None:
    long_ago = {"GIT_AUTHOR_DATE": "2020-01-01T12:00:00Z"}
    oneiric.commit("Old\n\nCloses: ISSUE-001", env=long_ago)
    tracked.ok("issue", "close", "ISSUE-001")
    tracked.ok("issue", "reopen", "ISSUE-001")

    assert apply(tracked) == {("Old", "ISSUE-001"): "reopened since"}
    assert status(tracked, "ISSUE-001") == "pending"


def test_what_is_done_unknown_or_of_another_kind_is_told(tracked: Hub, oneiric: Repo) -> None:
    tracked.ok("issue", "close", "ISSUE-001")
    tracked.ok("plan", "create", "--title", "P", "--repo", "oneiric")
    oneiric.commit("A\n\nFixes: ISSUE-001\nCloses: ISSUE-009\nCloses: PLAN-001")

    assert apply(tracked) == {
        ("A", "ISSUE-001"): "already there",
        ("A", "ISSUE-009"): "unknown",
        ("A", "PLAN-001"): "only referred to",
    }


def test_only_the_default_branch_counts(tracked: Hub, oneiric: Repo) -> None:
    oneiric.git("checkout", "--quiet", "-b", "side")
    oneiric.commit("Side\n\nCloses: ISSUE-001")

    assert apply(tracked) == {}
    oneiric.git("config", "coord.branch", "side")
    assert apply(tracked) == {("Side", "ISSUE-001"): "moved"}


def test_what_the_remote_calls_its_head_is_the_default_branch(
    tracked: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    oneiric.git("branch", "--quiet", "-m", "trunk")
    oneiric.git("clone", "--quiet", str(oneiric.root), str(tmp_path / "clone"))
    tracked.git("config", "coord.repo.oneiric.path", str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone")
    clone.git("checkout", "--quiet", "--detach")
    clone.git("branch", "--quiet", "-D", "trunk")
    clone.git("branch", "--quiet", "main", "HEAD")
    oneiric.commit("There\n\nCloses: ISSUE-001")
    clone.git("fetch", "--quiet")

    assert apply(tracked) == {("There", "ISSUE-001"): "moved"}


def test_show_lists_the_commits_that_name_a_record(tracked: Hub, oneiric: Repo) -> None:
    assert "commits" not in tracked.json("show", "ISSUE-001")
    oneiric.commit("One ✓\n\nRefs: ISSUE-001")
    first = tracked.json("show", "ISSUE-001")["commits"]
    oneiric.commit("Two\n\nFixes: ISSUE-001")
    oneiric.git("pack-refs", "--all")
    both = tracked.json("show", "issue-001")["commits"]
    oneiric.git("reset", "--quiet", "--hard", "HEAD~1")

    assert [(one["repo"], one["trailer"], one["subject"], one["author"]) for one in both] == [
        ("oneiric", "refs", "One ✓", "Lena"), ("oneiric", "fixes", "Two", "Lena"),
    ]  # fmt: skip
    assert both[0] == first[0]
    assert first[0]["commit"] == oneiric.git("rev-parse", "HEAD").strip()
    assert tracked.json("show", "ISSUE-001")["commits"] == first
    assert "Lena: One ✓" in tracked.ok("show", "ISSUE-001")


def test_a_commit_on_the_default_branch_moves_its_record_by_the_hook(
    tracked: Hub, oneiric: Repo
) -> None:
    tracked.ok("hooks", "install", "--all")

    oneiric.commit("One\n\nCloses: TODO-001")

    wait_for(tracked, "TODO-001", "completed")


def test_a_commit_on_another_branch_waits_for_the_merge(tracked: Hub, oneiric: Repo) -> None:
    tracked.ok("hooks", "install", "--all")
    oneiric.git("checkout", "--quiet", "-b", "side")
    oneiric.commit("One\n\nCloses: TODO-001")
    oneiric.git("checkout", "--quiet", "main")
    oneiric.git("commit", "--quiet", "--allow-empty", "-m", "other")
    time.sleep(0.5)
    assert status(tracked, "TODO-001") == "pending"

    oneiric.git("merge", "--quiet", "--no-edit", "side")

    wait_for(tracked, "TODO-001", "completed")


def test_a_pull_moves_what_it_brings(tracked: Hub, oneiric: Repo, tmp_path: Path) -> None:
    oneiric.git("clone", "--quiet", str(oneiric.root), str(tmp_path / "clone"))
    tracked.git("config", "coord.repo.oneiric.path", str(tmp_path / "clone"))
    tracked.ok("hooks", "install", "--all")
    oneiric.commit("One\n\nCloses: TODO-001")
    oneiric.commit("Two\n\nCloses: ISSUE-001")

    Repo(tmp_path / "clone").git("pull", "--quiet")

    wait_for(tracked, "ISSUE-001", "closed")
    assert status(tracked, "TODO-001") == "completed"


def test_a_hub_with_a_detached_head_is_left_alone_by_hooks(tracked: Hub, oneiric: Repo) -> None:
    tracked.ok("hooks", "install", "--all")
    tracked.git("checkout", "--quiet", "--detach")
    before = tracked.commits()
    oneiric.commit("One\n\nCloses: TODO-001")
    time.sleep(0.5)
    assert tracked.commits() == before

    tracked.git("checkout", "--quiet", "main")
    oneiric.commit("Two")

    wait_for(tracked, "TODO-001", "completed")


def test_ten_appliers_at_once_move_each_record_once(tracked: Hub, oneiric: Repo) -> None:
    oneiric.commit("One\n\nCloses: TODO-001\nCloses: ISSUE-001")
    before = tracked.commits()

    running = [
        subprocess.Popen([*tracked.program, "trailers", "apply"], cwd=tracked.root,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(10)
    ]  # fmt: skip

    assert [one.wait() for one in running] == [0] * 10
    assert tracked.commits() == before + 1


def test_the_users_staged_work_in_the_hub_stays_out_of_it(tracked: Hub, oneiric: Repo) -> None:
    (tracked.root / "mine").write_text("x")
    tracked.git("add", "mine")
    oneiric.commit("One\n\nCloses: TODO-001")

    apply(tracked)

    assert tracked.git("show", "--format=", "--name-only").split() == ["coord/todos/TODO-001.yaml"]
    assert tracked.git("status", "--porcelain") == "A  mine\n"


def test_hostile_messages_are_data(tracked: Hub, oneiric: Repo) -> None:
    oneiric.commit(
        "\x1b[31mred\tTab\u202e\n\nCloses: TODO-001\nCloses: ../../etc/passwd\nRefs: ISSUE-001"
    )

    apply(tracked)

    assert status(tracked, "TODO-001") == "completed"
    assert "\x1b" not in tracked.git("log", "-1", "--format=%B")
    assert "\x1b" not in tracked.ok("show", "ISSUE-001")


def test_a_shallow_clone_and_an_unborn_branch_are_no_trouble(
    tracked: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    oneiric.commit("One\n\nCloses: TODO-001")
    oneiric.git(
        "clone", "--quiet", "--depth=1", f"file://{oneiric.root}", str(tmp_path / "shallow")
    )
    tracked.git("config", "coord.repo.oneiric.path", str(tmp_path / "shallow"))
    oneiric.git("init", "--quiet", str(tmp_path / "fastblocks"))

    assert apply(tracked) == {("One", "TODO-001"): "moved"}


def test_a_repository_that_is_not_here_is_an_error_when_named(tracked: Hub) -> None:
    assert tracked("trailers", "apply", "fastblocks").code == 4


def test_the_message_of_a_repositorys_commit_is_read_before_it_is_made(
    tracked: Hub, oneiric: Repo
) -> None:
    tracked.ok("hooks", "install", "--all")

    done = oneiric.commit("Work on ISSUE-01\n\nCloses: TODO-01\nCloses: oneiric-x")

    assert done.returncode == 0
    assert "no record ISSUE-01; did you mean ISSUE-001" in done.stderr
    assert "no record TODO-01; did you mean TODO-001" in done.stderr


def test_unsatisfied_dependencies_are_told_before_a_push_and_block_if_configured(
    tracked: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    tracked.ok("dep", "create", "--consumer", "oneiric", "--provider", "fastblocks", "--type",
               "runtime", "--version", ">=2")  # fmt: skip
    tracked.ok("dep", "update", "DEP-001", "--status", "unsatisfied")
    tracked.ok("hooks", "install", "--all")
    oneiric.git("init", "--quiet", "--bare", str(tmp_path / "far.git"))

    warned = oneiric.run("push", str(tmp_path / "far.git"), "main:one")
    oneiric.git("config", "coord.prePush", "block")
    blocked = oneiric.run("push", str(tmp_path / "far.git"), "main:two")
    oneiric.git("config", "coord.prePush", "off")
    silent = oneiric.run("push", "--quiet", str(tmp_path / "far.git"), "main:three")

    assert (warned.returncode, blocked.returncode, silent.returncode) == (0, 1, 0)
    assert "DEP-001: oneiric needs fastblocks >=2" in warned.stderr
    assert "DEP-001" in blocked.stderr
    assert silent.stderr == ""


def test_a_prompt_is_back_before_the_hooks_work_is_done(tracked: Hub, oneiric: Repo) -> None:
    slow = tracked.root.parent / "slow"
    slow.write_text("#!/bin/sh\nsleep 30\n")
    slow.chmod(0o755)
    tracked.ok("hooks", "install", "--all")
    path = oneiric.root / ".git" / "hooks" / "post-commit"
    lines = path.read_text().split("\n")
    lines[5] = f"coord_python='{slow}'"
    path.write_text("\n".join(lines))

    begun = time.monotonic()
    oneiric.commit("One")

    assert time.monotonic() - begun < 25


def test_the_hub_may_be_one_of_its_own_repositories(hub: Hub) -> None:
    hub.ok("repo", "create", "own", "--path", ".")
    hub.ok("hooks", "install")
    assert {row["repo"] for row in hub.json("hooks", "status")} == {"own"}

    Repo(hub.root).commit("One\n\nCloses: ISSUE-001")

    wait_for(hub, "ISSUE-001", "closed")


def test_commits_and_branch_switches_are_facts_on_the_journal(tracked: Hub, oneiric: Repo) -> None:
    if "journal log" not in table.COMMANDS:
        pytest.skip("there is no journal yet")
    tracked.ok("hooks", "install", "--all")
    oneiric.commit("One")
    oneiric.git("checkout", "--quiet", "-b", "side")
    oneiric.git("checkout", "--quiet", "--detach")
    oneiric.git("checkout", "--quiet", "main")
    oneiric.git("checkout", "--quiet", "main", "--", ".")
    oneiric.git("checkout", "--quiet", "side")
    head = oneiric.git("rev-parse", "HEAD").strip()

    until = time.monotonic() + 20
    while len(found := tracked.json("journal", "log")) < 3 and time.monotonic() < until:
        time.sleep(0.05)

    assert sorted((one["kind"], one["commit"], str(one["data"])) for one in found) == [
        ("branch-switch", head, "{'from': 'main', 'to': 'side'}"),
        ("branch-switch", head, "{'from': 'main', 'to': 'side'}"),
        ("commit", head, "{'branch': 'main'}"),
    ]
    assert tracked.git("status", "--porcelain") == ""


def test_a_branch_without_a_parent_is_one_switch_and_no_old_one_is_told_again(
    tracked: Hub, oneiric: Repo
) -> None:
    tracked.ok("hooks", "install", "--all")
    oneiric.git("checkout", "--quiet", "-b", "side")
    oneiric.git("checkout", "--quiet", "--orphan", "fresh")
    oneiric.commit("Root")

    until = time.monotonic() + 20
    while len(found := tracked.json("journal", "log")) < 3 and time.monotonic() < until:
        time.sleep(0.05)

    assert sorted(str(one["data"]) for one in found if one["kind"] == "branch-switch") == [
        "{'from': 'main', 'to': 'side'}", "{'from': 'side', 'to': 'fresh'}",
    ]  # fmt: skip
    (row,) = tracked.json("git", "velocity", "--repo", "oneiric")
    assert row["branch_switches"] == 2


def test_a_hook_waits_while_git_is_at_work_in_the_hub(tracked: Hub, oneiric: Repo) -> None:
    tracked.ok("hooks", "install", "--all")
    tracked.git("add", "-A")
    tracked.git("commit", "-q", "--allow-empty", "-m", "Hooks")
    head = tracked.git("rev-parse", "HEAD")
    editor = {**os.environ, "GIT_EDITOR": "sleep 2; echo Mine >"}

    with subprocess.Popen(
        ["git", "commit", "-q", "--allow-empty"], cwd=tracked.root, env=editor
    ) as writing:
        time.sleep(0.3)
        oneiric.commit("Work\n\nCloses: TODO-001")
        time.sleep(1)
        assert tracked.git("rev-parse", "HEAD") == head
        assert writing.wait(30) == 0

    wait_for(tracked, "TODO-001", "completed")
    told = tracked.git("log", "--format=%s", "-2").splitlines()
    assert told == ["TODO-001: moved by commits of oneiric", "Mine"]
    assert tracked.git("status", "--porcelain") == ""


def test_the_index_lock_of_a_hook_that_was_killed_is_taken_away(
    tracked: Hub, oneiric: Repo
) -> None:
    left = tracked.root / ".git" / "index.lock"
    left.write_text("coord 99999\n")

    tracked.ok("issue", "create", "--title", "Next")

    assert not left.exists()
    assert tracked.git("status", "--porcelain") == ""


def test_git_that_starts_in_a_standstill_ends_before_it_has_changed_anything(tracked: Hub) -> None:
    repo = discover(str(tracked.root))
    assert repo is not None
    still = Standstill(repo)

    refused = subprocess.run(
        ["git", "commit", "-q", "--allow-empty", "-m", "Mine"], cwd=tracked.root, capture_output=True, check=False,
    )  # fmt: skip
    still.end()

    assert refused.returncode == 128
    assert b"index.lock" in refused.stderr
    assert tracked.git("status", "--porcelain") == ""


def test_a_standstill_is_refused_while_git_holds_the_index(tracked: Hub) -> None:
    repo = discover(str(tracked.root))
    assert repo is not None
    (tracked.root / ".git" / "index.lock").touch()

    with pytest.raises(ConflictError, match="at work"):
        Standstill(repo)

    assert (tracked.root / ".git" / "index.lock").exists()


def test_what_a_person_has_staged_or_edited_stays_so_when_a_hook_moves_the_record(
    tracked: Hub, oneiric: Repo
) -> None:
    tracked.ok("hooks", "install", "--all")
    tracked.git("add", "-A")
    tracked.git("commit", "-q", "--allow-empty", "-m", "Hooks")
    todo = tracked.root / "coord" / "todos" / "TODO-001.yaml"
    todo.write_text(todo.read_text() + "assignee: staged\n")
    tracked.git("add", "coord")
    todo.write_text(todo.read_text().replace("assignee: staged", "assignee: edited"))
    (tracked.root / "new file 🎉").write_text("mine\n")
    tracked.git("add", "new file 🎉")

    oneiric.commit("Work\n\nCloses: TODO-001")

    wait_for(tracked, "TODO-001", "completed")
    assert "edited" not in tracked.git("show", "HEAD:coord/todos/TODO-001.yaml")
    assert "status: completed" in tracked.git("show", "HEAD:coord/todos/TODO-001.yaml")
    staged = tracked.git("show", ":coord/todos/TODO-001.yaml")
    assert "assignee: staged" in staged
    assert "status: completed" in staged
    assert "assignee: edited" in todo.read_text()
    assert (
        tracked.git("diff", "--cached", "--name-only", "--diff-filter=A", "-z") == "new file 🎉\0"
    )


def test_a_hook_of_the_hub_itself_does_not_wait_for_the_git_that_runs_it(hub: Hub) -> None:
    hub.ok("repo", "create", "hub", "--path", ".")
    hub.ok("hooks", "install", "--all")
    hub.git("add", "-A")
    hub.git("commit", "-q", "--allow-empty", "-m", "Hooks")
    hub.git("checkout", "-q", "-b", "work")
    hub.git("commit", "-q", "--allow-empty", "-m", "Work\n\nCloses: ISSUE-001")
    hub.git("checkout", "-q", "-")
    begun = time.monotonic()

    hub.git("merge", "-q", "--no-ff", "--no-edit", "work")

    wait_for(hub, "ISSUE-001", "closed")
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize("where", ["a linked work tree 🎉", "no commit yet"])
def test_a_hook_moves_records_of_an_unusual_hub(
    tracked: Hub, oneiric: Repo, tmp_path: Path, where: str
) -> None:
    tracked.ok("hooks", "install", "--all")
    tracked.git("add", "-A")
    tracked.git("commit", "-q", "--allow-empty", "-m", "Hooks")
    hub = tmp_path / where
    if where == "no commit yet":
        tracked.git("clone", "-q", str(tracked.root), str(hub))
        for words in (["checkout", "-q", "--orphan", "new"], ["config", "user.name", "Lena"]):
            subprocess.run(["git", *words], cwd=hub, check=True)
    else:
        tracked.git("worktree", "add", "-q", "-b", "tree", str(hub))
    oneiric.git("config", "coord.hub", str(hub))

    oneiric.commit("Work\n\nCloses: TODO-001")

    until = time.monotonic() + 20
    while "completed" not in (hub / "coord/todos/TODO-001.yaml").read_text():
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.2)
    shown = subprocess.run(
        ["git", "log", "-1", "--format=%s"], cwd=hub, check=True, capture_output=True, text=True
    )
    assert shown.stdout == "TODO-001: moved by commits of oneiric\n"
