"""Merge the records of two commits: find their ancestors, align their ids, combine them.

After criss-cross merges there are several common ancestors. They are merged first, and
where they disagree the ancestor of both has its say, so that what comes out never
depends on the order in which branches met.
"""

from __future__ import annotations

from gitcoord.git import objects, process, refs
from gitcoord.git.objects import blob_id
from gitcoord.model import ids, origins
from gitcoord.model.kinds import BY_NAME
from gitcoord.store import layout, renumbering, versions
from gitcoord.store.combining import Combined, combine
from gitcoord.store.joining import LABELS, data
from gitcoord.store.renumbering import OURS, THEIRS, Trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.git.repository import Repository
    from gitcoord.model.kinds import Kind
    from gitcoord.store.allocate import Allocator
    from gitcoord.store.renumbering import Later, Number
    from gitcoord.store.versions import Version

_DEEPEST = 20
STAGED = "(staged)"
_NONE = (None, STAGED)


class Ancestor:
    """A common ancestor: a commit, and files in which a made-up one differs from it."""

    __slots__ = ("commit", "over")

    def __init__(self, commit: str, over: dict[str, bytes | None]) -> None:
        self.commit = commit
        self.over = over


class Merger:
    """Merges records of one repository; ids come from its allocator.

    `known` is a merge commit that may have renumbered already, or `STAGED`, which is what
    stands in the index: their ids are used again, and `fresh` tells those that are not.
    """

    __slots__ = ("_allocator", "_known", "_repo", "fresh")

    def __init__(self, repo: Repository, allocator: Allocator, known: str | None = None) -> None:
        self._repo = repo
        self._allocator = allocator
        self._known = known
        self.fresh: set[str] = set()

    def merge(
        self, ours: str, theirs: str, *, labels: tuple[str, str] = LABELS
    ) -> tuple[Combined, set[str]]:
        """Return the merged records of two commits, and the paths that were looked at."""
        trees, paths = self.trees(ours, theirs)
        self.align(trees, ours, theirs)
        return combine(trees, labels=labels), paths

    def trees(
        self, ours: str, theirs: str, depth: int = 0, *, base: str | None = None
    ) -> tuple[Trees, set[str]]:
        """Return what two commits and their common ancestor have where they differ."""
        bases = [base] if base else versions.bases(self._repo, ours, theirs)
        return self._trees(self._ancestor(bases, depth), ours, theirs)

    def _trees(self, base: Ancestor | None, ours: str, theirs: str) -> tuple[Trees, set[str]]:
        if base is None:
            empty = process.call(self._repo.root, "hash-object", "-t", "tree", "--stdin")
            base = Ancestor(empty.decode().strip(), {})
        paths = versions.changed(self._repo, base.commit, ours)
        paths |= versions.changed(self._repo, base.commit, theirs) | base.over.keys()
        old = versions.read(self._repo, base.commit, sorted(paths))
        for path, raw in base.over.items():
            if raw is None:
                old.pop(path, None)
            else:
                old[path] = raw
        sides = [
            versions.tree(versions.read(self._repo, side, sorted(paths))) for side in (ours, theirs)
        ]
        return Trees(versions.tree(old), *sides), paths

    def align(self, trees: Trees, ours: str, theirs: str, *, picked: bool = False) -> None:
        """Renumber what two commits created under one id; of a picked commit, always its own."""
        later = self._later(ours, theirs) if not picked else _theirs
        renumbering.align(trees, later, self._numbering(ours, theirs), picked=picked)

    def _later(self, ours: str, theirs: str) -> Later:
        since = versions.bases(self._repo, ours, theirs)

        def later(mine: Version, other: Version) -> str:
            came = _added(self._repo, since, ours, mine.path)
            went = _added(self._repo, since, theirs, other.path)
            # Of two of one second the same one is chosen in both directions of a merge.
            return OURS if (came, mine.raw) > (went, other.raw) else THEIRS

        return later

    def _numbering(self, ours: str, theirs: str) -> Number:
        known = self._known_ids(ours, theirs)

        def number(kind: Kind, id: str, raw: bytes) -> str:
            had = known.pop((kind.name, *origins.origin(kind, data(raw) or {})), None)
            if had is not None:
                return had
            prefix, place = ids.split(id)
            if place is None:
                new = self._allocator.random(kind, prefix)
            else:
                new = self._allocator.next(kind, prefix, len(id) - len(prefix) - 1)
            self.fresh.add(new)
            return new

        return number

    def _known_ids(self, ours: str, theirs: str) -> dict[tuple[str, str | None, str | None], str]:
        """Return the records that the known merge and HEAD have, or the index, and neither side."""
        found: dict[tuple[str, str | None, str | None], str] = {}
        for state in self._states(ours, theirs):
            old = versions.read(self._repo, ours, state) | versions.read(self._repo, theirs, state)
            new = {path: raw for path, raw in state.items() if path not in old}
            for key, version in versions.tree(new).items():
                held = data(version.raw)
                if key[0] in BY_NAME and held is not None:
                    found[key[0], *origins.origin(BY_NAME[key[0]], held)] = key[1]
        return found

    def _states(self, ours: str, theirs: str) -> Iterator[dict[str, bytes]]:
        """Yield the files that may hold records which only came with the merge."""
        if self._known == STAGED:
            staged = versions.staged(self._repo)
            for side in (ours, theirs):
                listed = objects.tree(self._repo, side, layout.ROOT)
                for path in {one.path for one in listed} & staged.keys():
                    del staged[path]
            contents = objects.blobs(self._repo, list(staged.values()))
            yield {path: raw or b"" for path, raw in zip(staged, contents, strict=True)}
        for commit in (self._known, refs.head(self._repo)) if self._known not in _NONE else ():
            assert commit is not None
            new = versions.changed(self._repo, ours, commit)
            new &= versions.changed(self._repo, theirs, commit)
            yield versions.read(self._repo, commit, new)

    def _ancestor(self, bases: list[str], depth: int) -> Ancestor | None:
        if not bases:
            return None
        base = Ancestor(bases[0], {})
        for other in bases[1:] if depth < _DEEPEST else ():
            trees, paths = self.trees(base.commit, other, depth + 1)
            for path, raw in base.over.items():  # what earlier ones brought
                paths.add(path)
                _lay_over(trees, path, raw)
            renumbering.align(trees, self._later(base.commit, other), _made_up)
            files = combine(trees, settle=True).files
            base.over |= {path: files.get(path) for path in paths | files.keys()}
        return base


def _theirs(ours: Version, theirs: Version) -> str:
    return THEIRS


def _lay_over(trees: Trees, path: str, raw: bytes | None) -> None:
    key = versions.key_of(path)
    if raw is None:
        trees.ours.pop(key, None)
    else:
        trees.ours[key] = versions.Version(path, raw)


def _made_up(kind: Kind, id: str, raw: bytes) -> str:
    """Return an id that only a made-up ancestor has: the same for the same record."""
    held = data(raw) or {}
    return f"{id}-x{blob_id(repr(origins.origin(kind, held)).encode())[:12]}"


def _added(repo: Repository, since: list[str], commit: str, path: str) -> int:
    """Return when a path was added on the way to a commit, in seconds since 1970."""
    out = process.call(
        repo.root, "log", "-m", "--diff-filter=A", "--no-renames", "--format=%ct", commit,
        *[f"^{base}" for base in since], "--", path,
    )  # fmt: skip
    times = out.decode().split()
    return int(times[-1]) if times else refs.commit_time(repo, commit)
