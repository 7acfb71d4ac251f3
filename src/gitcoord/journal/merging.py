"""Make one journal of two: the union of their files, and nothing pruned comes back.

Most files are written once and under a name of their own, so both sides' additions just
add up. Where both have changed one path, the later state wins if it is one (a snapshot, a
roll-up); of all else both are kept, the second under a name made of its content. Either
side comes to the same result, whoever merges first.
"""

from __future__ import annotations

import os
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
    rules = (rule_of(repo, ours), rule_of(repo, theirs))
    rule = policy.joined(*rules)
    winner = _goes_on(repo, (ours, theirs), rules)
    base = common(repo, ours, theirs)
    if winner is None:
        return Merged(_union(repo, make, (ours, theirs), base, rules[0], rule, now), [ours, theirs])
    # To name the other as a parent would bring back the past that this line left behind. So
    # the files of the other are taken over and its commits are not.
    old = theirs if winner == ours else ours
    base = _known(repo, rule, old) or base
    tree = _union(repo, make, (ours, theirs), base, rules[0], rule, now)
    if tree != make.tree_of(winner):
        later = rule.left_behind((), old)
        tree = make.tree(tree, {paths.POLICY: later.content()})
    return Merged(tree, [winner])


def _union(
    repo: Repository,
    make: Builder,
    tips: tuple[str, str],
    base: str | None,
    known: Policy,
    rule: Policy,
    now: datetime,
) -> str:
    """Make the tree of both, starting from the first; `known` is the rule that one carries."""
    start = make.empty() if base is None else make.tree_of(base)
    tree = make.tree_of(tips[0])
    mine = build.differences(repo, start, tree)
    changes = _changes(repo, mine, build.differences(repo, start, make.tree_of(tips[1])))
    if rule != known:
        changes[paths.POLICY] = rule.content()
    _make_way(make, tree, changes)
    return prune(repo, make, make.tree(tree, changes) if changes else tree, rule, now)


def _goes_on(repo: Repository, tips: tuple[str, str], rules: tuple[Policy, Policy]) -> str | None:
    """Return the tip whose line goes on alone, because the other has a past that it left behind."""
    found = []
    for mine, rule, other in ((tips[0], rules[0], tips[1]), (tips[1], rules[1], tips[0])):
        if rule.roots and rule.roots.union(_cut(repo)).intersection(roots(repo, other, mine)):
            found.append(mine)
    return max(found, default=None)


def roots(repo: Repository, tip: str, known: str | None = None) -> list[str]:
    """Return the first commits of a tip's past, those that are not also `known`'s."""
    words = [tip] if known is None else [tip, f"^{known}"]
    return process.call(repo.root, "rev-list", "--max-parents=0", *words, "--").decode().split()


def _cut(repo: Repository) -> list[str]:
    """Return the commits at which a shallow clone ends: their past may be any."""
    try:
        with open(os.path.join(repo.common_dir, "shallow"), encoding="ascii") as file:
            return file.read().split()
    except FileNotFoundError:
        return []


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


def common(repo: Repository, one: str, *others: str) -> str | None:
    """Return the last commit that one has in common with any of the others, or None."""
    result = process.run(repo.root, "merge-base", one, *others)
    if result.code > 1:
        raise process.failed(("merge-base",), result)
    return result.out.decode().strip() or None


def contains(repo: Repository, tip: str, other: str) -> bool:
    """Whether a commit is another or one of its ancestors."""
    return (
        tip == other or not process.run(repo.root, "merge-base", "--is-ancestor", other, tip).code
    )


def _known(repo: Repository, rule: Policy, old: str) -> str | None:
    """Return the last commit of an old line that was taken over before, if it is still here."""
    fed = "".join(f"{tip}^{{commit}}\n" for tip in sorted(rule.tips)).encode()
    here = process.call(
        repo.root, "cat-file", "--batch-check=%(objecttype) %(objectname)", stdin=fed
    )
    tips = [line.split()[1] for line in here.decode().splitlines() if line.startswith("commit ")]
    return common(repo, old, *tips) if tips else None


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
