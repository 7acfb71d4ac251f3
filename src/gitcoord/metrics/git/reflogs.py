"""What git's reflogs tell of branches: which were created here, and which was left for which.

A clone begins with a reflog of one line that says nothing, and lines are dropped after
some months; so they tell what happened, and never that nothing did before they begin.
"""

from __future__ import annotations

import os

from gitcoord.git.refs import JOURNAL
from gitcoord.metrics.git.log import shown
from gitcoord.metrics.git.switching import BORN, Head, Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from gitcoord.git.repository import Repository

_CREATED = "branch: Created from "
_BRANCH = "ref: refs/heads/"


def of_head(repo: Repository) -> list[Head]:
    """Return the reflog of HEAD in each work tree, oldest first, that is more than a clone's mark."""
    folders = [repo.common_dir]
    linked = os.path.join(repo.common_dir, "worktrees")
    if os.path.isdir(linked):
        folders += [os.path.join(linked, name) for name in sorted(os.listdir(linked))]
    found = [(folder, _lines(os.path.join(folder, "logs", "HEAD"))) for folder in folders]
    return [
        Head(lines, *_standing(os.path.join(folder, "HEAD")))
        for folder, lines in found
        if lines and not _of_clone(lines)
    ]


def _standing(path: str) -> tuple[str | None, int]:
    """Return the branch that a HEAD names, and since when."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read().strip()
        time = int(os.stat(path).st_mtime)
    except OSError:
        return None, 0
    name = text.removeprefix(_BRANCH)
    return (None if name == text or name == ".invalid" else shown(name)), time


def _of_clone(lines: Sequence[Line]) -> bool:
    return len(lines) == 1 and lines[0].message.startswith("clone:")


def from_birth(heads: Iterable[Head]) -> bool:
    """Whether reflogs reach back to the first commit of all, which was made here."""
    return any(head.lines[0].message.startswith(BORN) for head in heads)


def created(repo: Repository, remote: Container[str] = ()) -> dict[str, int]:
    """Return when the branches of this clone were created, as their own reflogs tell.

    `remote` are the names of remote-tracking branches: to check one of them out creates
    no branch that was not there before. The branch of the very first commit was there, too.
    """
    found = {}
    top = os.path.join(repo.common_dir, "logs", "refs", "heads")
    root = _lines(os.path.join(repo.common_dir, "logs", "HEAD"), first=True)
    for folder, _, names in os.walk(top):
        for name in names:
            lines = _lines(os.path.join(folder, name), first=True)
            branch = shown(os.path.relpath(os.path.join(folder, name), top))
            if branch != JOURNAL and lines and _is_new(lines[0], branch, root, remote):
                found[branch] = lines[0].time
    return found


def _is_new(line: Line, branch: str, root: Sequence[Line], remote: Container[str]) -> bool:
    """Whether the first line of a branch's reflog says that it was created beside others."""
    if line.message.startswith(BORN):  # without a parent: `checkout --orphan`
        born_here = bool(root) and root[0].message.startswith(BORN)
        return born_here and line.new != root[0].new
    if not line.message.startswith(_CREATED):
        return False
    source = line.message.removeprefix(_CREATED).removeprefix("refs/remotes/")
    return source not in remote or source.partition("/")[2] != branch


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
            old, new = ("" if not word.strip("0") else word for word in words[:2])
            found.append(Line(int(words[-2]), message if tab else "", old, new))
    return found
