"""A trusted command of the hub's own folder never runs files of a pull request, however they came.

The command and its record are reviewed and stay as they are; what it calls is not. The bait is a
file that the pull request's version would make.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.e2e.test_trust import git, one, push, shared, todo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.e2e.conftest import Hub

__all__ = ["shared"]

SCRIPT = "#!/bin/sh\nfor part in lib/*.sh plugins/*.sh pr/*.sh build/*.sh; do [ ! -e $part ] || . ./$part; done\n"


@pytest.fixture
def bait(tmp_path: Path) -> Iterator[Path]:
    """The file that must never be made."""
    path = tmp_path / "bait" / "taken"
    path.parent.mkdir()
    yield path
    assert not path.exists()


@pytest.fixture
def own(shared: Hub, bait: Path) -> Hub:
    """A hub whose TODO-002 runs a reviewed script of its own, and a hostile branch beside."""
    root = shared.root
    shared.ok("repo", "create", "hub")
    (root / "lib").mkdir()
    (root / "lib" / "part.sh").write_text("echo fine\n")
    (root / ".gitignore").write_text("build/\n")
    (root / "check.sh").write_text(SCRIPT)
    (root / "check.sh").chmod(0o755)
    shared.write("todos/TODO-002.yaml", todo("./check.sh", id="TODO-002", repo="hub"))
    push(shared)
    git(root, "switch", "-q", "-c", "pr")
    for path in ("lib/part.sh", "lib/more.sh", "plugins/x.sh", "build/x.sh"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(f"touch {bait}\n")
    (root / "plugins" / ".gitignore").write_text("*\n")
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "-m", "harmless")
    git(root, "switch", "-q", "main")
    return shared


def _applied(root: Path, *then: str) -> None:
    (root / "pr.patch").write_text(git(root, "diff", "main", "pr"))
    git(root, "apply", "pr.patch")
    (root / "pr.patch").unlink()
    git(root, *(then or ("status",)))


def _left_behind(root: Path, *kept: str) -> None:
    """Leave only some files of the pull request in the work tree."""
    git(root, "checkout", "-q", "pr", "--", *kept)
    git(root, "reset", "-q", "main")


def _marked(root: Path, mark: str) -> None:
    git(root, "update-index", mark, "lib/part.sh")
    (root / "lib" / "part.sh").write_text(git(root, "show", "pr:lib/part.sh"))


def _stashed(root: Path) -> None:
    git(root, "checkout", "-q", "pr", "--", "lib")
    git(root, "stash", "-q")
    git(root, "stash", "apply", "-q")


def _linked(root: Path) -> None:
    (root / "lib" / "part.sh").unlink()
    (root / "elsewhere.sh").write_text(git(root, "show", "pr:lib/part.sh"))
    (root / "lib" / "part.sh").symlink_to("../elsewhere.sh")
    with open(root / ".git" / "info" / "exclude", "a", encoding="utf-8") as file:
        file.write("elsewhere.sh\n")


def _nested(root: Path) -> None:
    git(root, "worktree", "add", "-q", "--detach", "pr", "refs/heads/pr")
    for path in (root / "pr" / "lib").iterdir():
        path.rename(root / "pr" / path.name)


WAYS: dict[str, Callable[[Path], object]] = {
    "checked out": lambda root: git(root, "switch", "-q", "pr"),
    "detached": lambda root: git(root, "checkout", "-q", "--detach", "pr"),
    "files taken from it": lambda root: git(root, "checkout", "-q", "pr", "--", "."),
    "squashed": lambda root: git(root, "merge", "-q", "--squash", "pr"),
    "picked, not committed": lambda root: git(root, "cherry-pick", "-n", "pr"),
    "picked": lambda root: git(root, "cherry-pick", "pr"),
    "only staged": lambda root: git(root, "read-tree", "pr"),
    "applied as a patch": _applied,
    "applied to the index": lambda root: _applied(root, "add", "-A"),
    "reset softly": lambda root: (git(root, "switch", "-q", "pr"), git(root, "reset", "-q", "--soft", "main")),
    "reset": lambda root: (git(root, "switch", "-q", "pr"), git(root, "reset", "-q", "main")),
    "new file left behind": lambda root: _left_behind(root, "lib/more.sh"),
    "folder that ignores itself": lambda root: _left_behind(root, "plugins"),
    "added by force to what is ignored": lambda root: _left_behind(root, "build"),
    "stash": _stashed,
    "a link": _linked,
    "assumed unchanged": lambda root: _marked(root, "--assume-unchanged"),
    "skipped": lambda root: _marked(root, "--skip-worktree"),
    "a work tree inside": _nested,
}  # fmt: skip


def test_the_reviewed_files_are_run(own: Hub, bait: Path) -> None:
    found = one(own, "todo", "check", "TODO-002")

    assert (found["verdict"], found["trusted"], found["output"]) == ("passed", "branch", "fine\n")


@pytest.mark.parametrize("id", ["TODO-002", "TODO-003"], ids=["branch", "user"])
@pytest.mark.parametrize("way", WAYS)
def test_a_file_of_a_pull_request_is_not_run(own: Hub, bait: Path, way: str, id: str) -> None:
    own.write("todos/TODO-003.yaml", todo("./check.sh", id="TODO-003", repo="hub"))
    own.ok("trust", "TODO-003", "--yes")
    assert one(own, "todo", "check", id)["verdict"] == "passed"

    WAYS[way](own.root)
    found = one(own, "todo", "check", id)

    assert (found["trusted"], found["verdict"]) == (
        "branch" if id == "TODO-002" else "user",
        "unknown",
    )
    assert "its folder is the hub, whose files here are not those of origin/main" in found["reason"]


@pytest.mark.parametrize("way", WAYS)
def test_nor_on_a_build_machine(
    own: Hub, bait: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "1")
    WAYS[way](own.root)

    assert one(own, "todo", "check", "TODO-002", "--unreviewed-files")["verdict"] == "unknown"


def test_the_reason_names_a_file_and_the_user_can_insist(own: Hub) -> None:
    (own.root / "lib" / "mine.sh").write_text("echo mine\n")

    found = one(own, "todo", "check", "TODO-002")
    insisted = one(own, "todo", "check", "TODO-002", "--unreviewed-files")

    assert found["reason"].endswith("origin/main: lib/mine.sh has not been reviewed")
    assert (insisted["verdict"], insisted["output"]) == ("passed", "mine\nfine\n")


def test_records_that_are_edited_and_what_reviewed_rules_ignore_do_not_matter(own: Hub) -> None:
    own.ok("todo", "update", "TODO-001", "--task", "Pin it", "--no-commit")
    own.ok("issue", "create", "--title", "New", "--no-commit")
    (own.root / "build").mkdir(exist_ok=True)
    (own.root / "build" / "out").write_text("x\n")
    (own.root / "mine").write_text("x\n")
    with open(own.root / ".git" / "info" / "exclude", "a", encoding="utf-8") as file:
        file.write("mine\n")

    assert own.git("status", "--porcelain")
    assert one(own, "todo", "check", "TODO-002")["verdict"] == "passed"


@pytest.mark.parametrize("path", ["todos/TODO-001.yaml", "todos/run.sh", "templates/x.yaml"])
def test_what_is_no_plain_record_is_no_data(own: Hub, path: str) -> None:
    file = own.root / "coord" / path
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    file.symlink_to("../../check.sh")

    assert one(own, "todo", "check", "TODO-002")["verdict"] == "unknown"


def test_where_it_is_in_doubt_what_was_reviewed_the_hubs_files_are_not_run(own: Hub) -> None:
    own.write("todos/TODO-003.yaml", todo("./check.sh", id="TODO-003", repo="hub"))
    own.ok("trust", "TODO-003", "--yes")
    git(own.root, "remote", "set-head", "origin", "--delete")
    git(own.root, "update-ref", "refs/remotes/origin/master", "pr")

    found = one(own, "todo", "check", "TODO-003")

    assert (found["trusted"], found["verdict"]) == ("user", "unknown")
    assert "which of its files are reviewed is not known" in found["reason"]
    assert "default branch of origin is not known" in found["reason"]


def test_in_a_linked_work_tree_its_own_files_count(
    own: Hub, bait: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = own.root.parent / "beside"
    git(own.root, "worktree", "add", "-q", "--detach", str(beside), "main")
    git(own.root, "config", "coord.repo.hub.path", str(beside))
    monkeypatch.chdir(beside)
    assert one(own, "todo", "check", "TODO-002")["verdict"] == "passed"

    git(beside, "checkout", "-q", "pr", "--", "lib")

    assert one(own, "todo", "check", "TODO-002")["verdict"] == "unknown"
    assert os.path.isfile(beside / ".git")
