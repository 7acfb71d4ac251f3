"""Prune what is too old, as one more commit, or begin anew without the past.

A new commit makes the journal's tip small and leaves its history whole. A new root gives
the room back as well: nothing refers to the old commits any more, and git drops them when
it next collects garbage. What was pruned is remembered in the journal's rule, so that a
peer who still has the old commits does not bring it back (`journal.policy`).
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.git import build, process
from gitcoord.journal import merging, policy, reading, writing
from gitcoord.journal.paths import POLICY
from gitcoord.journal.policy import Policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gitcoord.git.repository import Repository


class Size(NamedTuple):
    """How much there is: files of the tip, their bytes, and bytes on disk with all history."""

    files: int
    bytes: int
    disk: int


class Compacted(NamedTuple):
    """What a compaction did, or would do: `commit` is the tip after it, `was` the one before."""

    removed: list[str]
    before: Size
    after: Size
    commit: str | None
    was: str | None


_NOTHING = Compacted([], Size(0, 0, 0), Size(0, 0, 0), None, None)


def compact(
    repo: Repository,
    cut: datetime,
    now: datetime,
    *,
    drop: Sequence[str] = (),
    rewrite: bool = False,
    dry_run: bool = False,
) -> Compacted:
    """Keep the last state of each day before a cut (a whole day of UTC), and no dropped facts."""
    drops = dict.fromkeys(drop, policy.day_of(cut))
    if dry_run:  # where nothing can be written it can be asked all the same
        tip = reading.tip(repo)
        return _NOTHING if tip is None else _plan(repo, tip, _rule(repo, tip, cut, drops), now)
    writer = writing.writer(repo)
    done = _NOTHING

    def make(tip: str | None) -> str | None:
        nonlocal done
        if tip is None:
            return None
        day = policy.day_of(cut)
        rule = _rule(repo, tip, cut, drops)
        done = _plan(repo, tip, rule, now)
        if not (done.removed or rewrite):
            return tip
        if rewrite:
            rule = rule.left_behind(merging.roots(repo, tip), tip)
        changes: dict[str, bytes | str | None] = dict.fromkeys(done.removed)
        tree = writer.build.tree(writer.build.tree_of(tip), changes | {POLICY: rule.content()})
        message = _message(done.removed, day, rewrite)
        return writer.build.commit(tree, [] if rewrite else [tip], message)

    commit = writer.advance(make, "compact")
    if commit is None or commit == done.was:
        return done
    return done._replace(commit=commit, after=size(repo, commit))


def _rule(repo: Repository, tip: str, cut: datetime, drops: dict[str, str]) -> Policy:
    return policy.joined(merging.rule_of(repo, tip), Policy(policy.day_of(cut), drops))


def _plan(repo: Repository, tip: str, rule: Policy, now: datetime) -> Compacted:
    """Return what a rule would do to a tip."""
    held = files(repo, tip)
    removed = policy.pruned(held, rule, now)
    before = size(repo, tip)
    gone = sum(held[path] for path in removed)
    after = Size(before.files - len(removed), before.bytes - gone, before.disk)
    return Compacted(removed, before, after, tip, tip)


def files(repo: Repository, commit: str) -> dict[str, int]:
    """Return the sizes of what a commit of the journal holds, the rule itself aside."""
    held = build.sizes(repo, commit)
    held.pop(POLICY, None)
    return held


def size(repo: Repository, commit: str) -> Size:
    """Return how much a commit of the journal holds."""
    held = files(repo, commit)
    return Size(len(held), sum(held.values()), disk(repo, commit))


def disk(repo: Repository, commit: str) -> int:
    """Return how many bytes of git's store a commit and all of its history take."""
    out = process.call(repo.root, "rev-list", "--objects", "--disk-usage", commit, "--")
    return int(out.decode().strip() or 0)


def _message(removed: list[str], day: str, rewrite: bool) -> str:
    subject = f"Compact: {len(removed)} files from before {day} pruned"
    return f"{subject}\n\nThe journal begins anew here." if rewrite else subject
