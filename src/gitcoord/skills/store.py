"""What is kept of one repository: a generation of Parquet files that never change.

Each lies in a folder with a number, `skills/REPO/000007/`, which appears by one rename with all
that belongs to it and `meta.json`, which has the digest of each file. The highest number counts;
who writes holds the lock of the repository, and drops what is older. So a reader without a lock
sees one generation or the next, a kill leaves one of them, and a damaged file is known by its digest.
"""

from __future__ import annotations

import json
import os
import shutil
from hashlib import blake2b, file_digest
from typing import NamedTuple

from gitcoord.model.ids import is_repo_name
from gitcoord.skills import troubles
from gitcoord.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FOLDER = "skills"
ROWS, PAIRS, RUNS = "rows.parquet", "pairs.parquet", "runs.parquet"
TABLES = (ROWS, PAIRS, RUNS)
_META = "meta.json"
_MAKING = ".making"
_DIGITS = 6


class Generation(NamedTuple):
    """One state of what is kept: where it lies, and what is known of it."""

    folder: str
    number: int
    meta: dict[str, Any]

    def path(self, table: str) -> str:
        """Return where one of its files lies."""
        return os.path.join(self.folder, table)


def base(common_dir: str) -> str:
    """Return the folder of everything that is kept."""
    return os.path.join(common_dir, "coord", FOLDER)


def lock(common_dir: str, repo: str) -> Lock:
    """Return the lock of those who write about a repository."""
    prepare(base(common_dir), repo)
    return Lock(common_dir, f"{FOLDER}/{repo}/lock")


def prepare(where: str, repo: str) -> None:
    """Make the folders, which are the user's alone; an `OSError` is told by who needs them."""
    try:
        for folder in (where, os.path.join(where, repo)):
            os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return


def kept(where: str) -> list[str]:
    """Return the repositories of which something is kept."""
    try:
        names = os.listdir(where)
    except OSError:
        return []
    return sorted(
        name for name in names if is_repo_name(name) and os.path.isdir(os.path.join(where, name))
    )


def current(where: str, repo: str) -> Generation | None:
    """Return the newest generation whose description can be read, None where there is none."""
    for number in sorted(_numbers(os.path.join(where, repo)), reverse=True):
        folder = os.path.join(where, repo, f"{number:0{_DIGITS}d}")
        meta = _meta(folder)
        if meta is not None:
            return Generation(folder, number, meta)
    return None


def damaged(one: Generation) -> list[str]:
    """Return which files of a generation are not what they were when written."""
    digests = one.meta.get("digests")
    known = digests if isinstance(digests, dict) else {}
    return [name for name in TABLES if _digest(one.path(name)) != known.get(name)]


def making(where: str, repo: str) -> str:
    """Return a new folder for the next generation; its caller holds the lock."""
    folder = os.path.join(where, repo, _MAKING)
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder, 0o700)
    return folder


def put(where: str, repo: str, made: str, meta: dict[str, Any]) -> Generation:
    """Put what was made in force, and drop what came before."""
    meta = {**meta, "digests": {name: _digest(os.path.join(made, name)) for name in TABLES}}
    with open(os.path.join(made, _META), "w", encoding="utf-8") as file:
        json.dump(meta, file)
    for name in (*TABLES, _META):
        _sync(os.path.join(made, name))
    _sync(made)
    above = os.path.join(where, repo)
    number = max(_numbers(above), default=0) + 1
    folder = os.path.join(above, f"{number:0{_DIGITS}d}")
    os.rename(made, folder)
    _sync(above)
    found = Generation(folder, number, meta)
    tidy(where, repo, found)
    return found


def tidy(where: str, repo: str, kept: Generation) -> None:
    """Drop all generations but one, and what a killed process left; the caller holds the lock."""
    above = os.path.join(where, repo)
    for number in _numbers(above):
        if number != kept.number:
            shutil.rmtree(os.path.join(above, f"{number:0{_DIGITS}d}"), ignore_errors=True)
    shutil.rmtree(os.path.join(above, _MAKING), ignore_errors=True)


def describe(one: Generation, changes: dict[str, Any]) -> None:
    """Change what a generation says of its source; its tables stay."""
    passing = os.path.join(one.folder, f".{_META}")
    with open(passing, "w", encoding="utf-8") as file:
        json.dump({**one.meta, **changes}, file)
    _sync(passing)
    os.rename(passing, os.path.join(one.folder, _META))


def drop(where: str, repo: str) -> None:
    """Delete all that is kept of a repository but its lock, which somebody may wait for."""
    above = os.path.join(where, repo)
    for number in sorted(_numbers(above)):
        shutil.rmtree(os.path.join(above, f"{number:0{_DIGITS}d}"), ignore_errors=True)
    shutil.rmtree(os.path.join(above, _MAKING), ignore_errors=True)
    troubles.note(where, repo, None)


def _numbers(above: str) -> list[int]:
    try:
        names = os.listdir(above)
    except OSError:
        return []
    return [
        int(name) for name in names if len(name) == _DIGITS and name.isascii() and name.isdigit()
    ]


def _meta(folder: str) -> dict[str, Any] | None:
    try:
        with open(os.path.join(folder, _META), encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("version") != VERSION:
        return None
    return found if isinstance(found.get("rows"), int) and found.keys() >= _TOLD else None


_TOLD = {"rows", "floor", "source", "faults", "faulty", "digests"}


VERSION = 1
"""Raised when tables change; what an older coord kept is then read from its source again."""


def _digest(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file_digest(file, lambda: blake2b(digest_size=16)).hexdigest()
    except OSError:
        return ""


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
