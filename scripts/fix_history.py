"""Make a corpus of attempts from the histories of real repositories: fixes, and what came after.

python scripts/fix_history.py OUT.jsonl NAME=GIT_DIR@COMMIT ...

An attempt is a commit whose subject says that it fixes something. Its strategy is how it went
about it: the code alone, or code and tests. It failed if within 60 days it was
reverted, or another fix touched one of the same source files; else it worked. That is a sign
of trouble and no proof of it: some files are mended often because they are large.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

FIX = re.compile(
    r"\b(fix(e[sd]|ing)?|bug|repair|correct(s|ed)?|regression|workaround)\b", re.IGNORECASE
)
REVERT = re.compile(r"This reverts commit ([0-9a-f]{7,40})")
SOURCE = (".py", ".pyx", ".c", ".js", ".html")
SOON = 60 * 86_400


class Commit(NamedTuple):
    """One commit, with the paths that it touched."""

    id: str
    time: int
    subject: str
    body: str
    paths: list[str]


def main(words: list[str]) -> None:
    """Write the corpus."""
    rows = []
    for word in words[1:]:
        name, _, place = word.partition("=")
        folder, _, commit = place.rpartition("@")
        rows += attempts(name, history(folder, commit))
    rows.sort(key=lambda row: (row["time"], row["repo"], row["message"]))
    with Path(words[0]).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    print(f"{len(rows)} attempts, {sum(row['success'] for row in rows)} worked")


def history(folder: str, commit: str) -> list[Commit]:
    """Return the commits, oldest first."""
    out = subprocess.run(
        ["git", "-C", folder, "log", "--no-merges", "--reverse", "--name-only", "--date-order",
         "--format=%x01%H%x00%ct%x00%s%x00%b%x00", commit],
        check=True, capture_output=True,
    ).stdout.decode("utf-8", "replace")  # fmt: skip
    found = []
    for block in out.split("\x01")[1:]:
        id, time, subject, body, names = block.split("\0", 4)
        found.append(Commit(id, int(time), subject, body, names.split("\n")))
    return found


def attempts(name: str, commits: list[Commit]) -> list[dict[str, Any]]:
    """Return what was tried in one repository, and what came of it."""
    fixes = [one for one in commits if FIX.search(one.subject) and strategy(one.paths)]
    reverted = {(sha[:7], one.time) for one in commits for sha in REVERT.findall(one.body) if sha}
    last = max(one.time for one in commits)
    rows = []
    for number, one in enumerate(fixes):
        if one.time > last - SOON:
            continue  # what came of it is not known yet
        mine = set(sources(one.paths))
        again = any(
            mine.intersection(sources(later.paths))
            for later in fixes[number + 1 :]
            if 0 <= later.time - one.time <= SOON
        )
        undone = any(sha == one.id[:7] and 0 <= time - one.time <= SOON for sha, time in reverted)
        rows.append(
            {"repo": name, "time": datetime.fromtimestamp(one.time, UTC).isoformat(),
             "type": place(one.paths), "message": one.subject[:200],
             "strategy": strategy(one.paths), "success": not again and not undone}
        )  # fmt: skip
    return rows


def sources(paths: list[str]) -> list[str]:
    """Return the source files among some paths, without tests."""
    return [path for path in paths if path.endswith(SOURCE) and "test" not in path]


def strategy(paths: list[str]) -> str:
    """Return how a fix went about it; nothing for one that touched no source file."""
    if not sources(paths):
        return ""
    tests = any("test" in path and path.endswith(SOURCE) for path in paths)
    return "code-and-tests" if tests else "code"


def place(paths: list[str]) -> str:
    """Return the folder of the first file that counts."""
    return sources(paths)[0].rpartition("/")[0].partition("/")[0] or "top"


if __name__ == "__main__":
    main(sys.argv[1:])
