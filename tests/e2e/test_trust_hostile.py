"""A pull request that tries everything to have a command run, against a reviewer's real clone.

The bait is a file: whatever runs a command of the pull request makes it, somewhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.test_trust import dependency, git, outcomes, shared, todo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.conftest import Hub

__all__ = ["shared"]


@pytest.fixture
def bait(tmp_path: Path) -> Iterator[Path]:
    """The file that must never be made."""
    path = tmp_path / "bait" / "taken"
    path.parent.mkdir()
    yield path
    assert not path.exists(), path.read_text()


def executable(path: Path, bait: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho $0 >> {bait}\n")
    path.chmod(0o755)


def hostile_tree(hub: Hub, bait: Path) -> None:
    """Fill the work tree with everything that a pull request can bring."""
    root = hub.root
    touch = f"touch {bait}"
    hub.write("coord.yaml", "version: 1\nprotected_branch: pull-request\n"
              f"checks:\n  max_timeout: 9\nqueries:\n  mine: is:open\n  '-x': '{touch}'\n")  # fmt: skip
    hub.write("dependencies/DEP-001.yaml", dependency(command=touch))
    hub.write("dependencies/DEP-002.yaml", dependency("DEP-002", touch))
    aliased = dependency("DEP-003", f"&a {touch}", "  expected_pattern: *a\n")
    hub.write("dependencies/DEP-003.yaml", aliased)
    hub.write("dependencies/DEP-004.yaml", dependency("../../DEP-001", touch))
    hub.write("todos/TODO-001.yaml", todo("git --version", touch))
    hub.write("todos/TODO-002.yaml", todo("--upload-pack=" + touch, "--version", id="TODO-002"))
    hub.write(
        "plans/PLAN-001.yaml",
        "id: PLAN-001\ntitle: t\nstatus: active\nrepos: [fastblocks]\nmilestones:\n  - id: M1\n"
        f"    name: n\n    completion_criteria:\n      - text: t\n        command: {touch}\n",
    )
    hub.write("templates/t.todo.yaml", todo(touch))
    hub.write("roles.yaml", f"roles:\n  - name: x\n    description: {touch}\n")
    hub.write(
        "repos/fastblocks.yaml", "name: fastblocks\npath: evil\nurl: --upload-pack=" + touch + "\n"
    )
    (root / "coord/todos/TODO-003.yaml").symlink_to("../dependencies/DEP-002.yaml")
    driver = '[filter "x"]\n\tsmudge = %s\n[core]\n\tfsmonitor = %s\n\thooksPath = .githooks\n'
    (root / ".gitconfig").write_text(driver % (touch, touch))
    (root / ".gitattributes").write_text("* filter=x diff=x merge=x\n")
    for name in (".githooks/pre-commit", "evil/git", "evil/python", "git", "python3", "coord/git"):
        executable(root / name, bait)
    for name in ("sitecustomize.py", "json.py", "gitcoord/__init__.py", "coord/__init__.py"):
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"open({str(bait)!r}, 'a').write(__name__)\n")


@pytest.fixture
def attacked(shared: Hub, bait: Path) -> Hub:
    """A reviewer's hub with the pull request checked out, and refs named to deceive."""
    git(shared.root, "switch", "-q", "-c", "pull-request")
    hostile_tree(shared, bait)
    git(shared.root, "add", "-A", "-f")
    git(shared.root, "commit", "-q", "-m", "harmless")
    git(shared.root, "push", "-q", "origin", "pull-request")
    git(shared.root, "push", "-q", "origin", "pull-request:refs/heads/HEAD")
    git(shared.root, "push", "-q", "origin", "pull-request:refs/heads/master")
    git(shared.root, "branch", "origin/main")
    git(shared.root, "tag", "origin/main")
    git(shared.root, "tag", "main")
    git(shared.root, "update-ref", "refs/heads/refs/remotes/origin/main", "pull-request")
    git(shared.root, "fetch", "-q", "--tags", "origin")
    git(shared.root, "config", "branch.pull-request.remote", "origin")
    git(shared.root, "config", "branch.pull-request.merge", "refs/heads/pull-request")
    return shared


def test_nothing_of_it_is_trusted(attacked: Hub, bait: Path) -> None:
    for id in ("DEP-001", "DEP-002", "DEP-003", "DEP-004", "TODO-002", "PLAN-001"):
        for found in outcomes(attacked, "validate", id):
            assert (found["trusted"], found["verdict"]) == (None, "unknown"), found

    states = {(one["id"], one["command"]): one["trusted"] for one in attacked.json("trust", "list")}
    assert set(states.values()) == {None}  # the folder moved, so even the unchanged text is not


