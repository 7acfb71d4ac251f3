"""What was recommended here and what searches showed, so that what came of it can be told.

Lines of JSON below the git directory, one an event, appended by any number of processes.
This is the user's own and never leaves the machine by itself; it may be deleted at any
time, and then only the link to an earlier recommendation is lost. Where nothing can be
written, nothing is remembered, and who asked is told so.
"""

from __future__ import annotations

import os

from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.git.repository import Repository

RECOMMENDED = "recommended.jsonl"
SEARCHED = "searched.jsonl"
_LARGEST = {RECOMMENDED: 2_000_000, SEARCHED: 100_000}
"""Bytes; each search reads what is remembered of earlier ones, so that is some hundreds."""


def append(repo: Repository, name: str, event: dict[str, Any]) -> bool:
    """Remember an event; False where that cannot be."""
    path = _path(repo, name)
    line = (jsontext.dumps(event) + "\n").encode()
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        _make_room(path, _LARGEST[name])
        # One write at the end of the file: lines of several processes never mix.
        out = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            return os.write(out, line) == len(line)
        finally:
            os.close(out)
    except OSError:
        return False


def read(repo: Repository, name: str) -> list[dict[str, Any]]:
    """Return what is remembered, the oldest first; a torn line is left out."""
    from gitcoord.codec.native import loads  # JSON is YAML, and `json` takes longer to load

    found = []
    for ending in (".old", ""):
        try:
            with open(_path(repo, name) + ending, encoding="utf-8", errors="replace") as file:
                lines = file.read().split("\n")
        except OSError:
            continue
        for line in lines:
            try:
                event = loads(line) if line else None
            except ValueError:
                continue
            if isinstance(event, dict):
                found.append(event)
    return found


def holds(repo: Repository, name: str, piece: bytes) -> bool:
    """Whether some bytes stand in what is remembered."""
    for ending in (".old", ""):
        try:
            with open(_path(repo, name) + ending, "rb") as file:
                if piece in file.read():
                    return True
        except OSError:
            continue
    return False


def is_fresh(repo: Repository, name: str, since: float) -> bool:
    """Whether anything was remembered since a moment, in seconds."""
    try:
        return os.stat(_path(repo, name)).st_mtime >= since
    except OSError:
        return False


def _make_room(path: str, most: int) -> None:
    """Put a file that has grown large aside; one older than that goes."""
    try:
        large = os.stat(path).st_size > most
    except FileNotFoundError:
        return
    if large:
        os.replace(path, path + ".old")


def _path(repo: Repository, name: str) -> str:
    return os.path.join(repo.common_dir, "coord", "learning", name)
