"""Appends in the states a repository can be in: nothing is lost, and nothing else is touched."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.integration.journal_world import NOW, add, bare, clone, git, held, opened, sound

from gitcoord import journal
from gitcoord.errors import ConflictError, CoordError, InvalidError, SystemRefusedError
from gitcoord.journal import facts, timeline, writing
from gitcoord.journal.facts import Fact

pytestmark = pytest.mark.usefixtures("own_home")


WRITE = """
import sys
from datetime import timedelta
from gitcoord import journal
from gitcoord.git.repository import bare, discover
repo = discover(sys.argv[1]) if sys.argv[3] != "bare" else bare(sys.argv[1])
for number in range(int(sys.argv[4])):
    journal.append(repo, {f"runs/{sys.argv[2]}/{number}.yaml": b"n: %d\\n" % number}, "x")
"""


def writer(root: Path, name: str, count: int, kind: str = "tree") -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", WRITE, str(root), name, kind, str(count)]
    return subprocess.Popen(words, stderr=subprocess.PIPE)


def all_fine(running: list[subprocess.Popen[bytes]]) -> None:
    for one in running:
        _, err = one.communicate(timeout=120)
        assert one.returncode == 0, err


def test_an_append_begins_the_branch_and_touches_neither_index_nor_work_tree(
    tmp_path: Path,
) -> None:
    repo = clone(tmp_path / "hub 🚀 with spaces")
    root = Path(repo.root)
    (root / "staged").write_text("staged\n")
    git(root, "add", "staged")
    (root / "staged").write_text("edited\n")

    first = journal.append(repo, {"runs/a 🚀/é.yaml": b"one\n"}, "the first")
    second = journal.append(repo, {"runs/a 🚀/ü.yaml": b"two\n"}, "the second")

    assert git(root, "rev-parse", "coord-journal").strip() == second
    assert git(root, "rev-parse", "coord-journal^").strip() == first
    assert git(root, "log", "--format=%an <%ae> %s", "coord-journal").splitlines() == [
        "Lena <l@example.org> the second", "Lena <l@example.org> the first",
    ]  # fmt: skip
    assert git(root, "status", "--porcelain") == "AM staged\n"
    assert held(repo) == {"runs/a 🚀/é.yaml": b"one\n", "runs/a 🚀/ü.yaml": b"two\n"}
    assert subprocess.run(["git", "rev-parse", "-q", "--verify", "HEAD"], cwd=root,
                          capture_output=True, check=False).returncode  # fmt: skip
    sound(repo)


def test_the_same_content_again_is_no_commit(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")

    first = journal.append(repo, {"a/b": b"one"}, "m")

    assert journal.append(repo, {"a/b": b"one"}, "m") == first
    assert journal.append(repo, {"a/b": b"two"}, "m") != first


def test_what_git_has_packed_is_appended_to(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    for number in range(20):
        add(repo, number)
    git(Path(repo.root), "gc", "-q", "--prune=now")
    assert not (tmp_path / "hub/.git/refs/heads/coord-journal").exists()

    writing._WRITERS.clear()
    add(repo, 20)
    journal.append(repo, {f"runs/many/{number}": b"x%d" % number for number in range(120)}, "many")

    assert len(held(repo)) == 141
    sound(repo)


def test_linked_work_trees_and_a_detached_head_share_one_journal(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    git(tmp_path / "hub", "commit", "-q", "--allow-empty", "-m", "x")
    git(tmp_path / "hub", "worktree", "add", "-q", "--detach", str(tmp_path / "other"))

    add(opened(tmp_path / "other"), 1)
    add(repo, 2)

    assert len(held(repo)) == len(held(opened(tmp_path / "other"))) == 2


def test_a_bare_repository_has_a_journal(tmp_path: Path) -> None:
    repo = bare(tmp_path / "hub.git")

    add(repo, 1)

    assert len(held(repo)) == 1
    sound(repo)


def test_a_journal_that_somebody_stands_on_is_left_alone(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    add(repo, 1)
    git(tmp_path / "hub", "worktree", "add", "-q", str(tmp_path / "other"), "coord-journal")

    with pytest.raises(ConflictError, match="checked out"):
        add(repo, 2)

    git(tmp_path / "other", "switch", "-q", "--detach")
    add(repo, 2)
    assert len(held(repo)) == 2


@pytest.mark.parametrize("setting", ["core.sharedRepository=group", "i18n.commitEncoding=latin1"])
def test_unusual_repositories_are_left_to_git(tmp_path: Path, setting: str) -> None:
    repo = clone(tmp_path / "hub")
    git(tmp_path / "hub", "config", *setting.split("="))

    add(repo, 1)
    journal.append(repo, {"runs/é": b"2"}, "größer")
    journal.append(repo, {"runs/é": b"3"}, "größer")

    assert len(held(repo)) == 2
    assert (
        git(
            tmp_path / "hub", "log", "-1", "--encoding=UTF-8", "--format=%s", "coord-journal"
        ).strip()
        == "größer"
    )
    assert git(tmp_path / "hub", "rev-list", "--count", "coord-journal").strip() == "3"
    sound(repo)


def test_a_sha256_repository_has_a_journal(tmp_path: Path) -> None:
    root = tmp_path / "hub"
    subprocess.run(["git", "init", "-q", "--object-format=sha256", str(root)], check=True)
    repo = opened(root)

    add(repo, 1)
    add(repo, 2)

    assert len(held(repo)) == 2
    sound(repo)


def test_commits_are_never_signed_and_no_hook_runs(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    root = tmp_path / "hub"
    git(root, "config", "commit.gpgsign", "true")
    git(root, "config", "user.signingkey", "/nowhere")
    for hook in ("pre-commit", "commit-msg", "post-commit", "reference-transaction"):
        file = root / ".git" / "hooks" / hook
        file.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\nexit 1\n")
        file.chmod(0o755)

    add(repo, 1)

    assert not (tmp_path / "ran").exists()


def test_without_an_identity_coord_itself_writes(tmp_path: Path) -> None:
    (tmp_path / "home" / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    repo = clone(tmp_path / "hub")

    add(repo, 1)

    who = git(tmp_path / "hub", "log", "-1", "--format=%an <%ae> %cn", "coord-journal").strip()
    assert who == "coord <coord@localhost> coord"


def test_a_reflog_is_kept_up_but_none_is_begun(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    add(repo, 1)
    log = tmp_path / "hub/.git/logs/refs/heads/coord-journal"
    assert not log.exists()

    log.parent.mkdir(parents=True)
    log.touch()
    add(repo, 2)

    told = git(tmp_path / "hub", "reflog", "show", "--format=%gs", "coord-journal")
    assert told == "coord: attempt 2\n"


@pytest.mark.parametrize(("path", "other"), [("../x", ""), ("a/.git/x", ""), ("a/b", "a")])
def test_a_wrong_path_writes_nothing(tmp_path: Path, path: str, other: str) -> None:
    repo = clone(tmp_path / "hub")

    with pytest.raises(InvalidError):
        journal.append(repo, {path: b"x", other or "fine": b"y"}, "m")

    assert writing.tip(repo) is None


def test_a_message_cannot_steer_a_terminal(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")

    journal.append(repo, {"a": b"x"}, "one\x1b[2J\x00\ud800")

    assert git(tmp_path / "hub", "log", "--format=%B", "coord-journal").strip() == (
        "one\\x1b[2J\\x00\\ud800"
    )


def test_a_disk_that_refuses_is_an_error_with_a_hint(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    add(repo, 1)
    (tmp_path / "hub/.git/coord/journal.lock").unlink()
    shutil.rmtree(tmp_path / "hub/.git/coord")
    (tmp_path / "hub/.git/coord").write_text("in the way\n")  # root may write anywhere else

    with pytest.raises(SystemRefusedError) as told:
        add(repo, 2)

    assert told.value.hint
    assert len(held(repo)) == 1


def test_a_disk_that_is_full_leaves_the_old_journal(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    add(repo, 1)
    code = (
        "import os, resource, sys; from gitcoord.git.repository import discover\n"
        "from gitcoord import journal\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "journal.append(discover(sys.argv[1]), {'runs/x': os.urandom(9999)}, 'x')\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, repo.root], capture_output=True, text=True, check=False
    )

    assert "SystemRefusedError: The journal cannot be written" in done.stderr
    add(repo, 2)
    assert len(held(repo)) == 2
    sound(repo)


def test_the_zone_of_a_commit_is_that_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/St_Johns")
    time.tzset()
    repo = clone(tmp_path / "hub")
    add(repo, 1)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()

    assert git(tmp_path / "hub", "log", "--format=%ad", "coord-journal").strip()[-5:] in (
        "-0330", "-0230",
    )  # fmt: skip


def test_a_huge_file_of_a_peer_is_left_out_unread(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    good = add(repo, 1)
    journal.append(repo, {good[:-13] + "ffffffff.yaml": b"x" * (1 << 21)}, "huge")

    findings: list[Any] = []
    found = [path for path, _ in timeline.walk(repo, findings=findings)]

    assert found == [good]
    assert [one.code for one in findings] == ["too-large"]


def test_eight_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")

    all_fine([writer(tmp_path / "hub", f"w{number}", 40) for number in range(8)])

    assert set(held(repo)) == {f"runs/w{w}/{n}.yaml" for w in range(8) for n in range(40)}
    assert git(tmp_path / "hub", "rev-list", "--count", "coord-journal").strip() == "320"
    sound(repo)


def test_appends_hold_against_a_git_that_moves_the_branch_and_packs_it(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    root = tmp_path / "hub"
    add(repo, 0)

    running = [writer(root, "a", 150), writer(root, "b", 150)]
    own = 0
    while any(one.poll() is None for one in running):
        git(root, "pack-refs", "--all", "--prune")
        old = git(root, "rev-parse", "coord-journal").strip()
        new = git(root, "commit-tree", f"{old}^{{tree}}", "-p", old, "-m", "by git").strip()
        own += not subprocess.run(
            ["git", "update-ref", "refs/heads/coord-journal", new, old], cwd=root, check=False,
            stderr=subprocess.DEVNULL,
        ).returncode  # fmt: skip

    all_fine(running)
    assert len(held(repo)) == 301
    subjects = git(root, "log", "--format=%s", "coord-journal").splitlines()
    assert subjects.count("by git") == own
    assert len(subjects) == 301 + own
    sound(repo)


def killed_at(root: Path, step: str, number: int) -> bool:
    """Append in a fork that kills itself at its n-th call of a system function."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    real, calls = getattr(os, step), 0

    def fatal(*arguments: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*arguments, **more)
        if calls == -number:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    try:
        setattr(os, step, fatal)
        journal.append(opened(root), {"runs/new": b"new", "runs/again": b"again"}, "new")
    finally:
        os._exit(0)


