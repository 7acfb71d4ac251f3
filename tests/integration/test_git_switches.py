"""Every way to leave a branch for another is counted once, and nothing else is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.integration.git_world import DAY, NOW, World
from tests.plain_git import PlainGit

from gitcoord.metrics.git.measured import Measured
from gitcoord.metrics.git.switching import Switch
from gitcoord.metrics.git.window import Window

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A repository of two commits, with a branch `side` that has one of its own."""
    found = World(tmp_path / "repo")
    for name in ("one", "two"):
        found.commit(name, {name: f"{name}\n"})
    found.git("branch", "side", "HEAD~1")
    return found


def switches(world: World, facts: tuple[Switch, ...] = ()) -> int | None:
    with Measured(world.root, NOW) as measured:
        found = measured.velocity(Window(NOW), facts, remerge=False)["branch_switches"]
    assert found is None or isinstance(found, int)
    return found


WAYS = {
    "switch -c": (["switch -q -c new"], 1),
    "checkout -b": (["checkout -q -b new"], 1),
    "checkout -B": (["checkout -q -B side"], 1),
    "checkout -": (["checkout -q side", "checkout -q -"], 2),
    "the same branch again": (["checkout -q main"], 0),
    "orphan, nothing committed": (["checkout -q --orphan new"], 1),
    "orphan, committed": (["checkout -q --orphan new", "commit -q -m root"], 1),
    "orphan and back": (["checkout -q --orphan new", "checkout -q -f main"], 2),
    "orphan, committed, and back": (
        ["switch -q --orphan new", "commit -q --allow-empty -m root", "switch -q main"], 2,
    ),
    "orphan from a branch with a name": (
        ["switch -q side", "switch -q --orphan new", "commit -q --allow-empty -m root"], 2,
    ),
    "two orphans": (
        ["switch -q --orphan new", "commit -q --allow-empty -m root", "switch -q --orphan next",
         "commit -q --allow-empty -m root"], 2,
    ),
    "orphan, then another branch": (["checkout -q --orphan new", "checkout -q -f side"], 2),
    "a commit": (["checkout -q --detach", "checkout -q main"], 0),
    "orphan from a commit": (
        ["checkout -q --detach", "switch -q --orphan new", "commit -q --allow-empty -m root"], 0,
    ),
    "rebase of this branch": (["rebase -q side"], 0),
    "rebase of another branch": (["rebase -q main side"], 1),
    "rebase of a branch that was rebased": (
        ["branch new main", "switch -q side", "switch -q main", "rebase -q main new"], 3,
    ),
    "rebase of another branch and back": (["rebase -q main side", "switch -q main"], 2),
    "bisect": (["bisect start HEAD HEAD~1", "bisect reset"], 0),
    "another name": (["switch -q side", "branch -m side new", "switch -q main"], 2),
    "symbolic-ref": (["switch -q side", "symbolic-ref HEAD refs/heads/main"], 2),
    "the branch itself is deleted": (
        ["update-ref -d refs/heads/main", "commit -q -m root"], 0,
    ),
    "stash, reset and cherry-pick": (["reset -q --hard HEAD~1", "cherry-pick side@{0}"], 0),
    "a linked work tree": (["worktree add -q ../linked side"], 0),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_leave_a_branch_is_counted_once(world: World, way: str) -> None:
    world.git("switch", "-q", "side")
    world.commit("three", {"three": "3\n"})
    world.git("switch", "-q", "main")
    words, expected = WAYS[way]
    before = switches(world)

    for one in words:
        world.run(*one.split())

    assert before == 2
    assert switches(world) == before + expected


def test_a_branch_without_a_parent_is_created_once_it_has_a_commit(
    world: World, tmp_path: Path
) -> None:
    def created_and_deleted() -> tuple[int | None, int | None]:
        with Measured(world.root, NOW, str(tmp_path / "hub")) as measured:
            found = measured.velocity(Window(NOW), remerge=False)
        return found["branches_created"], found["branches_deleted"]

    assert created_and_deleted() == (1, None)  # side
    world.git("checkout", "-q", "--orphan", "new")
    assert created_and_deleted() == (1, None)
    world.git("checkout", "-q", "-f", "main")
    assert created_and_deleted() == (1, None)

    world.git("checkout", "-q", "--orphan", "new")
    world.git("commit", "-q", "-m", "root")

    assert created_and_deleted() == (2, None)


def test_a_linked_work_tree_has_switches_of_its_own(world: World, tmp_path: Path) -> None:
    world.git("worktree", "add", "-q", "-b", "new", str(tmp_path / "linked"))
    linked = PlainGit(tmp_path / "linked")
    assert switches(world) == 0

    linked.lines("checkout", "-q", "--orphan", "root")
    linked.lines("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-q", "-m", "root")
    linked.lines("switch", "-q", "side")

    assert switches(world) == 2


def test_a_fact_of_a_hook_and_the_reflog_tell_of_one_switch(world: World) -> None:
    world.git("checkout", "-q", "--orphan", "new")
    left = world.now
    world.git("commit", "-q", "-m", "root", when=world.now + 7200)

    assert switches(world, (Switch(left, "main", "new"),)) == 1
    assert switches(world, (Switch(left - 3 * DAY, "main", "new"),)) == 2


def test_lines_that_git_let_expire_are_no_switches(world: World) -> None:
    world.git("switch", "-q", "side")
    world.git("switch", "-q", "main")
    path = os.path.join(world.root, ".git", "logs", "HEAD")
    with open(path, encoding="utf-8") as file:
        lines = file.readlines()
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(lines[-1:])

    assert switches(world) == 1
