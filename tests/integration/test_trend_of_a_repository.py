"""Trends of real repositories: what is in the commits, whatever shape they have."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gitcoord.api import trends
from gitcoord.api.workspace import open_workspace
from gitcoord.codec.emit import dump
from gitcoord.model.kinds import BY_NAME

DAY = 86_400
START = 1_772_442_000  # Monday, 2026-03-02 09:00 UTC


class Repo:
    """A hub whose commits are made at any time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.day = 0.0
        self.git("init", "-q", "-b", "main")
        self.write("repo", "oneiric", role="resolver")

    def git(self, *words: str, zone: str = "+0000", time: int | None = None) -> str:
        when = f"{START + int(self.day * DAY) if time is None else time} {zone}"
        env = os.environ | {
            "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_AUTHOR_NAME": "A",
            "GIT_COMMITTER_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_EMAIL": "a@b.c",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
        }  # fmt: skip
        done = subprocess.run(
            ["git", "-C", str(self.root), *words],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def path(self, kind: str, id: str, *, archived: bool = False) -> Path:
        folder = self.root / "coord" / ("archive" if archived else "")
        return folder / BY_NAME[kind].folder / f"{id}.yaml"

    def write(self, kind: str, id: str, **fields: Any) -> None:
        path = self.path(kind, id)
        path.parent.mkdir(parents=True, exist_ok=True)
        own = {"name" if kind == "repo" else "id": id, BY_NAME[kind].title: "t"}
        path.write_text(dump(own | fields, BY_NAME[kind].fields))

    def commit(self, day: float | None = None, **more: Any) -> None:
        self.day = self.day + 1 if day is None else day
        self.git("add", "-A", **more)
        self.git("commit", "-q", "--allow-empty", "-m", "x", **more)

    def rows(self, now: float = 20, **asked: Any) -> list[dict[str, Any]]:
        moment = datetime.fromtimestamp(START + now * DAY, UTC)
        workspace = open_workspace(str(self.root), moment, watch=False)
        wanted = asked.pop("wanted", {})
        (found,) = trends.trend(workspace, wanted, **({"every": "day"} | asked))
        return found.rows

    def sums(self, now: float = 20, **asked: Any) -> dict[str, int]:
        rows = self.rows(now, **asked)
        names = ("opened", "closed", "reopened", "entered", "left")
        found = {name: sum(row[name] or 0 for row in rows) for name in names}
        return {"open": rows[-1]["open"]} | {name: n for name, n in found.items() if n}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "hub")