@pytest.mark.parametrize("step", ["open", "write", "rename", "link", "unlink", "close", "utime"])
def test_a_kill_leaves_the_old_or_the_new_journal_and_no_lock(tmp_path: Path, step: str) -> None:
    root = tmp_path / "hub"
    repo = clone(root)
    add(repo, 0)
    before = held(repo)
    after = before | {"runs/new": b"new", "runs/again": b"again"}
    shutil.copytree(root, tmp_path / "before")
    moments = 0

    for number in range(1, 40):
        shutil.rmtree(root)
        shutil.copytree(tmp_path / "before", root)
        writing._WRITERS.clear()
        if not killed_at(root, step, number):
            break
        moments += 1
        assert held(repo) in (before, after), number
        sound(repo)
        path = add(repo, number)
        assert path in held(repo)
        git(root, "branch", "-f", "other", "coord-journal")
        git(root, "branch", "-f", "coord-journal", "other")  # git finds no lock in its way

    assert moments


def test_a_lock_of_a_living_git_is_waited_for_and_never_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = clone(tmp_path / "hub")
    add(repo, 0)
    lock = tmp_path / "hub/.git/refs/heads/coord-journal.lock"
    lock.touch()
    monkeypatch.setattr(writing, "_PATIENCE", 0.2)

    with pytest.raises(CoordError, match="locked"):
        add(repo, 1)

    assert lock.exists()
    lock.unlink()
    add(repo, 1)
    assert len(held(repo)) == 2


