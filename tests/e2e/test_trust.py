"""Commands in records: run when the protected branch or the user trusts them, else never."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.conftest import PROGRAM

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

BAIT = "bait"


def git(where: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def touch(name: str) -> str:
    return f"touch {name}"


def dependency(id: str = "DEP-001", command: str = "git --version", more: str = "") -> str:
    return (
        f"id: {id}\nconsumer: fastblocks\nprovider: oneiric\ntype: runtime\nstatus: unknown\n"
        f"validation:\n  command: {command}\n{more}"
    )


def todo(*checks: str, id: str = "TODO-001", repo: str = "fastblocks") -> str:
    listed = "".join(f"  - text: It holds\n    check: {check}\n" for check in checks)
    return (
        f"id: {id}\ntask: Pin oneiric\nstatus: pending\nrepo: {repo}\n"
        f"acceptance_criteria:\n  - All is well\n{listed}"
    )


@pytest.fixture
def shared(hub: Hub) -> Hub:
    """A clone's hub with a bare remote that has a reviewed dependency and todo."""
    hub.write("dependencies/DEP-001.yaml", dependency())
    hub.write("todos/TODO-001.yaml", todo("git --version"))
    git(hub.root, "add", "-A")
    git(hub.root, "commit", "-q", "-m", "commands")
    bare = hub.root.parent / "remote.git"
    git(hub.root.parent, "clone", "-q", "--bare", str(hub.root), str(bare))
    git(hub.root, "remote", "add", "origin", str(bare))
    git(hub.root, "fetch", "-q", "origin")
    git(hub.root, "remote", "set-head", "origin", "main")
    for name in ("fastblocks", "oneiric"):
        git(hub.root.parent, "init", "-q", name)
    return hub


@pytest.fixture
def alone(hub: Hub) -> Hub:
    """A hub without a remote."""
    hub.write("dependencies/DEP-001.yaml", dependency())
    hub.write("todos/TODO-001.yaml", todo("git --version"))
    git(hub.root.parent, "init", "-q", "fastblocks")
    return hub


def outcomes(hub: Hub, *words: str) -> list[dict[str, Any]]:
    answer = hub(*words, "--json")
    assert answer.code in (0, 1), answer
    found: list[dict[str, Any]] = answer.json
    assert answer.code == int(any(one["verdict"] == "failed" for one in found))
    return found


def one(hub: Hub, *words: str) -> dict[str, Any]:
    (found,) = outcomes(hub, *words)
    return found


def push(hub: Hub, branch: str = "main") -> None:
    git(hub.root, "add", "-A")
    git(hub.root, "commit", "-q", "-m", "a change")
    git(hub.root, "push", "-q", "origin", f"HEAD:refs/heads/{branch}")


def test_what_the_protected_branch_holds_is_run(shared: Hub) -> None:
    found = one(shared, "validate", "DEP-001")

    assert found.keys() == {
        "id", "field", "command", "trusted", "verdict", "exit_code", "seconds", "output", "reason",
    }  # fmt: skip
    assert (found["trusted"], found["verdict"], found["exit_code"]) == ("branch", "passed", 0)
    assert found["output"].startswith("git version")
    assert found["seconds"] > 0
    assert outcomes(shared, "dep", "validate") == [{**found, "seconds": pytest.approx(0, abs=9)}]
    assert one(shared, "todo", "check", "TODO-001")["field"] == "acceptance_criteria[1].check"


def test_a_record_without_commands_has_no_outcome(shared: Hub) -> None:
    assert outcomes(shared, "validate", "ISSUE-001") == []
    assert shared("trust", "show", "ISSUE-001").code == 4


