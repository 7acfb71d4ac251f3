"""HEAD is moved by our own hand as git would move it, or by git."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration import hub_world
from tests.integration.git_world import World
from tests.integration.hub_world import CODE, coord, repository

from gitcoord.git import headfiles
from gitcoord.git.holding import hold
from gitcoord.git.identity import Identity

ZERO = "0" * 40

pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return hub_world.made(tmp_path)


def at(world: World, root: Path) -> World:
    """Return the same clock in another work tree."""
    other = World.__new__(World)
    other.__dict__.update(world.__dict__, root=str(root))
    return other


def create(world: World, **env: str) -> str:
    id: str = json.loads(coord(world, "issue", "create", "--title", "a  b\tc", "--json", **env))[
        "id"
    ]
    return id


def git_words(world: World, tmp_path: Path) -> list[str]:
    """Create a record; return the git commands that were started for it."""
    trace = tmp_path / "trace"
    create(world, GIT_TRACE2_EVENT=str(trace))
    events = [json.loads(line) for line in trace.read_text().splitlines()]
    return [event["argv"][3] for event in events if event["event"] == "start"]


def no_locks(world: World) -> bool:
    return not [
        path
        for path in Path(world.root, ".git").rglob("*")
        if path.suffix in (".lock", ".moving") and path.parent.name != "coord"
    ]


def test_a_create_starts_git_twice_and_moves_no_ref_with_it(world: World, tmp_path: Path) -> None:
    create(world)

    assert sorted(git_words(world, tmp_path)) == ["update-index", "var"]
    assert no_locks(world)
    world.git("fsck", "--strict")


def test_both_reflogs_say_what_git_would_have_said(world: World) -> None:
    before = world.git("rev-parse", "HEAD").strip()

    id = create(world)

    after = world.git("rev-parse", "HEAD").strip()
    for log in ("HEAD", "refs/heads/main"):
        line = Path(world.root, ".git", "logs", log).read_text().splitlines()[-1]
        head, _, why = line.partition("\t")
        assert head.startswith(f"{before} {after} Lena <lena@example.org> ")
        assert why == f"commit: {id}: create issue: a b c"
    assert world.lines("reflog", "-1", "--format=%gs") == [f"commit: {id}: create issue: a b c"]
    assert world.git("rev-parse", "HEAD@{1}").strip() == before


def test_a_branch_that_is_packed_moves(world: World, tmp_path: Path) -> None:
    world.git("checkout", "-q", "-b", "deep/er")
    world.git("pack-refs", "--all")
    before = world.git("rev-parse", "deep/er").strip()

    create(world)

    assert world.git("rev-parse", "deep/er~").strip() == before
    assert world.git("status", "--porcelain") == ""


def test_a_detached_head_moves_by_hand(world: World, tmp_path: Path) -> None:
    world.git("checkout", "-q", "--detach")
    main = world.git("rev-parse", "main").strip()

    assert "update-ref" not in git_words(world, tmp_path)

    assert world.git("rev-parse", "HEAD~", "main").split() == [main, main]
    assert no_locks(world)


def test_in_a_linked_work_tree_its_own_head_and_its_own_log_follow(
    world: World, tmp_path: Path
) -> None:
    world.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = at(world, tmp_path / "side")
    main = world.git("rev-parse", "main").strip()
    create(side)

    assert "update-ref" not in git_words(side, tmp_path)

    assert side.git("rev-parse", "side~2", "HEAD~2", "main").split() == [main] * 3
    assert "create issue" in side.git("reflog", "-1", "--format=%gs")
    assert side.git("status", "--porcelain") == ""
    assert no_locks(world)


@pytest.mark.parametrize("where", ["hooks", "elsewhere"])
def test_a_hook_that_hears_of_refs_still_hears_of_them(
    world: World, tmp_path: Path, where: str
) -> None:
    folder = Path(world.root, ".git", "hooks")
    if where == "elsewhere":
        folder = tmp_path / "elsewhere"
        world.git("config", "core.hooksPath", str(folder))
    folder.mkdir(exist_ok=True)
    hook = folder / "reference-transaction"
    hook.write_text(f'#!/bin/sh\nsed "s/^/$1 /" >> {tmp_path}/heard\n')
    hook.chmod(0o755)

    create(world)

    head = world.git("rev-parse", "HEAD").strip()
    assert (
        f"committed {world.git('rev-parse', 'HEAD~').strip()} {head} refs/heads/main"
        in (tmp_path / "heard").read_text()
    )


def test_no_reflog_is_begun_where_none_is_wanted(world: World) -> None:
    world.git("config", "core.logAllRefUpdates", "false")
    for log in ("HEAD", "refs/heads/main"):
        Path(world.root, ".git", "logs", log).unlink()

    create(world)

    assert not Path(world.root, ".git", "logs", "HEAD").exists()


def test_a_reflog_that_is_wanted_is_begun(world: World) -> None:
    world.git("checkout", "-q", "-b", "fresh")
    Path(world.root, ".git", "logs", "refs", "heads", "fresh").unlink()

    create(world)

    assert Path(world.root, ".git", "logs", "refs", "heads", "fresh").read_text().count("\n") == 1


@pytest.mark.parametrize("ref", ["HEAD", "refs/heads/main"])
def test_a_lock_of_gits_own_is_not_broken(world: World, ref: str) -> None:
    before = world.git("rev-parse", "HEAD")
    lock = Path(world.root, ".git", f"{ref}.lock")
    lock.write_text("")

    done = subprocess.run(
        [sys.executable, "-c", CODE, "issue", "create", "--title", "x"], cwd=world.root,
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 5
    assert lock.read_text() == ""
    lock.unlink()
    assert world.git("rev-parse", "HEAD") == before
    assert world.git("status", "--porcelain") == ""
    assert create(world) == "ISSUE-001"


@pytest.mark.parametrize("detached", [False, True])
def test_locks_that_a_killed_process_left_are_taken_away_by_the_next(
    world: World, detached: bool
) -> None:
    if detached:
        world.git("checkout", "-q", "--detach")
    ours = Path(world.root, ".git", "coord")
    hold(str(ours / "HEAD.moving"), str(Path(world.root, ".git", "HEAD.lock")), ZERO)
    if not detached:
        lock = Path(world.root, ".git", "refs", "heads", "main.lock")
        hold(str(ours / "branch.moving"), str(lock), ZERO)

    create(world)

    assert no_locks(world)
    assert not list(ours.glob("*.moving"))
    assert world.git("status", "--porcelain") == ""


def test_head_that_moved_meanwhile_is_left_where_it_is(world: World) -> None:
    old = world.git("rev-parse", "HEAD").strip()
    world.commit("theirs", {"file": "x"})
    theirs = world.git("rev-parse", "HEAD").strip()
    who = Identity("A <a@b> 1 +0000", "A <a@b> 1 +0000", {})

    assert not headfiles.move(repository(world), old, old, who, "x")

    assert world.git("rev-parse", "HEAD").strip() == theirs
    assert no_locks(world)
