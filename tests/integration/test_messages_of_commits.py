"""Messages are read with the files that commits touch, whatever those are called."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gitcoord.errors import GitError
from gitcoord.git import messages
from gitcoord.git.repository import discover

if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

WHO = ("-c", "user.name=L", "-c", "user.email=l@example.org")


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *WHO, *words], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode().strip()


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """A repository with one commit that touches two files."""
    folder = tmp_path / "project"
    folder.mkdir()
    _git(folder, "init", "-q", "-b", "main")
    _commit(folder, "Begin\n\nwith two", "a.py", "src/ü 🚀.py")
    found = discover(str(folder))
    assert found is not None
    return found


def _commit(folder: Path, message: str, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(message)
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "--allow-empty", "-m", message)


def _told(repo: Repository) -> list[tuple[str, str, list[str]]]:
    return [(one.subject, one.body, one.paths) for one in messages.between(repo, None, "HEAD")]


def test_a_commit_is_told_with_its_files_and_an_empty_one_without(repo: Repository) -> None:
    _commit(Path(repo.root), "Nothing")

    assert _told(repo) == [("Begin", "with two", ["a.py", "src/ü 🚀.py"]), ("Nothing", "", [])]


@pytest.mark.parametrize("name", [":100644 x", "\x01" + "a" * 40 + " 1", "\nline", " ", '"'])
def test_a_file_that_is_called_like_gits_own_words_is_a_file(repo: Repository, name: str) -> None:
    _commit(Path(repo.root), "Odd", name)
    _commit(Path(repo.root), "After", "b.py")

    assert _told(repo)[1:] == [("Odd", "", [name]), ("After", "", ["b.py"])]


def test_a_message_that_looks_like_gits_own_words_is_a_message(repo: Repository) -> None:
    text = ":100644 100644 1 2 M\x01" + "a" * 40
    _commit(Path(repo.root), text, "b.py")

    assert _told(repo)[1][0].startswith(":100644")
    assert _told(repo)[1][2] == ["b.py"]


def test_a_merge_has_the_files_of_none(repo: Repository) -> None:
    folder = Path(repo.root)
    _git(folder, "switch", "-q", "-c", "side")
    _commit(folder, "Side", "side.py")
    _git(folder, "switch", "-q", "main")
    _commit(folder, "Main", "main.py")
    _git(folder, "merge", "-q", "--no-ff", "-m", "Merge", "side")

    assert sorted(_told(repo)[1:]) == [
        ("Main", "", ["main.py"]), ("Merge", "", []), ("Side", "", ["side.py"]),
    ]  # fmt: skip


def test_what_git_shows_by_default_changes_nothing(repo: Repository) -> None:
    folder = Path(repo.root)
    before = _told(repo)
    for key, value in (("log.showRoot", "false"), ("diff.relative", "true"), ("diff.external", "false"),
                       ("color.ui", "always"), ("diff.orderFile", "none"), ("log.diffMerges", "on")):  # fmt: skip
        _git(folder, "config", key, value)

    assert _told(repo) == before


def test_a_clone_without_trees_tells_its_messages_without_files(
    repo: Repository, tmp_path: Path
) -> None:
    _commit(Path(repo.root), "Second", "b.py")
    _git(Path(repo.root), "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    _git(
        tmp_path,
        "clone",
        "-q",
        "--no-checkout",
        "--filter=tree:0",
        f"file://{repo.root}",
        str(clone),
    )
    found = discover(str(clone))
    assert found is not None

    assert _told(found) == [("Begin", "with two", []), ("Second", "", [])]
    assert "?" in _git(clone, "rev-list", "--objects", "--missing=print", "HEAD")


def test_a_commit_that_is_not_there_is_said(repo: Repository) -> None:
    with pytest.raises(GitError):
        list(messages.between(repo, "0" * 39 + "1", "HEAD"))
