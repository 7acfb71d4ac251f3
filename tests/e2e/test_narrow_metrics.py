"""Metrics on a terminal of forty columns: every line fits, and what counts is still there."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests import terminal
from tests.integration.measured import FILES, Package

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub


def on_a_terminal(hub: Hub, columns: int, *words: str) -> list[str]:
    """Run the program on a terminal of some width; return its lines without colours."""
    ours, theirs = pty.openpty()
    env = os.environ | {"COLUMNS": str(columns), "LC_ALL": "C.UTF-8"}
    child = subprocess.Popen(
        [*hub.program, *words], cwd=hub.root, stdout=theirs, stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL, env=env,
    )  # fmt: skip
    os.close(theirs)
    said = terminal.read_all(ours)
    child.wait()
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;]*m", "", said).splitlines()


@pytest.mark.parametrize("columns", [40, 60, 80])
@pytest.mark.parametrize("words", [
    ("metrics", "report"), ("metrics", "status"), ("git", "health"), ("metrics", "explain", "oneiric"),
    ("metrics", "history", "oneiric"), ("metrics", "trend", "oneiric"),
    ("metrics", "compare", "oneiric", "fastblocks"),
])  # fmt: skip
def test_every_line_fits(hub: Hub, words: tuple[str, ...], columns: int) -> None:
    package = Package(hub.root.parent / "oneiric")
    package.commit(FILES)
    package.commit({"pkg/a_module_with_quite_a_long_name_of_its_own.py": "one = 1\n"})
    package.measure()
    hub.ok("metrics", "collect", "-q", "--only", "coverage")

    lines = on_a_terminal(hub, columns, *words)

    assert [line for line in lines if len(line) > columns] == []
    assert any("oneiric" in line or "52.9" in line for line in lines), lines
