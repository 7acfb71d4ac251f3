"""Merge a branch into the one checked out, records field by field, whatever is installed.

The whole merge is made in git's objects first. Then work tree, index and branch follow:
all of them, or none when something that is not committed stands in the way.
"""

from __future__ import annotations

from gitcoord.errors import ConflictError, GitError, NotFoundError
from gitcoord.git import identity, merging, process, refs
from gitcoord.git.merging import Stage
from gitcoord.store import versions
from gitcoord.store.allocate import Allocator
from gitcoord.store.lineage import Merger
from gitcoord.store.lock import Lock
from gitcoord.store.recovery import recover

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository
    from gitcoord.store.combining import Combined, Conflict

    Write = Literal["always", "clean", "never"]

_MODE = "100644"


class Outcome:
    """What a merge came to; `merged` is None when nothing was committed."""

    __slots__ = ("conflicts", "merged", "other_paths", "renumbered")

    def __init__(self) -> None:
        self.merged: str | None = None
        self.conflicts: list[dict[str, Any]] = []
        self.other_paths: list[str] = []
        """Files that are no records and conflict as well."""
        self.renumbered: dict[str, str] = {}

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome in its documented JSON shape."""
        return {
            "merged": self.merged,
            "conflicts": self.conflicts,
            "renumbered": self.renumbered,
        }


def merge(
    workspace: Workspace,
    ref: str,
    *,
    message: str | None = None,
    write: Write = "always",
) -> Outcome:
    """Merge a revision into the branch that is checked out.

    Raises `ConflictError`, with nothing changed, when uncommitted changes stand in the
    way or another merge is unfinished. Conflicts are left in the files, for `resolve`,
    unless only a `clean` merge is to be written, or none, `never`.
    """
    repo = workspace.repo
    with Lock(repo.common_dir):
        recover(repo)
        head, theirs = _ends(repo, ref)
        outcome = Outcome()
        if _is_ancestor(repo, theirs, head):
            return outcome
        _refuse_unfinished(repo)
        if _is_ancestor(repo, head, theirs):
            outcome.merged = theirs
            if write != "never":
                merging.check_out(repo, head, theirs)
                merging.move_head(repo, theirs, head, f"merge {ref}: Fast-forward")
        else:
            _truly(repo, ref, head, theirs, message, write, outcome)
    workspace.changed()
    return outcome


def _truly(
    repo: Repository,
    ref: str,
    head: str,
    theirs: str,
    message: str | None,
    write: Write,
    outcome: Outcome,
) -> None:
    """Make the merge in objects, and and as far as it is to be written, let the work tree follow."""
    who = identity.read(identity.start(repo))
    allocator = Allocator(repo)
    combined, paths = Merger(repo, allocator).merge(head, theirs, labels=("HEAD", ref))
    tree, stages = _whole(repo, head, theirs, combined, paths)
    outcome.renumbered = combined.renumbered
    outcome.conflicts = [told for one in combined.conflicts for told in conflict_dicts(one)]
    recorded = {one.sides.path for one in combined.conflicts}
    outcome.other_paths = sorted({one.path for one in stages} - recorded)
    if write == "never" or (write == "clean" and stages):
        return
    text = message or merging.message(repo, ref, theirs)
    text = "\n\n".join([text, *_renumbered_lines(combined.renumbered)]) + "\n"
    made = None
    if not stages:
        made = merging.commit_tree(repo, tree, (head, theirs), text, sign=who.signs)
        outcome.merged = made
    _follow(repo, (head, theirs), tree, stages, text)
    if made is not None:
        merging.move_head(repo, made, head, f"merge {ref}: Merge made by coord.")
        merging.end(repo)
    allocator.save(made)


def _follow(
    repo: Repository,
    ends: tuple[str, str],
    tree: str,
    stages: list[Stage],
    text: str,
) -> None:
    """Let work tree and index follow; git knows of the merge meanwhile, should we be killed."""
    head, theirs = ends
    merging.begin(repo, theirs, text)
    try:
        merging.check_out(repo, head, tree)
    except (ConflictError, GitError):
        merging.end(repo)
        raise
    merging.stage(repo, stages)


def _ends(repo: Repository, ref: str) -> tuple[str, str]:
    head, theirs = refs.head(repo), refs.resolve(repo, ref)
    if theirs is None:
        raise NotFoundError(
            f"There is no revision {ref!r}.", hint="`git branch -a` lists branches."
        )
    if head is None:
        raise NotFoundError(
            "This branch has no commit yet.", hint=f"`git reset --hard {ref}` begins it there."
        )
    return head, theirs


def _refuse_unfinished(repo: Repository) -> None:
    what = merging.under_way(repo)
    if what is not None:
        raise ConflictError(
            f"A {what} is not finished here.",
            hint=f"Finish it, or give it up with `git {what} --abort`.",
        )
    if process.run(repo.root, "diff-index", "--cached", "--quiet", "HEAD").code:
        raise ConflictError(
            "There are staged changes that are not committed.",
            hint="Nothing was changed. Commit or stash them first.",
        )


def _is_ancestor(repo: Repository, one: str, other: str) -> bool:
    return process.run(repo.root, "merge-base", "--is-ancestor", one, other).code == 0


def _whole(
    repo: Repository, head: str, theirs: str, combined: Combined, paths: set[str]
) -> tuple[str, list[Stage]]:
    """Return the tree of everything, records as we merged them, and all stages in conflict."""
    if not versions.bases(repo, head, theirs):
        raise GitError(
            "The two have no commit in common.",
            hint="`git merge --allow-unrelated-histories` joins them, if that is meant.",
        )
    tree, stages = merging.merged_tree(repo, head, theirs)
    ours = paths | combined.files.keys()
    stages = [one for one in stages if one.path not in ours]
    now = versions.read(repo, tree, sorted(ours))
    wanted = {
        path: combined.files.get(path) for path in ours if now.get(path) != combined.files.get(path)
    }
    written = {path: raw for path, raw in wanted.items() if raw is not None}
    blobs: dict[str, str | None] = dict.fromkeys(wanted)
    blobs.update(zip(written, merging.store_blobs(repo, list(written.values())), strict=True))
    tree = merging.changed_tree(repo, tree, blobs)
    return tree, stages + record_stages(repo, combined.conflicts)


def record_stages(repo: Repository, conflicts: list[Conflict]) -> list[Stage]:
    """Return the stages of records in conflict, their contents stored."""
    held = [
        (one.sides.path, number, raw)
        for one in conflicts
        for number, raw in enumerate((one.sides.base, one.sides.ours, one.sides.theirs), 1)
        if raw is not None
    ]
    blobs = merging.store_blobs(repo, [raw for _, _, raw in held])
    return [
        Stage(path, _MODE, blob, number)
        for (path, number, _), blob in zip(held, blobs, strict=True)
    ]


def conflict_dicts(conflict: Conflict) -> list[dict[str, Any]]:
    """Return the clashes of a record in their documented shape; `field` is null for all of it."""
    return [
        {
            "id": conflict.id,
            "field": clash.field or None,
            "ours": clash.ours,
            "theirs": clash.theirs,
        }
        for clash in conflict.clashes
    ]


def _renumbered_lines(renumbered: dict[str, str]) -> list[str]:
    return (
        ["\n".join([f"Renumbered: {old} → {new}" for old, new in renumbered.items()])]
        if renumbered
        else []
    )
