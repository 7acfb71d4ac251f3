"""Which files of a work tree may differ from HEAD: git's index tells, by size and time.

The index is not refreshed, so a file that was touched and not changed is named as well. Where
git has to read a file, because it was written in the very moment of the commit, it does so
without the filters and monitors that a repository configures.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from gitcoord.git import process

_QUIET = ("--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "diff.autoRefreshIndex=false")
_NAMES = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative",
          "--ignore-submodules=all")  # fmt: skip


class Uncommitted(NamedTuple):
    """Paths that may differ from HEAD, and those that git does not know and does not ignore."""

    changed: tuple[str, ...]
    unknown: tuple[str, ...]


def look(folder: str) -> Uncommitted:
    """Return what may be uncommitted in a work tree; before the first commit all is unknown."""
    staged = process.start(folder, *_QUIET, "diff-index", "--cached", *_NAMES, "HEAD", "--")
    others = process.start(folder, *_QUIET, "ls-files", "-z", "--others", "--exclude-standard")
    # Only this one may look into files.
    beside = process.run(folder, *_QUIET, "diff-files", *_NAMES, env=_unfiltered(folder))
    changed = {*_paths(beside), *_paths(staged.wait())}
    return Uncommitted(tuple(sorted(changed)), tuple(_paths(others.wait())))


def _unfiltered(folder: str) -> dict[str, str]:
    """Return an environment in which every filter that is configured does nothing."""
    found = process.run(folder, "config", "-z", "--name-only", "--get-regexp",
                        r"^filter\..*\.(clean|process|required)$")  # fmt: skip
    named = dict.fromkeys(_paths(found))
    first = os.environ.get("GIT_CONFIG_COUNT", "0")
    count = int(first) if first.isdigit() else 0
    held = {"GIT_CONFIG_COUNT": str(count + len(named))}
    for number, name in enumerate(named, count):
        held[f"GIT_CONFIG_KEY_{number}"] = name
        held[f"GIT_CONFIG_VALUE_{number}"] = "false" if name.endswith(".required") else ""
    return held


def _paths(result: process.Result) -> list[str]:
    if result.code:
        return []
    return [os.fsdecode(path) for path in result.out.split(b"\0") if path]
