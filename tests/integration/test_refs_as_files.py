"""Refs are read from git's files: all of them, wherever git has put them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.integration import hub_world
from tests.integration.git_world import World
from tests.integration.hub_world import coord, repository

from gitcoord.git import reffiles, refs

pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return hub_world.made(tmp_path)


def listed(world: World) -> dict[str, str]:
    lines = world.lines("for-each-ref", "--format=%(refname) %(objectname)")
    return dict(line.split(" ") for line in lines)


def create(world: World) -> str:
    id: str = json.loads(coord(world, "issue", "create", "--title", "x", "--json"))["id"]
    return id


def by_hand(world: World, id: str) -> None:
    """Commit a record by plain git, on the branch that is checked out."""
    world.commit(id, {f"coord/issues/{id}.yaml": f"id: {id}\ntitle: t\nstatus: pending\n"})


def elsewhere(world: World, branch: str, id: str) -> None:
    """Commit a record on a branch of its own, and come back."""
    world.git("checkout", "-q", "-b", branch)
    by_hand(world, id)
    world.git("checkout", "-q", "main")


def test_every_ref_is_found_loose_packed_or_both(world: World) -> None:
    world.git("branch", "deep/er/topic")
    world.git("branch", "gone")
    world.git("branch", "moved")
    world.git("tag", "light")
    world.git("tag", "-a", "heavy", "-m", "x")
    world.git("update-ref", "refs/remotes/origin/main", "HEAD")
    world.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    world.git("pack-refs", "--all")
    world.git("branch", "-D", "gone")
    world.commit("next", {"file": "x"})
    world.git("branch", "-f", "moved")
    world.git("branch", "loose")
    world.git("tag", "-a", "later", "-m", "x")
    Path(world.root, ".git", "refs", "heads", "held.lock").write_text("")

    found = reffiles.every(repository(world))

    told = listed(world)
    assert told.pop("refs/remotes/origin/HEAD") == found["refs/remotes/origin/main"]
    assert found == told
    assert "refs/heads/gone" not in found


def test_a_linked_work_tree_sees_the_shared_refs_and_its_own(world: World, tmp_path: Path) -> None:
    world.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = World.__new__(World)
    side.__dict__.update(world.__dict__, root=str(tmp_path / "side"))
    side.git("update-ref", "refs/worktree/mine", "HEAD")

    found = reffiles.every(repository(side))

    assert found == listed(side)
    assert {"refs/heads/main", "refs/heads/side", "refs/worktree/mine"} <= set(found)


@pytest.mark.parametrize("pack", [False, True])
def test_head_is_read_where_its_branch_is_packed(world: World, pack: bool) -> None:
    if pack:
        world.git("pack-refs", "--all")

    assert refs.head(repository(world)) == world.git("rev-parse", "HEAD").strip()


def test_a_storage_of_another_name_is_left_to_git(world: World) -> None:
    assert reffiles.used(repository(world))

    with open(os.path.join(world.root, ".git", "config"), "a", encoding="utf-8") as file:
        file.write("[extensions]\n\trefStorage = reftable\n")

    assert not reffiles.used(repository(world))


@pytest.mark.parametrize("pack", [False, True])
def test_an_id_on_a_branch_that_git_made_between_two_creates_is_not_given_again(
    world: World, pack: bool
) -> None:
    assert create(world) == "ISSUE-001"
    elsewhere(world, "topic", "ISSUE-007")
    if pack:
        world.git("pack-refs", "--all", "--prune")
        world.git("gc", "--quiet", "--prune=now")

    assert create(world) == "ISSUE-008"


def test_an_id_that_was_fetched_is_not_given_again(world: World, tmp_path: Path) -> None:
    create(world)
    other = tmp_path / "other"
    world.git("clone", "-q", world.root, str(other))
    world.git("-C", str(other), "-c", "user.name=O", "-c", "user.email=o@example.org",
              "commit", "-q", "--allow-empty", "-m", "x")  # fmt: skip
    there = World.__new__(World)
    there.__dict__.update(world.__dict__, root=str(other))
    by_hand(there, "ISSUE-020")
    world.git("remote", "add", "peer", str(other))
    world.git("fetch", "-q", "peer")

    assert create(world) == "ISSUE-021"


def test_a_branch_that_moves_within_the_same_second_is_seen_each_time(world: World) -> None:
    given = []
    for number in (10, 20, 30):
        world.git("checkout", "-q", "-B", "topic", "main")
        by_hand(world, f"ISSUE-0{number}")
        world.git("checkout", "-q", "main")
        given.append(create(world))

    assert given == ["ISSUE-011", "ISSUE-021", "ISSUE-031"]
