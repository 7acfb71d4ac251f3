"""What the refs of a repository point to."""

from __future__ import annotations

import os

from gitcoord.errors import NotFoundError
from gitcoord.git import process, reffiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

JOURNAL = "coord-journal"
"""The branch of machine-written facts."""


def on_branch(repo: Repository) -> bool:
    """Whether HEAD stands on a branch, not on a commit."""
    try:
        with open(os.path.join(repo.git_dir, "HEAD"), "rb") as file:
            return file.read(5) == b"ref: "
    except OSError:
        return True


def head(repo: Repository) -> str | None:
    """Return the commit HEAD stands on, or None before the first commit.

    Reads the loose files, which is how it stands nearly always; git itself is asked
    only for packed refs and other storages.
    """
    text = _first_line(os.path.join(repo.git_dir, "HEAD"))
    if text is not None and not text.startswith("ref: "):
        return text or None
    if text is not None:
        name = text[5:]
        for base in (repo.git_dir, repo.common_dir):
            found = _first_line(os.path.join(base, name))
            if found is not None and not found.startswith("ref: "):
                return found
        if reffiles.used(repo) and (found := reffiles.packed(repo, name)):
            return found
    result = process.run(repo.root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return result.out.decode().strip() or None


def tips(repo: Repository) -> process.Running | None:
    """Start the listing of every ref's commit, local and remote-tracking; see `read_tips`.

    None where none is needed: refs that are plain files are read sooner than git is started.
    """
    if reffiles.used(repo):
        return None
    return process.start(repo.root, "for-each-ref", "--format=%(objectname) %(refname)")


def read_tips(repo: Repository, running: process.Running | None) -> set[str]:
    """Return the commits that refs point to; no journal's, for it holds no records."""
    if running is None:
        found = reffiles.every(repo).items()
    else:
        lines = running.wait().out.decode("utf-8", "surrogateescape").splitlines()
        found = {
            name: commit for commit, _, name in (line.partition(" ") for line in lines)
        }.items()
    return {
        commit
        for name, commit in found
        if name.rpartition("/")[2] != JOURNAL and not name.startswith("refs/coord/")
    }


def resolve(repo: Repository, name: str) -> str | None:
    """Return the commit that a revision names, or None."""
    if name.startswith("-") or "\0" in name:
        return None
    result = process.run(repo.root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return result.out.decode().strip() or None


def resolve_tree(repo: Repository, name: str) -> str | None:
    """Return the tree that a revision or the name of a tree means, or None."""
    if name.startswith("-") or "\0" in name:
        return None
    result = process.run(repo.root, "rev-parse", "--verify", "--quiet", f"{name}^{{tree}}")
    return result.out.decode().strip() or None


def before(repo: Repository, moment: int) -> str:
    """Return the last commit of HEAD's first-parent line made at or before a moment."""
    out = process.call(
        repo.root, "rev-list", "-1", "--first-parent", f"--before={moment} +0000", "HEAD"
    )
    commit = out.decode().strip()
    if not commit:
        if is_shallow(repo):
            hint = "This clone is shallow; `git fetch --unshallow` brings what lies before."
        else:
            hint = (
                f"Its first one is of {_first_day(repo)}; name that day, a later one or a revision."
            )
        raise NotFoundError("The hub has no commit that old.", hint=hint)
    return commit


def _first_day(repo: Repository) -> str:
    out = process.call(
        repo.root, "log", "--first-parent", "--max-parents=0", "--format=%cs", "HEAD"
    )
    return out.decode().split()[-1]


def merge_base(repo: Repository, a: str, b: str) -> str:
    """Return the commit where two lines of work parted; raise when they never met."""
    found = process.run(repo.root, "merge-base", a, b).out.decode().split()
    if not found:
        raise NotFoundError(
            f"{a[:10]} and {b[:10]} have no commit in common.",
            hint="Compare them as they are, with two dots: A..B.",
        )
    return found[0]


def commit_time(repo: Repository, commit: str) -> int:
    """Return the committer's time of a commit, in epoch seconds."""
    out = process.call(repo.root, "log", "-1", "--format=%ct", commit, "--")
    return int(out.decode().strip() or 0)


def _first_line(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.readline().strip()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def is_shallow(repo: Repository) -> bool:
    """Whether only the newest part of the history is here."""
    return os.path.exists(os.path.join(repo.common_dir, "shallow"))
