"""Small real repositories to measure, and the tools run by hand beside."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gitcoord.metrics.quality.collect import Asked, collect

if TYPE_CHECKING:
    from collections.abc import Mapping

BIN = Path(sys.executable).parent
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
PROJECT = '[project]\nname = "tiny"\nversion = "1.0"\ndependencies = []\n'
MESSY = (
    "import os\nimport sys\n\n\ndef add(a: int, b: int) -> str:\n    assert a\n    return a + b\n\n\n"
    "class Thing:\n    def method(self, x):\n        if x:\n            return eval(x)\n        return None\n"
)
_ENV = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Lena",
    "GIT_AUTHOR_EMAIL": "lena@example.org",
    "GIT_COMMITTER_NAME": "Lena",
    "GIT_COMMITTER_EMAIL": "lena@example.org",
}


def git(root: Path, *words: str) -> str:
    """Run git; it has to succeed."""
    done = subprocess.run(
        ["git", *words], cwd=root, env=_ENV, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def make(root: Path, files: Mapping[str, str], *, commit: bool = True) -> Path:
    """Make a repository with some files, committed."""
    root.mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    write(root, files)
    if commit:
        save(root)
    return root


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write files."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def save(root: Path) -> str:
    """Commit everything; return the commit."""
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "Work")
    return git(root, "rev-parse", "HEAD")


def environment(
    root: Path, programs: Mapping[str, str] | None = None, *, ignored: bool = True
) -> Path:
    """Make a virtual environment without pip, with some programs of our own."""
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "exclude").write_text(".venv\n" if ignored else "")
    (root / ".venv" / "bin").mkdir(parents=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (root / ".venv" / "lib" / version / "site-packages").mkdir(parents=True)
    base = Path(sys._base_executable)  # type: ignore[attr-defined]  # the one of no environment
    (root / ".venv" / "bin" / "python").symlink_to(base)
    (root / ".venv" / "pyvenv.cfg").write_text(
        f"home = {base.parent}\ninclude-system-site-packages = false\n"
    )
    for name, text in (programs or {}).items():
        program = root / ".venv" / "bin" / name
        program.write_text(text)
        program.chmod(0o755)
    return root / ".venv"


def by_hand(root: Path, name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a tool as a person would."""
    return subprocess.run(
        [str(BIN / name), *words], cwd=root, capture_output=True, text=True, check=False
    )


def measure(root: Path, *only: str, **more: Any) -> dict[str, Any]:
    """Measure a repository; return the whole result."""
    return collect(str(root), NOW, Asked(only=only, **more))


def one(root: Path, name: str, **more: Any) -> dict[str, Any]:
    """Take one measure of a repository."""
    found: dict[str, Any] = measure(root, name, **more)["measures"][name]
    return found
