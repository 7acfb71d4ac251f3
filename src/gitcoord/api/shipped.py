"""What a repository really ships: its newest release by git's tags, and what its head would be.

The version at the head stands in the manifest, in a file that the manifest names, or
follows from the last tag as setuptools-scm has it. Nothing is installed or run.
"""

from __future__ import annotations

import posixpath

from gitcoord.git import peek
from gitcoord.manifests import inside_files, tags
from gitcoord.manifests.manifest import ATTRIBUTE, DYNAMIC, FILE, GO, PYPI, TAGS, Package
from gitcoord.manifests.names import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitcoord.api.surveying import Surveyed
    from gitcoord.git.process import Running
    from gitcoord.manifests.tags import Tagged

_FALLBACK = Package("", None, None, DYNAMIC)


class Shipped:
    """The versions of one package of a repository.

    `released` is the newest release by the tags, `head` the version of the commit or
    work tree that was read, `place` where that stands. Either may be unknown.
    """

    __slots__ = ("ecosystem", "head", "place", "released", "releases", "repo")

    def __init__(self, repo: str, ecosystem: str) -> None:
        self.repo = repo
        self.ecosystem = ecosystem
        self.head: str | None = None
        self.place = ""
        self.released: Tagged | None = None
        self.releases: list[Tagged] = []

    def version(self, *, head: bool = False) -> str | None:
        """Return the version that counts: the newest release, or the head where there is none."""
        if head or self.released is None:
            return self.head
        return self.released.version

    def of_major(self, constraint: str) -> Tagged | None:
        """Return the newest release of a Go module of the same major version."""
        wanted = max(int(constraint.lstrip("v").partition(".")[0]), 1)
        same = [
            one
            for one in self.releases
            if max(int(one.version.lstrip("v").partition(".")[0]), 1) == wanted
        ]
        return tags.newest(same, GO)


class Shipping:
    """Looks up what repositories ship; all questions to git are started at once."""

    __slots__ = ("_found", "_nearest", "_surveyed", "_tags")

    def __init__(self, surveyed: Mapping[str, Surveyed], providers: Iterable[str]) -> None:
        self._surveyed = surveyed
        self._found: dict[tuple[str, str, str], Shipped] = {}
        self._tags: dict[str, Running] = {}
        self._nearest: dict[str, Running] = {}
        for name in dict.fromkeys(providers):
            one = surveyed.get(name)
            if one is None or one.tree is None or one.folder is None:
                continue
            self._tags[name] = peek.start_tags(one.folder)
            if one.commit is not None and _asks_tags(one):
                self._nearest[name] = peek.start_nearest(one.folder, one.commit)

    def of(self, provider: str, ecosystem: str, package: str) -> Shipped | None:
        """Return what a repository ships as a package; None when it is not on this machine."""
        one = self._surveyed.get(provider)
        if one is None or one.tree is None or provider not in self._tags:
            return None
        key = (provider, ecosystem, normal(ecosystem, package))
        if key not in self._found:
            self._found[key] = self._look(one, ecosystem, package)
        return self._found[key]

    def main(self, provider: str) -> tuple[str, str]:
        """Return the ecosystem and the name of the package that stands for a repository."""
        one = self._surveyed.get(provider)
        for path in sorted(one.manifests, key=lambda path: path.count("/")) if one else ():
            manifest = one.manifests[path] if one else None
            for package in manifest.packages if manifest else ():
                if package.name and manifest:
                    return manifest.ecosystem, package.name
        return PYPI, provider

    def _look(self, one: Surveyed, ecosystem: str, package: str) -> Shipped:
        found = Shipped(one.name, ecosystem)
        path, held = _declared(one, ecosystem, package)
        folder = posixpath.dirname(path)
        names = tags.names_in_tags(held.name or package, folder)
        found.releases = tags.releases(peek.read_tags(self._tags[one.name]), ecosystem, names)
        found.released = tags.newest(found.releases, ecosystem)
        if held.version:
            found.head, found.place = held.version, f"{path}:{held.line}" if held.line else path
        elif ecosystem == PYPI and held.source != TAGS:
            self._search(found, one, held, folder, package)
        if found.head is None and one.name in self._nearest:
            self._count(found, one, names)
        return found

    def _search(
        self, found: Shipped, one: Surveyed, held: Package, folder: str, package: str
    ) -> None:
        """Look for the version in files beside the manifest."""
        assert one.tree is not None
        name = ""
        if held.source == FILE:
            paths = [held.detail]
        elif held.source == ATTRIBUTE:
            paths, name = inside_files.attribute_places(held.detail)
        else:
            paths = inside_files.places(held.name or package)
        for path in paths:
            whole = posixpath.normpath(posixpath.join(folder, path))
            raw = one.tree.read(whole)
            version = inside_files.version_in(whole, raw, name) if raw else None
            if version:
                found.head, found.place = version[0], f"{whole}:{version[1]}"
                return

    def _count(self, found: Shipped, one: Surveyed, names: set[str]) -> None:
        """Take the version from the last tag and the commits after it."""
        nearest = peek.read_nearest(self._nearest[one.name])
        if nearest is None:
            return
        released = tags.releases([nearest[0]], found.ecosystem, names)
        if not released:
            return
        tag, count = nearest
        if not count:
            found.head, found.place = released[0].version, tag
        elif found.ecosystem != GO:  # a Go module has no version between two tags
            found.head = tags.after(released[0].version, count)
            found.place = f"{count} commits after {tag}"


def _asks_tags(one: Surveyed) -> bool:
    packages = [package for manifest in one.manifests.values() for package in manifest.packages]
    return not packages or any(package.version is None for package in packages)


def _declared(one: Surveyed, ecosystem: str, package: str) -> tuple[str, Package]:
    """Return the manifest that declares a package; the repository's own where none has the name."""
    key = normal(ecosystem, package)
    spare = None
    for path, manifest in sorted(
        one.manifests.items(), key=lambda held: (held[0].count("/"), held[0])
    ):
        if manifest.ecosystem != ecosystem:
            continue
        for held in manifest.packages:
            if normal(ecosystem, held.name) == key:
                return path, held
            spare = spare or (path, held)
    return spare or ("", _FALLBACK._replace(name=package))
