"""Killed at any moment, a change has happened whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests import own_world

from gitcoord.cli.main import main

STEPS = ("rename", "open", "fsync", "posix_spawnp", "write", "mkdir", "link", "unlink")
CREATE = ["issue", "create", "--title", "new"]
UPDATE = ["issue", "update", "ISSUE-001", "--status", "in_progress"]
BULK = ["bulk", "kind:issue", "--priority", "low", "--yes"]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_world.move_in(monkeypatch, tmp_path)
    root = tmp_path / "hub"
    root.mkdir()
    git(root, "init", "--quiet")
    assert coord(root, "init")[0] == 0
    for number in range(3):
        assert coord(root, "issue", "create", "--title", f"old {number}")[0] == 0
    return root


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def coord(root: Path, *words: str) -> tuple[int, Any]:
    code = "from gitcoord.cli.main import program; program()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=root, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def killed_at(root: Path, words: list[str], step: str, number: int) -> bool:
    """Run a command in a fork that kills itself at its n-th call of a system function."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)
    real, calls = getattr(os, step), 0

    def fatal(*arguments: Any, **more: Any) -> Any:
        nonlocal calls
        reading = step == "open" and not arguments[1] & (os.O_WRONLY | os.O_RDWR)
        calls += not reading
        if calls == number and not reading:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **more)

    try:
        os.chdir(root)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        setattr(os, step, fatal)
        main(words)
    finally:
        os._exit(0)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("words", [CREATE, UPDATE, BULK], ids=["create", "update", "bulk"])
def test_a_kill_leaves_the_old_or_the_new_state(hub: Path, words: list[str], step: str) -> None:
    before = hub.with_name("before")
    shutil.copytree(hub, before, symlinks=True)
    moments = 0

    # Every other moment of most: two neighbours differ in nothing that lies on the disk.
    for number in range(1, 60, 1 if step in ("rename", "link", "unlink") else 2):
        shutil.rmtree(hub)
        shutil.copytree(before, hub, symlinks=True)
        if not killed_at(hub, words, step, number):
            break
        moments += 1
        place = f"{step} {number}"

        code, out = coord(hub, "list", "--json")
        records = json.loads(out)
        assert code == 0, place
        assert len(records) in ((3, 4) if words is CREATE else (3,)), place
        if words is BULK:
            assert len({record["priority"] for record in records}) == 1, place
        assert coord(hub, "check")[0] == 0, place
        assert coord(hub, "issue", "create", "--title", "after")[0] == 0, place
        assert git(hub, "status", "--porcelain") == "", place
        git(hub, "fsck", "--strict")

    assert moments > 0 or step in ("mkdir", "fsync")
