"""Exchange the journal, and if asked the working branch, with a remote that the user named."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

from gitcoord.api import merge
from gitcoord.api.merge import Outcome as Merged
from gitcoord.errors import ConflictError, UsageError
from gitcoord.git import process, refs, remote
from gitcoord.journal import syncing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository
    from gitcoord.journal.syncing import Synced

_TRIES = 20
SETTING = "coord.remote"


class Branch(NamedTuple):
    """What became of the working branch; with conflicts it is as it was before.

    `conflicts` names the records, and the paths of other files, that both sides changed.
    """

    name: str
    fetched: int
    merged: int
    pushed: int
    commit: str | None
    conflicts: list[str]
    renumbered: dict[str, str]


class Outcome(NamedTuple):
    """What one sync did; `branch` is None where it was not asked for."""

    remote: str
    journal: Synced
    branch: Branch | None


def sync(
    workspace: Workspace, name: str | None = None, *, branch: bool = False, push: bool = True
) -> Outcome:
    """Fetch, join and push the journal, then the working branch if that is asked for."""
    peer = name or chosen(workspace.repo)
    if peer.startswith("-"):
        raise UsageError(f"{peer!r} is no remote.", hint="`git remote -v` shows their names.")
    found = syncing.sync(workspace.repo, peer, workspace.now, push=push)
    if not branch:
        return Outcome(peer, found, None)
    return Outcome(peer, found, sync_branch(workspace, peer, push=push))


def chosen(repo: Repository) -> str:
    """Return the remote that the user chose earlier; raise `UsageError` where none was.

    That is git config `coord.remote`, else the one the working branch follows: records go
    there already. A remote that merely exists is nobody's choice.
    """
    found = remote.setting(repo, SETTING)
    branch = _branch(repo)
    if found is None and branch is not None:
        found = remote.setting(repo, f"branch.{branch}.remote")
    if found is None or found == ".":
        raise UsageError(
            "It was not said with which remote.",
            hint="Name it, as in `coord sync origin`, or once for all: "
            f"`git config {SETTING} origin`.",
        )
    return found


def sync_branch(workspace: Workspace, peer: str, *, push: bool = True) -> Branch:
    """Fetch and merge the branch that HEAD stands on, push it, and again if somebody was first."""
    repo = workspace.repo
    name = _branch(repo)
    if name is None:
        raise UsageError(
            "HEAD stands on no branch.", hint="Switch to one first: `git switch main`."
        )
    there = _name_there(repo, name, peer)
    fetched = merged = 0
    renumbered: dict[str, str] = {}
    for attempt in range(_TRIES):
        theirs = remote.fetch(repo, peer, there)
        ours = refs.head(repo)
        new = syncing.count(repo, theirs, ours)
        if new and theirs is not None:
            fetched += new
            joined = _merge(workspace, theirs, f"{peer}/{there}")
            conflicts = sorted({str(one["id"]) for one in joined.conflicts} | {*joined.other_paths})
            if conflicts:
                return Branch(name, fetched, merged, 0, ours, conflicts, renumbered)
            renumbered |= joined.renumbered
            merged += bool(syncing.count(repo, ours, theirs))
        tip = refs.head(repo)
        leaving = syncing.count(repo, tip, theirs)
        if tip is None or not leaving or not push:
            return Branch(name, fetched, merged, 0, tip, [], renumbered)
        if remote.push(repo, peer, there, tip, hooks=True):
            return Branch(name, fetched, merged, leaving, tip, [], renumbered)
        time.sleep(0.05 * (attempt + 1) * (0.2 + os.urandom(1)[0] / 320))
    raise ConflictError(
        f"Others pushed {there} to {peer} first, {_TRIES} times in a row.",
        hint="What came is merged; run the command again.",
    )


def _merge(workspace: Workspace, commit: str, name: str) -> Merged:
    """Merge what came in as `coord merge` does, but with conflicts change nothing at all."""
    if refs.head(workspace.repo) is None:  # a clone of what was empty then
        process.call(workspace.repo.root, "merge", "--ff-only", "--quiet", commit)
        workspace.changed()
        return Merged()
    return merge.merge(workspace, commit, message=f"Merge {name}", write="clean")


def _branch(repo: Repository) -> str | None:
    out = process.run(repo.root, "symbolic-ref", "--quiet", "--short", "HEAD").out
    return out.decode("utf-8", "surrogateescape").strip() or None


def _name_there(repo: Repository, name: str, peer: str) -> str:
    """Return what a branch is called at a remote: as git follows it, else by its own name."""
    if remote.setting(repo, f"branch.{name}.remote") == peer:
        followed = remote.setting(repo, f"branch.{name}.merge") or ""
        if followed.startswith("refs/heads/"):
            return followed.removeprefix("refs/heads/")
    return name