def test_a_review_shows_every_command_that_merging_would_trust(attacked: Hub, bait: Path) -> None:
    answer = attacked("review", "--base", "refs/remotes/origin/main", "--json")

    found = [one for one in answer.json["findings"] if one["severity"] == "warning"]
    brought = {(one["id"], one["field"]) for one in found if one["code"] == "brings-command"}
    assert {
        ("DEP-001", "validation.command"), ("DEP-002", "validation.command"),
        ("TODO-001", "acceptance_criteria[2].check"), ("TODO-002", "acceptance_criteria[1].check"),
        ("PLAN-001", "milestones[M1].completion_criteria[0].command"),
    } <= brought  # fmt: skip
    assert ("TODO-001", "acceptance_criteria[1].check") not in brought
    assert {"moves-commands", "protected-branch"} <= {one["code"] for one in found}
    (first,) = [one for one in found if (one["id"], one["code"]) == ("DEP-001", "brings-command")]
    assert (first["line"], str(bait) in first["message"]) == (7, True)


COMMANDS = [
    ["list"], ["list", "@mine"], ["list", "@-x"], ["show", "DEP-001"], ["show", "DEP-004"],
    ["show", "../../DEP-001"], ["ready"], ["blocked"], ["status"], ["status", "fastblocks"],
    ["check"], ["check", "--staged"], ["doctor"], ["graph"], ["log"], ["log", "DEP-001"],
    ["blame", "DEP-001"], ["diff", "origin/main..HEAD"],
    ["review", "--base", "refs/remotes/origin/main"], ["review", "--base", "--upload-pack=x"],
    ["review", "--base", "refs/remotes/origin/main", "--head", "--output=x"],
    ["dep", "check"], ["dep", "validate"], ["dep", "validate", "DEP-001", "DEP-002"],
    ["validate", "DEP-003"], ["validate", "../../DEP-001"], ["todo", "check", "TODO-001"],
    ["todo", "check", "TODO-003"], ["plan", "validate", "PLAN-001"], ["trust", "list"],
    ["trust", "show", "DEP-001"], ["trust", "DEP-001"], ["trust", "--all"],
    ["trust", "revoke", "../../../x"], ["trust", "revoke", "--all"], ["role", "list"],
    ["template", "list"], ["query", "list"], ["editor", "setup"], ["export", "ecosystem"],
    ["todo", "create", "--task", "x", "--repo", "fastblocks", "--template", "t"],
    ["comment", "DEP-001", "looks fine"], ["issue", "close", "ISSUE-001"],
    ["todo", "complete", "TODO-001"], ["todo", "complete", "TODO-002", "--require-checks"],
    ["bulk", "is:open", "--set", "assignee=me", "--yes"], ["undo"], ["archive", "TODO-001"],
    ["list", "--at", "origin/main"], ["show", "DEP-001", "--at", "pull-request"],
]  # fmt: skip


@pytest.mark.parametrize("ci", ["", "true"])
def test_no_command_runs_anything_of_it(
    attacked: Hub, bait: Path, path_with_coord: str, ci: str
) -> None:
    env = {**os.environ, "PATH": f"{path_with_coord}:.:", "CI": ci, "EDITOR": "true"}
    for words in COMMANDS:
        done = subprocess.run(
            ["coord", *words], cwd=attacked.root, env=env, capture_output=True, check=False,
            stdin=subprocess.DEVNULL, timeout=60, executable=path_with_coord.split(":")[0] + "/coord",
        )  # fmt: skip
        assert b"Traceback" not in done.stderr, (words, done.stderr)
        assert done.returncode in (0, 1, 2, 4, 6), (words, done.stderr)
        assert not bait.exists(), words


def test_git_with_our_hooks_and_merge_driver_runs_nothing_of_it(
    attacked: Hub, bait: Path, path_with_coord: str
) -> None:
    """The reviewer's own hub has the hooks; the pull request is looked at, merged, rebased, amended."""
    root = attacked.root
    main = git(root, "show-ref", "--hash", "--verify", "refs/remotes/origin/main").strip()
    git(root, "checkout", "-q", "-f", "--detach", main)
    env = {**os.environ, "PATH": path_with_coord, "GIT_EDITOR": "true"}

    def run(*words: str) -> None:
        done = subprocess.run(words, cwd=root, env=env, capture_output=True, check=False, timeout=60,
                              stdin=subprocess.DEVNULL)  # fmt: skip
        assert b"Traceback" not in done.stderr, (words, done.stderr)
        assert not bait.exists(), words

    run("coord", "hooks", "install")
    assert any(path.stat().st_mode & 0o100 for path in (root / ".git/hooks").iterdir())
    for words in (
        ["git", "checkout", "-q", "refs/heads/pull-request"],
        ["git", "commit", "--allow-empty", "-m", "Look\n\nCompletes: TODO-001\nCloses: TODO-001"],
        ["git", "commit", "--amend", "-m", "Look again"],
        ["git", "rebase", "-q", "--force-rebase", "HEAD~1"],
        ["git", "checkout", "-q", "-f", "--detach", main],
        ["coord", "merge", "refs/heads/pull-request"],
        ["git", "reset", "-q", "--hard", main],
        ["git", "merge", "-m", "m", "refs/heads/pull-request"],
        ["coord", "resolve"],
        ["coord", "renumber"],
        ["coord", "trailers", "apply"],
        ["coord", "sync", "origin"],
        ["coord", "hooks", "status"],
        ["git", "push", "origin", "HEAD:refs/heads/elsewhere"],
    ):
        run(*words)


