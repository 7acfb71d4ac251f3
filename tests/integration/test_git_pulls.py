"""Pull requests whose refs are in the clone are told apart: merged or not; open is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.git_world import DAY, NOW, START, World

from gitcoord.metrics.git.collecting import collect_all
from gitcoord.metrics.git.measured import Measured

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("own_home")


NONE = {"pull_requests": None, "unmerged_pull_requests": None, "active_pull_requests": None}
FORMS = [
    "refs/pull/{}/head", "refs/merge-requests/{}/head", "refs/pull-requests/{}/from",
    "refs/remotes/origin/pr/{}", "refs/remotes/up/pull/{}/head", "refs/remotes/origin/merge-requests/{}",
]  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty repository."""
    return World(tmp_path / "repo")


def pulls(world: World) -> dict[str, Any]:
    with Measured(world.root, NOW) as measured:
        return measured.pull_requests()


@pytest.mark.parametrize("form", FORMS)
def test_those_that_the_default_branch_does_not_reach_are_not_merged(
    world: World, form: str
) -> None:
    world.commit("one")
    for number, age in ((1, 300), (2, 300), (3, 10)):
        world.git("checkout", "-q", "-b", f"side{number}", "main")
        world.commit(f"side {number}", {f"{number}": "x\n"}, when=START + (400 - age) * DAY)
        world.git("update-ref", form.format(number), "HEAD")
        world.git("checkout", "-q", "main")
        if number == 1:
            world.merge("side1")
        world.git("branch", "-q", "-D", f"side{number}")

    assert pulls(world) == {
        "pull_requests": 3, "unmerged_pull_requests": 2, "active_pull_requests": 1,
    }  # fmt: skip
    listed = world.lines("for-each-ref", "--no-merged=main", form.format("*"))
    assert len(listed) == 2
    figures = collect_all(world.root, NOW)
    assert (figures["unmerged_pull_requests"], figures["open_pull_requests"]) == (2, None)


def test_a_clone_without_their_refs_does_not_know(world: World) -> None:
    world.commit("one")
    world.git("branch", "pr/7")

    assert pulls(world) == NONE


def test_a_ref_of_a_pull_request_is_no_branch(world: World, tmp_path: Path) -> None:
    world.commit("one")
    world.git("update-ref", "refs/remotes/origin/pr/7", "HEAD")
    world.git("update-ref", "refs/remotes/origin/pr/new-parser", "HEAD")

    with Measured(world.root, NOW) as measured:
        assert measured.branches()["branches"] == 2  # main and origin/pr/new-parser
        assert measured.pull_requests()["pull_requests"] == 1


def test_a_shallow_clone_cannot_tell(world: World, tmp_path: Path) -> None:
    world.commit("one")
    world.commit("two")
    world.git("update-ref", "refs/pull/1/head", "HEAD~1")
    shallow = World(tmp_path / "shallow")
    shallow.git(
        "fetch", "-q", "--depth=1", f"file://{world.root}", "main", "+refs/pull/*:refs/pull/*"
    )
    shallow.git("reset", "-q", "--hard", "FETCH_HEAD")

    assert pulls(shallow) == NONE


def test_a_repository_without_a_commit_cannot_tell(world: World) -> None:
    assert pulls(world) == NONE
