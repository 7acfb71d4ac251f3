"""Which branch HEAD stood on, line after line of its reflog, and so when one was left for another.

`git checkout` says from where to where. Other ways say nothing, or only where HEAD came
to: `checkout --orphan`, a rebase of another branch, `symbolic-ref`. Those are noticed where
HEAD next stands on another branch than it was left on.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gitcoord.metrics.git.log import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

_MOVE = re.compile(r"checkout: moving from (.+?) to (.+)")
_RETURN = re.compile(r".*: returning to refs/heads/(.+)")
_RENAME = re.compile(r"branch: renamed refs/heads/(.+) to refs/heads/(.+)", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]{7,64}")
_NO_NAME = re.compile(r"[~^:?*\[\\\s]|@\{|^@$|^-|^HEAD$")
BORN = "commit (initial)"
UNKNOWN = ""
"""A branch whose name no line tells."""


class Line(NamedTuple):
    """One line of a reflog: when, what was said, the commit before and after ("" for none)."""

    time: int
    message: str
    old: str
    new: str


class Head(NamedTuple):
    """The reflog of one HEAD, the branch it names now (None on a commit), and since when."""

    lines: list[Line]
    branch: str | None
    time: int


class Switch(NamedTuple):
    """One branch was left for another; `after` is when at the earliest, where no line says it.

    `unborn` names the one of the two that had no commit, and so was no branch yet.
    """

    time: int
    left: str
    reached: str
    after: int = 0
    unborn: str = ""

    def is_of(self, fact: Switch, near: int) -> bool:
        """Whether a fact, written some seconds later at most, tells of this switch."""
        names = fact.reached == self.reached and self.left in (fact.left, UNKNOWN)
        return names and (self.after or self.time) - near <= fact.time <= self.time + near


def switches(head: Head, real: Container[str] = (), other: Container[str] = ()) -> list[Switch]:
    """Return the switches from one branch to another; commits and tags are no branches.

    `real` are names of branches, `other` names of tags and the like.
    """
    return _Following(real, other).all_of(head)


class _Following:
    """Where HEAD stands: `_on` a branch, on an UNKNOWN one, or on a commit (None)."""

    def __init__(self, real: Container[str], other: Container[str]) -> None:
        self._real = real
        self._other = other
        self._on: str | None = UNKNOWN
        self._orphan: Switch | None = None  # it was left for a branch that is named later
        self._last = Line(0, "", "", "")
        self._found: list[Switch] = []

    def all_of(self, head: Head) -> list[Switch]:
        for line in head.lines:
            self._take(line)
            self._last = line
        if head.branch is not None and self._last.new:
            time, unborn = max(head.time, self._last.time), head.branch not in self._real
            if self._on == UNKNOWN and unborn and self._orphan is None:
                self._came(time, UNKNOWN, head.branch, unborn=unborn)
            self._stands(head.branch, time, unborn=unborn)
        self._resolve(UNKNOWN)
        return self._found

    def _take(self, line: Line) -> None:
        if move := _MOVE.fullmatch(line.message):
            left, reached = self._name(move[1]), self._name(move[2])
            if left is not None:
                self._stands(left, line.time, unborn=not line.old)
            if left and reached and left != reached:
                unborn = "" if line.old else left
                self._found.append(Switch(line.time, left, reached, unborn=unborn))
            self._on = reached
        elif rename := _RENAME.fullmatch(line.message):
            if line.old:  # git writes two lines, one from the old name and one to the new
                self._stands(shown(rename[1]), line.time)
            self._on = shown(rename[2])
        elif back := _RETURN.fullmatch(line.message):
            self._stands(shown(back[1]), line.time)
        elif line.message.startswith(BORN) and self._last.new:
            self._resolve(UNKNOWN)
            if self._on is not None:
                self._orphan = Switch(line.time, self._on, UNKNOWN, self._last.time)
            self._on = UNKNOWN

    def _stands(self, branch: str, time: int, *, unborn: bool = False) -> None:
        """Take in that HEAD stands on a branch, and so must have come there."""
        self._resolve(branch)
        if self._on and self._on != branch:
            self._came(time, self._on, branch, unborn=unborn)
        self._on = branch

    def _came(self, time: int, left: str, branch: str, *, unborn: bool) -> None:
        self._found.append(Switch(time, left, branch, self._last.time, branch if unborn else ""))

    def _resolve(self, branch: str) -> None:
        """Give a branch without a parent its name, once it is told."""
        if self._orphan is not None and (not branch or self._orphan.left != branch):
            self._found.append(self._orphan._replace(reached=branch))
        self._orphan = None

    def _name(self, said: str) -> str | None:
        """Return the name of a branch; None for what is a commit or a tag."""
        name = shown(said)
        if name in self._real:
            return name
        may_be = not _HEX.fullmatch(name) and not _NO_NAME.search(name)
        return name if may_be and name not in self._other else None
