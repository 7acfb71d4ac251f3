"""Drivers that misbehave, and several of us at once: nothing is run twice, lost, or called done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e import execution_world
from tests.e2e.execution_world import COMMITS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Hub
    from tests.e2e.execution_world import Pooled


@pytest.fixture
def world(empty_hub: Hub, tmp_path: Path) -> Pooled:
    return execution_world.make(empty_hub, tmp_path)


def until(holds: Callable[[], Any]) -> None:
    """Wait until something holds."""
    give_up = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def waiting(world: Pooled, tmp_path: Path, more: str = "") -> Path:
    """Let the driver say that it is at work, and stay until it is ended; return where it says so."""
    said = tmp_path / "at work"
    world.driver(
        f"{more}\necho $$ > '{said}.new'; mv '{said}.new' '{said}'\nwhile :; do sleep 1; done\n"
    )
    return said


def killed(world: Pooled, tmp_path: Path, id: str, more: str = "") -> int:
    """Run a todo, kill the coord that does, and wait until that shows; return the driver's process."""
    said = waiting(world, tmp_path, more)
    process = world.start("todo", "run", id)
    until(said.exists)
    process.kill()
    process.communicate()
    until(lambda: world.hub.json("run", "list", "--state", "lost"))
    return int(said.read_text())


def test_daemons_of_a_driver_end_with_it(world: Pooled, tmp_path: Path) -> None:
    daemon = tmp_path / "daemon"
    world.driver(f"(setsid sh -c 'echo $$ > {daemon}; exec sleep 600') &\n"
                 f"while ! test -s {daemon}; do sleep 0.01; done\n{COMMITS}")  # fmt: skip

    run = world.one(world.provable())

    assert run["outcome"] == "completed"
    assert is_gone(int(daemon.read_text()))


def test_of_much_output_the_beginning_and_the_end_are_kept(world: Pooled) -> None:
    world.driver("echo first; head -c 300000000 /dev/zero; echo last\n" + COMMITS)

    run = world.one(world.provable())

    printed = world.hub.json("run", "show", run["id"])["output"]
    assert run["outcome"] == "completed"
    assert len(printed) < 300_000
    assert printed.startswith("first\n")
    assert "bytes left out" in printed
    assert "last\n" in printed
    assert "\x00" not in world.hub.ok("run", "show", run["id"], "--output")


def test_a_driver_that_takes_too_long_is_ended_and_its_todo_pending(
    world: Pooled, tmp_path: Path
) -> None:
    waiting(world, tmp_path)
    id = world.provable()

    run = world.one(id, "--timeout", "1s")

    assert (run["outcome"], world.status(id)) == ("failed", "pending")
    assert run["reason"] == "the driver did not end within 1 s and was ended"


def test_a_worktree_that_became_another_repository_is_not_looked_at(world: Pooled) -> None:
    world.driver(f"rm -rf .git; git init -q .; {COMMITS}")

    run = world.one(world.provable())

    assert (run["outcome"], run["commits"], run["checks"]) == ("unverified", 0, [])


def test_a_driver_may_use_coord_in_the_hub(world: Pooled) -> None:
    program = " ".join(f"'{word}'" for word in world.hub.program)
    world.driver(f'(cd {world.hub.root}; {program} comment "$2" "half way") || exit 9\n{COMMITS}')
    id = world.provable()

    assert world.one(id)["outcome"] == "completed"
    assert [one["text"][:8] for one in world.hub.json("show", id)["comments"]] == [
        "half way",
        "Run RUN-",
    ]


def test_a_driver_that_commits_closing_words_does_not_complete_its_todo(world: Pooled) -> None:
    world.hub.ok("hooks", "install", "--all")
    id = world.todo("false")
    world.driver('echo x > new; git add new; git commit -q -m "Do it\n\nCloses: $2"\n')

    run = world.one(id)
    world.hub("trailers", "apply")

    assert (run["outcome"], world.status(id)) == ("failed", "pending")


