"""The repository that is measured: its commit, its Python files, its environment.

Found with a few questions to git that change nothing, not even the index. Files are those
that git knows or would add; what is ignored is nobody's source.
"""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

from gitcoord.errors import GitError
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_QUIET = ("--no-optional-locks", "-c", "core.fsmonitor=false")
_ENVIRONMENTS = (".venv", "venv")
_TESTS = {"test", "tests", "testing"}
INSTALL = "python -m venv .venv && .venv/bin/pip install -e ."
"""How a repository gets an environment: the hint where it has none."""
_MOST_BYTES = 4 << 20


class Place(NamedTuple):
    """One repository's work tree, as it is now.

    `changed` are the paths that differ from the commit, and `files` all files by their
    path below the folder, with size and time of change. `environment` is the folder of its
    own virtual environment, None where there is none or where it is not the user's.
    """

    folder: str
    commit: str | None
    committed: int | None
    changed: tuple[str, ...]
    files: dict[str, tuple[int, int]]
    environment: str | None
    doubt: str | None

    @property
    def python(self) -> list[str]:
        """The Python files, without those that are too large to be written by a person."""
        return [path for path, (size, _) in self.files.items()
                if path.endswith(".py") and size <= _MOST_BYTES]  # fmt: skip


def look(folder: str) -> Place:
    """Return what there is to measure in a work tree; raise `GitError` where there is none."""
    head = process.start(folder, *_QUIET, "log", "-1", "--no-show-signature", "--format=%H %ct")
    status = process.start(folder, *_QUIET, "status", "--porcelain", "-z", "--no-renames",
                           "--ignore-submodules", "--untracked-files=all")  # fmt: skip
    tracked = process.start(folder, *_QUIET, "ls-files", "-z", "--cached")
    others = process.start(folder, *_QUIET, "ls-files", "-z", "--others", "--exclude-standard")
    commit, committed = _head(head)
    results = [one.wait() for one in (status, tracked, others)]
    if any(one.code for one in results):
        raise GitError(f"{folder} has no work tree that git can read.",
                       hint="`git status` there says more.")  # fmt: skip
    known = _paths(results[1].out)
    environment, doubt = _environment(folder, known)
    aside = _environments({*known, *_paths(results[2].out)}, set(known))
    return Place(
        folder, commit, committed, _without(_changed(results[0].out), aside),
        _plain_files(folder, _without(sorted({*known, *_paths(results[2].out)}), aside)), environment, doubt,
    )  # fmt: skip


def _paths(out: bytes) -> list[str]:
    return [os.fsdecode(one) for one in out.split(b"\0") if one]


def _changed(out: bytes) -> list[str]:
    return [one[3:] for one in _paths(out)]


def _environments(paths: set[str], tracked: set[str]) -> list[str]:
    """Return the virtual environments among files that nobody ignores: they are no source."""
    found = [one for one in paths if os.path.basename(one) == "pyvenv.cfg" and one not in tracked]
    return [f"{os.path.dirname(one)}/" for one in found if "/" in one]


def _without(paths: Sequence[str], folders: list[str]) -> tuple[str, ...]:
    return tuple(one for one in paths if not one.startswith(tuple(folders)))


def _head(running: process.Running) -> tuple[str | None, int | None]:
    found = running.wait()
    if found.code:  # no commit yet
        return None, None
    commit, _, seconds = found.out.decode().strip().partition(" ")
    return commit or None, int(seconds) if seconds.isdigit() else None


def _plain_files(folder: str, paths: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return the plain files among some paths: no links, and none that is gone."""
    found = {}
    for path in paths:
        try:
            seen = os.lstat(os.path.join(folder, path))
        except OSError:
            continue
        if stat.S_ISREG(seen.st_mode):
            found[path] = (seen.st_size, seen.st_mtime_ns)
    return found


def _environment(folder: str, paths: list[str]) -> tuple[str | None, str | None]:
    """Return the virtual environment, unless it came with the commits: then anybody made it."""
    for name in _ENVIRONMENTS:
        if not os.path.isfile(os.path.join(folder, name, "pyvenv.cfg")):
            continue
        if os.path.islink(os.path.join(folder, name)) or any(
            path.startswith(f"{name}/") for path in paths
        ):
            return None, f"{name} is part of the repository or a link, so nothing in it is run"
        return name, None
    return None, None


def is_test(path: str) -> bool:
    """Whether a file belongs to the tests, by the names that everybody uses."""
    *folders, name = path.split("/")
    return (
        not _TESTS.isdisjoint(folders)
        or name.startswith("test_")
        or name in ("conftest.py", "tests.py")
        or name.endswith("_test.py")
    )
