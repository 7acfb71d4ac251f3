"""Prune what is too old, as one more commit, or begin anew without the past.

A new commit makes the journal's tip small and leaves its history whole. A new root gives
the room back as well: nothing refers to the old commits any more, and git drops them when
it next collects garbage. What was pruned is remembered in the journal's rule, so that a
peer who still has the old commits does not bring it back (`journal.policy`).
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.git import build, process
from gitcoord.journal import merging, policy, writing
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
    writer = writing.writer(repo)
    done = Compacted([], Size(0, 0, 0), Size(0, 0, 0), None, None)

    def make(tip: str | None) -> str | None:
        nonlocal done
        if tip is None:
            return None
        old = merging.rule_of(repo, tip)
        day = policy.day_of(cut)
        rule = policy.joined(old, Policy(day, dict.fromkeys(drop, day)))
        tree = writer.build.tree_of(tip)
        held = build.sizes(repo, tree)
        removed = policy.pruned(held, rule, now)
        size = Size(len(held), sum(held.values()), disk(repo, tip))
        left = Size(len(held) - len(removed), size.bytes - sum(held[p] for p in removed), size.disk)
        done = Compacted(removed, size, left, tip, tip)
        if dry_run or not (removed or rewrite):
            return tip
        if rewrite:
            rule = Policy(rule.before, rule.dropped, old.epoch + 1, tip)
        changes: dict[str, bytes | str | None] = dict.fromkeys(removed)
        changes[POLICY] = rule.content()
        made = writer.build.tree(tree, changes)
        return writer.build.commit(made, [] if rewrite else [tip], _message(removed, day, rewrite))

    commit = writer.advance(make, "compact")
    if commit is None or commit == done.was:
        return done
    return done._replace(commit=commit, after=done.after._replace(disk=disk(repo, commit)))


def disk(repo: Repository, commit: str) -> int:
    """Return how many bytes of git's store a commit and all of its history take."""
    out = process.call(repo.root, "rev-list", "--objects", "--disk-usage", commit, "--")
    return int(out.decode().strip() or 0)


def _message(removed: list[str], day: str, rewrite: bool) -> str:
    subject = f"Compact: {len(removed)} files from before {day} pruned"
    return f"{subject}\n\nThe journal begins anew here." if rewrite else subject
