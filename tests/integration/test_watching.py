"""At the end of every burst, what was told is what a check says; and git is never seen half way."""

from __future__ import annotations

import os
import random
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import own_world

from gitcoord.api import checking, settling, setup, watching
from gitcoord.api.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.api.watching import Burst
    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository

PATIENCE = 120


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_world.move_in(monkeypatch, tmp_path)
    found = tmp_path / "hub"
    found.mkdir()
    git(found, "init", "--quiet", "--initial-branch=main")
    setup.init(str(found))
    git(found, "add", "-A")
    git(found, "commit", "--quiet", "--allow-empty", "-m", "begin")
    return found


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, capture_output=True, check=True)


def opened(root: Path) -> Workspace:
    return open_workspace(str(root), now(), watch=False)


class Follower:
    """Takes in bursts beside the test, and keeps what follows from them."""

    def __init__(self, root: Path, *, poll: bool) -> None:
        self.told: list[Burst] = []
        self.state: list[str] = []
        self._root = root
        self._changed = threading.Condition()
        self._ended = False
        self._watch = watching.Watch(opened(root), now, poll=poll)
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        for burst in self._watch.bursts():
            with self._changed:
                self.told.append(burst)
                for one in burst.news.mended:
                    self.state.remove(str(one.as_dict()))
                for one, (line, column) in burst.news.moved:
                    was = {**one.as_dict(), "line": line, "column": column}
                    old = next(text for text in self.state if _bare(text) == _bare(str(was)))
                    self.state.remove(old)
                    self.state.append(str(one.as_dict()))
                self.state += [str(one.as_dict()) for one in burst.news.new]
                self._changed.notify_all()
                if self._ended:
                    break
        self._watch.close()

    def agree(self) -> None:
        """Wait until what was told is what a check says."""
        workspace = opened(self._root)
        said = sorted(str(one.as_dict()) for one in checking.check(workspace))
        workspace.changed()
        with self._changed:
            assert self._changed.wait_for(
                lambda: bool(self.told) and sorted(self.state) == said, PATIENCE
            ), (self.state, said)

    def end(self) -> None:
        """End following, by one more change."""
        with self._changed:
            self._ended = True
        last = self._root / "coord" / "issues" / "ISSUE-999.yaml"
        last.parent.mkdir(parents=True, exist_ok=True)
        last.write_text("the end")
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


def _bare(text: str) -> str:
    return text.partition(", 'hint'")[0]


@pytest.fixture(params=[False, True], ids=["notices", "looking"])
def follower(root: Path, request: pytest.FixtureRequest) -> Iterator[Follower]:
    found = Follower(root, poll=request.param)
    yield found
    found.end()


def _issue(chance: random.Random, id: str) -> str:
    links = [f"ISSUE-{chance.randint(1, 9):03d}" for _ in range(chance.randint(0, 2))]
    status = chance.choice(["pending", "pending", "closed", "odd"])
    text = f"id: {id}\ntitle: t{chance.random()}\nstatus: {status}\ndependencies: {sorted(set(links))}\n"
    return chance.choice(["", "# one\n"]) + chance.choice([text, text, "id: [\n"])


def _step(chance: random.Random, root: Path) -> None:
    """Do one thing that a person, an editor or git could do."""
    folder = root / "coord" / chance.choice(["issues", "issues", "issues", "archive/issues"])
    folder.mkdir(parents=True, exist_ok=True)
    id = f"ISSUE-{chance.randint(1, 9):03d}"
    file = folder / f"{id}.yaml"
    what = chance.randint(0, 10)
    if what <= 3:
        file.write_text(_issue(chance, id))
    elif what == 4:
        passing = folder / f".{id}.tmp"
        passing.write_text(_issue(chance, id))
        passing.rename(file)
    elif what == 5:
        file.unlink(missing_ok=True)
    elif what == 6 and file.exists():
        file.rename(folder / f"ISSUE-{chance.randint(1, 9):03d}.yaml")
    elif what == 7:
        settings = root / "coord" / "coord.yaml"
        settings.write_text(chance.choice(["commit: auto\n", "odd: 1\n", "[\n"]))
    elif what == 8:
        archive = root / "coord" / "archive"
        if archive.exists():
            archive.rename(root / f"away{chance.random()}")
    else:
        git(root, "add", "coord")
        git(root, "commit", "--quiet", "--allow-empty", "-m", f"c{chance.random()}")
        git(root, "checkout", "--quiet", "-B", chance.choice(["main", "side"]), "HEAD~1")


@pytest.mark.parametrize("seed", range(2))
def test_after_any_burst_all_that_was_told_is_what_a_check_says(
    root: Path, follower: Follower, seed: int
) -> None:
    chance = random.Random(seed)

    for _ in range(10):
        for _ in range(chance.choice([1, 1, 3, 10])):
            _step(chance, root)
        follower.agree()


def test_a_checkout_that_stands_half_way_is_not_told(
    root: Path, follower: Follower, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # The filter lets git write one of two records, and the other only when the test says so.
    monkeypatch.setattr(settling, "_PATIENCE", float("inf"))
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    slow = "id: ISSUE-002\ntitle: t\nstatus: pending\n"
    folder = root / "coord" / "issues"
    folder.mkdir(parents=True, exist_ok=True)
    git(root, "checkout", "--quiet", "-b", "side")
    (folder / "ISSUE-001.yaml").write_text(
        slow.replace("002", "001") + "dependencies: [ISSUE-002]\n"
    )
    (folder / "ISSUE-002.yaml").write_text(slow)
    git(root, "add", "-A")
    git(root, "commit", "--quiet", "-m", "two")
    git(root, "checkout", "--quiet", "main")
    follower.agree()
    begin = len(follower.told)
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "attributes").write_text("ISSUE-002.yaml filter=slow\n")
    git(root, "config", "filter.slow.smudge", f"cat '{gate}' >/dev/null; cat")

    looked = threading.Semaphore(0)
    really = settling.is_half_way

    def noting(repo: Repository) -> bool:
        found = really(repo)
        if found:
            looked.release()
        return found

    monkeypatch.setattr(settling, "is_half_way", noting)

    checkout = subprocess.Popen(["git", "checkout", "--quiet", "side"], cwd=root)
    with gate.open("w"):  # git has come as far as the second record
        assert (folder / "ISSUE-001.yaml").exists()
        for _ in range(5):  # and the watch has looked whether it is done, again and again
            assert looked.acquire(timeout=PATIENCE)
    assert checkout.wait(PATIENCE) == 0
    (folder / "ISSUE-003.yaml").write_text("id: [\n")
    follower.agree()

    told = [one.code for burst in follower.told[begin:] for one in burst.news.new]
    assert "unknown-id" not in told


def test_a_lock_that_a_dead_git_left_holds_nothing_back_for_ever(
    root: Path, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "_PATIENCE", 0.0)
    (root / ".git" / "index.lock").touch()

    (root / "coord" / "issues").mkdir(exist_ok=True)
    (root / "coord" / "issues" / "ISSUE-001.yaml").write_text("id: [\n")

    follower.agree()
    assert follower.state
    (root / ".git" / "index.lock").unlink()
