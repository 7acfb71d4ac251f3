"""The commits of the repositories that name a record in their trailers.

What was found is remembered below the git directory, one file a repository, and brought up to
date whenever the default branch stands elsewhere: in the steady state nothing is asked of git.
"""

from __future__ import annotations

import os
import time

from gitcoord.git import commits as git_commits
from gitcoord.git import refs
from gitcoord.git.repository import Repository
from gitcoord.model import trailers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace

_FIRST = "coord commits 1"


class Linked:
    """One commit that names a record: where, by which trailer, and what it says of itself."""

    __slots__ = ("author", "commit", "repo", "subject", "time", "trailer")

    def __init__(
        self, repo: str, trailer: str, commit: str, time: int, author: str, subject: str
    ) -> None:
        self.repo = repo
        self.trailer = trailer
        self.commit = commit
        self.time = time
        self.author = author
        self.subject = subject

    def as_dict(self) -> dict[str, str]:
        """Return the commit in its documented JSON shape."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(self.time))
        return {"repo": self.repo, "commit": self.commit, "trailer": self.trailer,
                "subject": self.subject, "author": self.author, "time": moment}  # fmt: skip


def linked(workspace: Workspace, id: str) -> list[Linked]:
    """Return the commits on the default branches that name a record, oldest first."""
    folder = _folder(workspace)
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        renew(workspace)
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    found = []
    for name in names:
        if not name.startswith("."):
            found += _of(name, _current(workspace, name), id)
    return sorted(found, key=lambda one: one.time)


def renew(workspace: Workspace) -> None:
    """Look through every repository that is on this machine."""
    from gitcoord.api import registry  # only when nothing is remembered yet

    try:
        os.makedirs(_folder(workspace), exist_ok=True)
    except OSError:
        return  # a memory that cannot be kept is made anew next time
    for name, repo in registry.folders(workspace).items():
        if repo is not None:
            remember(workspace, name, repo)


def remember(workspace: Workspace, name: str, repo: Repository) -> str:
    """Bring the memory of one repository up to date and return it."""
    ref = git_commits.default_branch(repo)
    tip = refs.resolve(repo, ref) if ref else None
    if ref is None or tip is None:
        return ""
    old = _read(workspace, name)
    head, _, body = old.partition("\n")
    said = head.split("\t")
    known = len(said) == 6 and said[0] == _FIRST and said[4] == ref
    since = said[5] if known and git_commits.contains(repo, tip, said[5]) else None
    found = git_commits.carrying(repo, trailers.KEYS, tip, since)
    lines = [_line(key, id, one) for one in found or () for key, id in trailers.parse(one.trailers)]
    places = [repo.root, repo.git_dir, repo.common_dir]
    kept = body.split("\n") if since and body else []
    whole = "\n".join(["\t".join([_FIRST, *places, ref, tip]), *kept, *lines])
    if not any("\t" in part or "\n" in part for part in (*places, ref)):
        _write(workspace, name, whole)
    return whole


def _line(key: str, id: str, one: git_commits.Commit) -> str:
    author, subject = one.author.replace("\t", " "), one.subject.replace("\t", " ")
    return "\t".join([id.upper(), key, one.id, str(one.time), author, subject])


def _current(workspace: Workspace, name: str) -> str:
    """Return what is remembered of a repository, looked through again where its branch moved."""
    content = _read(workspace, name)
    said = content.partition("\n")[0].split("\t")
    if len(said) != 6 or said[0] != _FIRST:
        return ""
    repo = Repository(said[1], said[2], said[3])
    tip = git_commits.tip(repo, said[4])
    if tip is None or tip == said[5]:  # gone, or in a storage that only git can read
        return content
    return remember(workspace, name, repo) or content


def _of(repo: str, content: str, id: str) -> list[Linked]:
    wanted = f"\n{id.upper()}\t"
    found = []
    at = content.find(wanted)
    while at >= 0:
        end = content.find("\n", at + 1)
        words = content[at + 1 : end if end >= 0 else None].split("\t")
        if len(words) == 6 and words[3].isdigit():
            _, key, commit, moment, author, subject = words
            found.append(Linked(repo, key, commit, int(moment), author, subject))
        at = content.find(wanted, at + 1)
    return found


def _folder(workspace: Workspace) -> str:
    return os.path.join(workspace.repo.common_dir, "coord", "commits")


def _read(workspace: Workspace, name: str) -> str:
    path = os.path.join(_folder(workspace), name)
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            return file.read()
    except OSError:
        return ""


def _write(workspace: Workspace, name: str, content: str) -> None:
    folder = _folder(workspace)
    passing = os.path.join(folder, f".{name}.{os.getpid()}")
    try:
        os.makedirs(folder, exist_ok=True)
        with open(passing, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            file.write(content)
        os.replace(passing, os.path.join(folder, name))
    except OSError:
        return  # a memory that cannot be kept is made anew next time
