"""Commits that close todos arrive in bulk while somebody pulls in the hub: nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

PROGRAM = (sys.executable, "-c", "from gitcoord.cli.main import main; raise SystemExit(main())")
_TODOS = 24
_PULLS = 10


def run(where: Path, *words: str, fine: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        words, cwd=where, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert not fine or done.returncode == 0, done
    return done


def coord(where: Path, *words: str) -> str:
    return run(where, *PROGRAM, *words).stdout


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A hub of somebody else's, a clone of it with hooks, and a repository beside that."""
    run(tmp_path, "git", "init", "-q", "-b", "main", "--bare", "hub.git")
    for name in ("other", "mine"):
        run(tmp_path, "git", "clone", "-q", "hub.git", f"{name}/hub")
        if name == "other":
            _fill(tmp_path / "other" / "hub")
    mine = tmp_path / "mine"
    run(mine, "git", "init", "-q", "-b", "main", "app")
    run(mine / "app", "git", "commit", "-q", "--allow-empty", "-m", "Begin")
    coord(mine / "hub", "hooks", "install", "--all")
    run(mine / "hub", "git", "push", "-q")
    return tmp_path


def _fill(hub: Path) -> None:
    run(hub, "git", "checkout", "-q", "-B", "main")
    coord(hub, "init")
    coord(hub, "repo", "create", "app")
    for number in range(_TODOS):
        coord(hub, "todo", "create", "--task", f"Work {number}", "--repo", "app", "--no-commit")
    run(hub, "git", "add", "-A")
    run(hub, "git", "commit", "-q", "-m", "Todos")
    run(hub, "git", "push", "-q", "-u", "origin", "main")


def test_a_pull_in_the_hub_loses_nothing_that_hooks_close_meanwhile(world: Path) -> None:
    hub, app, other = world / "mine" / "hub", world / "mine" / "app", world / "other" / "hub"

    def work() -> None:
        for number in range(1, _TODOS + 1):
            message = f"Work\n\nCloses: TODO-{number:03d}"
            run(app, "git", "commit", "-q", "--allow-empty", "-m", message)

    working = threading.Thread(target=work)
    working.start()
    for number in range(_PULLS):
        coord(other, "issue", "create", "--title", f"Theirs {number}")
        run(other, "git", "pull", "-q", "--no-rebase", "--no-edit")
        run(other, "git", "push", "-q", fine=False)
        _pull(hub)
        run(hub, "git", "push", "-q", fine=False)
    working.join()

    _wait_until_all_is_completed(hub)
    _pull(hub)
    assert run(hub, "git", "status", "--porcelain").stdout == ""
    assert run(hub, "git", "fsck", "--no-dangling").returncode == 0
    assert {one["title"] for one in _listed(hub, "kind:issue")} == {
        f"Theirs {number}" for number in range(_PULLS)
    }


def _pull(hub: Path) -> None:
    """Pull; where that began in the very moment in which a hook wrote, git says so: once more."""
    for _ in range(3):
        done = run(hub, "git", "pull", "-q", "--no-rebase", "--no-edit", fine=False)
        if "Unable to write index" in done.stderr:  # git had begun to merge when it saw the lock
            run(hub, "git", "merge", "--abort")
            continue
        assert not (hub / ".git" / "MERGE_HEAD").exists(), done
        if done.returncode == 0:
            return
        known = ("index.lock", "fetch updated the current branch", "stash failed")
        assert any(words in done.stderr for words in known), done
    raise AssertionError(done)


def _listed(hub: Path, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(coord(hub, "list", query, "--json", "--limit", "0"))
    return found


def _wait_until_all_is_completed(hub: Path) -> None:
    until = time.monotonic() + 60
    while any(one["status"] != "completed" for one in _listed(hub, "kind:todo")):
        assert time.monotonic() < until, [
            one["id"] for one in _listed(hub, "kind:todo") if one["status"] != "completed"
        ]
        time.sleep(0.1)
