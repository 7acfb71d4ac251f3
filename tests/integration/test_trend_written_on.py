"""A trend after more commits: the kept tape is written on where that is sure, else made anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration.test_trend_of_a_repository import DAY, START, Repo
from tests.property.test_trends_continued import anew, told

from gitcoord.git import refs
from gitcoord.git.repository import Repository, discover
from gitcoord.history.trend import continuing, memory, view

NOW = START + 400 * DAY
ASK = """
import sys
from gitcoord.git.repository import discover
from gitcoord.history.trend import view
repo = discover(sys.argv[1])
for commit in sys.argv[3:]:
    view.tape(repo, commit, int(sys.argv[2]))
"""


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    found = Repo(tmp_path / "hub")
    found.write("plan", "PLAN-001", status="active", issues=["ISSUE-002"])
    for number in range(1, 6):
        found.write("issue", f"ISSUE-00{number}", status="pending", repos=["oneiric"])
    found.commit(0)
    return found


def asked(repo: Repo) -> tuple[Repository, str]:
    """Return the repository and its HEAD, whose tape is the one made anew."""
    found = discover(str(repo.root))
    assert found is not None
    head = refs.head(found)
    assert head is not None
    assert told(view.tape(found, head, NOW)) == told(anew(found, head, NOW))
    return found, head


def written_on(repo: Repo) -> bool:
    """Whether the kept tape can be gone on from; it is then the one made anew either way."""
    found = discover(str(repo.root))
    assert found is not None
    head = refs.head(found)
    assert head is not None
    key = memory.Key(found, head)
    left = memory.left(found, key)
    sure = left is not None and continuing.continued(found, left, head, NOW) is not None
    asked(repo)
    return sure


def test_whatever_a_commit_does_to_records_is_written_on(repo: Repo) -> None:
    asked(repo)
    repo.write("issue", "ISSUE-001", status="closed", repos=["oneiric"])
    repo.commit()
    assert written_on(repo)
    repo.write("repo", "oneiric", role="tool")  # a new role for all of its issues
    repo.write("issue", "ISSUE-006", status="pending", plan="PLAN-001", labels=["new"])
    repo.commit()
    assert written_on(repo)
    repo.write("plan", "PLAN-001", status="active", issues=["ISSUE-003", "ISSUE-006"])
    repo.path("issue", "ISSUE-004").unlink()
    repo.commit()
    assert written_on(repo)
    repo.write("issue", "ISSUE-004", status="in_progress")
    repo.commit()
    (repo.root / "README").write_text("nothing of ours\n")
    repo.commit()
    assert written_on(repo)
    assert repo.sums(now=30) == {"open": 6, "opened": 7, "closed": 1, "left": 1, "entered": 1}


def test_a_renumbered_record_a_clock_that_goes_back_and_a_merge_are_read_anew(repo: Repo) -> None:
    asked(repo)
    body = {"status": "pending", "description": "words " * 30, "assignee": "ada"}
    repo.write("issue", "ISSUE-007", **body)
    repo.commit(5)
    assert written_on(repo)
    repo.path("issue", "ISSUE-007").unlink()
    repo.write("issue", "ISSUE-009", **body)
    repo.commit(6)
    assert not written_on(repo)
    repo.write("issue", "ISSUE-001", status="closed")
    repo.commit(5)
    assert not written_on(repo)
    repo.git("checkout", "-q", "-b", "side", "HEAD~1")
    repo.write("issue", "ISSUE-002", status="closed")
    repo.commit(7)
    repo.git("checkout", "-q", "main")
    repo.day = 8
    repo.git("merge", "-q", "--no-ff", "-m", "m", "side")
    assert not written_on(repo)
    repo.write("issue", "ISSUE-003", status="closed")
    repo.commit(9)
    assert written_on(repo)


def test_history_that_was_rewritten_replaced_or_left_is_read_anew(repo: Repo) -> None:
    for number in (1, 2, 3):
        repo.write("issue", f"ISSUE-00{number}", status="closed")
        repo.commit()
    asked(repo)
    repo.git("reset", "-q", "--hard", "HEAD~1")
    assert not written_on(repo)
    repo.write("issue", "ISSUE-005", status="closed")
    repo.commit()
    assert written_on(repo)
    repo.git("commit", "-q", "--amend", "-m", "other words")
    assert not written_on(repo)
    repo.git("replace", "--graft", "HEAD~1", "HEAD~3")
    assert not written_on(repo)
    repo.git("checkout", "-q", "-b", "other", "HEAD~1")
    assert not written_on(repo)


def test_what_a_merge_took_stays_so_when_the_record_is_changed_later(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.write("issue", "ISSUE-001", status="closed", repos=["oneiric"])
    repo.commit(2)
    repo.git("checkout", "-q", "main")
    repo.day = 3
    repo.git("merge", "-q", "-s", "ours", "--no-ff", "-m", "m", "side")
    before = [row["open"] for row in repo.rows(9)]

    repo.write("issue", "ISSUE-001", status="pending", repos=["oneiric"], labels=["later"])
    repo.commit(6)

    assert written_on(repo)
    assert [row["open"] for row in repo.rows(9)] == before
    assert before[3:] == [6] * 7


def test_what_a_merge_dropped_from_the_main_line_is_gone_with_it(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.commit(1)
    repo.git("checkout", "-q", "main")
    repo.write("issue", "ISSUE-001", status="closed", repos=["oneiric"])
    repo.commit(2)
    repo.day = 4
    repo.git("merge", "-q", "--no-commit", "--no-ff", "side")
    repo.git("checkout", "-q", "side", "--", "coord")
    repo.git("commit", "-q", "-m", "m")

    assert [row["open"] for row in repo.rows(6)] == [6, 6, 5, 5, 6, 6, 6]


def test_two_records_that_change_places_in_one_commit_stay_themselves(repo: Repo) -> None:
    bodies = [{"description": f"{word} " * 30, "created": "2026-01-01"} for word in ("one", "two")]
    for number, status in ((1, "pending"), (2, "closed")):
        repo.write("issue", f"ISSUE-00{number}", status=status, **bodies[number - 1])
    repo.commit(1)
    repo.path("issue", "ISSUE-001").unlink()
    repo.write("issue", "ISSUE-008", status="pending", **bodies[0])
    repo.write("issue", "ISSUE-001", status="in_progress", description="a new one")
    repo.commit(3)

    asked(repo)
    assert repo.sums(5)["opened"] == 7
    assert repo.sums(5)["open"] == 6


def test_a_damaged_part_behind_the_tape_is_not_gone_on_from(repo: Repo) -> None:
    asked(repo)
    kept = repo.root / ".git" / "coord" / "tape"
    content = kept.read_bytes()
    repo.write("issue", "ISSUE-001", status="closed")
    repo.commit()
    for damaged in (content[:-1], content[:-9] + b"x" * 9, content.partition(b"\n")[0] + b"\n"):
        kept.write_bytes(damaged)
        assert not written_on(repo)
    kept.write_bytes(content + b"more")
    assert written_on(repo)


def test_ten_who_ask_at_once_and_some_who_are_killed_leave_the_right_tape(repo: Repo) -> None:
    commits = [repo.git("rev-parse", "HEAD")]
    for number in range(8):
        repo.write("issue", f"ISSUE-00{1 + number % 5}", status=("closed", "pending")[number > 4])
        repo.commit()
        commits.append(repo.git("rev-parse", "HEAD"))
    kept = repo.root / ".git" / "coord" / "tape"
    words = [sys.executable, "-c", ASK, str(repo.root), str(NOW)]
    some = [subprocess.Popen([*words, *commits[at % 3 :], commits[at % 9]]) for at in range(10)]
    for child in some[::3]:
        before = kept.read_bytes() if kept.exists() else b""
        while child.poll() is None and (not kept.exists() or kept.read_bytes() == before):
            pass
        child.send_signal(signal.SIGKILL)

    assert all(child.wait() in (0, -signal.SIGKILL) for child in some)
    found, _ = asked(repo)
    for commit in (commits[2], commits[3], commits[8]):
        assert told(view.tape(found, commit, NOW)) == told(anew(found, commit, NOW))
    assert set(os.listdir(repo.root / ".git" / "coord")) >= {"tape", "history.db"}
