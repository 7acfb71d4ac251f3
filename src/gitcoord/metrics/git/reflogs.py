"""What git's reflogs tell of branches: which were created here, and which was left for which.

A clone begins with a reflog of one line that says nothing, and lines are dropped after
some months; so they tell what happened, and never that nothing did before they begin.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from gitcoord.git.refs import JOURNAL
from gitcoord.metrics.git.log import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from gitcoord.git.repository import Repository

    Line = tuple[int, str]
    """When, and what was said."""

_MOVE = re.compile(r"checkout: moving from (.+?) to (.+)")
_HEX = re.compile(r"[0-9a-f]{7,64}")
_NO_NAME = re.compile(r"[~^:?*\[\\\s]|@\{|^@$|^-|^HEAD$")
_BORN = "commit (initial)"
_CREATED = "branch: Created from "


class Switch(NamedTuple):
    """One branch was left for another."""

    time: int
    left: str
    reached: str


def of_head(repo: Repository) -> list[list[Line]]:
    """Return the reflog of HEAD in each work tree, oldest first, that is more than a clone's mark."""
    folders = [repo.common_dir]
    linked = os.path.join(repo.common_dir, "worktrees")
    if os.path.isdir(linked):
        folders += [os.path.join(linked, name) for name in sorted(os.listdir(linked))]
    found = [_lines(os.path.join(folder, "logs", "HEAD")) for folder in folders]
    return [lines for lines in found if lines and not _of_clone(lines)]


def _of_clone(lines: Sequence[Line]) -> bool:
    return len(lines) == 1 and lines[0][1].startswith("clone:")


def from_birth(logs: Iterable[Sequence[Line]]) -> bool:
    """Whether reflogs reach back to the first commit of all, which was made here."""
    return any(lines[0][1].startswith(_BORN) for lines in logs)


def switches(
    lines: Iterable[Line], real: Container[str] = (), other: Container[str] = ()
) -> list[Switch]:
    """Return the switches from one branch to another; commits and tags are no branches.

    `real` are names of branches, `other` names of tags and the like.
    """
    found = []
    for time, message in lines:
        move = _MOVE.fullmatch(message)
        if move and move[1] != move[2]:
            left, reached = shown(move[1]), shown(move[2])
            if all(n in real or (n not in other and _may_be(n)) for n in (left, reached)):
                found.append(Switch(time, left, reached))
    return found


def _may_be(name: str) -> bool:
    return not _HEX.fullmatch(name) and not _NO_NAME.search(name)


def created(repo: Repository, remote: Container[str] = ()) -> dict[str, int]:
    """Return when the branches of this clone were created, as their own reflogs tell.

    `remote` are the names of remote-tracking branches: to check one of them out creates
    no branch that was not there before.
    """
    found = {}
    top = os.path.join(repo.common_dir, "logs", "refs", "heads")
    for folder, _, names in os.walk(top):
        for name in names:
            lines = _lines(os.path.join(folder, name), first=True)
            branch = shown(os.path.relpath(os.path.join(folder, name), top))
            if branch != JOURNAL and lines and lines[0][1].startswith(_CREATED):
                source = lines[0][1].removeprefix(_CREATED).removeprefix("refs/remotes/")
                if source not in remote or source.partition("/")[2] != branch:
                    found[branch] = lines[0][0]
    return found


def _lines(path: str, *, first: bool = False) -> list[Line]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            text = file.readline() if first else file.read()
    except OSError:
        return []
    found = []
    for line in text.split("\n"):
        head, tab, message = line.partition("\t")
        words = head.split(" ")
        if len(words) >= 4 and words[-2].isdigit():
            found.append((int(words[-2]), message if tab else ""))
    return found