def test_git_itself_brings_no_settings_from_it(attacked: Hub, bait: Path) -> None:
    """Where a user lets git read a file of the work tree, nothing is run at all."""
    main = git(attacked.root, "show-ref", "--hash", "--verify", "refs/remotes/origin/main").strip()
    git(attacked.root, "checkout", "-q", "-f", main)
    (trusted,) = outcomes(attacked, "validate", "DEP-001")
    assert trusted["trusted"] == "branch"
    (attacked.root / "shared.gitconfig").write_text(
        '[coord "trust"]\n\tremote = mallory\n[coord "repo.fastblocks"]\n\tpath = evil\n'
    )

    git(attacked.root, "config", "include.path", "../shared.gitconfig")

    (found,) = outcomes(attacked, "validate", "DEP-001")
    assert (found["trusted"], found["verdict"]) == (None, "unknown")
    assert "shared.gitconfig, a file of the work tree" in found["reason"]


@pytest.mark.parametrize(
    "path", ["evil", "../fastblocks/../evil-clone", "/tmp", "../hub", "~", "x\0y"]
)
def test_the_path_of_a_repository_must_be_reviewed(shared: Hub, tmp_path: Path, path: str) -> None:
    git(tmp_path, "init", "-q", "evil-clone")
    import json

    shared.write("repos/fastblocks.yaml", f"name: fastblocks\npath: {json.dumps(path)}\n")

    (found,) = outcomes(shared, "validate", "DEP-001")

    assert (found["trusted"], found["verdict"]) == (None, "unknown"), found


def test_gits_own_setting_of_a_path_is_the_users(shared: Hub, tmp_path: Path) -> None:
    shared.write("repos/fastblocks.yaml", "name: fastblocks\npath: ../evil\n")
    git(tmp_path, "init", "-q", "chosen")
    shared.git("config", "coord.repo.fastblocks.path", str(tmp_path / "chosen"))

    (found,) = outcomes(shared, "validate", "DEP-001")

    assert found["trusted"] == "branch"


def clone(tmp_path: Path, *words: str) -> Path:
    where = tmp_path / "clones" / "hub"
    git(tmp_path, "clone", "-q", *words, f"file://{tmp_path}/remote.git", str(where))
    git(where.parent, "init", "-q", "fastblocks")
    return where


def verdict(hub: Hub, where: Path) -> dict[str, Any]:
    (found,) = outcomes(hub, "validate", "DEP-001", "--hub", str(where))
    return found


def test_a_shallow_clone_has_what_the_branch_holds_now(shared: Hub, tmp_path: Path) -> None:
    assert verdict(shared, clone(tmp_path, "--depth=1"))["trusted"] == "branch"


def test_a_clone_of_the_pull_request_alone_trusts_no_branch(
    attacked: Hub, tmp_path: Path, bait: Path
) -> None:
    where = clone(tmp_path, "--depth=1", "--branch", "pull-request", "--single-branch")

    found = verdict(attacked, where)

    assert (found["trusted"], found["verdict"]) == (None, "unknown")
    assert "default branch of origin is not known" in found["reason"]


