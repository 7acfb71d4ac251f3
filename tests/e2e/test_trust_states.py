"""Trust in the states that a repository, a disk and a process can be in."""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.e2e.conftest import PROGRAM
from tests.e2e.test_trust import alone, dependency, git, one, shared

from gitcoord.git.repository import discover
from gitcoord.store import approvals

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

__all__ = ["alone", "shared"]


def test_before_the_first_commit_only_approvals_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_hub: Hub
) -> None:
    root = tmp_path / "young"
    git(tmp_path, "init", "-q", str(root))
    git(tmp_path, "init", "-q", "fastblocks")
    monkeypatch.chdir(root)
    (root / "coord/dependencies").mkdir(parents=True)
    (root / "coord/dependencies/DEP-001.yaml").write_text(dependency())

    assert one(empty_hub, "validate", "DEP-001")["verdict"] == "unknown"
    empty_hub.ok("trust", "DEP-001", "--yes")
    assert one(empty_hub, "validate", "DEP-001")["trusted"] == "user"


def test_a_detached_head_does_not_matter(shared: Hub) -> None:
    git(shared.root, "checkout", "-q", "--detach")

    assert one(shared, "validate", "DEP-001")["trusted"] == "branch"


def test_the_own_changes_of_a_hub_that_is_ahead_are_not_on_the_branch_yet(shared: Hub) -> None:
    shared.write("dependencies/DEP-001.yaml", dependency(command="git --exec-path"))
    git(shared.root, "commit", "-q", "-am", "on the local main only")

    assert one(shared, "validate", "DEP-001")["trusted"] is None


def test_a_folder_with_odd_characters_is_fine(alone: Hub, tmp_path: Path) -> None:
    odd = tmp_path / "a 'folder' \"🌿\" $HOME; -x"
    git(tmp_path, "init", "-q", str(odd))
    alone.git("config", "coord.repo.fastblocks.path", str(odd))
    command = "git rev-parse --show-toplevel"
    alone.write("dependencies/DEP-001.yaml", dependency(command=command))

    alone.ok("trust", "DEP-001", "--yes")

    assert one(alone, "validate", "DEP-001")["output"] == f"{odd}\n"


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns"])
def test_the_time_of_an_approval_has_its_offset(
    alone: Hub, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()

    (made,) = alone.json("trust", "DEP-001", "--yes")

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    assert made["since"][-6:] not in ("+00:00", "")
    assert alone.json("trust", "show", "DEP-001")[0]["since"] == made["since"]


def test_where_approvals_cannot_be_written_it_is_told(alone: Hub) -> None:
    (alone.root / ".git/coord/trust").write_text("a file in the way")

    refused = alone("trust", "DEP-001", "--yes", "--json")

    assert refused.code == 3
    assert "cannot be written" in refused.error["message"]
    assert one(alone, "validate", "DEP-001")["verdict"] == "unknown"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_in_a_read_only_git_directory_validating_goes_on(shared: Hub) -> None:
    one(shared, "validate", "DEP-001")
    folder = shared.root / ".git"
    subprocess.run(["chmod", "-R", "a-w", str(folder)], check=True)
    try:
        assert one(shared, "validate", "DEP-001")["trusted"] == "branch"
        assert shared("trust", "--all", "--yes").code in (0, 3)
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)


def test_killed_at_any_moment_an_approval_is_there_or_not(alone: Hub) -> None:
    chance = random.Random(7)
    for number in range(12):
        id = f"DEP-{number + 100}"
        alone.write(f"dependencies/{id}.yaml", dependency(id, f"git --version {number}"))
        process = subprocess.Popen([*PROGRAM, "trust", id, "--yes"], cwd=alone.root,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        time.sleep(chance.uniform(0.05, 0.35))
        process.kill()
        process.wait()

    repo = discover(str(alone.root))
    assert repo is not None
    folder = Path(approvals.home_of(repo))
    names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    whole = {name for name in names if not name.startswith(".")}
    assert set(approvals.read(repo)) == whole
    assert {state["state"] for state in alone.json("trust", "list")} <= {"pending", "trusted"}


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "null", '{"check": [], "folder": "", "since": ""}', "{", "\ufffd" * 9,
                '{"check": {"kind": 1}, "folder": 3, "since": []}', '"' + "x" * 100_000]
)  # fmt: skip
def test_a_damaged_approval_counts_for_nothing(alone: Hub, content: str) -> None:
    alone.ok("trust", "DEP-001", "--yes")
    (held,) = (alone.root / ".git/coord/trust").iterdir()

    held.write_text(content)

    assert one(alone, "validate", "DEP-001")["verdict"] == "unknown"
    assert alone("trust", "list").code == 0


def test_a_hostile_output_does_not_reach_the_terminal(alone: Hub) -> None:
    command = "printf '\\033]0;owned\\007\\033[2J'"
    alone.write(
        "dependencies/DEP-001.yaml",
        dependency(command=json.dumps(command), more="  expected_pattern: x\n"),
    )
    alone.ok("trust", "DEP-001", "--yes")

    answer = alone("validate", "DEP-001")

    assert answer.code == 1
    assert "\x1b" not in answer.out + answer.err
    assert "\\x1b]0;owned" in answer.out


def test_only_what_was_shown_is_approved_although_the_file_changes_meanwhile(alone: Hub) -> None:
    import pty

    reading, writing = pty.openpty()
    process = subprocess.Popen([*PROGRAM, "trust", "DEP-001"], cwd=alone.root, stdin=writing,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert process.stderr is not None
    said = b""
    while b"[y/N]" not in said:
        said += os.read(process.stderr.fileno(), 1000)
    alone.write("dependencies/DEP-001.yaml", dependency(command="git --exec-path"))
    os.write(reading, b"y\n")
    process.communicate(timeout=60)
    os.close(reading)
    os.close(writing)

    assert one(alone, "validate", "DEP-001")["trusted"] is None
