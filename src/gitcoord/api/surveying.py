"""What the repositories of the ecosystem declare, each read where it lies on this machine.

All questions to git are started before the first is read, and what was read before is
remembered, so a survey costs little more than looking at the files.
"""

from __future__ import annotations

import os
import posixpath

from gitcoord.api import checkouts, whereabouts
from gitcoord.api.checkouts import AtCommit, WorkTree
from gitcoord.api.remembered import Remembered
from gitcoord.errors import CoordError, UsageError
from gitcoord.git import peek, refs
from gitcoord.git.objects import blob_id
from gitcoord.git.repository import discover
from gitcoord.manifests import reading
from gitcoord.manifests.reading import BROKEN, LINKED, TOO_LARGE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitcoord.api.workspace import Workspace
    from gitcoord.git.process import Running
    from gitcoord.manifests.manifest import Manifest


class Surveyed:
    """One repository: its files, its manifests, and the commit that each stands in.

    `tree` is None when the repository, or the revision asked for, is not here; `missing`
    then says why.
    """

    __slots__ = ("commit", "commits", "digests", "folder", "manifests", "missing", "name", "tree")

    def __init__(self, name: str, folder: str | None) -> None:
        self.name = name
        self.folder = folder
        self.missing = "" if folder else "is not on this machine"
        self.tree: WorkTree | AtCommit | None = None
        self.commit: str | None = None
        self.commits: dict[str, str | None] = {}
        self.digests: dict[str, str] = {}
        self.manifests: dict[str, Manifest] = {}

    @property
    def sound(self) -> bool:
        """Whether everything it declares was understood."""
        return self.tree is not None and not any(one.flaws for one in self.manifests.values())

    def broken(self) -> list[tuple[str, str]]:
        """Return what declares something that nobody can read: each place, and why."""
        return [
            (f"{path}:{flaw.line}" if flaw.line else path, flaw.message)
            for path, manifest in sorted(self.manifests.items())
            for flaw in manifest.flaws
            if flaw.code in (BROKEN, TOO_LARGE, LINKED)
        ]


def survey(
    workspace: Workspace, names: Iterable[str], *, ref: str | None = None
) -> dict[str, Surveyed]:
    """Return what each repository declares, in its work tree or at a revision."""
    if ref is not None and (not ref or ref.startswith("-") or "\0" in ref):
        raise UsageError(f"{ref!r} is no revision.", hint="For example --ref main.")
    folders = whereabouts.folders_of(workspace, names)
    found = {name: Surveyed(name, folder) for name, folder in folders.items()}
    memory = Remembered(workspace.repo.common_dir)
    there = [one for one in found.values() if one.folder]
    bare = [one for one in there if ref is not None or not whereabouts.is_clone(one.folder or "")]
    _open_commits(bare, ref or "HEAD")
    _open_work_trees([one for one in there if one not in bare])
    for one in there:
        if one.tree is not None:
            try:
                _read_all(one, memory)
            except CoordError as fault:  # one damaged clone hides no other
                one.tree, one.manifests, one.missing = None, {}, f"cannot be read: {fault.message}"
    _attribute(there, memory)
    memory.save()
    return found


def _open_commits(surveyed: list[Surveyed], ref: str) -> None:
    asked: list[tuple[Surveyed, Running, Running]] = [
        (one, peek.start_commit(one.folder or "", ref), peek.start_tree(one.folder or "", ref))
        for one in surveyed
    ]
    for one, commit, tree in asked:
        one.commit = peek.read_commit(commit)
        entries = peek.read_tree(tree)
        if one.commit is None or entries is None:
            one.missing = f"has no revision {ref}"
            continue
        one.digests = {entry.path: entry.blob for entry in entries}
        one.tree = AtCommit(one.folder or "", one.digests)


def _open_work_trees(surveyed: list[Surveyed]) -> None:
    for one in surveyed:
        folder = one.folder or ""
        try:
            repo = discover(folder)
        except (CoordError, OSError):
            repo = None
        if repo is None or repo.root != os.path.realpath(folder):
            one.missing = f"is no git repository at {folder}"
            continue
        one.folder = repo.root
        one.tree = WorkTree(repo.root)
        one.commit = refs.head(repo)


def _read_all(one: Surveyed, memory: Remembered) -> None:
    """Read the manifests, then the files and members that they name."""
    assert one.tree is not None
    row = one.tree.manifests()
    seen: set[str] = set()
    while row:
        row = [path for path in dict.fromkeys(row) if path not in seen]
        seen.update(row)
        _read(one, one.tree, row, memory)
        row = [path for done in row for path in _named(one, one.tree, done)]
    reading.settle(one.manifests)


def _named(one: Surveyed, tree: WorkTree | AtCommit, path: str) -> list[str]:
    manifest = one.manifests.get(path)
    if manifest is None:
        return []
    wanted = [other for other in manifest.includes if checkouts.inside(other)]
    for pattern in manifest.members:
        whole = posixpath.join(posixpath.dirname(path), pattern.removeprefix("!"))
        if checkouts.inside(whole) and not pattern.startswith("!"):
            for folder in tree.members(whole):
                wanted += reading.member_paths(folder)
    return checkouts.existing(tree, wanted)


def _read(one: Surveyed, tree: WorkTree | AtCommit, paths: list[str], memory: Remembered) -> None:
    if isinstance(tree, WorkTree):
        for path in paths:
            _read_file(one, tree, path, memory)
        return
    fresh = []
    for path in paths:
        known = memory.manifest(path, tree.blobs[path])
        if known is None:
            fresh.append(path)
        else:
            one.manifests[path] = known
    for path, raw in zip(fresh, tree.read_many(fresh), strict=True):
        if raw is not None:
            one.manifests[path] = memory.parse(path, tree.blobs[path], raw)


def _read_file(one: Surveyed, tree: WorkTree, path: str, memory: Remembered) -> None:
    full = os.path.join(tree.folder, path)
    seen = tree.stat(path)
    if seen is None:
        return
    digest = memory.digest_of(full, seen)
    known = memory.manifest(path, digest) if digest else None
    if known is None or digest is None:
        raw = tree.read(path)
        if raw is None:
            if os.path.islink(full):
                one.manifests[path] = reading.linked(path)
            return
        digest = blob_id(raw)
        memory.keep_digest(full, seen, digest)
        known = memory.manifest(path, digest) or memory.parse(path, digest, raw)
    one.digests[path] = digest
    one.manifests[path] = known


def _attribute(surveyed: list[Surveyed], memory: Remembered) -> None:
    """Say in which commit each manifest stands as it was read; one with changes in none."""
    asked: list[tuple[Surveyed, str, Running]] = []
    for one in surveyed:
        paths = sorted(one.manifests)
        if one.commit is None or isinstance(one.tree, AtCommit):
            one.commits = dict.fromkeys(paths, one.commit)
        elif memory.tree(one.commit, paths) is None:
            asked.append((one, one.commit, peek.start_tree(one.folder or "", one.commit, paths)))
    for one, commit, running in asked:
        there = {entry.path: entry.blob for entry in peek.read_tree(running) or ()}
        memory.keep_tree(commit, {path: there.get(path, "") for path in one.manifests})
    for one in surveyed:
        if one.commit is not None and isinstance(one.tree, WorkTree):
            known = memory.tree(one.commit, sorted(one.manifests)) or {}
            one.commits = {
                path: one.commit if known.get(path) == digest else None
                for path, digest in one.digests.items()
            }
