"""Two people, two clones with hooks, one id given away twice: merged, rebased, stopped, pushed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.conftest import PROGRAM

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub


class Clone:
    """A clone of the hub: git and coord run in it as a person would."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=self.root, capture_output=True, text=True, check=False)

    def git(self, *words: str) -> str:
        done = self.run("git", *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def coord(self, *words: str) -> str:
        done = self.run(*PROGRAM, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def create(self, title: str) -> str:
        """Create an issue and return its id."""
        return self.coord("issue", "create", "--title", title, "--repo", "oneiric").split()[0]

    def titles(self) -> dict[str, str]:
        """Return all issues: titles by ids."""
        found = json.loads(self.coord("list", "kind:issue", "--json", "--limit", "0"))
        return {one["id"]: one["title"] for one in found}

    def finish_rebase(self) -> None:
        """Renumber at each stop, as the message says, and go on."""
        while (self.root / ".git" / "rebase-merge").exists():
            self.coord("renumber")
            self.run("git", "-c", "core.editor=true", "rebase", "--continue")


@pytest.fixture
def pair(hub: Hub, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Clone, Clone]:
    """Return two clones of one remote; with hooks unless the test says otherwise."""
    far = tmp_path / "far.git"
    one, two = Clone(hub.root), Clone(tmp_path / "two")
    one.git("init", "-q", "--bare", "--initial-branch=main", str(far))
    one.git("remote", "add", "origin", str(far))
    if getattr(request, "param", True):
        one.coord("hooks", "install")
    one.git("push", "-q", "-u", "origin", "main")
    one.git("clone", "-q", str(far), str(two.root))
    if getattr(request, "param", True):
        two.coord("hooks", "install")
    return one, two


def later(clone: Clone, id: str) -> None:
    """Make a record older than any that the other side creates."""
    path = clone.root / "coord" / "issues" / f"{id}.yaml"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(
        "created: 2020-01-01T00:00:00+00:00\n" if line.startswith("created:") else line
        for line in lines
    ))  # fmt: skip
    clone.git("commit", "-q", "--amend", "--no-edit", "--date=2020-01-01T00:00:00", "-a")


@pytest.mark.parametrize("pair", [True, False], indirect=True, ids=["hooks", "no hooks"])
def test_a_rebase_never_changes_the_ids_of_what_was_published(pair: tuple[Clone, Clone]) -> None:
    one, two = pair
    mine = two.create("made first, not published")
    later(two, mine)
    theirs = one.create("made later, published first")
    one.git("push", "-q")
    assert mine == theirs

    two.run("git", "pull", "-q", "--rebase")
    two.finish_rebase()
    after = two.titles()
    again = two.coord("renumber")

    assert after[theirs] == "made later, published first"
    assert sorted(after.values()).count("made first, not published") == 1
    assert again == "Every record has an id of its own.\n"
    assert two.titles() == after


@pytest.mark.parametrize("moment", ["2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z"])
def test_a_rebase_over_a_merge_that_renumbered_doubles_nothing(
    pair: tuple[Clone, Clone], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    one, two = pair
    one.create("P1")
    one.git("push", "-q")
    with monkeypatch.context() as clock:  # the one committed later gets another id in the merge
        clock.setenv("GIT_COMMITTER_DATE", moment)
        two.create("Q1")
    two.git("pull", "-q", "--no-rebase", "--no-edit")
    two.create("Q2")
    published = [one.create("P2"), one.create("P3")]
    one.git("push", "-q")

    two.run("git", "pull", "-q", "--rebase")
    two.finish_rebase()
    two.coord("renumber")

    found = two.titles()
    assert [found[id] for id in published] == ["P2", "P3"]
    made = sorted(title for title in found.values() if len(title) == 2)
    assert made == ["P1", "P2", "P3", "Q1", "Q2"]


def conflict_beside(one: Clone, two: Clone) -> None:
    """Let both create a record of one id, and both change the title of another."""
    one.create("from P")
    one.coord("issue", "update", "ISSUE-001", "--title", "base P")
    one.git("push", "-q")
    two.create("from Q")
    two.coord("issue", "update", "ISSUE-001", "--title", "base Q")


def test_the_last_conflict_resolved_gives_two_records_an_id_each(pair: tuple[Clone, Clone]) -> None:
    one, two = pair
    conflict_beside(one, two)
    two.run("git", "pull", "-q", "--no-rebase", "--no-edit")

    two.coord("resolve", "ISSUE-001", "--ours")
    two.git("commit", "-q", "--no-edit")
    two.git("push", "-q")
    one.git("pull", "-q", "--no-rebase")

    assert sorted(one.titles().values())[-3:] == sorted(["base Q", "from P", "from Q"])
    assert one.titles() == two.titles()


@pytest.mark.parametrize("how", ["by hand", "no-commit"])
def test_a_merge_that_left_a_record_out_is_neither_committed_nor_pushed(
    pair: tuple[Clone, Clone], how: str
) -> None:
    one, two = pair
    if how == "by hand":
        conflict_beside(one, two)
        two.run("git", "pull", "-q", "--no-rebase", "--no-edit")
        two.git("checkout", "-q", "--ours", "coord/issues/ISSUE-001.yaml")
        two.git("add", "coord/issues/ISSUE-001.yaml")
    else:
        one.create("from P")
        one.git("push", "-q")
        two.create("from Q")
        two.git("fetch", "-q")
        two.git("merge", "-q", "--no-commit", "--no-ff", "origin/main")

    refused = two.run("git", "commit", "-q", "--no-edit")
    two.git("commit", "-q", "--no-edit", "--no-verify")
    not_pushed = two.run("git", "push", "-q")
    checked = two.run(*PROGRAM, "check")
    two.coord("renumber")

    assert refused.returncode == not_pushed.returncode == 1
    assert "coord renumber" in refused.stderr
    assert "[two-records]" in not_pushed.stderr
    assert "two-records" in checked.stdout
    assert sorted(two.titles().values())[-2:] == ["from P", "from Q"]
    two.git("push", "-q")


def test_renumber_after_a_coord_merge_that_stopped_doubles_nothing(
    pair: tuple[Clone, Clone],
) -> None:
    one, two = pair
    conflict_beside(one, two)
    two.git("fetch", "-q")
    stopped = two.run(*PROGRAM, "merge", "origin/main")

    again = two.coord("renumber")
    two.coord("resolve", "ISSUE-001", "--theirs")
    two.git("commit", "-q", "--no-edit")

    assert stopped.returncode == 1
    assert again == "Every record has an id of its own.\n"
    assert sorted(two.titles().values())[-3:] == ["base P", "from P", "from Q"]


def test_a_hook_and_a_person_who_renumber_at_once_do_it_once(pair: tuple[Clone, Clone]) -> None:
    one, two = pair
    one.create("from P")
    one.git("push", "-q")
    two.create("from Q")
    two.git("fetch", "-q")
    two.git("merge", "-q", "--no-commit", "--no-ff", "origin/main")
    two.git("commit", "-q", "--no-edit", "--no-verify")

    running: list[Any] = [
        subprocess.Popen([*PROGRAM, "renumber"], cwd=two.root, stdout=subprocess.DEVNULL)
        for _ in range(6)
    ]

    assert [one.wait() for one in running] == [0] * 6
    assert sorted(two.titles().values())[-2:] == ["from P", "from Q"]
