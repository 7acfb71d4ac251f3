"""What plain git commands say of a repository's health: each figure its own way, none of it ours.

Nothing here is shared with what is measured: patterns are POSIX ones that `grep` reads, sums
are made from lines that git prints.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from tests.plain_git import PlainGit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SPECIFIED = (
    "^(build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test)(\\([^()]+\\))?!?: +[^ ]"
)
_RELEASE = re.compile(r"(?:.*[-_/@])?v?[0-9]+([._][0-9]+)+(\.post[0-9]+)?", re.IGNORECASE)
_NONE = re.compile(r"nightly|snapshot|canary|backup|preview|dev|alpha|beta|rc|test|tmp")
_DAY = 86_400


class PlainHealth(PlainGit):
    """Answers by git commands; every merge is made once."""

    def __init__(self, root: Path | str) -> None:
        super().__init__(root)
        self._merged: dict[tuple[str, ...], list[str]] = {}

    def conventional(self, *span: str) -> int:
        """Return how many subjects the specification's pattern finds, as `grep` reads it."""
        subjects = "\n".join(self.lines("log", "--no-merges", "--format=%s", *span)) + "\n"
        done = subprocess.run(
            ["grep", "-aicE", _SPECIFIED], input=subjects.encode("utf-8", "surrogateescape"),
            capture_output=True, check=False, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        return int(done.stdout)

    def days(self, zone: str, date: str = "%cd") -> int:
        """Return on how many days of a zone there was a commit."""
        form = "--date=format-local:%F"
        return len(set(self.lines("log", form, f"--format={date}", TZ=zone)))

    def authored(self, since: int, until: int) -> int:
        """Return how many commits were written in a half-open window, by their authors' dates."""
        return sum(since <= int(time) < until for time in self.lines("log", "--format=%at"))

    def people(self) -> int:
        """Return how many addresses `git shortlog` knows after the mailmap."""
        rows = self.lines("shortlog", "-sne", "HEAD")
        return len({row[row.rindex("<") :] for row in rows})

    def clash(self, *pair: str) -> list[str]:
        """Return the files in conflict of one merge, made by a process of its own."""
        if pair not in self._merged:
            done = self.run(
                "merge-tree", "--write-tree", "--name-only", "--no-messages", "-z",
                "--allow-unrelated-histories", *pair,
            )  # fmt: skip
            assert done.returncode in (0, 1), done
            names = done.stdout.split("\0")[1:-1]
            self._merged[pair] = (names or ["?"]) if done.returncode else []
        return self._merged[pair]

    def merges(self, *span: str) -> list[tuple[str, ...]]:
        """Return the parents of the merges of two."""
        rows = self.lines(
            "rev-list", "--parents", "--min-parents=2", "--max-parents=2", *span, "HEAD"
        )
        return [tuple(row.split()[1:]) for row in rows]

    def conflict_rate(self, *span: str) -> float | None:
        """Return the share of merges that conflict, in percent."""
        made = [bool(self.clash(*pair)) for pair in self.merges(*span)]
        return round(100 * sum(made) / len(made), 2) if made else None

    def conflicting_files(self) -> dict[str, int]:
        """Return in how many merges each file conflicts."""
        return dict(Counter(path for pair in self.merges() for path in set(self.clash(*pair))))

    def would_conflict(self, default: str, cut: int) -> list[str]:
        """Return the commits of branches since `cut` that conflict with the newest default one."""
        form = "--format=%(committerdate:unix) %(objectname) %(refname) %(symref)"
        rows = [
            row.split() for row in self.lines("for-each-ref", form, "refs/heads", "refs/remotes")
        ]
        real = [(int(time), commit, name.split("/")) for time, commit, name, *to in rows if not to]
        named = [
            (time, commit, "/".join(n[2 if n[1] == "heads" else 3 :])) for time, commit, n in real
        ]
        base = max((time, commit) for time, commit, name in named if name == default)[1]
        others = {
            c for time, c, name in named if name not in (default, "coord-journal") and time >= cut
        }
        return sorted(one for one in others - {base} if self.clash(base, one))

    def release(self, now: int) -> tuple[str, int, int] | None:
        """Return the newest tag of a final version, its age in days and the commits after it."""
        form = "--format=%(creatordate:unix) %(refname:lstrip=2)"
        for row in self.lines(
            "for-each-ref", "--sort=-version:refname", "--sort=-creatordate", form, "refs/tags"
        ):
            time, _, name = row.partition(" ")
            if time and _RELEASE.fullmatch(name) and not _NONE.search(name.lower()):
                after = self.lines("rev-list", "--count", f"refs/tags/{name}..HEAD")
                return name, (now - int(time)) // _DAY, int(after[0])
        return None

    def together(self, paths: Sequence[str], renames: str) -> dict[tuple[str, ...], int]:
        """Return in how many commits of at most 30 files two of some paths changed."""
        words = ("--no-merges", renames, "-l1000", "--format=%x01%H", "--name-only")
        blocks = "\n".join(self.lines("log", *words)).split("\x01")
        large = {block.split("\n")[0] for block in blocks if len(block.strip().split("\n")) > 31}
        listed = ("log", "--full-history", "--no-merges", "--format=%H", "--")
        commits = {path: set(self.lines(*listed, path)) - large for path in paths}
        pairs = combinations(sorted(paths), 2)
        return {(one, other): len(commits[one] & commits[other]) for one, other in pairs}
