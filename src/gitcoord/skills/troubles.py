"""Why the source of a repository could not be read last, for those who ask later."""

from __future__ import annotations

import os
from contextlib import suppress

_FILE = "trouble"


def note(where: str, repo: str, reason: str | None) -> None:
    """Remember why the source of a repository could not be read last, or that it could."""
    path = os.path.join(where, repo, _FILE)
    if reason is None:
        with suppress(FileNotFoundError):
            os.unlink(path)
        return
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.write(reason)
    os.rename(f"{path}.new", path)


def noted(where: str, repo: str) -> str | None:
    """Return why the source of a repository could not be read last, None where it could."""
    try:
        with open(os.path.join(where, repo, _FILE), encoding="utf-8", errors="replace") as file:
            return file.read(1000)
    except OSError:
        return None
