"""A hub in which git merges with our driver, and two branches that edited one record."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from gitcoord.api import merge_driver
from gitcoord.git.repository import discover

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

CODE = "from gitcoord.cli.main import main; raise SystemExit(main())"
ISSUE = """\
# yaml-language-server: $schema=../schemas/issue.schema.json
id: {id}
title: {title}
status: pending
severity: bug
priority: medium
created: {created}
assignee: lena
repos:
  - oneiric
labels:
  - async
description: |
  one
  two
  three
  four
"""


class Hub:
    """A hub whose clones have the driver, and `coord` on the PATH."""

    def __init__(self, root: Path, program: Path) -> None:
        self.root = root
        self.program = program

    def git(self, *words: str, fails: bool = False, env: dict[str, str] | None = None) -> str:
        done = self.run("git", *words, **(env or {}))
        assert fails == (done.returncode != 0), done.stdout + done.stderr
        return done.stdout + done.stderr

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.program.parent}:{os.environ['PATH']}"
        return subprocess.run(
            words, cwd=self.root, capture_output=True, text=True, check=False,
            env={**os.environ, "PATH": path, **env},
        )  # fmt: skip

    def coord(self, *words: str) -> Any:
        done = self.run(str(self.program), *words, "--json")
        return json.loads(done.stdout or done.stderr)

    def file(self, id: str = "ISSUE-001", folder: str = "issues") -> Path:
        return self.root / "coord" / folder / f"{id}.yaml"

    def edit(self, old: str, new: str, id: str = "ISSUE-001") -> None:
        text = self.file(id).read_text()
        assert old in text
        self.file(id).write_text(text.replace(old, new, 1))

    def add(self, id: str, title: str, created: str, body: str = "") -> None:
        text = ISSUE.format(id=id, title=title, created=created) + body
        self.file(id).write_text(text)

    def commit(self, message: str = "edit", date: str = "") -> None:
        self.git("add", "-A")
        dated = {"GIT_COMMITTER_DATE": date} if date else {}
        self.git("commit", "-q", "-m", message, env=dated)

    def install(self, program: str | None = None) -> None:
        repo = discover(str(self.root))
        assert repo is not None
        merge_driver.install(repo, program=program or str(self.program))

    def hook(self) -> None:
        hook = self.root / ".git" / "hooks" / "post-merge"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n'{self.program}' renumber\n")
        hook.chmod(0o755)


def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *init: str) -> Hub:
    """Make a hub without records; `init` are further words for `git init`."""
    for name in list(os.environ):
        if name.startswith("GIT"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COORD_WATCH", "0")
    (tmp_path / ".gitconfig").write_text(
        "[user]\n\tname = L\n\temail = l@example.org\n[advice]\n\tdetachedHead = false\n"
    )
    program = tmp_path / "bin" / "coord"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{CODE.replace('; ', chr(10))}\n")
    program.chmod(0o755)
    root = tmp_path / "hub 🚀 with spaces"
    root.mkdir()
    hub = Hub(root, program)
    hub.git("init", "-q", "--initial-branch=main", *init)
    assert hub.run(str(program), "init").returncode == 0
    return hub


def branches(hub: Hub, ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> None:
    """Make the branch `other` with their edits, and our edits on main."""
    hub.git("checkout", "-q", "-b", "other")
    for old, new in theirs:
        hub.edit(old, new)
    hub.commit("their edit")
    hub.git("checkout", "-q", "main")
    for old, new in ours:
        hub.edit(old, new)
    hub.commit("our edit")


OURS = [
    ("- async", "- async\n  - ours"), ("status: pending", "status: closed"), ("  one", "  ONE"),
]  # fmt: skip
THEIRS = [
    ("- async", "- async\n  - theirs"), ("severity: bug", "severity: security"), ("  four", "  FOUR"),
]  # fmt: skip


def merged_fields(hub: Hub) -> None:
    record = hub.coord("show", "ISSUE-001")
    assert record["labels"] in (["async", "ours", "theirs"], ["async", "theirs", "ours"])
    assert (record["status"], record["severity"]) == ("closed", "security")
    assert record["description"] == "ONE\ntwo\nthree\nFOUR\n"
    assert hub.coord("check") == []
