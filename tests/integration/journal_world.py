"""Real clones and bare remotes to exchange journals between."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gitcoord import journal
from gitcoord.git import repository
from gitcoord.git.repository import Repository, discover
from gitcoord.journal import facts, syncing
from gitcoord.journal.facts import Fact

CODE = "from gitcoord.cli.main import main; raise SystemExit(main())"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def clone(root: Path, *, remote: Path | None = None) -> Repository:
    """Return a new repository; with a remote named origin that has nothing in it yet."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    if remote is not None:
        git(root, "remote", "add", "origin", str(remote))
    return opened(root)


def bare(root: Path) -> Repository:
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(root)], check=True)
    found = repository.bare(str(root))
    assert found is not None
    return found


def opened(root: Path) -> Repository:
    found = discover(str(root))
    assert found is not None
    return found


def add(repo: Repository, number: int, *, kind: str = "attempt", age: float = 0.0) -> str:
    """Append one fact that is some days old; return its path."""
    when = NOW - timedelta(days=age)
    data = {"n": number, "from": "a", "to": "b"}
    path, content = facts.write(Fact(kind, "oneiric", when, None, data))
    journal.append(repo, {path: content}, f"{kind} {number}")
    return path


def sync(repo: Repository, peer: str = "origin") -> syncing.Synced:
    return syncing.sync(repo, peer, NOW)


def held(repo: Repository) -> dict[str, bytes]:
    """Return all files of a journal."""
    return {file.path: file.content for file in journal.walk(repo)}


def sound(repo: Repository) -> None:
    """Let git itself look whether everything is there and as it has to be."""
    git(Path(repo.root), "fsck", "--strict", "--no-dangling")


def coord(root: Path, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CODE, *words], cwd=root, capture_output=True, text=True,
        check=False, timeout=120, **more,
    )  # fmt: skip


def start(root: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE, *words], cwd=root, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
