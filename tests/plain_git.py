"""What plain git commands say of a repository: slow, obvious, and the authority."""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_TYPES = "build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test"
_CONVENTIONAL = rf"^({_TYPES})(\(.+\))?!?: +[^ ]"


class PlainGit:
    """Answers by one git command each."""

    def __init__(self, root: Path | str) -> None:
        self.root = str(root)

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run git here."""
        return subprocess.run(
            ["git", "-C", self.root, *words], capture_output=True, text=True, check=False,
            errors="surrogateescape", env={**os.environ, "TZ": "UTC", "LC_ALL": "C", **env},
        )  # fmt: skip

    def lines(self, *words: str, **env: str) -> list[str]:
        """Return the lines that git prints; it has to succeed."""
        done = self.run(*words, **env)
        assert done.returncode == 0, done
        return [line for line in done.stdout.split("\n") if line]

    @staticmethod
    def span(since: int | None, until: int | None) -> list[str]:
        """Return git's words for a half-open window on committer dates."""
        span = [f"--since-as-filter={since} +0000"] if since is not None else []
        return span + ([f"--until={until - 1} +0000"] if until is not None else [])

    def velocity(
        self, since: int | None = None, until: int | None = None, *, remerge: bool = True
    ) -> dict[str, Any]:
        """Return the figures of a half-open window, on committer dates in UTC."""
        span = self.span(since, until)
        log = ["log", *span]
        subjects = self.lines("log", "--no-merges", "--format=%H %s", *span)
        conventional = [s for s in subjects if re.match(_CONVENTIONAL, s[41:], re.IGNORECASE)]
        loud = self.lines(*log, "--format=%H %s")
        breaking = {s[:40] for s in loud if re.match(r"[A-Za-z][\w-]*(\(.+?\))?!: +\S", s[41:])}
        footer = r"^BREAKING[ -]CHANGE(\([^)]*\))?:"
        breaking |= set(self.lines(*log, "--format=%H", "-E", f"--grep={footer}"))
        return {
            "commits": int(self.lines("rev-list", "--count", *span, "HEAD")[0]),
            "merges": int(self.lines("rev-list", "--count", "--merges", *span, "HEAD")[0]),
            "active_days": len(set(self.lines(*log, "--date=format-local:%F", "--format=%cd"))),
            "authors": len(set(self.lines(*log, "--format=%aE;"))),
            "conventional": len(conventional),
            "breaking": len(breaking),
            **(self.conflicts(*span) if remerge else {}),
        }

    def conflicts(self, *span: str) -> dict[str, Any]:
        """Return what one `git merge-tree` for each merge says."""
        merges = [
            m.split(" ") for m in self.lines("rev-list", "--parents", "--merges", *span, "HEAD")
        ]
        pairs = [parents for _, *parents in merges if len(parents) == 2]
        codes = [
            self.run("merge-tree", "--write-tree", "--allow-unrelated-histories", *pair).returncode
            for pair in pairs
        ]
        assert set(codes) <= {0, 1}
        return {
            "remerged": len(pairs) if merges else None,
            "conflicted_merges": sum(codes) if codes else None,
        }

    def bus_factor(self) -> int | None:
        """Return the fewest authors of more than half of the commits that are no merges."""
        counts = Counter(self.lines("log", "--no-merges", "--format=%aE;"))
        ranked = [number for _, number in counts.most_common()]
        for position in range(1, len(ranked) + 1):
            if 2 * sum(ranked[:position]) > sum(ranked):
                return position
        return None

    def touched(self) -> Counter[str]:
        """Return in how many commits each path stands that HEAD has, by the names then."""
        names = self.lines(
            "-c", "core.quotePath=false", "log", "--no-renames", "--name-only", "--format="
        )
        here = set(self.lines("-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "HEAD"))
        return Counter(name for name in names if name in here)