@pytest.mark.parametrize(
    "change",
    [
        dependency(command="git  --version"),
        dependency(command="git --version "),
        dependency(command='"git --version "'),
        dependency(command="git --Version"),
        dependency(command="git --help"),
        dependency(more="  expected_pattern: .*\n"),
        dependency(more="  timeout: 600\n"),
        dependency().replace("fastblocks", "oneiric", 1),
    ],
    ids=["two spaces", "unchanged", "space at the end", "case", "another", "pattern", "timeout", "repo"],
)  # fmt: skip
def test_any_change_of_the_text_is_untrusted(shared: Hub, change: str) -> None:
    shared.write("dependencies/DEP-001.yaml", change)

    found = one(shared, "validate", "DEP-001")

    if change == dependency(command="git --version "):  # YAML itself drops that space
        assert found["verdict"] == "passed"
        return
    assert (found["trusted"], found["verdict"]) == (None, "unknown")
    assert (found["exit_code"], found["seconds"], found["output"]) == (None, None, None)
    assert "does not stand in DEP-001 on origin/main" in found["reason"]


def test_a_record_that_moved_is_untrusted(shared: Hub) -> None:
    shared.git("mv", "coord/dependencies/DEP-001.yaml", "coord/dependencies/DEP-002.yaml")
    shared.write("dependencies/DEP-002.yaml", dependency("DEP-002"))

    assert one(shared, "validate", "DEP-002")["trusted"] is None


def test_criteria_may_change_their_order(shared: Hub) -> None:
    shared.write("todos/TODO-001.yaml", todo("git --exec-path", "git --version"))

    first, second = outcomes(shared, "todo", "check", "TODO-001")

    assert (first["trusted"], second["trusted"]) == (None, "branch")


def test_what_the_branch_drops_is_untrusted_after_a_fetch(shared: Hub, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(tmp_path / "remote.git"), str(other))
    git(other, "rm", "-q", "coord/dependencies/DEP-001.yaml")
    git(other, "commit", "-q", "-m", "drop")
    git(other, "push", "-q")

    before = one(shared, "validate", "DEP-001")
    git(shared.root, "fetch", "-q")
    after = one(shared, "validate", "DEP-001")

    assert (before["trusted"], after["trusted"]) == ("branch", None)


def test_the_user_approves_exactly_one_text(shared: Hub) -> None:
    shared.write("dependencies/DEP-001.yaml", dependency(command="git --exec-path"))
    (pending,) = [one for one in shared.json("trust", "list") if one["id"] == "DEP-001"]
    assert (pending["state"], pending["trusted"]) == ("pending", None)
    assert [old["command"] for old in pending["before"]] == ["git --version"]

    assert shared("trust", "DEP-001").code == 2  # nobody to ask
    (approved,) = shared.json("trust", "DEP-001", "--yes")

    assert (approved["state"], approved["trusted"]) == ("trusted", "user")
    assert one(shared, "validate", "DEP-001")["trusted"] == "user"
    shared.write("dependencies/DEP-001.yaml", dependency(command="git  --exec-path"))
    assert one(shared, "validate", "DEP-001")["trusted"] is None


def test_an_approval_is_a_private_file_below_the_git_directory(alone: Hub) -> None:
    alone.ok("trust", "--all", "--yes")

    folder = alone.root / ".git/coord/trust"
    held = list(folder.iterdir())
    assert len(held) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in held} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert alone.git("status", "--porcelain", "--untracked-files=no") == ""


@pytest.mark.parametrize("mode", [0o660, 0o602])
def test_an_approval_that_others_can_write_does_not_count(alone: Hub, mode: int) -> None:
    alone.ok("trust", "DEP-001", "--yes")
    (held,) = (alone.root / ".git/coord/trust").iterdir()

    held.chmod(mode)

    assert one(alone, "validate", "DEP-001")["trusted"] is None


def test_an_approval_under_another_name_or_as_a_link_does_not_count(alone: Hub) -> None:
    alone.ok("trust", "DEP-001", "--yes")
    folder = alone.root / ".git/coord/trust"
    (held,) = folder.iterdir()
    text = held.read_text()

    held.write_text(text.replace("git --version", "git --exec-path"))
    alone.write("dependencies/DEP-001.yaml", dependency(command="git --exec-path"))
    assert one(alone, "validate", "DEP-001")["trusted"] is None

    alone.write("dependencies/DEP-001.yaml", dependency())
    held.write_text(text)
    assert one(alone, "validate", "DEP-001")["trusted"] == "user"
    held.rename(folder.parent / "elsewhere")
    held.symlink_to(folder.parent / "elsewhere")
    assert one(alone, "validate", "DEP-001")["trusted"] is None


