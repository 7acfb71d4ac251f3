"""Commits that carry trailers, and the branch on which they count."""

from __future__ import annotations

import os

from gitcoord.git import configuration, process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.git.repository import Repository

_FIELDS = ("%H", "%ct", "%at", "%aN", "%s")


class Commit:
    """A commit with its trailer lines; `written` is when its author wrote it, in epoch seconds.

    The author's time stays when a commit is rebased, picked or amended.
    """

    __slots__ = ("author", "id", "subject", "time", "trailers", "written")

    def __init__(
        self, id: str, time: int, written: int, author: str, subject: str, trailers: str
    ) -> None:
        self.id = id
        self.time = time
        self.written = written
        self.author = author
        self.subject = subject
        self.trailers = trailers


def carrying(
    repo: Repository, keys: Sequence[str], tip: str, since: str | None = None
) -> list[Commit] | None:
    """Return the commits with one of the trailers that a tip reaches and `since` does not.

    Oldest first; None where `since` is no commit of the repository any more.
    """
    chosen = ",".join(f"key={key}" for key in keys)
    form = "%x00".join((*_FIELDS, f"%(trailers:{chosen},unfold=true)"))
    words = ["log", "-z", "--no-show-signature", "--no-notes", "--encoding=UTF-8", "--topo-order",
             "--reverse", "-E", "-i", f"--grep=^[ \t]*({'|'.join(keys)})[ \t]*:",
             f"--format={form}", tip]  # fmt: skip
    if since:
        words.append(f"^{since}")
    result = process.run(repo.root, *words, "--")
    if result.code and since:
        return None
    if result.code:
        raise process.failed(("log",), result)
    parts = result.out.decode("utf-8", "replace").split("\0")
    width = len(_FIELDS) + 1
    found = []
    for at in range(0, len(parts) - width + 1, width):
        id, time, written, author, subject, trailers = parts[at : at + width]
        if trailers.strip():
            found.append(Commit(id, int(time), int(written), author, subject, trailers))
    return found


def default_branch(repo: Repository) -> str | None:
    """Return the full name of the ref on which commits count, None where that is not known.

    Git config `coord.branch` says it; else what the remote calls its HEAD, `init.defaultBranch`,
    main or master; else the only branch there is. Without a branch of the name here, as in
    a detached checkout, the remote's own is taken.
    """
    said = configuration.matching(repo.root, r"^(coord\.branch|init\.defaultbranch)$")
    head = process.run(repo.root, "symbolic-ref", "--quiet", "refs/remotes/origin/HEAD")
    remote = head.out.decode("utf-8", "surrogateescape").strip()
    names = [said.get("coord.branch"), remote.removeprefix("refs/remotes/origin/") or None,
             said.get("init.defaultbranch"), "main", "master"]  # fmt: skip
    if names[0]:
        names = names[:1]
    wanted = [
        f"refs/{where}/{name}" for name in names if name for where in ("heads", "remotes/origin")
    ]
    out = process.call(repo.root, "for-each-ref", "--format=%(refname)", *wanted)
    there = set(out.decode("utf-8", "surrogateescape").split("\n"))
    for ref in wanted:
        if ref in there:
            return ref
    if names[0]:
        return None
    out = process.call(repo.root, "for-each-ref", "--count=2", "--format=%(refname)", "refs/heads")
    only = out.decode("utf-8", "surrogateescape").split()
    return only[0] if len(only) == 1 else None


def tip(repo: Repository, ref: str) -> str | None:
    """Return the commit a full ref name stands for, from the files of the git directory.

    None where it lies in neither: git has to be asked.
    """
    try:
        with open(os.path.join(repo.common_dir, ref), encoding="utf-8") as file:
            return file.readline().strip() or None
    except (OSError, UnicodeDecodeError):
        pass
    try:
        with open(os.path.join(repo.common_dir, "packed-refs"), "rb") as file:
            packed = file.read()
    except OSError:
        return None
    end = packed.find(b" " + os.fsencode(ref) + b"\n")
    return (
        packed[packed.rfind(b"\n", 0, end) + 1 : end].decode("ascii", "replace")
        if end > 0
        else None
    )


def contains(repo: Repository, tip: str, commit: str) -> bool:
    """Whether a commit is reachable from a tip; a commit that is not there is not."""
    return process.run(repo.root, "merge-base", "--is-ancestor", commit, tip).code == 0


def under_way(repo: Repository) -> str | None:
    """Return what git is in the middle of (a merge, a rebase …), None when nothing is."""
    for name, what in (
        ("MERGE_HEAD", "a merge"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("REVERT_HEAD", "a revert"),
        ("rebase-merge", "a rebase"),
        ("rebase-apply", "a rebase"),
    ):
        if os.path.exists(os.path.join(repo.git_dir, name)):
            return what
    return None


def branch(repo: Repository) -> str | None:
    """Return the full name of the branch HEAD stands on, None when it is detached."""
    try:
        with open(os.path.join(repo.git_dir, "HEAD"), encoding="utf-8") as file:
            text = file.readline().strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text[5:] if text.startswith("ref: ") else None
