"""`coord merge`, `coord resolve` and `coord renumber`, with nothing installed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from gitcoord.cli.main import main

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

TEXT = """\
id: {id}
title: {title}
status: pending   # as of now
priority: 'low'
created: {created}
labels: [a, b]
description: |
  one
  two
metadata: {{pool: python, size: 4}}
"""


def put(hub: Hub, id: str = "ISSUE-101", **changes: str) -> None:
    """Write a record with parts of its text replaced, and commit it."""
    text = TEXT.format(
        id=id,
        title=changes.pop("title", "Sessions leak"),
        created=changes.pop("created", "2026-01-01T00:00:00+00:00"),
    )
    for old, new in changes.items():
        old = {"status": "pending", "priority": "low", "pool": "python"}.get(old, old)
        text = text.replace(old, new)
    hub.write(f"issues/{id}.yaml", text)
    commit(hub)


def commit(hub: Hub) -> None:
    hub.git("add", "-A")
    hub.git("commit", "-q", "-m", "edit")


def text_of(hub: Hub, id: str = "ISSUE-101") -> str:
    return (hub.root / "coord" / "issues" / f"{id}.yaml").read_text()


@pytest.fixture
def two(hub: Hub) -> Hub:
    """A hub with ISSUE-101, checked out on main, and a branch `side` that stands beside it."""
    put(hub)
    hub.git("branch", "side")
    return hub


def on_side(hub: Hub, **changes: str) -> None:
    hub.git("checkout", "-q", "side")
    put(hub, **changes)
    hub.git("checkout", "-q", "main")


def test_fields_that_differ_merge_and_the_rest_of_the_file_stays(two: Hub) -> None:
    on_side(two, priority="high", pool="go")
    put(two, status="closed", two="TWO")

    done = two.json("merge", "side")

    assert done["conflicts"] == []
    assert done["renumbered"] == {}
    assert done["merged"] == two.git("rev-parse", "HEAD").strip()
    assert text_of(two) == TEXT.format(
        id="ISSUE-101", title="Sessions leak", created="2026-01-01T00:00:00+00:00"
    ).replace("pending", "closed").replace("low", "high").replace("two", "TWO").replace(
        "python", "go"
    )
    assert two.git("log", "-1", "--format=%s").strip() == "Merge branch 'side'"
    assert len(two.git("log", "-1", "--format=%p").split()) == 2
    assert two.git("status", "--porcelain") == ""
    assert "ISSUE-101" in two.ids("list", "priority:high")


def test_a_conflict_is_left_for_resolve(two: Hub) -> None:
    on_side(two, status="resolved", priority="high", pool="go")
    put(two, status="closed", pool="rust")
    head = two.git("rev-parse", "HEAD")

    done = two("merge", "side", "--json")

    assert done.code == 1
    assert done.json == {
        "merged": None,
        "conflicts": [
            {"id": "ISSUE-101", "field": "status", "ours": "closed", "theirs": "resolved"},
            {"id": "ISSUE-101", "field": "metadata.pool", "ours": "rust", "theirs": "go"},
        ],
        "renumbered": {},
    }
    assert "<<<<<<< HEAD\nstatus: closed" in text_of(two)
    assert ">>>>>>> side\n" in text_of(two)
    assert two.git("status", "--porcelain") == "UU coord/issues/ISSUE-101.yaml\n"
    assert two.json("resolve") == done.json["conflicts"]

    (left,) = two.json("resolve", "ISSUE-101", "--field", "status", "--theirs")
    assert left["field"] == "metadata.pool"
    assert two("merge", "side").code == 5
    assert two.json("resolve", "ISSUE-101", "--value", "zig") == []
    assert two.git("diff", "--name-only") == ""
    assert two.git("rev-parse", "HEAD") == head
    two.git("commit", "-q", "--no-edit")

    record = two.json("show", "ISSUE-101")
    assert (record["status"], record["metadata"]["pool"]) == ("resolved", "zig")
    assert record["priority"] == "high"
    assert "status: resolved   # as of now" in text_of(two)
    assert len(two.git("log", "-1", "--format=%p").split()) == 2


def test_a_merge_with_conflicts_can_be_given_up(two: Hub) -> None:
    on_side(two, status="resolved")
    put(two, status="closed")
    before = text_of(two)

    assert two("merge", "side").code == 1
    two.git("merge", "--abort")

    assert text_of(two) == before
    assert two.git("status", "--porcelain") == ""
    assert two.json("resolve") == []


def test_other_files_merge_as_git_does(two: Hub) -> None:
    (two.root / "notes ü.txt").write_text("one\n")
    commit(two)
    two.git("branch", "-f", "side")
    two.git("checkout", "-q", "side")
    (two.root / "notes ü.txt").write_text("theirs\n")
    put(two, priority="high")
    two.git("checkout", "-q", "main")
    (two.root / "notes ü.txt").write_text("ours\n")
    put(two, status="closed")

    done = two("merge", "side", "--json")

    assert (done.code, done.json["conflicts"], done.json["merged"]) == (1, [], None)
    assert "notes ü.txt is in conflict" in done.err
    assert (
        two.git("-c", "core.quotePath=no", "diff", "--name-only", "--diff-filter=U")
        == "notes ü.txt\n"
    )
    assert "priority: 'high'" in text_of(two)


@pytest.mark.parametrize("how", ["staged", "work tree", "untracked"])
def test_uncommitted_changes_in_the_way_stop_the_merge(two: Hub, how: str) -> None:
    on_side(two, priority="high")
    if how == "untracked":
        two.git("checkout", "-q", "side")
        put(two, "ISSUE-102")
        two.git("checkout", "-q", "main")
        two.write("issues/ISSUE-102.yaml", "mine\n")
    else:
        two.write("issues/ISSUE-101.yaml", "mine\n")
    if how == "staged":
        two.git("add", "-A")
    put_aside = two.git("status", "--porcelain")
    head = two.git("rev-parse", "HEAD")

    answer = two("merge", "side", "--json")

    assert answer.code == 5
    assert answer.error["code"] == "conflict"
    assert two.git("status", "--porcelain") == put_aside
    assert two.git("rev-parse", "HEAD") == head
    assert not (two.root / ".git" / "MERGE_HEAD").exists()


def test_uncommitted_changes_elsewhere_stay(two: Hub) -> None:
    on_side(two, priority="high")
    put(two, status="closed")
    two.write("issues/ISSUE-001.yaml", "# by hand\n" + text_of(two, "ISSUE-001"))

    assert two.json("merge", "side")["merged"]

    assert two.git("status", "--porcelain") == " M coord/issues/ISSUE-001.yaml\n"


def test_a_branch_that_is_behind_moves_forward(two: Hub) -> None:
    on_side(two, priority="high")

    assert two.json("merge", "side")["merged"] == two.git("rev-parse", "side").strip()
    assert two.git("rev-parse", "HEAD") == two.git("rev-parse", "side")
    assert two.json("merge", "side") == {"merged": None, "conflicts": [], "renumbered": {}}


def test_a_dry_run_changes_nothing(two: Hub) -> None:
    on_side(two, status="resolved")
    put(two, status="closed")
    before = two.git("rev-parse", "HEAD")

    done = two("merge", "side", "--dry-run", "--json")

    assert (done.code, len(done.json["conflicts"])) == (1, 1)
    assert two.git("rev-parse", "HEAD") == before
    assert two.git("status", "--porcelain") == ""


def both_create(
    hub: Hub, theirs: str = "2026-03-02T00:00:00Z", ours: str = "2026-03-01T00:00:00Z"
) -> None:
    hub.git("checkout", "-q", "side")
    put(hub, "ISSUE-102", title="Theirs", created=theirs)
    hub.write(
        "todos/TODO-105.yaml",
        "id: TODO-105\ntask: t\nstatus: pending\nrepo: oneiric\nissue: ISSUE-102\n",
    )
    commit(hub)
    hub.git("checkout", "-q", "main")
    put(hub, "ISSUE-102", title="Ours", created=ours)
    hub.write(
        "todos/TODO-106.yaml",
        "id: TODO-106\ntask: t\nstatus: pending\nrepo: oneiric\nissue: ISSUE-102\n",
    )
    commit(hub)


def test_records_that_share_an_id_both_stay(two: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-03-01T10:00:00Z")  # a tie: theirs gives way
    both_create(two)
    before = text_of(two, "ISSUE-101")

    assert two.json("merge", "--dry-run", "side")["renumbered"] == {"ISSUE-102": "ISSUE-103"}
    done = two.json("merge", "side")

    assert done["renumbered"] == {"ISSUE-102": "ISSUE-103"}
    assert two.json("show", "ISSUE-102")["title"] == "Ours"
    assert two.json("show", "ISSUE-103")["title"] == "Theirs"
    assert two.json("show", "TODO-105")["issue"] == "ISSUE-103"
    assert two.json("show", "TODO-106")["issue"] == "ISSUE-102"
    assert text_of(two, "ISSUE-101") == before
    assert "Renumbered: ISSUE-102 → ISSUE-103" in two.git("log", "-1", "--format=%B")
    assert two.json("check") == []
    assert two.json("renumber") == {}
    assert two.json("renumber", "HEAD") == {}
    assert two.json("issue", "create", "--title", "next")["id"] == "ISSUE-104"


def test_renumber_mends_a_merge_that_kept_one_of_two(
    two: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-03-01T10:00:00Z")  # a tie: theirs gives way
    both_create(two)
    subprocess.run(["git", "merge", "-q", "-X", "ours", "side"], cwd=two.root, check=True,
                   capture_output=True)  # fmt: skip
    assert two.json("renumber") == {}

    assert two.json("renumber", "HEAD", "--dry-run") == {"ISSUE-102": "ISSUE-103"}
    assert two.json("renumber", "HEAD") == {"ISSUE-102": "ISSUE-103"}

    assert two.json("show", "ISSUE-103")["title"] == "Theirs"
    assert two.json("show", "TODO-105")["issue"] == "ISSUE-103"
    assert two.git("status", "--porcelain") == ""


@pytest.mark.parametrize(("words", "code"), [
    (["merge", "nope"], 4), (["merge", "--", "-x"], 4), (["resolve", "ISSUE-101"], 4), (["resolve", "--ours"], 2),
    (["resolve", "ISSUE-101", "--ours", "--theirs"], 2), (["renumber", "nope"], 4),
    (["resolve", "ISSUE-101", "--field", "status"], 2), (["renumber", "HEAD"], 2), (["merge-driver", "x"], 2),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused(two: Hub, words: list[str], code: int) -> None:
    answer = two(*words)

    assert answer.code == code
    assert answer.err.startswith("coord: ")


def test_a_file_that_is_no_yaml_conflicts_as_text(two: Hub) -> None:
    two.git("checkout", "-q", "side")
    two.write("issues/ISSUE-101.yaml", "id: [\nstatus: theirs\n")
    commit(two)
    two.git("checkout", "-q", "main")
    put(two, status="closed")

    done = two("merge", "side", "--json")

    assert done.code == 1
    assert [(one["id"], one["field"]) for one in done.json["conflicts"]] == [("ISSUE-101", None)]
    assert "status: theirs" in text_of(two)
    assert "status: closed" in text_of(two)
    two.ok("resolve", "ISSUE-101", "--ours")
    assert two.json("resolve") == []


def test_conflicts_that_git_left_can_be_decided_by_field(two: Hub) -> None:
    on_side(two, status="resolved")
    put(two, status="closed")
    subprocess.run(["git", "merge", "side"], cwd=two.root, check=False, capture_output=True)

    (one,) = two.json("resolve")

    assert (one["id"], one["field"], one["ours"]) == ("ISSUE-101", "status", "closed")
    assert two.json("resolve", "ISSUE-101", "--field", "status", "--value", "blocked") == []
    assert two.git("status", "--porcelain") == "M  coord/issues/ISSUE-101.yaml\n"


@pytest.mark.parametrize("state", ["detached", "linked", "crlf", "subfolder"])
def test_a_merge_works_wherever_one_stands(two: Hub, state: str, tmp_path: Any) -> None:
    on_side(two, priority="high")
    put(two, status="closed")
    where = two.root
    if state == "detached":
        two.git("checkout", "-q", "--detach")
    elif state == "linked":
        where = tmp_path / "linked tree"
        two.git("worktree", "add", "-q", "-b", "third", str(where))
    elif state == "crlf":
        two.git("config", "core.autocrlf", "true")
        two.git("rm", "-rq", "--cached", ".")
        two.git("reset", "-q", "--hard")
    else:
        where = two.root / "coord" / "issues"

    done = two.json("merge", "side", "--hub", str(where))

    assert done["merged"]
    assert two.json("show", "ISSUE-101", "--hub", str(where))["priority"] == "high"
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=where, capture_output=True, check=True
    )
    assert status.stdout == b""


def test_a_shallow_clone_merges_what_it_has(two: Hub, tmp_path: Any) -> None:
    on_side(two, priority="high")
    put(two, status="closed")
    shallow = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--no-single-branch", "--depth", "2", f"file://{two.root}", str(shallow)],
        check=True,
    )  # fmt: skip

    done = two.json("merge", "origin/side", "--hub", str(shallow))

    assert done["merged"]
    assert two.json("show", "ISSUE-101", "--hub", str(shallow))["priority"] == "high"


@pytest.mark.parametrize("step", ["posix_spawnp", "open", "rename"])
def test_a_kill_at_any_moment_leaves_something_git_can_finish_or_give_up(
    two: Hub, step: str
) -> None:
    on_side(two, priority="high")
    put(two, status="closed")
    head = two.git("rev-parse", "HEAD")
    for number in range(1, 60, 2):
        two.git("reset", "-q", "--hard", head.strip())
        if not _killed_at(two, ["merge", "side"], step, number):
            break
        if (two.root / ".git" / "index.lock").exists():
            (two.root / ".git" / "index.lock").unlink()
        merging = (two.root / ".git" / "MERGE_HEAD").exists()
        now = two.git("rev-parse", "HEAD")
        if now == head and merging:
            two.git("merge", "--abort")
        elif now == head:
            assert two.git("status", "--porcelain") == ""
        assert two.git("status", "--porcelain") == ""
        assert two("check").code == 0
        two.git("fsck", "--strict")
        if now != head:
            assert two.json("show", "ISSUE-101")["priority"] == "high"
            (two.root / ".git" / "MERGE_HEAD").unlink(missing_ok=True)
    else:
        pytest.fail("it never came to an end")
    assert two.json("show", "ISSUE-101")["priority"] == "high"


def _killed_at(hub: Hub, words: list[str], step: str, number: int) -> bool:
    """Run a command in a fork that kills itself at its n-th call of a system function."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    real, calls = getattr(os, step), 0

    def fatal(*arguments: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **more)

    try:
        os.chdir(hub.root)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        setattr(os, step, fatal)
        main(words)
    finally:
        os._exit(0)


def test_the_driver_starts_without_what_it_does_not_need(two: Hub) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c",
         "from gitcoord.cli.main import main; raise SystemExit(main())", "merge-driver",
         *["coord/issues/ISSUE-101.yaml"] * 3, "7", "coord/issues/ISSUE-101.yaml"],
        cwd=two.root, capture_output=True, text=True, check=True,
    )  # fmt: skip

    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "gitcoord.api.merge_file" in loaded
    assert {"pydantic", "sqlite3", "subprocess", "gitcoord.api.workspace.view"} & loaded == set()