def test_ten_sweeps_at_once_run_each_todo_exactly_once(world: Pooled) -> None:
    world.hub.ok("plan", "create", "--title", "All", "--repo", "oneiric")
    ids: list[str] = []
    for number in range(8):
        more = f"blocked_by: [{ids[number - 4]}]\n" if number >= 6 else ""
        ids.append(world.provable("plan: PLAN-001\n" + more))

    sweeps = [
        world.start("plan", "sweep", "PLAN-001", "--parallel", "2", "--json") for _ in range(10)
    ]
    reports = [world.ended(one) for one in sweeps]

    rest = world.run("plan", "sweep", "PLAN-001")
    ran = [run["todo"] for report in [*reports, rest] for run in report["runs"]]
    assert sorted(ran) == ids
    assert sorted(world.calls()) == ids
    assert {world.status(id) for id in ids} == {"completed"}


def test_two_work_trees_of_one_hub_do_not_run_a_todo_twice(
    world: Pooled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = world.provable()
    world.hub.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "second"))
    world.hub.git("config", "coord.repo.oneiric.path", str(world.repo.root))
    world.hub.ok("trust", "--all", "--yes")
    run = world.one(id)
    monkeypatch.chdir(tmp_path / "second")

    refused = world.hub("todo", "run", id, "--json")
    world.hub.git("merge", "-q", "main")

    assert refused.code == 6
    (left,) = refused.json["not_run"]
    assert left["reason"].startswith(f"{run['id']} did it in {world.hub.root}")
    assert world.calls() == [id]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_ends_the_drivers_and_keeps_what_they_did(
    world: Pooled, tmp_path: Path, sign: signal.Signals
) -> None:
    said = waiting(world, tmp_path, COMMITS + "echo more > work")
    id = world.provable()
    process = world.start("todo", "run", id, "--json")
    until(said.exists)

    process.send_signal(sign)
    report = world.ended(process)

    (run,) = report["runs"]
    assert (process.returncode, report["interrupted"]) == (130, True)
    assert (run["outcome"], run["commits"], run["uncommitted"]) == ("cancelled", 1, 1)
    assert world.status(id) == "pending"
    assert is_gone(int(said.read_text()))
    assert os.path.exists(f"{run['worktree']}/work")


def test_a_run_is_cancelled_from_another_terminal(world: Pooled, tmp_path: Path) -> None:
    said = waiting(world, tmp_path)
    id = world.provable()
    process = world.start("todo", "run", id, "--json")
    until(said.exists)
    (listed,) = world.hub.json("run", "list", "--state", "running")

    cancelled = world.hub.json("run", "cancel", listed["id"])

    (run,) = world.ended(process)["runs"]
    assert (
        (run["id"], run["outcome"]) == (cancelled["id"], "cancelled") == (listed["id"], "cancelled")
    )
    assert (process.returncode, world.status(id)) == (1, "pending")
    assert world.trees() == []


def test_a_killed_coord_ends_its_driver_and_the_next_run_begins_anew(
    world: Pooled, tmp_path: Path
) -> None:
    id = world.provable()

    driver = killed(world, tmp_path, id, COMMITS)

    assert is_gone(driver)
    assert world.status(id) == "in_progress"
    world.driver(COMMITS)
    again = world.one(id)
    lost = world.hub.json("run", "list")[1]
    assert (again["outcome"], again["branch"]) == ("completed", f"coord/{id}-2")
    assert (lost["outcome"], lost["commits"], lost["branch"]) == ("lost", 1, f"coord/{id}")
    texts = [one["text"] for one in world.hub.json("show", id)["comments"]]
    assert [lost["id"] in texts[0], again["id"] in texts[1], len(texts)] == [True, True, 2]


def test_commits_on_no_branch_outlive_a_killed_coord(world: Pooled, tmp_path: Path) -> None:
    work = f"git checkout -q --detach\n{COMMITS}git rev-parse HEAD > {tmp_path}/tip"
    killed(world, tmp_path, world.provable(), work)
    (lost,) = world.hub.json("run", "list")

    world.hub.ok("run", "cancel", lost["id"])

    held = world.repo.git("rev-parse", f"refs/coord/runs/{lost['id']}")
    assert held == (tmp_path / "tip").read_text()
    assert world.trees() == []


def test_cancelling_what_was_lost_puts_its_todo_back(world: Pooled, tmp_path: Path) -> None:
    id = world.provable()
    killed(world, tmp_path, id)
    (lost,) = world.hub.json("run", "list")

    world.hub.ok("run", "cancel", lost["id"])

    assert world.status(id) == "pending"
    assert world.hub.json("run", "show", lost["id"])["outcome"] == "cancelled"


