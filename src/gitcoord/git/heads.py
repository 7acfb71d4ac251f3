"""Where HEAD stood at a moment, and what came after on the line that it is on now."""

from __future__ import annotations

from gitcoord.git import process

_REFLOG = (
    "-c",
    "log.showSignature=false",
    "log",
    "-g",
    "--format=%H %gd",
    "--date=unix",
    "HEAD",
    "--",
)
_HERE = {"GIT_NO_LAZY_FETCH": "1"}


def at(folder: str, head: str, second: int) -> tuple[str | None, int | None]:
    """Return the commit that was checked out at a moment, and since when if the reflog tells.

    The reflog knows for as long as it reaches back; before that it is the last commit of
    HEAD's first parents that had been made by then.
    """
    out = process.run(folder, *_REFLOG, env=_HERE).out
    for line in out.decode("utf-8", "replace").splitlines():
        commit, _, told = line.partition(" ")
        stamp = told.rpartition("@{")[2].rstrip("}")
        if stamp.isdigit() and int(stamp) <= second:
            return commit, int(stamp)
    found = process.run(
        folder, "rev-list", "-1", "--first-parent", f"--before={second}", head, "--", env=_HERE
    )
    return found.out.decode().strip() or None, None


def between(folder: str, old: str, head: str, most: int) -> list[str]:
    """Return the commits after one up to HEAD along first parents, oldest first, at most so many."""
    result = process.run(
        folder, "rev-list", "--first-parent", "--reverse", f"{old}..{head}", "--", env=_HERE
    )
    return result.out.decode().split()[:most] if result.code == 0 else []


def parents(folder: str, commit: str, most: int) -> list[str]:
    """Return the commits before one along first parents, the nearest first."""
    words = ("rev-list", "--first-parent", f"--max-count={most + 1}", commit, "--")
    result = process.run(folder, *words, env=_HERE)
    return result.out.decode().split()[1:] if result.code == 0 else []


def count(folder: str, old: str, new: str) -> int | None:
    """Return how many commits one is behind another, None where git cannot tell."""
    result = process.run(folder, "rev-list", "--count", f"{old}..{new}", "--", env=_HERE)
    return int(result.out) if result.code == 0 else None
