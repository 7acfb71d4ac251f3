"""A hub with a pool whose driver is a script that each test writes."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from tests.e2e.conftest import Hub, Repo, make_repo

if TYPE_CHECKING:
    from pathlib import Path

COMMITS = 'echo "$2" > "$2.txt"; git add -A; git commit -q -m "Do $2"\n'
"""A driver that does the work."""


class Pooled:
    """A hub, a repository, and a driver; every call of the driver is one line of `log`."""

    def __init__(self, hub: Hub, repo: Repo, home: Path) -> None:
        self.hub = hub
        self.repo = repo
        self.script = home / "driver"
        self.log = home / "driver.log"
        self.state = home / ".local" / "state" / "coord" / "worktrees"

    def driver(self, body: str) -> None:
        """Let this be what the driver does; $1 is the prompt, $2 the todo."""
        self.script.write_text(f'#!/bin/sh\necho "$2" >> {self.log}\n{body}')
        self.script.chmod(0o755)

    def pool(self, more: str = "", name: str = "local") -> None:
        """Declare a pool, and approve its command."""
        command = f"command: [{self.script}, '{{prompt}}', '{{todo}}']"
        path = self.hub.root / "coord" / "coord.yaml"
        text = path.read_text()
        lead = "" if "\npools:" in text else "pools:\n"
        path.write_text(f"{text}{lead}  {name}:\n    {command}\n{more}")
        self.hub.git("commit", "-q", "-am", "A pool")
        self.hub.ok("trust", f"pools.{name}", "--yes")

    def todo(self, *checks: str, more: str = "", repo: str = "oneiric") -> str:
        """Write a todo whose criteria carry these checks, and approve them; return its id."""
        number = len(list((self.hub.root / "coord").glob("todos/*.yaml"))) + 1
        id = f"TODO-{number:03d}"
        listed = "".join(f"  - text: It holds\n    check: '{check}'\n" for check in checks)
        criteria = f"acceptance_criteria:\n{listed}" if checks else ""
        self.hub.write(
            f"todos/{id}.yaml",
            f"id: {id}\ntask: Task {number}\nstatus: pending\nrepo: {repo}\n{criteria}{more}",
        )
        self.hub.git("add", "-A")
        self.hub.git("commit", "-q", "-m", f"Add {id}")
        if checks:
            self.hub.ok("trust", id, "--yes")
        return id

    def provable(self, more: str = "") -> str:
        """Write a todo that is done once its file is there."""
        number = len(list((self.hub.root / "coord").glob("todos/*.yaml"))) + 1
        return self.todo(f"test -f TODO-{number:03d}.txt", more=more)

    def run(self, *words: str) -> dict[str, Any]:
        """Run something that gives a report; return that, whatever its exit code."""
        answer = self.hub(*words, "--json")
        assert answer.out, answer
        found: dict[str, Any] = answer.json
        return found

    def one(self, *words: str) -> dict[str, Any]:
        """Run a todo and return its one run."""
        (found,) = self.run("todo", "run", *words)["runs"]
        result: dict[str, Any] = found
        return result

    def status(self, id: str) -> str:
        """Return the status of a todo."""
        return str(self.hub.json("show", id)["status"])

    def calls(self) -> list[str]:
        """Return for which todos the driver was called, in order."""
        return self.log.read_text().split() if self.log.exists() else []

    def trees(self) -> list[str]:
        """Return the worktrees of the repository beside the first."""
        return self.repo.git("worktree", "list", "--porcelain").split("\n\n")[1:-1]

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start the program as a process of its own."""
        return subprocess.Popen(
            [*Hub.program, *words],
            cwd=self.hub.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def ended(self, process: subprocess.Popen[bytes]) -> Any:
        """Wait for a process and return its document."""
        out, err = process.communicate(timeout=120)
        assert out, err
        return json.loads(out)


def make(hub: Hub, tmp_path: Path) -> Pooled:
    """Make the world: a hub, a repository beside it, a pool."""
    repo = make_repo(tmp_path / "oneiric")
    hub.ok("repo", "create", "oneiric", "--role", "library")
    world = Pooled(hub, repo, tmp_path / "home")
    world.driver(COMMITS)
    world.pool()
    assert os.path.isdir(tmp_path / "home")
    return world