def test_killed_at_any_moment_every_todo_is_done_once_or_told_as_lost(world: Pooled) -> None:
    world.hub.ok("plan", "create", "--title", "All", "--repo", "oneiric")
    ids = [world.provable("plan: PLAN-001\n") for _ in range(4)]

    for step in range(6):
        process = world.start("plan", "sweep", "PLAN-001", "--parallel", "2")
        time.sleep(0.1 + 0.12 * step)  # at whatever moment this is
        process.kill()
        process.communicate()
    until(lambda: not world.hub.json("run", "list", "--state", "running"))
    world.run("plan", "sweep", "PLAN-001")

    runs = world.hub.json("run", "list")
    assert {world.status(id) for id in ids} == {"completed"}
    assert all(run["settled"] for run in runs)
    assert len(world.trees()) == sum(run["worktree"] is not None for run in runs)
    for id in ids:
        outcomes = [run["outcome"] for run in runs if run["todo"] == id]
        assert outcomes.count("completed") == 1
        assert set(outcomes) <= {"completed", "lost"}
        assert world.calls().count(id) <= len(outcomes)
        told = [one["text"] for one in world.hub.json("show", id).get("comments", [])]
        assert sum("completed" in text for text in told) == 1
    assert world.hub.git("status", "--porcelain") == ""
    assert world.hub("check").code == 0


def test_where_nothing_can_be_written_nothing_is_begun(world: Pooled) -> None:
    id = world.provable()
    runs = world.hub.root / ".git" / "coord" / "runs"
    runs.write_text("in the way")

    answer = world.hub("todo", "run", id, "--json")

    assert (answer.code, world.calls(), world.status(id)) == (6, [], "pending")
    assert "cannot be written" in answer.json["not_run"][0]["reason"]


def test_a_worktree_that_cannot_be_made_is_a_failed_run(world: Pooled, tmp_path: Path) -> None:
    id = world.provable()
    (tmp_path / "file").write_text("in the way")
    world.hub.git("config", "coord.worktrees", str(tmp_path / "file"))

    run = world.one(id)

    assert (run["outcome"], world.status(id)) == ("failed", "pending")
    assert run["notes"]


def test_what_is_damaged_below_the_git_directory_is_passed_over(world: Pooled) -> None:
    run = world.one(world.provable())
    folder = world.hub.root / ".git" / "coord" / "runs"
    for name, content in (
        ("RUN-bad", "{"),
        ("RUN-odd", json.dumps([1])),
        ("RUN-id", json.dumps(run)),
    ):
        (folder / name).mkdir()
        (folder / name / "run.json").write_text(content)
    (folder / "RUN-none").mkdir()

    assert [one["id"] for one in world.hub.json("run", "list")] == [run["id"]]
    assert world.one(world.provable())["outcome"] == "completed"


def test_branches_that_went_apart_are_for_a_person_to_merge(world: Pooled) -> None:
    first, second = world.provable(), world.provable()
    third = world.provable(f"blocked_by: [{first}, {second}]\n")

    report = world.run("todo", "run", first, second, third)

    assert [run["todo"] for run in report["runs"]] == [first, second]
    (left,) = report["not_run"]
    assert (
        left["reason"]
        == f"{third} builds on coord/{first} and coord/{second}, which are not merged"
    )
    subprocess.run(["git", "merge", "-q", f"coord/{first}", f"coord/{second}"], cwd=world.repo.root,
                   check=True)  # fmt: skip
    assert world.one(third)["outcome"] == "completed"


def test_what_waits_for_a_failed_todo_is_not_run_and_told(world: Pooled) -> None:
    first = world.todo("false")
    second = world.provable(f"blocked_by: [{first}]\n")

    report = world.run("todo", "run", second, first)

    assert [run["outcome"] for run in report["runs"]] == ["failed"]
    assert report["not_run"] == [{"id": second, "reason": f"it waits for {first} (failed)"}]


def test_a_chain_builds_on_the_branch_of_what_came_before(world: Pooled) -> None:
    first = world.provable()
    second = world.todo(f"test -f {first}.txt", more=f"blocked_by: [{first}]\n")

    one, two = world.run("todo", "run", first, second)["runs"]

    assert (two["outcome"], two["base"]) == ("completed", one["tip"])
