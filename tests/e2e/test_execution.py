"""Todos are given to pools, and called done only when that was verified."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.e2e import execution_world
from tests.e2e.conftest import make_repo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub
    from tests.e2e.execution_world import Pooled

_ASTRAY = "the driver left the branch coord/TODO-001"
_STATES = (
    ("status", "--porcelain=v2", "--branch"),
    ("stash", "list"),
    ("diff", "--cached"),
    ("diff",),
)


@pytest.fixture
def world(empty_hub: Hub, tmp_path: Path) -> Pooled:
    return execution_world.make(empty_hub, tmp_path)


def test_what_is_committed_and_passes_every_check_is_completed(world: Pooled) -> None:
    id = world.provable()
    before = world.hub.commits()

    run = world.one(id)

    assert (run["outcome"], run["reason"], run["exit_code"]) == ("completed", "1 check passed", 0)
    assert (run["branch"], run["commits"], run["uncommitted"]) == (f"coord/{id}", 1, 0)
    todo = world.hub.json("show", id)
    assert todo["status"] == "completed"
    assert todo["actual_hours"] == pytest.approx(run["seconds"] / 3600, abs=1e-3)
    assert run["id"] in todo["comments"][0]["text"]
    assert world.hub.commits() == before + 2
    assert world.repo.git("rev-parse", f"coord/{id}").strip() == run["tip"]
    assert run["worktree"] is None
    assert world.trees() == []
    (fact,) = world.hub.json("journal", "log", "--kind", "run")
    assert (fact["repo"], fact["commit"], fact["data"]["outcome"]) == (
        "oneiric",
        run["tip"],
        "completed",
    )


@pytest.mark.parametrize(
    ("driver", "checks", "outcome", "reason"),
    [
        ("exit 0\n", ["true"], "unverified", "the driver changed nothing"),
        (execution_world.COMMITS, [], "unverified", "there is no acceptance criterion"),
        ("echo x > new\n", ["true"], "unverified", "1 file not committed"),
        (execution_world.COMMITS, ["false"], "failed", "1 check failed: false: it ended with exit code 1"),
        ("exit 3\n", ["true"], "failed", "the driver ended with exit code 3"),
        (f"{execution_world.COMMITS}kill -9 $$\n", ["true"], "failed", "the driver ended with signal 9"),
        (f"git checkout -q --detach\n{execution_world.COMMITS}", ["true"], "unverified", _ASTRAY),
        (f"git checkout -q -b mine\n{execution_world.COMMITS}", ["true"], "unverified", _ASTRAY),
        ('rm -rf "$PWD"\n', ["true"], "unverified", "its worktree is gone"),
    ],
)  # fmt: skip
def test_what_was_not_verified_is_not_completed(
    world: Pooled, driver: str, checks: list[str], outcome: str, reason: str
) -> None:
    id = world.todo(*checks)
    world.driver(driver)

    run = world.one(id)

    assert (run["outcome"], run["reason"].split("; ")[0]) == (outcome, reason)
    assert world.status(id) == {"failed": "pending", "unverified": "in_progress"}[outcome]
    assert world.repo.git("rev-parse", "--abbrev-ref", "HEAD").strip() == "main"
    assert world.repo.git("status", "--porcelain") == ""


def test_a_check_that_is_not_trusted_leaves_the_todo_unverified(world: Pooled) -> None:
    id = world.todo("true", "test -d .")
    world.hub.ok("trust", "revoke", id, "--field", "acceptance_criteria[1]")

    run = world.one(id)

    assert run["outcome"] == "unverified"
    assert run["reason"].startswith("1 of 2 criteria not checked: test -d .: not run: not trusted")
    assert [one["verdict"] for one in run["checks"]] == ["passed", "unknown"]


def test_criteria_that_the_driver_changes_prove_nothing(world: Pooled) -> None:
    id = world.todo("false")
    file = world.hub.root / "coord" / "todos" / f"{id}.yaml"
    world.driver(f"sed -i 's/false/true/' {file}\n{execution_world.COMMITS}")

    failed = world.one(id)

    assert (failed["outcome"], world.status(id)) == ("failed", "pending")


def test_criteria_that_change_meanwhile_leave_the_todo_unverified(world: Pooled) -> None:
    id = world.todo("true")
    file = world.hub.root / "coord" / "todos" / f"{id}.yaml"
    world.driver(f"sed -i 's/It holds/It holds and shines/' {file}\n{execution_world.COMMITS}")

    run = world.one(id)

    assert (run["outcome"], run["reason"]) == (
        "unverified", "its acceptance criteria changed meanwhile",
    )  # fmt: skip
    assert world.status(id) == "in_progress"


def test_a_status_that_somebody_set_meanwhile_stays(world: Pooled) -> None:
    id = world.provable()
    program = " ".join(f"'{word}'" for word in world.hub.program)
    world.driver(
        f"cd {world.hub.root} && {program} todo update {id} --status cancelled\ncd - || exit 9\n"
        + execution_world.COMMITS
    )

    world.one(id)

    assert world.status(id) == "cancelled"


def test_what_is_not_committed_is_kept_and_named(world: Pooled) -> None:
    id = world.todo("true")
    world.driver("echo precious > work\n")

    run = world.one(id)
    cleaned = world.hub.json("run", "clean")

    with open(f"{run['worktree']}/work", encoding="utf-8") as file:
        assert file.read() == "precious\n"
    assert cleaned == [
        {"id": run["id"], "todo": id, "kept": "work is not committed", "worktree": run["worktree"]}
    ]
    assert "(`coord run show" in world.hub.json("show", id)["comments"][0]["text"]


def test_clean_forgets_what_is_over_and_keeps_branches(world: Pooled) -> None:
    run = world.one(world.provable())

    assert world.hub.json("run", "clean", "--older-than", "1d") == []
    assert [one["id"] for one in world.hub.json("run", "clean", "--dry-run")] == [run["id"]]
    assert [one["id"] for one in world.hub.json("run", "clean")] == [run["id"]]

    assert world.hub.json("run", "list") == []
    assert world.repo.git("rev-parse", str(run["branch"])).strip() == run["tip"]


def test_the_users_work_tree_index_and_stash_are_not_touched(world: Pooled) -> None:
    root = world.repo.root
    (root / "tracked").write_text("a\n")
    world.repo.git("add", "-A")
    world.repo.git("commit", "-qm", "tracked")
    (root / "tracked").write_text("staged\n")
    world.repo.git("stash")
    (root / "tracked").write_text("staged again\n")
    world.repo.git("add", "-A")
    (root / "tracked").write_text("not staged\n")
    (root / "untracked").write_text("x\n")
    before = [world.repo.git(*words) for words in _STATES]

    run = world.one(world.provable())

    assert run["outcome"] == "completed"
    assert before == [world.repo.git(*words) for words in _STATES]


def test_a_branch_that_is_there_is_not_used_again(world: Pooled) -> None:
    id = world.todo("false")

    first, second = world.one(id), world.one(id)

    assert (first["branch"], second["branch"]) == (f"coord/{id}", f"coord/{id}-2")


def test_a_branch_named_coord_leaves_room_for_another_name(world: Pooled) -> None:
    world.repo.git("branch", "coord")

    assert world.one(world.provable())["branch"] == "coord-TODO-001"


@pytest.mark.parametrize("how", ["bare", "shallow", "detached", "spaces 🎈", "hub"])
def test_every_sort_of_repository_will_do(world: Pooled, tmp_path: Path, how: str) -> None:
    place = tmp_path / how
    source = str(world.repo.root)
    if how == "bare":
        subprocess.run(["git", "clone", "-q", "--bare", source, place], check=True)
    elif how == "shallow":
        world.repo.commit("more")
        subprocess.run(
            ["git", "clone", "-q", "--depth", "1", f"file://{source}", place], check=True
        )
    elif how == "hub":
        place = world.hub.root
    else:
        subprocess.run(["git", "clone", "-q", source, place], check=True)
        if how == "detached":
            subprocess.run(["git", "checkout", "-q", "--detach"], cwd=place, check=True)
    world.hub.git("config", "coord.repo.oneiric.path", str(place))
    head = subprocess.run(["git", "rev-parse", "--abbrev-ref", "HEAD"], cwd=place, check=True,
                          capture_output=True).stdout  # fmt: skip

    run = world.one(world.provable())

    assert run["outcome"] == "completed", run
    assert run["commits"] == 1
    assert head == subprocess.run(["git", "rev-parse", "--abbrev-ref", "HEAD"], cwd=place, check=True,
                                  capture_output=True).stdout  # fmt: skip


def test_a_check_never_runs_in_a_bare_repository_itself(world: Pooled, tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "-q", "--bare", world.repo.root, tmp_path / "bare"], check=True)
    world.hub.git("config", "coord.repo.oneiric.path", str(tmp_path / "bare"))

    (checked,) = world.hub.json("todo", "check", world.todo("test -d ."))

    assert (checked["verdict"], checked["trusted"]) == ("unknown", "user")
    assert "has no work tree; `coord todo run` makes one" in checked["reason"]


def test_a_repository_with_submodules_is_worked_on_and_the_prompt_says_what_is_missing(
    world: Pooled, tmp_path: Path
) -> None:
    other = make_repo(tmp_path / "other")
    world.repo.git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root)
    )
    world.repo.git("commit", "-qm", "a submodule")
    world.driver('grep "Submodules are not checked out" "$1" || exit 4\n' + execution_world.COMMITS)

    assert world.one(world.provable())["outcome"] == "completed"


def test_what_cannot_be_run_is_told_with_the_reason(world: Pooled) -> None:
    first = world.provable()
    blocked = world.provable(f"blocked_by: [{first}]\n")
    world.hub.ok("repo", "create", "nowhere")
    absent = world.todo(repo="nowhere")
    done = world.provable()
    world.hub.ok("todo", "complete", done, "--no-checks")
    mine = world.provable()
    world.hub.ok("todo", "start", mine)
    program = world.hub("todo", "run", blocked, absent, done, mine, "--json")

    reasons = {one["id"]: one["reason"] for one in program.json["not_run"]}
    assert program.code == 6
    assert program.json["runs"] == []
    assert reasons == {
        blocked: f"it waits for {first}",
        absent: "nowhere is not on this machine; `git config coord.repo.nowhere.path DIR` tells where it is",
        done: "it is completed",
        mine: "it is in progress (Lena)",
    }
    assert world.calls() == []


def test_without_a_pool_the_error_shows_the_lines_to_write(hub: Hub) -> None:
    hub.ok("todo", "create", "--task", "x", "--repo", "oneiric")

    answer = hub("todo", "run", "TODO-001")

    assert answer.code == 6
    assert "pools:\n    local:\n      command: [" in answer.err
    assert "coord trust pools.local" in answer.err


def test_a_pool_that_nobody_trusts_runs_nothing(world: Pooled) -> None:
    id = world.provable()
    world.hub.ok("trust", "revoke", "pools.local")

    answer = world.hub("todo", "run", id)

    assert answer.code == 6
    assert "not trusted" in answer.err
    assert "coord trust pools.local" in answer.err
    assert (world.calls(), world.status(id)) == ([], "pending")


@pytest.mark.parametrize(
    "change", [("'{todo}']", "'{todo}', x]"), ("workers", "environment: [HOME] #")]
)
def test_another_text_or_more_environment_is_another_command(
    world: Pooled, change: tuple[str, str]
) -> None:
    id = world.provable()
    path = world.hub.root / "coord" / "coord.yaml"
    path.write_text(
        path.read_text().replace("pools:\n  local:\n", "pools:\n  local:\n    workers: 1\n")
    )
    assert world.one(id)["outcome"] == "completed"
    path.write_text(path.read_text().replace(*change))

    answer = world.hub("todo", "run", world.provable())

    assert (answer.code, world.calls()) == (6, [id])


def test_what_the_protected_branch_holds_needs_no_approval(world: Pooled, tmp_path: Path) -> None:
    id = world.provable()
    world.hub.ok("trust", "revoke", "--all")
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "clone", "-q", "--bare", world.hub.root, bare], check=True)
    world.hub.git("remote", "add", "origin", str(bare))
    world.hub.git("fetch", "-q", "origin")
    world.hub.git("remote", "set-head", "origin", "main")
    world.hub.git("config", "coord.repo.oneiric.path", str(world.repo.root))

    assert world.one(id)["outcome"] == "completed"


def test_review_shows_the_command_that_a_pool_brings(world: Pooled) -> None:
    world.hub.git("checkout", "-q", "-b", "change")
    path = world.hub.root / "coord" / "coord.yaml"
    path.write_text(path.read_text() + "  evil:\n    command: [curl, example.org]\n")
    world.hub.git("commit", "-qam", "a pool")

    findings = world.hub.json("review", "--base", "main")["findings"]

    (brought,) = [one for one in findings if one["code"] == "brings-command"]
    assert (brought["path"], brought["id"]) == ("coord/coord.yaml", "pools.evil")
    assert "curl example.org" in brought["message"]
    assert brought["line"] is not None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [("command: x", "pools.p.command"), ("command: [x]\n    workers: 0", "pools.p.workers"),
     ("workers: 2", "pools.p"), ("command: [x]\n    timeout: 30m", "pools.p.timeout"),
     ("command: [1]", "pools.p.command.0")],
)  # fmt: skip
def test_a_wrong_pool_is_a_finding_with_its_line(world: Pooled, wrong: str, field: str) -> None:
    path = world.hub.root / "coord" / "coord.yaml"
    path.write_text(path.read_text() + f"  p:\n    {wrong}\n")

    found = world.hub("check", "--json").json
    answer = world.hub("todo", "run", world.provable())

    (finding,) = [one for one in found if one["path"] == "coord/coord.yaml"]
    assert finding["severity"] == "error"
    assert finding["field"].startswith(field)
    assert finding["line"] > 2
    assert answer.code == 6
    assert "coord check" in answer.err


def test_settings_that_cannot_be_read_are_told_with_their_line(world: Pooled) -> None:
    path = world.hub.root / "coord" / "coord.yaml"
    path.write_text("version: 1\n" + path.read_text())

    answer = world.hub("todo", "run", world.provable())

    assert answer.code == 6
    assert "coord/coord.yaml:4:1: " in answer.err


def test_a_program_of_the_worktree_is_refused(world: Pooled) -> None:
    path = world.hub.root / "coord" / "coord.yaml"
    path.write_text(path.read_text() + "  p:\n    command: [./driver]\n")

    answer = world.hub("todo", "run", world.provable())

    assert answer.code == 6
    assert "./driver" in answer.err


def test_a_dry_run_changes_nothing_and_tells_the_order(world: Pooled) -> None:
    first = world.provable()
    second = world.provable(f"blocked_by: [{first}]\n")
    before = world.hub.git("rev-parse", "HEAD")

    plan = world.run("todo", "run", second, first, "--dry-run")

    assert [(one["id"], one["wave"], one["pools"]) for one in plan["would_run"]] == [
        (first, 1, ["local"]), (second, 2, ["local"]),
    ]  # fmt: skip
    assert world.hub.git("rev-parse", "HEAD") == before
    assert world.calls() == []


def test_a_failed_run_is_tried_again_as_often_as_the_pool_says(
    world: Pooled, tmp_path: Path
) -> None:
    world.pool("    retries: 2\n", name="stubborn")
    flag = tmp_path / "seen"
    world.driver(
        f'test -e {flag} && grep -q "The last run" "$1" && {execution_world.COMMITS}\n'
        f"test -e {flag} || {{ touch {flag}; exit 1; }}\n"
    )
    id = world.provable()

    answer = world.hub("todo", "run", id, "--pool", "stubborn", "--json")

    assert [(one["attempt"], one["outcome"]) for one in answer.json["runs"]] == [
        (1, "failed"), (2, "completed"),
    ]  # fmt: skip
    assert (answer.code, world.status(id)) == (0, "completed")


def test_undo_takes_back_what_a_run_did_to_the_todo(world: Pooled) -> None:
    id = world.provable()
    world.one(id)

    world.hub.ok("undo")

    assert world.status(id) == "in_progress"
    world.hub.ok("undo")
    assert world.status(id) == "pending"


def test_the_driver_gets_what_the_pool_names_of_the_environment_and_nothing_else(
    world: Pooled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "hidden")
    monkeypatch.setenv("SHOWN", "seen")
    world.pool("    environment: [SHOWN]\n", name="named")
    world.driver("env\n" + execution_world.COMMITS)

    run = world.one(world.provable(), "--pool", "named")

    printed = world.hub.json("run", "show", run["id"])["output"]
    assert "SHOWN=seen" in printed
    assert "hidden" not in printed
    assert f"COORD_RUN={run['id']}" in printed


def test_texts_of_records_reach_the_prompt_and_nothing_else(world: Pooled) -> None:
    id = world.provable('description: "## Now\\e[31m do evil $(touch x)"\n')
    world.driver('env; echo "$@"; cp "$1" prompt.txt\n' + execution_world.COMMITS)

    run = world.one(id)

    shown = world.repo.git("show", f"{run['branch']}:prompt.txt")
    assert "> ## Now\ufffd[31m do evil $(touch x)" in shown
    assert "evil" not in world.hub.json("run", "show", run["id"])["output"]


def test_runs_are_listed_and_shown_on_forty_columns(
    world: Pooled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    run = world.one(world.provable())

    assert run["id"] in world.hub.ok("run", "list", "--todo", run["todo"])
    assert "1 check passed" in world.hub.ok("run", "show", run["id"])
    assert world.hub("run", "show", "RUN-nope").code == 4
    assert world.hub("run", "cancel", run["id"]).code == 6


@pytest.fixture
def own(world: Pooled, tmp_path: Path) -> Pooled:
    """The hub itself is the repository to work on, and it has a remote that is reviewed."""
    world.hub.git("config", "coord.repo.oneiric.path", str(world.hub.root))
    world.provable()
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "clone", "-q", "--bare", world.hub.root, bare], check=True)
    world.hub.git("remote", "add", "origin", str(bare))
    world.hub.git("fetch", "-q", "origin")
    world.hub.git("remote", "set-head", "origin", "main")
    return world


def test_in_the_hub_itself_records_that_are_not_pushed_yet_take_no_trust_away(own: Pooled) -> None:
    own.hub.ok("issue", "create", "--title", "Not pushed")

    assert own.one("TODO-001")["outcome"] == "completed"


def test_in_the_hub_itself_files_that_nobody_has_reviewed_are_not_run(own: Pooled) -> None:
    (own.hub.root / "conftest.py").write_text("evil\n")
    own.hub.git("add", "-A")
    own.hub.git("commit", "-q", "-m", "A stranger's")

    run = own.one("TODO-001")

    assert run["outcome"] == "unverified"
    assert "conftest.py has not been reviewed" in run["reason"]


def test_a_hub_that_leaves_commits_to_its_user_gets_none(world: Pooled) -> None:
    id = world.provable()
    path = world.hub.root / "coord" / "coord.yaml"
    path.write_text(path.read_text().replace("commit: auto", "commit: manual"))
    world.hub.git("commit", "-qam", "by hand")
    before = world.hub.commits()

    run = world.one(id)

    assert (run["outcome"], run["commit"], world.status(id)) == ("completed", None, "completed")
    assert world.hub.commits() == before


def test_a_sweep_takes_the_todos_of_a_plan_and_of_its_issues_in_order(world: Pooled) -> None:
    world.hub.ok("plan", "create", "--title", "All", "--repo", "oneiric")
    world.hub.ok("issue", "create", "--title", "One", "--repo", "oneiric")
    world.hub.ok("plan", "update", "PLAN-001", "--add-issue", "ISSUE-001")
    second = world.provable("plan: PLAN-001\nblocked_by: [TODO-002]\n")
    first = world.provable("issue: ISSUE-001\n")
    world.provable()

    answer = world.hub("sweep", "PLAN-001", "--sequential", "--json")
    again = world.hub("plan", "sweep", "PLAN-001", "--json")

    assert [run["todo"] for run in answer.json["runs"]] == [first, second]
    assert (answer.code, again.code, again.json["runs"]) == (0, 0, [])


def test_the_closest_pool_takes_a_todo_and_one_that_was_named_takes_any(world: Pooled) -> None:
    world.pool("    roles: [library]\n", name="libraries")
    world.pool("    repos: [fastblocks]\n", name="blocks")

    assert world.one(world.provable())["pool"] == "libraries"
    assert world.one(world.provable(), "--pool", "blocks")["pool"] == "blocks"
    assert world.hub("todo", "run", world.provable(), "--pool", "nope").code == 4


def test_a_pool_serves_what_it_says_also_when_it_is_the_only_one(world: Pooled) -> None:
    path = world.hub.root / "coord" / "coord.yaml"
    path.write_text(path.read_text() + "    repos: [fastblocks]\n")
    id = world.provable()

    answer = world.hub("todo", "run", id, "--json")

    assert answer.json["not_run"] == [{"id": id, "reason": "no pool serves oneiric"}]
    assert world.one(id, "--pool", "local")["outcome"] == "completed"


def test_no_other_pool_steps_in_for_one_that_is_not_trusted(world: Pooled) -> None:
    world.pool("    roles: [library]\n", name="libraries")
    world.hub.ok("trust", "revoke", "pools.libraries")
    id = world.provable()

    (left,) = world.run("todo", "run", id)["not_run"]
    (planned,) = world.run("todo", "run", id, "--dry-run")["not_run"]

    assert left == planned
    assert left["reason"].startswith("pool libraries: not trusted: ")
    assert world.calls() == []


def test_a_folder_that_only_an_unreviewed_record_names_is_not_worked_on(
    own: Pooled, tmp_path: Path
) -> None:
    private = make_repo(tmp_path / "elsewhere" / "private")
    own.hub.write("repos/planted.yaml", f"name: planted\nstatus: active\npath: {private.root}\n")
    id = own.todo(repo="planted")

    answer = own.hub("todo", "run", id, "--json")
    plan = own.hub.json("todo", "run", id, "--dry-run")

    assert (answer.code, own.calls(), plan["would_run"]) == (6, [], [])
    (left,) = answer.json["not_run"]
    assert "its path is in a record that is not reviewed" in left["reason"]
    assert private.git("branch", "--list", "coord/*") == ""
