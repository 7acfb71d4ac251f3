"""Snapshots that the post-commit hook takes in the background."""

from __future__ import annotations

import fcntl
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.conftest import Hub, Repo


def snapshots(hub: Hub) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hub.json("journal", "log", "--kind", "snapshot")
    return found


def facts(hub: Hub) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hub.json("journal", "log", "--kind", "commit")
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what happens in the background."""
    until = time.monotonic() + 40
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def head(repo: Repo) -> str:
    return repo.git("rev-parse", "HEAD").strip()


@pytest.fixture
def hooked(hub: Hub, oneiric: Repo) -> Repo:
    """A repository of the hub with its hooks."""
    hub.ok("hooks", "install", "oneiric")
    return oneiric


def test_a_commit_leaves_a_snapshot_of_what_is_cheap(hub: Hub, hooked: Repo) -> None:
    done = hooked.commit("Work")

    wait_until(lambda: bool(snapshots(hub)))

    assert (done.stdout, done.stderr) == ("", "")
    (one,) = snapshots(hub)
    assert (one["repo"], one["commit"]) == ("oneiric", head(hooked))
    assert one["data"].keys() == {"git", "coverage"}
    assert one["data"]["git"]["total_commits"] == 2
    assert hub.git("status", "--porcelain") == ""
    assert hooked.git("status", "--porcelain") == ""


@pytest.mark.parametrize("where", ["the repository", "the hub"])
def test_git_config_switches_snapshots_off(hub: Hub, hooked: Repo, where: str) -> None:
    (hub if where == "the hub" else hooked).git("config", "coord.snapshots", "off")

    hooked.commit("Work")

    wait_until(lambda: bool(facts(hub)))
    lock = hub.root / ".git" / "coord" / "snapshot-oneiric.lock"
    time.sleep(1)
    assert not lock.exists()
    assert snapshots(hub) == []


def test_a_run_that_finds_one_under_way_leaves(hub: Hub, hooked: Repo) -> None:
    lock = hub.root / ".git" / "coord" / "snapshot-oneiric.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        done = hooked.commit("Work")
        wait_until(lambda: bool(facts(hub)))
        time.sleep(1)

        assert done.returncode == 0
        assert snapshots(hub) == []
    hooked.commit("More")
    wait_until(lambda: bool(snapshots(hub)))


def test_many_commits_at_once_end_with_a_snapshot_of_the_last(hub: Hub, hooked: Repo) -> None:
    for number in range(8):
        hooked.commit(f"Work {number}")

    wait_until(lambda: any(one["commit"] == head(hooked) for one in snapshots(hub)))

    assert len(snapshots(hub)) <= 8


def test_a_snapshot_in_odd_surroundings_stops_no_commit(hub: Hub, hooked: Repo) -> None:
    tree = hooked.root.parent / "a tree 🌲"
    hooked.git("worktree", "add", "--quiet", "--detach", str(tree))
    (tree / "file ü").write_text("x")

    hooked.git("-C", str(tree), "add", "--all")
    done = hooked.run("-C", str(tree), "commit", "--quiet", "-m", "Detached")

    assert (done.returncode, done.stderr) == (0, "")
    wait_until(lambda: bool(facts(hub)))
    wait_until(lambda: bool(snapshots(hub)))


def test_what_hooks_and_people_collect_together_is_whole(hub: Hub, hooked: Repo) -> None:
    hooked.commit("Work")

    with ThreadPoolExecutor(4) as threads:
        runs = [threads.submit(hub.process, "metrics", "collect", "-q", "--only", "git")
                for _ in range(4)]  # fmt: skip
        assert [run.result().returncode for run in runs] == [0, 0, 0, 0]

    wait_until(lambda: any("coverage" in one["data"] for one in snapshots(hub)))
    found = hub("journal", "log")
    assert "left out" not in found.err
    assert os.path.exists(hub.root / ".git" / "coord" / "snapshot-oneiric.lock")