def test_as_a_build_machine_fetches_it_nothing_is_trusted(
    attacked: Hub, tmp_path: Path, bait: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`init`, one fetch to a ref of the pull request, detached: there is no remote HEAD."""
    monkeypatch.setenv("CI", "true")
    where = tmp_path / "runner" / "hub"
    git(tmp_path, "init", "-q", str(where))
    git(where.parent, "init", "-q", "fastblocks")
    git(where, "remote", "add", "origin", f"file://{tmp_path}/remote.git")
    git(where, "fetch", "-q", "origin", "+refs/heads/pull-request:refs/remotes/pull/1/merge")
    git(where, "checkout", "-q", "--detach", "refs/remotes/pull/1/merge")
    assert verdict(attacked, where)["verdict"] == "unknown"

    git(where, "fetch", "-q", "origin")  # main and the hostile master: which is meant, nobody knows
    assert verdict(attacked, where)["verdict"] == "unknown"

    git(where, "update-ref", "-d", "refs/remotes/origin/master")
    found = verdict(attacked, where)
    assert (found["verdict"], "does not stand in DEP-001 on origin/main" in found["reason"]) == (
        "unknown", True,
    )  # fmt: skip


def test_a_remote_of_a_stranger_is_no_protected_branch(shared: Hub, tmp_path: Path) -> None:
    git(shared.root, "remote", "rename", "origin", "mallory")

    (found,) = outcomes(shared, "validate", "DEP-001")

    assert (found["verdict"], "there is no remote" in found["reason"]) == ("unknown", True)
    shared.git("config", "coord.trust.remote", "mallory")
    assert outcomes(shared, "validate", "DEP-001")[0]["trusted"] == "branch"


def test_a_replaced_object_is_not_what_was_reviewed(shared: Hub) -> None:
    reviewed = shared.git("rev-parse", "HEAD:coord/dependencies/DEP-001.yaml").strip()
    file = shared.write("dependencies/DEP-001.yaml", dependency(command="git --exec-path"))
    hostile = shared.git("hash-object", "-w", str(file)).strip()

    shared.git("replace", reviewed, hostile)

    assert outcomes(shared, "validate", "DEP-001")[0]["trusted"] is None


def test_the_protected_branch_is_named_by_the_default_branch_alone(shared: Hub) -> None:
    shared.write("dependencies/DEP-001.yaml", dependency(command="git --exec-path"))
    git(shared.root, "commit", "-q", "-am", "elsewhere")
    git(shared.root, "push", "-q", "origin", "HEAD:refs/heads/stable")
    assert outcomes(shared, "validate", "DEP-001")[0]["trusted"] is None

    shared.write("coord.yaml", "version: 1\nprotected_branch: stable\n")
    assert outcomes(shared, "validate", "DEP-001")[0]["trusted"] is None
    git(shared.root, "commit", "-q", "-am", "named, not merged")
    git(shared.root, "push", "-q", "origin", "HEAD:refs/heads/stable")
    assert outcomes(shared, "validate", "DEP-001")[0]["trusted"] is None
    git(shared.root, "push", "-q", "origin", "HEAD:refs/heads/main")
    assert outcomes(shared, "validate", "DEP-001")[0]["trusted"] == "branch"


@pytest.mark.parametrize(
    "name",
    ["--upload-pack=x", "*", "main..stable", "HEAD", "../main", "stable^{tree}", "nope", "a\nb"],
)
def test_an_odd_name_of_the_protected_branch_is_none(shared: Hub, name: str) -> None:
    import json

    shared.write("coord.yaml", f"version: 1\nprotected_branch: {json.dumps(name)}\n")
    git(shared.root, "commit", "-q", "-am", "odd")
    git(shared.root, "push", "-q", "origin", "main")

    (found,) = outcomes(shared, "validate", "DEP-001")

    assert (found["trusted"], "names" in found["reason"]) == (None, True)


def test_a_record_that_is_a_link_on_the_protected_branch_is_none(shared: Hub) -> None:
    path = shared.root / "coord/dependencies/DEP-001.yaml"
    path.rename(shared.root / "coord/elsewhere.yaml")
    path.symlink_to("../elsewhere.yaml")
    git(shared.root, "add", "-A")
    git(shared.root, "commit", "-q", "-m", "a link")
    git(shared.root, "push", "-q", "origin", "main")
    path.unlink()
    shared.write("dependencies/DEP-001.yaml", dependency())

    assert outcomes(shared, "validate", "DEP-001")[0]["trusted"] is None


def test_the_same_text_with_other_line_ends_or_layout_is_the_same(shared: Hub) -> None:
    text = dependency(command='"git --version"').replace("\n", "\r\n")
    shared.write("dependencies/DEP-001.yaml", f"# a comment\r\n{text}")

    assert outcomes(shared, "validate", "DEP-001")[0]["trusted"] == "branch"


def test_git_run_by_a_check_finds_no_hub_of_ours(
    shared: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As within a hook, where git names its repository by the environment."""
    monkeypatch.setenv("GIT_DIR", str(shared.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(shared.root))
    command = f"{sys.executable} -c 'import os; print([k for k in os.environ if k[:4] == chr(71)+chr(73)+chr(84)+chr(95)])'"  # noqa: E501
    import json

    shared.write("dependencies/DEP-001.yaml", dependency(command=json.dumps(command)))
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_WORK_TREE")
    shared.ok("trust", "DEP-001", "--yes")
    monkeypatch.setenv("GIT_DIR", str(shared.root / ".git"))

    (found,) = outcomes(shared, "validate", "DEP-001")

    assert (found["verdict"], found["output"]) == ("passed", "[]\n")
