"""Make a corpus of attempts from real runs of a real tool over real repositories.

python scripts/fix_corpus.py OUT.jsonl NAME=GIT_DIR@COMMIT ...

For each repository, ruff reports every trouble it knows. Then each strategy runs over a copy of
its own, and ruff runs again: a strategy worked on a trouble if the next report no longer has it,
noqa comments not counted, and every file still parses. So what came of every strategy is known for every
trouble (`worked`). Which one the attempt records is drawn by a hash, alike for all: there
is no reason in the choice that an evaluation would have to guess.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

RUFF = str(Path(sys.executable).parent / "ruff")
CHECK = [RUFF, "check", "--isolated", "--no-cache", "--select", "ALL", "--quiet", "--ignore-noqa"]
STRATEGIES = {
    "format": [[RUFF, "format", "--isolated", "--no-cache", "--quiet"]],
    "autofix": [[*CHECK, "--fix"]],
    "unsafe-autofix": [[*CHECK, "--fix", "--unsafe-fixes"]],
    "sort-imports": [
        [RUFF, "check", "--isolated", "--no-cache", "--quiet", "--select", "I,F401", "--fix"]
    ],
}
MOST_OF_A_TYPE = 5


def main(words: list[str]) -> None:
    """Write the corpus."""
    rows: list[dict[str, Any]] = []
    for word in words[1:]:
        name, _, place = word.partition("=")
        folder, _, commit = place.rpartition("@")
        rows += corpus(name, folder, commit)
    rows.sort(key=lambda row: str(row["key"]))
    with Path(words[0]).open("w", encoding="utf-8") as file:
        for row in rows:
            del row["key"]
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{len(rows)} attempts, {Counter(row['strategy'] for row in rows)}")


def corpus(name: str, folder: str, commit: str) -> list[dict[str, Any]]:
    """Return the attempts in one repository at one commit."""
    with tempfile.TemporaryDirectory() as scratch:
        before = report(checked_out(folder, commit, Path(scratch, "before")))
        left = {}
        for strategy, commands in STRATEGIES.items():
            tree = checked_out(folder, commit, Path(scratch, strategy))
            for command in commands:
                subprocess.run([*command, "."], cwd=tree, check=False, capture_output=True)
            left[strategy] = Counter(map(known_by, report(tree))) if parses(tree) else None
    rows = []
    counts: Counter[str] = Counter()
    for one in sorted(before, key=lambda one: digest(name, one)):
        counts[one["code"] or ""] += 1
        outcomes = {
            strategy: found is not None and found[known_by(one)] == 0
            for strategy, found in left.items()
        }
        if one["code"] and counts[one["code"]] <= MOST_OF_A_TYPE:
            rows.append(row(name, one, outcomes))
    return rows


def row(name: str, one: dict[str, Any], outcomes: dict[str, bool]) -> dict[str, Any]:
    """Return an attempt with a strategy drawn by a hash, and what each would have come to."""
    key = digest(name, one)
    strategy = sorted(outcomes)[int(key[:8], 16) % len(outcomes)]
    return {
        "key": key, "repo": name, "type": one["code"], "message": one["message"],
        "strategy": strategy, "success": outcomes[strategy],
        "worked": [name for name, gone in outcomes.items() if gone],
    }  # fmt: skip


def digest(name: str, one: dict[str, Any]) -> str:
    """Return what decides order and choice, by what the trouble is and nothing else."""
    said = json.dumps([name, one["code"], one["message"], one["filename"], one["location"]["row"]])
    return sha256(said.encode()).hexdigest()


def known_by(one: dict[str, Any]) -> tuple[str, str, str]:
    """Return what tells a trouble from others of a report; lines move."""
    return one["filename"], one["code"] or "", one["message"]


def checked_out(folder: str, commit: str, target: Path) -> Path:
    """Write the Python files of a commit."""
    target.mkdir()
    done = subprocess.run(
        ["git", "-C", folder, "archive", commit, "--", ":(glob)**/*.py"],
        check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(["tar", "-x", "-C", str(target)], input=done.stdout, check=True)
    return target


def report(tree: Path) -> list[dict[str, Any]]:
    """Return what ruff reports, with paths as they are in the repository."""
    done = subprocess.run(
        [*CHECK, "--output-format", "json", "."], cwd=tree, check=False, capture_output=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    for one in found:
        one["filename"] = str(Path(one["filename"]).relative_to(tree.resolve()))
    return found


def parses(tree: Path) -> bool:
    """Whether every file is still Python."""
    for path in tree.rglob("*.py"):
        try:
            ast.parse(path.read_bytes())
        except SyntaxError:
            return False
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
