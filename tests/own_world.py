"""A home of their own for tests that run git: nothing of the user's settings reaches them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

LENA = "[user]\n\tname = Lena\n\temail = l@example.org\n"


def move_in(patch: pytest.MonkeyPatch, home: Path, settings: str = LENA) -> None:
    """Let git find its settings below a folder alone, and coord start no watcher."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            patch.delenv(name)
    patch.setenv("HOME", str(home))
    patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    patch.setenv("COORD_WATCH", "0")
    (home / ".gitconfig").write_text(settings, encoding="utf-8")
