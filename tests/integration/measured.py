"""A small package in a repository, measured by the real coverage.py in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from gitcoord.metrics import pool
from gitcoord.metrics.measurement import Subject

if TYPE_CHECKING:
    from pathlib import Path

CALC = '''"""Calculations."""


def add(a, b):
    """Add two numbers."""
    return a + b


def sign(a):
    if a > 0:
        return 1
    if a < 0:
        return -1
    return 0


def never():  # pragma: no cover
    raise SystemExit
'''
FILES = {
    "pkg/__init__.py": "",
    "pkg/calc.py": CALC,
    "pkg/text.py": "def shout(word):\n    return word.upper()\n\n\ndef calm(word):\n    return word.lower()\n",
    "tests/test_calc.py": "from pkg.calc import add, sign\n\nassert add(1, 2) == 3\nassert sign(3) == 1\n",
    "tests/test_text.py": "from pkg.text import shout\n\nassert shout('a') == 'A'\n",
    "run.py": (
        "import runpy\nimport sys\n\nsys.path.insert(0, '.')\n"
        "for name in sys.argv[1:] or ['calc', 'text']:\n    runpy.run_path(f'tests/test_{name}.py')\n"
    ),
    ".coveragerc": "[run]\nbranch = True\nsource = pkg\n",
    ".gitignore": "__pycache__/\n.coverage\n.coverage.*\ncoverage.*\nlcov.info\n",
}


class Package:
    """The repository, with what a developer does in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet")
        self.git("config", "user.name", "Lena")
        self.git("config", "user.email", "lena@example.org")

    def git(self, *words: str, **env: str) -> str:
        """Run git here."""
        done = subprocess.run(
            ["git", *words], cwd=self.root, capture_output=True, check=True, text=True,
            env={**os.environ, **env},
        )  # fmt: skip
        return done.stdout.strip()

    def write(self, files: dict[str, str]) -> None:
        """Write files."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")

    def commit(self, files: dict[str, str] | None = None, **env: str) -> str:
        """Write files and commit all there is; return the commit."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "x", **env)
        return self.git("rev-parse", "HEAD")

    def coverage(self, *words: str, cwd: Path | None = None) -> str:
        """Run coverage.py here."""
        done = subprocess.run(
            [sys.executable, "-m", "coverage", *words], cwd=cwd or self.root, capture_output=True,
            check=False, text=True,
            env={key: value for key, value in os.environ.items() if not key.startswith("COV")},
        )  # fmt: skip
        assert done.returncode == 0, done
        return done.stdout

    def measure(self, *tests: str, parallel: bool = False) -> None:
        """Run the tests, or some of them, under coverage.py."""
        self.coverage("run", *(["-p"] if parallel else []), "run.py", *tests)

    def reported(self) -> dict[str, Any]:
        """Return the totals that coverage.py itself reports here and now."""
        self.coverage("json", "-q", "-o", "authority.json", "--fail-under=0")
        path = self.root / "authority.json"
        totals: dict[str, Any] = json.loads(path.read_text())["totals"]
        path.unlink()
        return totals

    def collect(
        self, before: dict[str, Any] | None = None, *, bare: bool = False, head: str | None = ""
    ) -> dict[str, Any]:
        """Return the section of coverage, as the worker makes it."""
        if head == "":
            head = self.git("rev-parse", "HEAD")
        scratch = self.root.parent / f"scratch {os.urandom(4).hex()}"
        subject = Subject("pkg", str(self.root), bare, head, "", str(scratch), before or {}, {})
        (done,) = pool.run([pool.Job("pkg", {"coverage": subject})], 1, 60)
        found = done.sections["coverage"]
        assert found is not None
        return found


def agrees(found: dict[str, Any], totals: dict[str, Any]) -> bool:
    """Whether a section has the very numbers of coverage.py's own report."""
    pairs = (("percent", "percent_covered"), ("statements", "num_statements"), ("missing", "missing_lines"),
             ("excluded", "excluded_lines"), ("branches", "num_branches"),
             ("missing_branches", "missing_branches"), ("partial_branches", "num_partial_branches"))  # fmt: skip
    return all(found[ours] == totals.get(theirs, 0) for ours, theirs in pairs)
