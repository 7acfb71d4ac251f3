"""A reader that looks while a transaction changes files sees all of it or nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import own_world

from gitcoord.api import setup
from gitcoord.git.repository import Repository, discover
from gitcoord.index import view
from gitcoord.index.refresh import refresh
from gitcoord.store import intent
from gitcoord.store.intent import Intent, Write
from gitcoord.store.lock import Lock

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

BEFORE, AFTER = b"priority: low\n", b"priority: high\n"


def text(number: int) -> bytes:
    return b"id: ISSUE-%d\ntitle: t\nstatus: pending\n" % number


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    own_world.move_in(monkeypatch, tmp_path)
    root = tmp_path / "hub"
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    setup.init(str(root))
    for number in (1, 2):
        (root / f"coord/issues/ISSUE-{number}.yaml").write_bytes(text(number) + BEFORE)
    found = discover(str(root))
    assert found is not None
    view.work_tree(found, watch=False).close()
    return found


def write(repo: Repository) -> Intent:
    """Return the intent to change both records."""
    return Intent(
        [Write(f"coord/issues/ISSUE-{n}.yaml", text(n) + BEFORE, text(n) + AFTER) for n in (1, 2)],
        "both",
        commits=False,
    )


def looks(
    monkeypatch: pytest.MonkeyPatch, before: Callable[[], None], after: Callable[[], None]
) -> None:
    """Let somebody do something just before and just after the reader's first look at the files."""
    steps = [before, after]

    def look(connection: sqlite3.Connection, repo: Repository, *, watch: bool = True) -> None:
        mine = [steps.pop(0), steps.pop(0)] if steps else [lambda: None] * 2
        mine[0]()
        refresh(connection, repo, watch=watch)
        mine[1]()

    monkeypatch.setattr(view, "refresh", look)


def priorities(repo: Repository) -> list[str]:
    connection = view.work_tree(repo, watch=False)
    rows = connection.execute("SELECT priority FROM core ORDER BY id").fetchall()
    connection.close()
    return [str(row[0]) for row in rows]


def test_a_transaction_that_ends_after_the_look_is_seen_whole(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, lock = write(repo), Lock(repo.common_dir)
    first = Intent(plan.writes[:1], "half", commits=False)

    def begin() -> None:
        lock.__enter__()
        intent.save(repo.git_dir, plan)
        intent.carry_out(repo.root, first)

    def end() -> None:
        intent.carry_out(repo.root, plan)
        intent.drop(repo.git_dir)
        lock.__exit__()

    looks(monkeypatch, begin, end)
    seen = priorities(repo)

    assert len(set(seen)) == 1
    assert set(seen) == set(priorities(repo))


def test_a_transaction_whose_process_dies_during_the_look_is_finished_and_seen_whole(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = write(repo)

    def die_halfway() -> None:
        intent.save(repo.git_dir, plan)
        intent.carry_out(repo.root, Intent(plan.writes[:1], "half", commits=False))

    looks(monkeypatch, die_halfway, lambda: None)
    seen = priorities(repo)

    assert len(set(seen)) == 1
    assert intent.load(repo.git_dir) is None
    assert all(AFTER in Path(repo.root, w.path).read_bytes() for w in plan.writes)


def test_without_a_writer_the_files_are_looked_at_once(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, calls = intent.turn(repo.git_dir), []

    def look(connection: sqlite3.Connection, repo: Repository, *, watch: bool = True) -> None:
        calls.append(watch)
        refresh(connection, repo, watch=watch)

    monkeypatch.setattr(view, "refresh", look)
    priorities(repo)

    assert calls == [False]
    assert intent.turn(repo.git_dir) == before
