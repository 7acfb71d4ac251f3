"""Make one journal of two: the union of their files, and nothing pruned comes back.

Most files are written once and under a name of their own, so both sides' additions just
add up. Where both have changed one path, the later state wins if it is one (a snapshot, a
roll-up); of all else both are kept, the second under a name made of its content. Either
side comes to the same result, whoever merges first.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.codec.read import MAX_BYTES
from gitcoord.git import build, objects, process
from gitcoord.journal import facts, paths, policy, reading
from gitcoord.journal.policy import Policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from gitcoord.git.build import Builder
    from gitcoord.git.repository import Repository

    Changes = dict[str, tuple[str | None, str | None]]

_TOKEN = 8


class Merged(NamedTuple):
    """A tree that is the union of two, and the parents its commit is to have."""

    tree: str
    parents: list[str]


def merge(repo: Repository, make: Builder, ours: str, theirs: str, now: datetime) -> Merged:
    """Join two tips that have gone separate ways; neither is an ancestor of the other."""
    rules = [rule_of(repo, tip) for tip in (ours, theirs)]
    rule = policy.joined(*rules)
    base = common(repo, ours, theirs)
    parents = [ours, theirs]
    if base is None and rules[0].epoch != rules[1].epoch:
        # One of them left its past behind. To name the other as a parent would bring that
        # back, so its files are taken over and its commits are not.
        winner = max(zip((rule.epoch for rule in rules), (ours, theirs), strict=True))[1]
        parents = [winner]
        base = _left_behind(repo, rule, theirs if winner == ours else ours)
    start = make.empty() if base is None else make.tree_of(base)
    ours_tree = make.tree_of(ours)
    mine = build.differences(repo, start, ours_tree)
    news = build.differences(repo, start, make.tree_of(theirs))
    changes = _changes(repo, mine, news)
    if rule != rules[0]:
        changes[paths.POLICY] = rule.content()
    _make_way(make, ours_tree, changes)
    tree = make.tree(ours_tree, changes) if changes else ours_tree
    return Merged(prune(repo, make, tree, rule, now), parents)


def _make_way(make: Builder, tree: str, changes: dict[str, bytes | str | None]) -> None:
    """Put aside what has no room, because a file is where it has a folder or the reverse.

    No program of ours writes such paths, but the file of a peer that does is kept.
    """
    adding = [path for path, content in changes.items() if content is not None]
    for path in make.obstructed(tree, adding):
        content = changes.pop(path)
        if isinstance(content, str):
            changes[f"{paths.STRAYS}/{content}"] = content


def prune(repo: Repository, make: Builder, tree: str, rule: Policy, now: datetime) -> str:
    """Return a tree without what a rule does not keep."""
    if not rule.before and not rule.dropped:
        return tree
    listed = reading.listing(repo, tree, [sort.folder for sort in paths.SORTS])
    gone = policy.pruned([path for path, _ in listed], rule, now)
    return make.tree(tree, dict.fromkeys(gone)) if gone else tree


def rule_of(repo: Repository, tip: str) -> Policy:
    """Return the rule that a commit of the journal carries."""
    (content,) = objects.blobs(repo, [f"{tip}:{paths.POLICY}"])
    return policy.read(content)


def common(repo: Repository, one: str, other: str) -> str | None:
    """Return the last commit that two have in common, or None."""
    result = process.run(repo.root, "merge-base", one, other)
    if result.code > 1:
        raise process.failed(("merge-base",), result)
    return result.out.decode().strip() or None


def contains(repo: Repository, tip: str, other: str) -> bool:
    """Whether a commit is another or one of its ancestors."""
    return (
        tip == other or not process.run(repo.root, "merge-base", "--is-ancestor", other, tip).code
    )


def _left_behind(repo: Repository, rule: Policy, old: str) -> str | None:
    """Return where an old line parted from the new one's past, if that is still known here."""
    if (
        rule.replaces is None
        or process.run(repo.root, "cat-file", "-e", f"{rule.replaces}^{{commit}}").code
    ):
        return None
    return common(repo, rule.replaces, old)


def _changes(repo: Repository, mine: Changes, news: Changes) -> dict[str, bytes | str | None]:
    """Return what has to change on our side to have what is new on theirs."""
    changes: dict[str, bytes | str | None] = {}
    for path, (_, theirs) in news.items():
        ours = mine[path][1] if path in mine else news[path][0]
        if theirs == ours or path == paths.POLICY or not paths.is_sound(path):
            continue
        if path not in mine:
            changes[path] = theirs
        elif ours is None:
            changes[path] = theirs  # pruned here, written anew there
        elif theirs is not None:
            changes |= _both(repo, path, ours, theirs)
    return changes


def _both(repo: Repository, path: str, ours: str, theirs: str) -> dict[str, bytes | str | None]:
    """Decide about a path that has another content on each side, the same way on both."""
    small = max(objects.sizes(repo, [ours, theirs])) <= MAX_BYTES
    texts = objects.blobs(repo, [ours, theirs]) if small else (None, None)
    times = [facts.state_time(text or b"") for text in texts]
    first, second = max(ours, theirs), min(ours, theirs)
    if times[0] is not None and times[1] is not None:
        later = max((times[0], ours), (times[1], theirs))[1]
        return {path: later} if later != ours else {}
    stem, dot, ending = path.rpartition(".")
    beside = f"{path}+{second[:_TOKEN]}"
    if dot and "/" not in ending and not stem.endswith("/"):
        beside = f"{stem}+{second[:_TOKEN]}.{ending}"
    changes: dict[str, bytes | str | None] = {beside: second}
    if first != ours:
        changes[path] = first
    return changes