def test_a_record_opens_closes_and_reopens(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(0)
    for status in ("in_progress", "resolved", "closed", "pending", "closed"):
        repo.write("issue", "ISSUE-001", status=status)
        repo.commit()

    assert repo.sums() == {"open": 0, "opened": 1, "closed": 2, "reopened": 1}
    rows = repo.rows()
    assert [row["open"] for row in rows[:7]] == [1, 1, 0, 0, 1, 0, 0]
    assert rows[2]["cycle_time"] == {"median": 1.0, "p85": 1.0, "count": 1}
    assert rows[5]["lead_time"] == {"median": 5.0, "p85": 5.0, "count": 1}


def test_a_record_that_moves_to_another_repository_moves_in_the_series(repo: Repo) -> None:
    repo.write("repo", "akosha", role="tool")
    repo.write("issue", "ISSUE-001", status="pending", repos=["oneiric"])
    repo.commit(0)
    repo.write("issue", "ISSUE-001", status="pending", repos=["akosha"])
    repo.commit(3)
    repo.write("issue", "ISSUE-001", status="closed", repos=["akosha"])
    repo.commit(5)

    old = repo.sums(wanted={"repo": ["oneiric"]})
    assert old == {"open": 0, "opened": 1, "left": 1}
    assert repo.sums(wanted={"repo": ["akosha"]}) == {"open": 0, "entered": 1, "closed": 1}
    assert repo.sums(wanted={"role": ["tool"]}) == {"open": 0, "entered": 1, "closed": 1}
    assert repo.sums() == {"open": 0, "opened": 1, "closed": 1}


def test_archiving_is_not_closing(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="closed")
    repo.write("issue", "ISSUE-002", status="pending")
    repo.commit(0)
    for id in ("ISSUE-001", "ISSUE-002"):
        there = repo.path("issue", id, archived=True)
        there.parent.mkdir(parents=True, exist_ok=True)
        repo.path("issue", id).rename(there)
    repo.commit(2)

    assert repo.sums() == {"open": 0, "opened": 1, "left": 1}
    assert repo.rows()[-1]["burnup"]["done"] == 1


def test_a_renumbered_record_is_the_same_one(repo: Repo) -> None:
    body = {"description": "words " * 30, "assignee": "ada"}
    repo.write("plan", "PLAN-001", status="active", **body)
    repo.write("todo", "TODO-001", status="in_progress", repo="oneiric", plan="PLAN-001", **body)
    repo.commit(0)
    for kind, old, new in (("plan", "PLAN-001", "PLAN-005"), ("todo", "TODO-001", "TODO-009")):
        repo.path(kind, old).unlink()
        fields = {"status": "active"} if kind == "plan" else {
            "status": "in_progress", "repo": "oneiric", "plan": "PLAN-005"
        }  # fmt: skip
        repo.write(kind, new, **fields, **body)
    repo.commit(2)
    repo.write("todo", "TODO-009", status="completed", repo="oneiric", plan="PLAN-005", **body)
    repo.commit(4)

    assert repo.sums() == {"open": 1, "opened": 2, "closed": 1}
    assert repo.sums(wanted={"plan": ["PLAN-005"]}) == {"open": 0, "opened": 1, "closed": 1}
    assert repo.rows()[4]["cycle_time"]["median"] == 4.0


def test_a_record_that_comes_closed_was_neither_opened_nor_closed(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="closed")
    repo.commit(0)

    assert repo.sums() == {"open": 0}
    assert repo.rows()[0]["burnup"]["scope"] == 1


def test_deleted_and_brought_back_is_one_record(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(0)
    repo.path("issue", "ISSUE-001").unlink()
    repo.commit(1)
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(2)

    assert repo.sums() == {"open": 1, "opened": 1, "left": 1, "entered": 1}


def test_a_clock_that_goes_backwards_never_closes_before_it_opened(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="in_progress")
    repo.commit(5)
    repo.write("issue", "ISSUE-001", status="closed")
    repo.commit(2)

    rows = repo.rows()

    assert repo.sums() == {"open": 0, "opened": 1, "closed": 1}
    assert all(row["lead_time"] is None or row["lead_time"]["median"] >= 0 for row in rows)


def test_a_clock_far_in_the_future_hides_nothing(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(0, time=4_000_000_000)
    repo.write("issue", "ISSUE-001", status="closed")
    repo.commit(2)

    assert repo.sums() == {"open": 0, "opened": 1, "closed": 1}


def test_the_zone_of_a_commit_does_not_move_it(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(0, zone="-0800")
    repo.write("issue", "ISSUE-001", status="closed")
    repo.commit(1, zone="+1400")

    assert [(row["opened"], row["closed"]) for row in repo.rows(1)] == [(1, 0), (0, 1)]


def test_what_was_before_the_hub_or_is_to_come_is_unknown(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(0)

    rows = repo.rows(1, since="2026-02-28", until="2026-03-05")

    assert [row["open"] for row in rows] == [None, None, 1, 1, None, None]
    assert [row["opened"] for row in rows] == [None, None, 1, 0, None, None]
    assert [row["partial"] for row in rows] == [False, False, False, True, True, True]


def test_a_hub_without_a_commit_has_no_rows(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")

    assert repo.rows() == []
    assert repo.rows(since="2026-03-21")[0]["open"] is None


def test_branches_that_are_merged_count_once(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(0)
    repo.git("checkout", "-q", "-b", "side")
    repo.write("issue", "ISSUE-002", status="pending")
    repo.commit(1)
    repo.git("checkout", "-q", "main")
    repo.write("issue", "ISSUE-001", status="closed")
    repo.commit(2)
    repo.day = 3
    repo.git("merge", "-q", "--no-ff", "-m", "m", "side")

    assert repo.sums() == {"open": 1, "opened": 2, "closed": 1}


def test_the_side_that_a_merge_took_is_what_counts_in_the_end(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(0)
    repo.git("checkout", "-q", "-b", "side")
    repo.write("issue", "ISSUE-001", status="closed")
    repo.commit(2)
    repo.git("checkout", "-q", "main")
    repo.write("issue", "ISSUE-001", status="in_progress")
    repo.commit(1)
    repo.day = 3
    repo.git("merge", "-q", "-s", "ours", "-m", "m", "side")

    assert repo.rows()[-1]["open"] == 1


def test_a_record_that_a_merge_left_out_is_gone_in_the_end(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(0)
    repo.git("checkout", "-q", "-b", "side")
    repo.write("issue", "ISSUE-002", status="pending")
    repo.commit(1)
    repo.git("checkout", "-q", "main")
    repo.day = 3
    repo.git("merge", "-q", "-s", "ours", "--no-ff", "-m", "m", "side")

    assert repo.rows()[-1]["open"] == 1


def test_a_shallow_clone_says_what_it_cannot_know(repo: Repo, tmp_path: Path) -> None:
    repo.write("issue", "ISSUE-001", status="in_progress")
    repo.commit(0)
    repo.write("issue", "ISSUE-002", status="pending")
    repo.commit(1)
    repo.write("issue", "ISSUE-001", status="closed")
    repo.commit(3)
    shallow = Repo(tmp_path / "other")
    shallow.git("fetch", "-q", "--depth", "2", f"file://{repo.root}", "main")
    (shallow.root / "coord" / "repos" / "oneiric.yaml").unlink()
    shallow.git("checkout", "-q", "-B", "main", "FETCH_HEAD")

    rows = shallow.rows(4)

    assert [row["date"] for row in rows] == ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"]
    assert [row["opened"] for row in rows] == [None, 0, 0, 0]
    assert [row["open"] for row in rows] == [None, 2, 1, 1]
    assert rows[2]["cycle_time"] is None
    shallow.git("fetch", "-q", "--unshallow", f"file://{repo.root}", "main")
    assert shallow.rows(4)[0]["opened"] == 1


def test_a_damaged_memory_is_made_anew(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(0)
    whole = repo.rows()
    kept = repo.root / ".git" / "coord" / "tape"
    content = kept.read_bytes()
    for damaged in (
        b"",
        content[:-1],
        content[:40],
        content.replace(b"pending", b"xending"),
        content[::-1],
    ):
        kept.write_bytes(damaged)
        assert repo.rows() == whole
    assert kept.read_bytes() == content


def test_rewritten_history_is_noticed(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(0)
    repo.write("issue", "ISSUE-002", status="pending")
    repo.commit(1)
    assert repo.sums() == {"open": 2, "opened": 2}

    repo.git("reset", "-q", "--hard", "HEAD~1")

    assert repo.sums() == {"open": 1, "opened": 1}


def test_a_query_is_asked_of_the_records_as_they_were(repo: Repo) -> None:
    from gitcoord.model.query import parse

    repo.write("issue", "ISSUE-001", status="pending", priority="low", description="memory leak")
    repo.commit(0)
    repo.write("issue", "ISSUE-001", status="pending", priority="high", description="memory leak")
    repo.commit(2)
    repo.write("issue", "ISSUE-001", status="closed", priority="high", metadata={"a": {"b": 3}})
    repo.commit(4)

    high = repo.sums(query=parse("priority>=high kind:issue"))
    assert high == {"open": 0, "entered": 1, "closed": 1}
    assert repo.sums(query=parse('"memory LEAK" role:none')) == {"open": 0, "opened": 1, "left": 1}
    assert repo.rows(query=parse("metadata.a.b>2"))[-1]["burnup"]["done"] == 1


def test_a_broken_version_in_between_changes_nothing(repo: Repo) -> None:
    repo.write("issue", "ISSUE-001", status="pending")
    repo.commit(0)
    repo.path("issue", "ISSUE-001").write_text("id: [ISSUE-001\n\tstatus: ]")
    repo.commit(1)
    repo.write("issue", "ISSUE-001", status="closed")
    repo.commit(2)

    assert repo.sums() == {"open": 0, "opened": 1, "closed": 1}


def test_a_plain_walk_over_git_log_gives_the_same_series(tmp_path: Path) -> None:
    from tests import plain_walk

    from gitcoord.api import demo
    from gitcoord.history.trend import calendar, selection
    from gitcoord.history.trend.replay import replay
    from gitcoord.history.trend.series import series

    now = datetime(2026, 11, 21, tzinfo=UTC)
    root, _ = demo.init(str(tmp_path / "demo"), now)
    workspace = open_workspace(root, now, watch=False)
    seconds = int(now.timestamp())
    tape = replay(plain_walk.events(workspace.repo), seconds)
    assert tape.start is not None
    window = calendar.buckets("day", tape.start, seconds, UTC)
    for by in (None, "repo", "role", "plan", "label"):
        headings, groups = selection.grouped(tape, selection.chosen(tape, {}), by)

        wanted = series(tape, window, groups, len(headings), seconds)

        found = trends.trend(workspace, {}, every="day", by=by)
        assert [(one.group, one.rows) for one in found] == list(zip(headings, wanted, strict=True))