def test_revoke_takes_back_one_or_all(alone: Hub) -> None:
    alone.ok("trust", "--all", "--yes")

    (taken,) = alone.json("trust", "revoke", "DEP-001")
    assert (taken["id"], taken["command"]) == ("DEP-001", "git --version")
    assert one(alone, "validate", "DEP-001")["trusted"] is None
    assert one(alone, "todo", "check", "TODO-001")["trusted"] == "user"
    assert alone("trust", "revoke", "DEP-001").code == 4
    alone.ok("trust", "revoke", "--all")
    assert one(alone, "todo", "check", "TODO-001")["trusted"] is None
    assert alone("trust", "revoke").code == 2


def test_an_old_text_does_not_come_back_to_life(alone: Hub) -> None:
    alone.ok("trust", "DEP-001", "--yes")
    alone.write("dependencies/DEP-001.yaml", dependency(command="git --exec-path"))
    alone.ok("trust", "DEP-001", "--yes")

    alone.write("dependencies/DEP-001.yaml", dependency())

    assert one(alone, "validate", "DEP-001")["trusted"] is None


def test_an_approval_of_a_record_that_is_gone_is_shown_as_unused(alone: Hub) -> None:
    alone.ok("trust", "DEP-001", "--yes")
    (alone.root / "coord/dependencies/DEP-001.yaml").unlink()

    states = {one["id"]: one["state"] for one in alone.json("trust", "list")}

    assert states == {"TODO-001": "pending", "DEP-001": "unused"}
    alone.ok("trust", "revoke", "dep-001")


def test_an_approval_holds_for_its_folder_only(alone: Hub) -> None:
    alone.ok("trust", "DEP-001", "--yes")
    git(alone.root.parent, "init", "-q", "elsewhere")
    alone.git("config", "coord.repo.fastblocks.path", "../elsewhere")

    assert one(alone, "validate", "DEP-001")["trusted"] is None


