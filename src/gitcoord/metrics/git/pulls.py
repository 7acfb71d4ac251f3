"""Pull requests of which the clone has the commits, and those that are not merged.

Forges show each as a ref that a clone may fetch: `refs/pull/7/head`, `refs/merge-requests/7/head`,
or what a remote's settings make of it, `refs/remotes/origin/pr/7`. A ref stays when its request
is closed, and one that was squashed is never reached. So what is told is which are not
merged; which of those are open no ref says.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.metrics.git.branches import Ref
    from gitcoord.metrics.git.place import Place

FOLDERS = ("refs/pull", "refs/pull-requests", "refs/merge-requests")
_PATTERNS = (
    "refs/pull/*/head", "refs/pull-requests/*/from", "refs/merge-requests/*/head",
    *(f"refs/remotes/*/{word}/*{end}" for word in ("pr", "pull", "merge-requests", "mr")
      for end in ("", "/head")),
)  # fmt: skip
_TRACKED = re.compile(r"refs/remotes/[^/]+/(?:pr|pull|merge-requests|mr)/\d+(?:/(?:head|merge))?")


class Pulls(NamedTuple):
    """How many there are here, how many of them the default branch lacks, and how many of late."""

    here: int
    unmerged: int
    active: int


def is_one(name: str) -> bool:
    """Whether a remote-tracking ref is that of a pull request, not of a branch."""
    return _TRACKED.fullmatch(name) is not None


def count(place: Place, base: Ref | None, since: int) -> Pulls | None:
    """Return the pull requests by what `base` reaches, `since` being of late.

    None where the clone has none of their refs, or not the commits to tell.
    """
    if base is None or place.lacking:
        return None
    form = "--format=%(committerdate:unix) %(refname)"
    words = ("for-each-ref", form, *_PATTERNS)
    asked = [
        process.start(place.repo.root, *words[:2], *more, *words[2:])
        for more in ((), (f"--no-merged={base.commit}",))
    ]
    told = [running.wait() for running in asked]
    if any(result.code for result in told):
        return None
    here, unmerged = ([line.split(b" ", 1) for line in one.out.splitlines()] for one in told)
    numbered = [int(time or 0) for time, name in unmerged if _is_request(name)]
    count_here = sum(_is_request(name) for _, name in here)
    if not count_here:
        return None
    return Pulls(count_here, len(numbered), sum(time >= since for time in numbered))


def _is_request(name: bytes) -> bool:
    text = name.decode("utf-8", "surrogateescape")
    return not text.startswith("refs/remotes/") or (is_one(text) and not text.endswith("/merge"))
