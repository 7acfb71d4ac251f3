"""Many at once: nothing is lost, nothing is doubled."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests import own_world

CODE = "from gitcoord.cli.main import main; raise SystemExit(main())"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_world.move_in(monkeypatch, tmp_path)
    root = tmp_path / "hub"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    coord(root, "init")
    coord(root, "issue", "create", "--title", "first")
    return root


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def start(root: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE, *words],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def coord(root: Path, *words: str) -> bytes:
    running = start(root, *words)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    return out


def all_fine(running: list[subprocess.Popen[bytes]]) -> None:
    for one in running:
        _, err = one.communicate(timeout=120)
        assert one.returncode == 0, err


def test_twenty_creates_at_once_are_all_stored_under_their_own_ids(hub: Path) -> None:
    all_fine([start(hub, "issue", "create", "--title", f"t{n}") for n in range(20)])

    records = json.loads(coord(hub, "list", "--json", "--limit", "0"))
    assert sorted(record["title"] for record in records) == sorted(
        ["first", *(f"t{n}" for n in range(20))]
    )
    assert len({record["id"] for record in records}) == 21
    assert int(git(hub, "rev-list", "--count", "HEAD")) == 22
    assert git(hub, "status", "--porcelain") == ""


def test_twelve_edits_of_one_record_at_once_are_all_kept(hub: Path) -> None:
    all_fine(
        [start(hub, "issue", "update", "ISSUE-001", "--add-label", f"l{n}") for n in range(12)]
    )

    record = json.loads(coord(hub, "show", "ISSUE-001", "--json"))
    assert sorted(record["labels"]) == sorted(f"l{n}" for n in range(12))


def test_a_create_waits_for_a_git_that_holds_the_index(hub: Path) -> None:
    lock = hub / ".git" / "index.lock"
    lock.touch()

    running = start(hub, "issue", "create", "--title", "patient")
    time.sleep(0.4)
    lock.unlink()

    all_fine([running])
    assert git(hub, "status", "--porcelain") == ""


def test_two_work_trees_never_hand_out_one_id(hub: Path) -> None:
    other = hub.with_name("other")
    git(hub, "worktree", "add", "--quiet", "-b", "side", str(other))

    all_fine(
        [
            start(tree, "issue", "create", "--title", f"t{n}")
            for n in range(5)
            for tree in (hub, other)
        ]
    )

    mine = {record["id"] for record in json.loads(coord(hub, "list", "--json"))}
    theirs = {record["id"] for record in json.loads(coord(other, "list", "--json"))}
    assert mine & theirs == {"ISSUE-001"}
    assert len(mine | theirs) == 11


def test_a_reader_never_sees_half_of_a_transaction(hub: Path) -> None:
    for n in range(20):
        coord(hub, "issue", "create", "--title", f"t{n}")

    writer = start(hub, "bulk", "kind:issue", "--priority", "low", "--yes")
    seen = []
    while writer.poll() is None:
        records = json.loads(coord(hub, "list", "--json", "--limit", "0"))
        seen.append({record["priority"] for record in records})

    all_fine([writer])
    assert all(len(priorities) == 1 for priorities in seen)
