"""A hub in which git's own commits are made by hand, and coord's by its program."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.integration.git_world import World

from gitcoord.git.repository import Repository, discover

if TYPE_CHECKING:
    from pathlib import Path

CODE = "from gitcoord.cli.main import program; program()"


def made(tmp_path: Path) -> World:
    """Return a new hub."""
    world = World(tmp_path / "hub")
    coord(world, "init")
    return world


def repository(world: World) -> Repository:
    """Return the repository of a hub."""
    found = discover(world.root)
    assert found is not None
    return found


def coord(world: World, *words: str, **env: str) -> str:
    """Run the program, which has to succeed, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, *words], cwd=world.root, capture_output=True, text=True,
        check=False, env={**os.environ, **env},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
