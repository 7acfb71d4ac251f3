"""What is asked all day loads next to nothing: each import costs as much as the answer."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

SLOW = {
    "typing", "re", "dataclasses", "enum", "json", "pathlib", "subprocess", "pydantic", "yaml",
    "sqlite3", "hashlib", "click", "rich", "argparse", "inspect", "logging", "numpy", "functools",
    "collections", "datetime",
}  # fmt: skip
START = "from gitcoord.cli.main import program; program()"


def _loaded(hub: Hub, *words: str) -> set[str]:
    # Without site: what a virtual environment loads for itself is not ours to answer for.
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-S", "-c",
         f"import sys; sys.path[:] = {sys.path!r}; {START}", *words],
        cwd=hub.root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


@pytest.mark.parametrize("words", [
    ["issue", "list", "--status", "pending", "--repo", "oneiric"], ["issue", "list", "--json"],
    ["list", "leak"], ["show", "ISSUE-001", "--json"], ["ready"], ["blocked"],
    ["issue", "create", "--title", "x"],
])  # fmt: skip
def test_a_hot_command_loads_nothing_slow(hub: Hub, words: list[str]) -> None:
    hub.ok("list", "leak")
    hub.process("list", "leak")

    loaded = _loaded(hub, *words)

    assert "gitcoord.cli.main" in loaded
    assert {name for name in loaded if name.partition(".")[0] in SLOW} == set()


def test_the_merge_driver_loads_nothing_slow(hub: Hub) -> None:
    path = "coord/issues/ISSUE-001.yaml"
    text = (hub.root / path).read_text()
    for name, content in (
        ("base", text),
        ("ours", text.replace("status: pending", "status: in_progress")),
        ("theirs", text.replace("title: ", "title: New ")),
    ):
        (hub.root / name).write_text(content)

    loaded = _loaded(hub, "merge-driver", "base", "ours", "theirs", "7", path)

    assert "gitcoord.cli.driving" in loaded
    assert {name for name in loaded if name.partition(".")[0] in SLOW} == set()
    assert "gitcoord.cli.spec" not in loaded
    merged = (hub.root / "ours").read_text()
    assert "status: in_progress" in merged
    assert "title: New " in merged
