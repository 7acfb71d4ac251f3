"""A real hub in a scratch folder, and the program run in it: in-process, or as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from gitcoord.cli import text
from gitcoord.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = (sys.executable, "-c", "from gitcoord.cli.main import main; raise SystemExit(main())")


class Answer(NamedTuple):
    """What the program answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The error that `--json` puts on stderr."""
        found: dict[str, Any] = json.loads(self.err)["error"]
        return found


class Hub:
    """A hub to run commands in."""

    program = PROGRAM

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def __call__(self, *words: str) -> Answer:
        """Run a command in this process."""
        self._capsys.readouterr()
        code = main(words)
        said = self._capsys.readouterr()
        return Answer(code, said.out, said.err)

    def ok(self, *words: str) -> str:
        """Run a command that has to succeed; return what it printed."""
        answer = self(*words)
        assert answer.code == 0, answer
        return answer.out

    def json(self, *words: str) -> Any:
        """Run a command with --json that has to succeed; return its document."""
        return json.loads(self.ok(*words, "--json"))

    def ids(self, *words: str) -> list[str]:
        """Return the ids that a listing answers."""
        return [record["id"] for record in self.json(*words)]

    def commits(self) -> int:
        """Return how many commits there are."""
        return int(self.git("rev-list", "--count", "HEAD"))

    def process(self, *words: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
        """Run a command as a process of its own."""
        return subprocess.run(
            [*PROGRAM, *words], cwd=self.root, capture_output=True, check=False, timeout=60, **more
        )

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file below coord/, as a person would."""
        raw = content.encode() if isinstance(content, str) else content
        file = self.root / "coord" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
        return file

    def git(self, *words: str) -> str:
        """Run git here."""
        done = subprocess.run(
            ["git", *words], cwd=self.root, capture_output=True, check=True, text=True
        )
        return done.stdout


class Repo:
    """A repository of the ecosystem, with the real git in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run git here and return how it ended."""
        env = {**os.environ, **more.pop("env", {})}
        return subprocess.run(
            ["git", *words], cwd=self.root, capture_output=True, check=False, text=True, env=env,
            timeout=120, **more,
        )  # fmt: skip

    def git(self, *words: str, **more: Any) -> str:
        """Run git here; it has to succeed. Return what it printed."""
        done = self.run(*words, **more)
        assert done.returncode == 0, done
        return done.stdout

    def commit(self, message: str, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Commit a new file."""
        (self.root / f"file {os.urandom(4).hex()}").write_text("content\n")
        self.git("add", "--all")
        return self.run("commit", "--quiet", "-m", message, *words, **more)

    def hook(self, name: str, script: str, folder: Path | None = None) -> Path:
        """Write a hook of the user's own."""
        path = (folder or self.root / ".git" / "hooks") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script)
        path.chmod(0o755)
        return path


def make_repo(root: Path) -> Repo:
    """Make a repository with one commit."""
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    repo = Repo(root)
    repo.git("commit", "--quiet", "--allow-empty", "-m", "Begin")
    return repo


@pytest.fixture
def oneiric(tmp_path: Path) -> Repo:
    """A repository beside the hub that its registry knows."""
    return make_repo(tmp_path / "oneiric")


@pytest.fixture(autouse=True)
def _own_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let neither the user's settings nor the terminal reach a test; nobody answers questions."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Lena\n\temail = lena@example.org\n[init]\n\tdefaultBranch = main\n"
    )
    for name in list(os.environ):
        if name.startswith(("GIT_", "COORD_", "XDG_")) or name in (
            "EDITOR",
            "VISUAL",
            "COLUMNS",
            "CI",
        ):
            monkeypatch.delenv(name)
    for name, value in (
        ("HOME", str(home)),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("COORD_WATCH", "0"),
        ("NO_COLOR", "1"),
        ("TZ", "UTC"),
        ("TERM", "xterm"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(text, "_COLORED", [])
    with open(os.devnull, encoding="utf-8") as silent:
        monkeypatch.setattr(sys, "stdin", silent)
        yield


@pytest.fixture
def path_with_coord(tmp_path: Path) -> str:
    """A PATH on which `coord` is the program under test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "coord"
    program.write_text(f"#!{sys.executable}\n{PROGRAM[2].replace('; ', chr(10))}\n")
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.fixture
def empty_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Hub:
    """A hub without records."""
    root = tmp_path / "hub"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    monkeypatch.chdir(root)
    hub = Hub(root, capsys)
    hub.ok("init")
    return hub


@pytest.fixture
def hub(empty_hub: Hub) -> Hub:
    """A hub with two repositories; ISSUE-002 waits for ISSUE-001."""
    empty_hub.ok("repo", "create", "oneiric", "--role", "resolver", "--nickname", "one")
    empty_hub.ok("repo", "create", "fastblocks")
    empty_hub.ok(
        "issue", "create", "--title", "Sessions leak", "--repo", "oneiric", "--priority", "high",
        "--severity", "bug", "--label", "async", "--assignee", "lena", "--target", "2030-01-31",
    )  # fmt: skip
    empty_hub.ok(
        "issue", "create", "--title", "Move to 1.0", "--repo", "oneiric", "--repo", "fastblocks",
        "--blocked-by", "ISSUE-001",
    )  # fmt: skip
    return empty_hub
