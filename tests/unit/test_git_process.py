"""Processes of git, and how they end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gitcoord.git import process

if TYPE_CHECKING:
    from pathlib import Path


def test_a_process_that_was_waited_for_without_a_note_has_ended_somehow(tmp_path: Path) -> None:
    running = process.start(str(tmp_path), "version")
    os.waitpid(running._pid, 0)  # as when Ctrl-C comes between the end and our note of it

    assert running.wait().code < 0
    assert running.wait().out.startswith(b"git version")
