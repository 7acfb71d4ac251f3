"""A repository in which every commit is made by hand: who, when, what, from which parents."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.plain_git import PlainGit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

START = 1_760_000_000
"""Thursday, 9 October 2025, 08:53:20 UTC."""
DAY = 86_400
NOW = datetime.fromtimestamp(START + 400 * DAY, UTC)
"""When the figures are asked for."""


class World(PlainGit):
    """A repository to grow."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.now = START
        subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
        for key, value in (("user.name", "Lena"), ("user.email", "lena@example.org")):
            self.lines("config", key, value)

    def git(
        self, *words: str, when: int | None = None, zone: str = "+0000", who: str = "Lena"
    ) -> str:
        """Run git here; it has to succeed. The clock goes on by an hour."""
        self.now = when if when is not None else self.now + 3600
        mail = f"{who.lower().replace(' ', '.')}@example.org"
        env = {
            **os.environ,
            "GIT_AUTHOR_NAME": who, "GIT_AUTHOR_EMAIL": mail, "GIT_AUTHOR_DATE": f"{self.now} {zone}",
            "GIT_COMMITTER_NAME": who, "GIT_COMMITTER_EMAIL": mail,
            "GIT_COMMITTER_DATE": f"{self.now} {zone}",
        }  # fmt: skip
        done = subprocess.run(
            ["git", "-C", self.root, *words], env=env, capture_output=True, text=True, check=True
        )
        return done.stdout

    def commit(
        self, message: str, files: Mapping[str, str | None] | None = None, *, when: int | None = None,
        zone: str = "+0000", who: str = "Lena",
    ) -> str:  # fmt: skip
        """Write files (None removes one), commit, and return the commit."""
        for path, content in (files or {}).items():
            full = os.path.join(self.root, path)
            if content is None:
                os.unlink(full)
                continue
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(content)
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", message, when=when, zone=zone, who=who)
        return self.lines("rev-parse", "HEAD")[0]

    def merge(self, *branches: str, resolved: Mapping[str, str] | None = None) -> None:
        """Merge branches; `resolved` says what the files in conflict become."""
        if resolved is None:
            self.git("merge", "-q", "--no-ff", "--no-edit", *branches)
            return
        assert self.run("merge", "-q", "--no-ff", "--no-edit", *branches).returncode
        self.commit(f"Merge {branches[0]}", dict(resolved))
