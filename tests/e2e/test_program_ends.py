"""The program ends without taking Python apart, and loses nothing by it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

CODE = "from gitcoord.cli.main import program; program()"


def _run(hub: Hub, *words: str, before: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", before + CODE, *words], cwd=hub.root, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_a_long_answer_arrives_whole_in_a_pipe(hub: Hub) -> None:
    for number in range(3):
        hub.ok("issue", "create", "--title", f"long {number}", "--description", "x" * 90_000)

    done = _run(hub, "list", "--json")

    assert done.returncode == 0
    assert done.stdout == hub.ok("list", "--json")
    assert len(done.stdout) > 270_000


def test_the_exit_code_and_the_words_are_those_of_the_fault(hub: Hub) -> None:
    done = _run(hub, "show", "ISSUE-999")

    assert done.returncode == 4
    assert "ISSUE-999" in done.stderr


def test_what_waits_for_the_end_is_done(hub: Hub) -> None:
    done = _run(hub, "--version", before="import atexit; atexit.register(print, 'at the end'); ")

    assert done.stdout.splitlines()[-1] == "at the end"
