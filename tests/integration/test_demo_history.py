"""The demo's history in a real repository: written at once, or not at all."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from gitcoord.demo.history import Commit, write
from gitcoord.demo.story import commits
from gitcoord.errors import ConflictError

START = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))


def git(root: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(root), *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    git(tmp_path, "init", "-q", "-b", "main")
    return tmp_path


def two() -> list[Commit]:
    return [
        Commit(START, "Ann Ä", "ann@example.org", "One: →", {"coord/a.yaml": "a: é\n", "b": "1\n"}),
        Commit(START + timedelta(hours=1), "Bo", "bo@example.org", "Two", {"b": None, "c": "2\n"}),
    ]


def test_commits_stand_on_the_branch_and_their_files_in_the_work_tree(root: Path) -> None:
    tip = write(str(root), two())

    assert git(root, "rev-parse", "main") == tip
    assert git(root, "log", "--format=%an|%ae|%aI|%s", "--reverse").splitlines() == [
        "Ann Ä|ann@example.org|2026-03-02T09:30:00+05:30|One: →",
        "Bo|bo@example.org|2026-03-02T10:30:00+05:30|Two",
    ]
    assert (root / "coord" / "a.yaml").read_text(encoding="utf-8") == "a: é\n"
    assert not (root / "b").exists()
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_commits_join_a_branch_that_has_some_and_leave_its_files_alone(root: Path) -> None:
    (root / "README").write_text("mine\n")
    git(root, "add", "README")
    git(root, "commit", "-q", "-m", "Mine")
    (root / "README").write_text("mine, edited\n")

    write(str(root), two())

    assert git(root, "rev-list", "--count", "HEAD") == "3"
    assert (root / "README").read_text() == "mine, edited\n"
    assert git(root, "status", "--porcelain") == "M README"


def test_a_file_in_the_way_leaves_everything_as_it_was(root: Path) -> None:
    (root / "c").write_text("mine\n")

    with pytest.raises(ConflictError, match="A file stands where"):
        write(str(root), two())

    assert (root / "c").read_text() == "mine\n"
    assert sorted(path.name for path in root.iterdir()) == [".git", "c"]
    assert git(root, "for-each-ref") == ""


def test_the_whole_story_is_written_in_one_go(root: Path) -> None:
    told = list(commits(datetime(2026, 11, 21, tzinfo=UTC)))

    write(str(root), told)

    assert git(root, "rev-list", "--count", "HEAD") == str(len(told))
    assert len(list((root / "coord" / "repos").iterdir())) == 24
    assert git(root, "status", "--porcelain") == ""
