"""The tables of attempts equal ones made anew, whatever happened to the journal."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.journal_world import clone, coord, git, start

from gitcoord import journal
from gitcoord.journal import compacting, facts
from gitcoord.journal.facts import Fact
from gitcoord.memory import asking, view

if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_TABLES = ("attempt", "outcome", "click", "message", "posting", "tally", "follow")


def add(repo: Repository, number: int, *, kind: str = "attempt", **more: Any) -> str:
    data = {"message": f"error {number % 7} of sort {'abc'[number % 3]}", "strategy": "s",
            "success": bool(number % 2)} | more  # fmt: skip
    fact = Fact(kind, "oneiric", NOW - timedelta(hours=number), None, data)
    path, content = facts.write(fact)
    journal.append(repo, {path: content}, f"{kind} {number}")
    return path


def held(repo: Repository) -> dict[str, set[tuple[Any, ...]]]:
    """Return what the tables say, without the numbers of rows."""
    connection = view.opened(repo)
    found = {
        table: set(connection.execute(f"SELECT * FROM {table}"))
        for table in ("outcome", "click", "tally", "follow")
    }
    found["attempt"] = set(
        connection.execute(
            "SELECT path, id, words, time, day, repo, type, strategy, agent, stage, session, run,"
            " claimed, confirmed, confirmed_at, recommended, variant, duration, json"
            " FROM attempt JOIN message ON message.n = attempt.text"
        )
    )
    found["words"] = set(connection.execute("SELECT word, length(messages) FROM posting"))
    connection.close()
    return found


def anew(repo: Repository) -> dict[str, set[tuple[Any, ...]]]:
    database = Path(repo.common_dir, "coord", "attempts.db")
    kept = database.rename(database.with_suffix(".kept"))
    for tail in ("-wal", "-shm"):
        database.with_name(database.name + tail).unlink(missing_ok=True)
    found = held(repo)
    kept.unlink()
    return found


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return clone(tmp_path / "hub with ü 🎉")


def test_no_journal_means_no_attempts(repo: Repository) -> None:
    assert held(repo)["attempt"] == set()


def test_what_is_appended_is_there(repo: Repository) -> None:
    for number in range(12):
        add(repo, number)
        assert len(held(repo)["attempt"]) == number + 1

    assert held(repo) == anew(repo)


def test_an_outcome_that_comes_later_is_joined(repo: Repository) -> None:
    path = add(repo, 1, success=True)
    held(repo)
    id = f"20261121-{path[-13:-5]}"
    add(repo, 0, kind="feedback", about="attempt", attempt=id, worked=False)

    found = held(repo)

    assert [row[13] for row in found["attempt"]] == [0]
    assert found == anew(repo)


def test_what_is_pruned_is_gone(repo: Repository) -> None:
    for number in (1, 2, 24 * 40, 24 * 41):
        add(repo, number)
    assert len(held(repo)["attempt"]) == 4

    compacting.compact(
        repo, NOW - timedelta(days=30), NOW, drop=["attempt"], rewrite=True, dry_run=False
    )

    assert len(held(repo)["attempt"]) == 2
    assert held(repo) == anew(repo)


def test_a_journal_that_went_back_is_followed(repo: Repository) -> None:
    add(repo, 1)
    first = git(Path(repo.root), "rev-parse", "coord-journal").strip()
    add(repo, 2)
    assert len(held(repo)["attempt"]) == 2

    git(Path(repo.root), "branch", "-f", "coord-journal", first)

    assert len(held(repo)["attempt"]) == 1
    assert held(repo) == anew(repo)


def test_a_damaged_file_is_made_anew(repo: Repository) -> None:
    add(repo, 1)
    held(repo)
    database = Path(repo.common_dir, "coord", "attempts.db")
    for tail in ("-wal", "-shm"):
        database.with_name(database.name + tail).unlink(missing_ok=True)
    database.write_bytes(b"SQLite format 3\0" + os.urandom(5000))

    assert len(held(repo)["attempt"]) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe", b"a: &a [*a]", b"kind: attempt\n", b"[]", b"",
        b"kind: attempt\nrepo: x\ntime: '2026-11-21T10:00:00+00:00'\ndata: {message: [1], strategy: {}}\n",
        b"kind: attempt\nrepo: x\ntime: '2026-11-21T10:00:00+00:00'\ndata: {message: ok, line: 1e400}",
    ],
)  # fmt: skip
def test_what_is_no_attempt_hides_no_other(repo: Repository, content: bytes) -> None:
    add(repo, 1)
    journal.append(repo, {"attempts/x/2026/11/21/ab/100000Z-ab123456.yaml": content}, "hostile")
    journal.append(repo, {"attempts/x": content, "feedback/\x7f/y": content}, "hostile")

    found = held(repo)

    assert any("error 1" in row[-1] for row in found["attempt"])
    assert len(found["attempt"]) <= 2


def test_feedback_of_any_shape_is_no_harm(repo: Repository) -> None:
    for number, hits in enumerate(
        [None, 3, "x", [["a"]], [["a", "nan"]], [["a", "inf"]], [["a", "1"]]]
    ):
        add(repo, number, kind="feedback", about="search", query="q", place=1, hits=hits)

    assert len(held(repo)["click"]) == 1


def test_attempts_of_two_clones_meet(tmp_path: Path) -> None:
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    one, other = (clone(tmp_path / name, remote=remote) for name in ("one", "other"))
    add(one, 1)
    add(other, 2)

    for root in (one.root, other.root, one.root):
        git(Path(root), "config", "user.email", "x@example.org")
        (Path(root) / "coord" / "issues").mkdir(parents=True, exist_ok=True)
        done = coord(Path(root), "sync", "origin")
        assert done.returncode == 0, done.stderr

    assert held(one) == held(other) == anew(one)
    assert len(held(one)["attempt"]) == 2


def test_ten_processes_record_and_ask_at_once(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    (tmp_path / "hub" / "coord" / "issues").mkdir(parents=True)
    words = ["fix", "record", "--message", "same error", "--strategy", "s", "--success"]
    asking = ["fix", "recommend", "same error", "--json"]

    running = [start(Path(repo.root), *(words if number % 2 else asking)) for number in range(20)]

    said = [child.communicate(timeout=120)[1] for child in running]
    assert [child.returncode for child in running] == [0] * 20, said
    assert len(held(repo)["attempt"]) == 10
    assert held(repo) == anew(repo)


def test_a_second_measure_joins_and_the_greater_similarity_counts(repo: Repository) -> None:
    add(repo, 1, message="memory grows without end")
    add(repo, 2, message="memory grows")
    add(repo, 3, message="colour of a button")
    connection = view.opened(repo)
    numbers = {words: n for n, words in connection.execute("SELECT n, words FROM message")}
    leak, small, button = (numbers[words] for words in ("end grow memory without", "grow memory",
                                                        "a button colour of"))  # fmt: skip

    alone = asking.alike(connection, "memory grows", None, 0.3)
    joined = asking.alike(
        connection, "memory grows", None, 0.3, lambda _: {leak: 0.9, small: 0.1, button: 0.2}
    )

    assert joined == alone | {leak: 0.9}
    assert joined[small] == 1
    connection.close()