@pytest.mark.parametrize("name", ["CI", "GITHUB_ACTIONS"])
def test_on_a_build_machine_nothing_is_approved_and_no_approval_counts(
    alone: Hub, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone.ok("trust", "DEP-001", "--yes")
    monkeypatch.setenv(name, "true")

    refused = alone("trust", "--all", "--yes")

    assert refused.code == 6
    assert "build machine" in refused.err
    assert one(alone, "validate", "DEP-001")["verdict"] == "unknown"


def test_on_a_build_machine_the_branch_of_another_repository_does_not_count(
    shared: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    assert one(shared, "validate", "DEP-001")["trusted"] == "branch"

    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/hub")

    found = one(shared, "validate", "DEP-001")
    assert found["trusted"] is None
    assert "origin is not owner/hub" in found["reason"]


def test_a_command_for_a_shell_is_neither_run_nor_approved(shared: Hub) -> None:
    shared.write("dependencies/DEP-001.yaml", dependency(command="touch bait; touch bait"))
    push(shared)

    found = one(shared, "validate", "DEP-001")

    assert (found["trusted"], found["verdict"]) == ("branch", "unknown")
    assert "';', which only a shell understands" in found["reason"]
    shared.write("dependencies/DEP-001.yaml", dependency(command="touch bait | cat"))
    refused = shared("trust", "DEP-001", "--yes")
    assert refused.code == 6
    assert "script" in refused.err


def test_the_expected_pattern_decides(shared: Hub) -> None:
    for pattern, verdict in (("^git version \\d", "passed"), ("svn", "failed"), ("(", "unknown")):
        text = dependency(more=f"  expected_pattern: '{pattern}'\n")
        shared.write("dependencies/DEP-001.yaml", text)
        shared.ok("trust", "DEP-001", "--yes")

        assert one(shared, "validate", "DEP-001")["verdict"] == verdict


def test_a_repository_that_is_not_here_is_told(shared: Hub) -> None:
    (shared.root.parent / "fastblocks").rename(shared.root.parent / "away")

    found = one(shared, "validate", "DEP-001")

    assert found["verdict"] == "unknown"
    assert "git config coord.repo.fastblocks.path" in found["reason"]


def test_completing_tells_what_did_not_pass_and_waits_only_if_asked(shared: Hub) -> None:
    shared.write("todos/TODO-001.yaml", todo("git --version", "git nonsense", "git --exec-path"))
    push(shared)
    shared.write("todos/TODO-001.yaml", todo("git --version", "git nonsense", "git --html-path"))

    refused = shared("todo", "complete", "TODO-001", "--require-checks")
    assert refused.code == 6
    assert (
        "acceptance_criteria[2].check failed, acceptance_criteria[3].check unknown" in refused.err
    )
    assert shared.json("show", "TODO-001")["status"] == "pending"

    done = shared("todo", "complete", "TODO-001", "--hours", "1")
    assert done.code == 0
    assert "failed  git nonsense" in done.err
    assert "unknown  git --html-path: not run: not trusted" in done.err.replace("  ", "  ")
    assert shared.json("show", "TODO-001")["status"] == "completed"


def test_completing_without_checks_runs_none(shared: Hub) -> None:
    shared.write("todos/TODO-001.yaml", todo(touch(BAIT)))
    push(shared)

    done = shared("todo", "complete", "TODO-001", "--no-checks")

    assert done.code == 0
    assert "checks were left out" in done.err
    assert not (shared.root.parent / "fastblocks" / BAIT).exists()


def test_a_plan_runs_the_criteria_of_its_milestones(shared: Hub) -> None:
    shared.write(
        "plans/PLAN-001.yaml",
        "id: PLAN-001\ntitle: t\nstatus: active\nrepos: [fastblocks]\nmilestones:\n  - id: M1\n"
        "    name: n\n    completion_criteria:\n      - text: t\n        check: git --version\n",
    )
    push(shared)

    found = one(shared, "validate", "PLAN-001")

    assert found["field"] == "milestones[M1].completion_criteria[0].check"
    assert found["verdict"] == "passed"


def test_the_terminal_shows_command_folder_and_difference(shared: Hub) -> None:
    shared.write("dependencies/DEP-001.yaml", dependency(command="git --exec-path\u202e"))
    shown = shared.ok("trust", "show", "DEP-001")

    assert "- command: git --version" in shown
    assert "+ command: git --exec-path\\u202e" in shown
    assert str(shared.root.parent / "fastblocks") in shown


def test_the_hubs_own_files_must_be_reviewed(shared: Hub) -> None:
    shared.ok("repo", "create", "hub")
    script = shared.root / "check.sh"
    script.write_text("#!/bin/sh\nexit 0\n")
    script.chmod(0o755)
    shared.write("todos/TODO-002.yaml", todo("./check.sh", id="TODO-002", repo="hub"))
    push(shared)
    assert one(shared, "todo", "check", "TODO-002")["verdict"] == "passed"

    git(shared.root, "switch", "-q", "-c", "pull-request")
    script.write_text(f"#!/bin/sh\ntouch {BAIT}\n")
    git(shared.root, "commit", "-q", "-am", "hostile script, untouched record")
    found = one(shared, "todo", "check", "TODO-002")

    assert found["verdict"] == "unknown"
    assert "whose files here are not those of origin/main" in found["reason"]
    assert not (shared.root / BAIT).exists()
    allowed = one(shared, "todo", "check", "TODO-002", "--unreviewed-files")
    assert allowed["verdict"] == "passed"
    assert (shared.root / BAIT).exists()


def test_while_a_merge_is_under_way_the_hubs_files_are_not_reviewed(
    shared: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.ok("repo", "create", "hub")
    shared.write("todos/TODO-002.yaml", todo("cat x.sh", id="TODO-002", repo="hub"))
    push(shared)
    git(shared.root, "switch", "-q", "-c", "pull-request")
    (shared.root / "x.sh").write_text("hostile\n")
    git(shared.root, "add", "x.sh")
    git(shared.root, "commit", "-q", "-m", "x")
    git(shared.root, "switch", "-q", "main")
    git(shared.root, "merge", "-q", "--no-commit", "--no-ff", "pull-request")

    assert one(shared, "todo", "check", "TODO-002")["verdict"] == "unknown"
    monkeypatch.setenv("CI", "1")
    assert one(shared, "todo", "check", "TODO-002", "--unreviewed-files")["verdict"] == "unknown"


def test_several_approvals_at_once_are_all_kept(alone: Hub) -> None:
    for number in range(10):
        id = f"DEP-{number + 10:03d}"
        alone.write(f"dependencies/{id}.yaml", dependency(id, f"git --version {number}"))
    started = [
        subprocess.Popen([*PROGRAM, "trust", f"DEP-{number + 10:03d}", "--yes"], cwd=alone.root,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for number in range(10)
    ]  # fmt: skip
    for process in started:
        _, said = process.communicate()
        assert process.returncode == 0, said

    states = [one["state"] for one in alone.json("trust", "list")]

    assert states.count("trusted") == 10


def test_a_linked_work_tree_shares_the_approvals(
    alone: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(alone.root, "add", "-A")
    git(alone.root, "commit", "-q", "-m", "commands")
    alone.ok("trust", "DEP-001", "--yes")
    linked = alone.root.parent / "a folder" / "linked 🌿"
    git(alone.root, "worktree", "add", "-q", "--detach", str(linked))
    monkeypatch.chdir(linked)

    assert one(alone, "validate", "DEP-001")["trusted"] == "user"


def test_the_question_on_a_terminal_takes_yes_and_no(alone: Hub) -> None:
    import pty

    for answer, code in ((b"n\n", 1), (b"y\n", 0)):
        reading, writing = pty.openpty()
        os.write(reading, answer)
        done = subprocess.run(
            [*PROGRAM, "trust", "DEP-001"], cwd=alone.root, stdin=writing, capture_output=True,
            check=False, timeout=60,
        )  # fmt: skip
        os.close(writing)
        os.close(reading)
        assert done.returncode == code, done.stderr
        assert b"[y/N]" in done.stderr
    assert one(alone, "validate", "DEP-001")["trusted"] == "user"


def test_settings_of_the_protected_branch_limit_the_timeout(shared: Hub) -> None:
    command = f"{sys.executable} -c 'import time; time.sleep(30)'"
    text = dependency(command=json.dumps(command), more="  timeout: 20\n")
    shared.write("coord.yaml", "version: 1\nchecks:\n  max_timeout: 1\n")
    shared.write("dependencies/DEP-001.yaml", text)
    push(shared)
    shared.write("coord.yaml", "version: 1\nchecks:\n  max_timeout: 600\n")

    found = one(shared, "validate", "DEP-001")

    assert (found["verdict"], found["reason"]) == (
        "failed",
        "it did not end within 1 seconds and was killed",
    )
    assert found["seconds"] < 8


def test_a_dependency_check_runs_validations_only_when_asked_and_trusted(shared: Hub) -> None:
    def verdict(*words: str) -> tuple[str, str]:
        (found,) = shared("dep", "check", *words, "--json").json
        return found["verdict"], found["reason"]

    alone, passed = verdict(), verdict("--validate")
    shared.write("dependencies/DEP-001.yaml", dependency(command="git no-such-command"))
    untrusted = verdict("--validate")
    push(shared)
    failed = verdict("--validate")

    assert "validation" not in alone[1]
    assert passed[0] == "satisfied"
    assert passed[1].endswith("; its validation passed")
    assert untrusted[0] == alone[0] == "unknown"
    assert "its validation is unknown: not run: not trusted" in untrusted[1]
    assert failed[0] == "unsatisfied"
    assert failed[1].startswith("its validation failed: it ended with exit code 1; ")
    assert shared("dep", "check", "--validate", "--fail-on", "unsatisfied").code == 1
    assert shared("dep", "check", "--validate", "--at", "1d").code == 2
