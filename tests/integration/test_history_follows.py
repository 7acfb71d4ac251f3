"""Whatever happens to the repository, history says what one made anew says."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests import own_world

from gitcoord.api import setup
from gitcoord.errors import GitError
from gitcoord.git.repository import Repository, discover
from gitcoord.history import read, view
from gitcoord.history.event import Event
from gitcoord.index import schema

CODE = "from gitcoord.cli.main import main; raise SystemExit(main())"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    own_world.move_in(
        monkeypatch,
        tmp_path,
        '[user]\n\tname = Løna\n\temail = l@example.org\n[protocol "file"]\n\tallow = always\n',
    )
    root = tmp_path / "hub 🚀 with spaces"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    setup.init(str(root))
    found = at(root)
    save(found, "ISSUE-1", "pending")
    save(found, "ISSUE-1", "closed")
    save(found, "ISSUE-2", "pending")
    return found


def at(root: str | Path) -> Repository:
    found = discover(str(root))
    assert found is not None
    return found


def git(root: str | Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, check=True)
    return done.stdout.decode()


def write(repo: Repository, id: str, status: str, **more: str) -> Path:
    path = Path(repo.root, "coord", "issues", f"{id}.yaml")
    lines = [f"id: {id}", "title: t", f"status: {status}"]
    lines += [f"{key}: {value}" for key, value in more.items()]
    path.write_text("\n".join(lines) + "\n")
    return path


def save(repo: Repository, id: str, status: str, **more: str) -> None:
    write(repo, id, status, **more)
    git(repo.root, "add", "-A")
    git(repo.root, "commit", "-qm", f"{id} {status}")


def events(repo: Repository) -> list[Event]:
    """The events, which have to be those of a history made anew."""
    found = read.events(repo)
    head = git(repo.root, "rev-parse", "HEAD").strip()
    with closing(schema.connect(":memory:", view.TABLES, view.VERSION)) as connection:
        assert found == read.answer(view.moved(connection, repo, head), read.Wanted(), None)
    return found


def brief(found: list[Event]) -> list[tuple[str, str]]:
    return [(event.id, event.event) for event in found if event.kind == "issue"]


FIRST = [("ISSUE-1", "created"), ("ISSUE-1", "closed"), ("ISSUE-2", "created")]


def test_a_commit_adds_its_events(repo: Repository) -> None:
    assert brief(events(repo)) == FIRST

    save(repo, "ISSUE-2", "closed")

    assert brief(events(repo)) == [*FIRST, ("ISSUE-2", "closed")]


def test_an_amended_commit_takes_its_first_version_along(repo: Repository) -> None:
    events(repo)
    write(repo, "ISSUE-2", "resolved")
    git(repo.root, "commit", "-qa", "--amend", "--no-edit")

    found = events(repo)

    assert brief(found) == FIRST
    assert found[-1].new["status"] == "resolved"


def test_a_branch_switch_shows_that_branch(repo: Repository) -> None:
    git(repo.root, "checkout", "-qb", "side", "HEAD~2")
    save(repo, "ISSUE-3", "pending")
    side = brief(events(repo))
    git(repo.root, "checkout", "-q", "main")
    main = brief(events(repo))
    git(repo.root, "checkout", "-q", "--detach", "side")

    assert (side, main) == ([FIRST[0], ("ISSUE-3", "created")], FIRST)
    assert brief(events(repo)) == side


def test_an_old_tip_that_was_collected_is_no_obstacle(repo: Repository) -> None:
    events(repo)
    git(repo.root, "reset", "-q", "--hard", "HEAD~1")
    git(repo.root, "reflog", "expire", "--expire=now", "--all")
    git(repo.root, "gc", "--quiet", "--prune=now")

    assert brief(events(repo)) == FIRST[:2]


def test_a_shallow_clone_begins_where_it_begins_and_grows(repo: Repository, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=2", f"file://{repo.root}", "clone")
    clone = at(tmp_path / "clone")

    shallow = brief(events(clone))
    git(clone.root, "fetch", "-q", "--unshallow")

    assert shallow == [("ISSUE-1", "created"), ("ISSUE-2", "created")]
    assert brief(events(clone)) == FIRST
    assert events(clone) == events(repo)


def test_a_shallow_clone_is_told(repo: Repository, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=2", f"file://{repo.root}", "clone")

    done = subprocess.run([sys.executable, "-c", CODE, "log"], cwd=tmp_path / "clone",
                          capture_output=True, text=True, check=True)  # fmt: skip

    assert "shallow" in done.stderr


def test_replaced_and_grafted_parents_count_as_git_counts_them(repo: Repository) -> None:
    whole = events(repo)
    git(repo.root, "replace", "--graft", "HEAD", "HEAD~3")
    without = events(repo)
    git(repo.root, "pack-refs", "--all")
    packed = events(repo)
    git(repo.root, "replace", "-d", "HEAD")

    assert brief(without) == [("ISSUE-1", "created"), ("ISSUE-2", "created")]
    assert packed == without
    assert events(repo) == whole


def test_linked_work_trees_have_each_their_own_answer(repo: Repository, tmp_path: Path) -> None:
    git(repo.root, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "side", "HEAD~1")
    linked = at(tmp_path / "linked")
    save(linked, "ISSUE-7", "pending")

    for _ in range(2):
        assert brief(events(repo)) == FIRST
        assert brief(events(linked)) == [*FIRST[:2], ("ISSUE-7", "created")]
    assert linked.common_dir == repo.common_dir


def test_no_commit_means_no_events(tmp_path: Path, repo: Repository) -> None:
    git(repo.root, "checkout", "-q", "--orphan", "empty")

    assert read.events(repo) == []


def test_any_commit_can_be_asked_about(repo: Repository) -> None:
    whole = read.events(repo)

    assert brief(read.events(repo, git(repo.root, "rev-parse", "HEAD~1").strip())) == FIRST[:2]
    assert read.events(repo) == whole


def test_a_damaged_file_is_made_anew(repo: Repository) -> None:
    whole = read.events(repo)
    path = Path(repo.common_dir, "coord", "history.db")
    for junk in (b"", b"junk" * 5000, path.read_bytes()[:9000] + b"\0" * 20000):
        path.write_bytes(junk)
        for tail in ("-wal", "-shm"):
            path.with_name(path.name + tail).unlink(missing_ok=True)

        assert read.events(repo) == whole


def test_a_folder_that_cannot_be_written_only_costs_time(repo: Repository) -> None:
    folder = Path(repo.common_dir, "coord")
    shutil.rmtree(folder)
    folder.write_text("a file stands where the folder should be")

    assert brief(read.events(repo)) == FIRST
    folder.unlink()


def test_settings_of_git_change_nothing(repo: Repository) -> None:
    whole = read.events(repo)
    shutil.rmtree(Path(repo.common_dir, "coord"))
    for key, value in {
        "log.showSignature": "true", "log.showRoot": "false", "diff.renames": "copies",
        "log.date": "relative", "format.pretty": "oneline", "core.quotePath": "true",
        "diff.orderFile": "nowhere", "log.decorate": "full", "log.follow": "true",
        "core.abbrev": "5", "diff.noprefix": "true", "color.ui": "always", "log.diffMerges": "off",
        "i18n.logOutputEncoding": "latin1", "core.pager": "false", "diff.relative": "true",
        "log.mailmap": "true", "submodule.recurse": "true", "diff.ignoreSubmodules": "all",
    }.items():  # fmt: skip
        git(repo.root, "config", key, value)
    (Path(repo.root) / "nowhere").write_text("coord/issues/ISSUE-2.yaml\n")

    assert read.events(repo) == whole
    assert whole[0].author == "Løna"


def test_odd_files_are_told_and_harm_nothing(repo: Repository) -> None:
    issues = Path(repo.root, "coord", "issues")
    (issues / "ISSUE-1.yaml").unlink()
    (issues / "ISSUE-1.yaml").symlink_to("/etc/passwd")
    (issues / "a\nb 🚀 \x01:x.yaml").write_text("id: x\n")
    (issues / ":100644 100644 a b M.yaml").write_text("id: x\n")
    (issues / "ISSUE-2.yaml").write_bytes(b"title: " + b"x" * (1 << 21) + b"\n")
    (issues / "ISSUE-5.yaml").write_text("a: &a [x]\n" + "".join(
        f"{c}: &{c} [{', '.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    ))  # fmt: skip
    git(repo.root, "add", "-A")
    git(repo.root, "commit", "-qm", "odd")
    (issues / "ISSUE-1.yaml").unlink()
    save(repo, "ISSUE-1", "pending")

    assert brief(events(repo))[3:] == [
        ("ISSUE-1", "changed"), ("ISSUE-2", "changed"), ("ISSUE-5", "changed"),
        ("ISSUE-1", "reopened"),
    ]  # fmt: skip


def test_a_merge_tells_only_what_it_decided_itself(repo: Repository) -> None:
    save(repo, "ISSUE-3", "pending", severity="bug")
    git(repo.root, "checkout", "-qb", "side")
    save(repo, "ISSUE-3", "pending", severity="feature")
    git(repo.root, "checkout", "-q", "main")
    save(repo, "ISSUE-3", "in_progress", severity="bug")
    git(repo.root, "merge", "-q", "--no-commit", "-s", "ours", "side")
    write(repo, "ISSUE-3", "in_progress", severity="feature", priority="low")
    git(repo.root, "commit", "-qam", "merge")

    last = events(repo)[-1]

    assert (last.field, last.old, last.new) == ("priority", None, "low")
    assert sorted(e.field or "" for e in events(repo) if e.id == "ISSUE-3") == [
        "", "priority", "severity", "status",
    ]  # fmt: skip


def test_what_an_abandoned_branch_did_is_told_although_a_merge_dropped_it(repo: Repository) -> None:
    git(repo.root, "checkout", "-qb", "side")
    save(repo, "ISSUE-2", "closed")
    git(repo.root, "checkout", "-q", "main")
    save(repo, "ISSUE-9", "pending")
    git(repo.root, "merge", "-q", "-s", "ours", "side", "-m", "ours")

    assert ("ISSUE-2", "closed") in brief(events(repo))


def test_ten_at_once_all_have_the_answer(repo: Repository) -> None:
    words = [sys.executable, "-c", CODE, "log", "--json"]
    running = [subprocess.Popen(words, cwd=repo.root, stdout=subprocess.PIPE) for _ in range(10)]

    said = {one.communicate()[0] for one in running}

    assert len(said) == 1
    assert said.pop().count(b'"event"') == len(events(repo))


def test_work_trees_that_ask_at_once_do_not_mix(repo: Repository, tmp_path: Path) -> None:
    git(repo.root, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "side", "HEAD~1")
    words = [sys.executable, "-c", CODE, "log", "--json"]
    places = [repo.root, str(tmp_path / "linked")] * 5
    running = [
        (place, subprocess.Popen(words, cwd=place, stdout=subprocess.PIPE)) for place in places
    ]

    said = {(place, one.communicate()[0].count(b'"event"')) for place, one in running}

    assert len(said) == 2


@pytest.mark.parametrize("wait", [0.02, 0.06, 0.1, 0.15, 0.2, 0.3])
def test_killed_at_any_moment_the_next_one_answers(repo: Repository, wait: float) -> None:
    for number in range(40):
        write(repo, f"ISSUE-{number + 100}", "pending")
    save(repo, "ISSUE-99", "pending")
    running = subprocess.Popen(
        [sys.executable, "-c", CODE, "log"], cwd=repo.root, stdout=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    time.sleep(wait)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()

    assert len(brief(events(repo))) == 44


def test_a_repository_with_other_hashes_is_read_alike(tmp_path: Path, repo: Repository) -> None:
    root = tmp_path / "sha256"
    root.mkdir()
    git(root, "init", "-q", "-b", "main", "--object-format=sha256")
    setup.init(str(root))
    other = at(root)
    save(other, "ISSUE-1", "pending")
    save(other, "ISSUE-1", "closed")

    assert brief(events(other)) == FIRST[:2]
    assert len(events(other)[0].commit) == 64


def test_clones_that_have_no_loose_objects_answer_alike(repo: Repository, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--shared", repo.root, "shared")
    git(tmp_path, "clone", "-q", f"file://{repo.root}", "packed")

    assert events(at(tmp_path / "shared")) == events(at(tmp_path / "packed")) == events(repo)


def test_a_file_broken_many_times_is_bridged_each_time(repo: Repository) -> None:
    for number in range(3):
        for again in range(6):
            write(repo, "ISSUE-1", f"[{number}{again}")
            git(repo.root, "commit", "-qam", "broken")
        save(repo, "ISSUE-1", "pending" if number % 2 else "in_progress")

    told = [event for event in events(repo)[3:] if event.field == "status"]

    assert [(one.old, one.new) for one in told] == [
        ("closed", "in_progress"), ("in_progress", "pending"), ("pending", "in_progress"),
    ]  # fmt: skip


def test_a_walk_that_git_breaks_off_leaves_what_was_there(repo: Repository) -> None:
    whole = events(repo)
    save(repo, "ISSUE-5", "pending")
    tip = git(repo.root, "rev-parse", "HEAD").strip()
    tree = git(repo.root, "rev-parse", "HEAD^{tree}").strip()
    path = Path(repo.common_dir, "objects", tree[:2], tree[2:])
    kept = path.read_bytes()
    path.unlink()

    with pytest.raises(GitError):
        read.events(repo)

    path.write_bytes(kept)
    assert read.events(repo, tip)[: len(whole)] == whole
    assert len(events(repo)) == len(whole) + 1


def test_all_records_renumbered_at_once_are_followed_in_a_moment(repo: Repository) -> None:
    for number in range(100, 2100):
        write(repo, f"ISSUE-{number}", "pending", created=f"2026-01-01T00:00:00.{number:06d}Z")
    save(repo, "ISSUE-99", "pending")
    for path in Path(repo.root, "coord", "issues").glob("ISSUE-????.yaml"):
        path.with_name(path.name.replace("ISSUE", "BUG")).write_text(
            path.read_text().replace("ISSUE", "BUG")
        )
        path.unlink()
    save(repo, "ISSUE-99", "closed")
    ids = [f"BUG-{number}" for number in range(1000, 2100)]

    start = time.process_time()
    found = read.select(repo, read.Wanted(), ids=ids)

    assert len(found) == 2 * len(ids)
    assert brief(read.select(repo, read.Wanted(), ids=["BUG-2000"])) == [
        ("ISSUE-2000", "created"), ("BUG-2000", "renumbered"),
    ]  # fmt: skip
    assert time.process_time() - start < 60  # one by one it takes many minutes
