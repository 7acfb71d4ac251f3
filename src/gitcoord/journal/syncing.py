"""Exchange the journal with a remote: fetch, join, push, and again if somebody was first.

Nothing is lost on the way: what is local stays on the local branch until a commit holds
it together with what came, and the remote's branch only ever moves on from what was seen.
"""

from __future__ import annotations

import os
import time
from typing import NamedTuple

from gitcoord.errors import ConflictError
from gitcoord.git import process, refs, remote
from gitcoord.journal import merging, writing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from gitcoord.git.repository import Repository

_TRIES = 60
_PAUSE = 0.05
_LONGEST = 1.0


class Synced(NamedTuple):
    """What a sync did: commits that came, commits that joined two lines, commits that left."""

    fetched: int
    merged: int
    pushed: int
    commit: str | None


def sync(repo: Repository, peer: str, now: datetime, *, push: bool = True) -> Synced:
    """Exchange the journal with one remote, named by the user."""
    fetched = merged = 0
    for attempt in range(_TRIES):
        theirs = remote.fetch(repo, peer, refs.JOURNAL)
        ours = writing.tip(repo)
        tip, joins = join(repo, theirs, now)
        merged += joins
        if tip != ours:  # else what the peer has is known, or was left behind here
            fetched += count(repo, theirs, ours)
        if tip is None or tip == theirs or not push:
            return Synced(fetched, merged, 0, tip)
        gone = theirs is not None and not merging.contains(repo, tip, theirs)
        if remote.push(repo, peer, refs.JOURNAL, tip, instead_of=theirs if gone else None):
            return Synced(fetched, merged, count(repo, tip, theirs), tip)
        _wait(attempt)
    raise ConflictError(
        f"Others pushed to {peer} first, {_TRIES} times in a row.",
        hint="Local facts are kept. Run `coord sync` again.",
    )


def join(repo: Repository, theirs: str | None, now: datetime) -> tuple[str | None, int]:
    """Let the local journal hold what another tip holds; return its tip and the joins made."""
    writer = writing.writer(repo)
    joins = 0

    def make(ours: str | None) -> str | None:
        nonlocal joins
        joins = 0
        if theirs is None or (ours and merging.contains(repo, ours, theirs)):
            return ours
        if ours is None or merging.contains(repo, theirs, ours):
            return theirs
        found = merging.merge(repo, writer.build, ours, theirs, now)
        for parent in found.parents if len(found.parents) == 1 else ():
            if writer.build.tree_of(parent) == found.tree:
                return parent
        joins = 1
        return writer.build.commit(found.tree, found.parents, "Join two journals")

    return writer.advance(make, "join what a peer has"), joins


def count(repo: Repository, tip: str | None, known: str | None) -> int:
    """Return how many commits a tip has that another has not."""
    if tip is None or tip == known:
        return 0
    words = [tip] if known is None else [tip, f"^{known}"]
    return int(process.call(repo.root, "rev-list", "--count", *words, "--"))


def _wait(attempt: int) -> None:
    """Pause at random, so that those who were together are not so again."""
    longest = min(_LONGEST, _PAUSE * 1.5**attempt)
    time.sleep(longest * (0.2 + os.urandom(1)[0] / 320))