def test_a_fresh_clone_reads_and_continues_the_journal_of_its_remote(tmp_path: Path) -> None:
    hub = bare(tmp_path / "hub.git")
    add(hub, 1)
    git(tmp_path, "clone", "-q", str(tmp_path / "hub.git"), "copy")
    copy = opened(tmp_path / "copy")
    assert len(held(copy)) == 1

    add(copy, 2)

    assert len(held(copy)) == 2
    assert git(tmp_path / "copy", "rev-list", "--count", "coord-journal").strip() == "2"


def test_a_walk_yields_subject_by_subject_in_order_of_time_within_a_span(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    made = [add(repo, age, age=age / 10) for age in range(100)]
    add(repo, 1, kind="snapshot")

    def numbers(since: int, until: int) -> list[int]:
        span = [NOW - timedelta(days=age / 10) for age in (since, until)]
        return [made.index(one.path) for one in journal.walk(repo, "attempts/oneiric", *span)]

    assert numbers(99, -1) == list(range(99, -1, -1))
    assert numbers(60, 40) == list(range(60, 40, -1))
    assert [one.path for one in journal.walk(repo, "attempts/oneiric/2026/10")] == []
    one = journal.read(repo, made[3])
    assert one is not None
    assert one.commit == git(tmp_path / "hub", "rev-parse", "coord-journal").strip()
    assert journal.read(repo, "attempts") is None
    assert journal.read(repo, "nowhere\nHEAD") is None


def test_hostile_files_are_findings_and_hide_nothing(tmp_path: Path) -> None:
    repo = clone(tmp_path / "hub")
    good = add(repo, 1)
    base = facts.write(Fact("run", "oneiric", NOW, None, {}))[0]
    journal.append(
        repo,
        {
            base: b"kind: run\nrepo: oneiric\ntime: !!python/object:os.system x\n",
            base[:-9] + "cafe.yaml": b"a: &a [" + b"[" * 5000,
            "runs/oneiric/notes.txt": b"hello",
            "runs/..evil/2026/11/21/ab/120000Z-ab.yaml": b"\xff\xfe\x00",
        },
        "hostile",
    )

    findings: list[Any] = []
    found = list(timeline.walk(repo, findings=findings))

    assert [path for path, _ in found] == [good]
    assert len(findings) == 4
