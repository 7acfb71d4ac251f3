"""What somebody meets in the first days: slips, disks that are full, commits by hand, Ctrl-C."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.e2e.conftest import PROGRAM

from gitcoord.cli.main import interrupted

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

SCRIPT = Path(__file__).parents[2] / "bin" / "coord"


@pytest.fixture
def manual(hub: Hub) -> Hub:
    """The hub with `commit: manual`, committed by hand."""
    file = hub.root / "coord" / "coord.yaml"
    text = file.read_text() if file.exists() else ""
    file.write_text(text.replace("commit: auto", "") + "commit: manual\n")
    hub.git("add", "-A")
    hub.git("commit", "-qm", "manual")
    return hub


def test_undo_takes_back_what_is_not_committed_and_no_commit_by_hand(manual: Hub) -> None:
    created = manual.json("issue", "create", "--title", "man")["id"]

    undone = manual.json("undo")

    assert (undone["commit"], undone["paths"]) == (None, [f"coord/issues/{created}.yaml"])
    assert manual("show", created).code == 4
    assert manual.git("status", "--porcelain") == ""
    refused = manual("undo", "--json")
    assert (refused.code, refused.error["code"]) == (2, "usage")
    assert "coord undo" in refused.error["hint"]
    assert manual.git("status", "--porcelain") == ""


def test_undo_of_an_uncommitted_change_refuses_an_edit_on_top_of_it(manual: Hub) -> None:
    manual.ok("issue", "update", "ISSUE-001", "--priority", "low")
    file = manual.root / "coord" / "issues" / "ISSUE-001.yaml"
    file.write_text(file.read_text() + "# mine\n")

    assert manual("undo").code == 5
    assert "priority: low" in file.read_text()
    assert "# mine" in file.read_text()


def test_undo_names_a_commit_by_hand_and_leaves_it(hub: Hub) -> None:
    file = hub.root / "coord" / "issues" / "ISSUE-001.yaml"
    file.write_text(file.read_text() + "# mine\n")
    hub.git("commit", "-qam", "By hand")

    answer = hub("undo", "--json")

    assert answer.code == 2
    assert "By hand" in answer.error["message"]
    assert hub.json("undo", "HEAD")["subject"] == "By hand"
    assert "# mine" not in file.read_text()


def test_undo_after_a_commit_by_hand_of_the_last_change_touches_nothing(manual: Hub) -> None:
    manual.ok("issue", "update", "ISSUE-001", "--priority", "low")
    manual.git("commit", "-qam", "Mine")

    assert manual("undo").code == 2
    assert manual.git("status", "--porcelain") == ""


def test_a_link_to_a_record_that_cannot_be_read_is_not_unknown(hub: Hub) -> None:
    hub.ok("issue", "update", "ISSUE-002", "--add-blocker", "ISSUE-001")
    file = hub.root / "coord" / "issues" / "ISSUE-001.yaml"
    text = file.read_text()
    file.write_text("<<<<<<< HEAD\n" + text + "=======\n" + text + ">>>>>>> other\n")

    found = hub("check", "--json").json

    assert {one["path"] for one in found if one["severity"] == "error"} == {
        "coord/issues/ISSUE-001.yaml"
    }


@pytest.mark.parametrize(("words", "told"), [
    (("burndown", "ISSUE-001"), "ISSUE-001 is an issue."),
    (("todo", "complete", "ISSUE-001"), "ISSUE-001 is an issue."),
    (("journal", "add", "snapshot", "--repo", "oneiric", "--data", "{}"), "--data"),
    (("log", "--field", "statuss"), "docs/records.md"),
    (("log", "--since", ""), "--since"),
    (("diff", "--json", "--markdown"), "Leave one"),
    (("comment", "ISSUE-001"), "coord comment"),
])  # fmt: skip
def test_the_hint_says_what_to_do_instead(hub: Hub, words: tuple[str, ...], told: str) -> None:
    done = hub.process(*words, stdin=subprocess.DEVNULL)

    assert done.returncode in (2, 4, 6)
    assert told in done.stderr.decode()
    assert b"Did you mean ISSUE-001" not in done.stderr


def test_a_full_disk_is_no_missing_hub(hub: Hub) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*PROGRAM, "list", "--json"], cwd=hub.root, stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip

    assert done.returncode == 3
    assert b'"code": "io"' in done.stderr
    assert b"full" in done.stderr


def test_an_error_on_the_way_out_of_an_interrupt_is_the_interrupt() -> None:
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)

    def end() -> None:
        try:
            raise KeyboardInterrupt
        finally:
            os.close(descriptor)

    with pytest.raises(OSError, match="Bad file descriptor") as found:
        end()

    assert interrupted(found.value)
    assert not interrupted(OSError())


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12])
def test_an_interrupt_at_any_moment_leaves_no_traceback(hub: Hub, delay: float) -> None:
    # What the interpreter itself does before the first lines is not ours.
    script = SCRIPT.read_text().replace("\nfrom ", "\nos.write(2, b'.')\nfrom ", 1)
    with subprocess.Popen(
        [sys.executable, "-c", script, "issue", "create", "--title", "x"],
        cwd=hub.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as run:  # fmt: skip
        assert run.stderr is not None
        assert run.stderr.read(1) == b"."
        time.sleep(0.002 + delay)
        run.send_signal(signal.SIGINT)
        said = run.stderr.read()
        code = run.wait(30)

    # While the interpreter takes itself down the signal ends it, which a shell calls 130 too.
    assert code in (0, 130, -signal.SIGINT), said
    assert b"Traceback" not in said


def test_several_issues_are_changed_and_closed_at_once(hub: Hub) -> None:
    changed = hub.json("issue", "update", "ISSUE-001", "ISSUE-002", "--add-label", "x")
    assert [one["id"] for one in changed] == ["ISSUE-001", "ISSUE-002"]
    before = hub.commits()

    assert hub("issue", "close", "ISSUE-002", "ISSUE-999").code == 4
    assert hub.commits() == before


def test_the_log_of_two_records_tells_of_both(hub: Hub) -> None:
    assert {one["id"] for one in hub.json("log", "ISSUE-001", "ISSUE-002")} == {"ISSUE-001", "ISSUE-002"}  # fmt: skip


def test_a_write_on_a_detached_head_says_so(hub: Hub) -> None:
    hub.git("checkout", "-q", "--detach")

    answer = hub("issue", "update", "ISSUE-001", "--priority", "low")

    assert answer.code == 0
    assert "git switch -c" in answer.err


def test_the_hub_may_come_from_a_variable(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COORD_HUB", str(hub.root))

    assert "ISSUE-001" in hub.ids("list")


def test_a_comment_is_written_in_the_editor_on_a_terminal(hub: Hub) -> None:
    ours, theirs = pty.openpty()
    env = {**os.environ, "GIT_EDITOR": "echo From the editor 🎉 >"}
    done = subprocess.run(
        [*PROGRAM, "comment", "ISSUE-001"], cwd=hub.root, stdin=theirs, env=env, check=False,
        capture_output=True, timeout=60,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)

    assert done.returncode == 0, done
    assert hub.json("show", "ISSUE-001")["comments"][-1]["text"] == "From the editor 🎉"


def test_an_archived_record_says_so(hub: Hub) -> None:
    hub.ok("issue", "update", "ISSUE-001", "--status", "closed")
    hub.ok("archive", "ISSUE-001")

    assert "\narchived\n" in hub.ok("show", "ISSUE-001")


def test_init_in_a_subfolder_says_what_becomes_the_hub(tmp_path: Path) -> None:
    top = tmp_path / "a top 🎉"
    (top / "sub").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(top)], check=True)

    done = subprocess.run(
        [*PROGRAM, "init"], cwd=top / "sub", capture_output=True, check=False, text=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip

    assert done.returncode == 0, done
    assert f"lies in the repository {top}" in done.stderr


def test_a_watcher_ends_when_its_state_is_moved_away(hub: Hub) -> None:
    folder = hub.root / ".git" / "coord"
    watcher = [sys.executable, "-c", ("import sys; from gitcoord.index import watcher; watcher._PULSE = 0.1;"
               " sys.exit(watcher.main(*sys.argv[1:]))"), str(hub.root), str(folder)]  # fmt: skip
    hub.ok("list")
    with subprocess.Popen(watcher) as run:
        until = time.monotonic() + 20
        while not (folder / "watch.sock").exists():
            assert time.monotonic() < until
            time.sleep(0.02)

        shutil.move(folder, hub.root.parent / "moved away")

        assert run.wait(20) == 0
