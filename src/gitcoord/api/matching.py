"""Which declared package is which repository: names of packages to names of repositories.

What a repository's own manifest calls itself comes first, then the `package` of its
record, its name, and its nicknames. A repository that ships packages in one ecosystem
only is not looked for in another.
"""

from __future__ import annotations

import posixpath

from gitcoord.manifests.manifest import CARGO, GO, NPM, PYPI
from gitcoord.manifests.names import module_of_url, normal
from gitcoord.manifests.versions import UnansweredError, allows
from gitcoord.model.findings import WARNING, Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from gitcoord.api.surveying import Surveyed
    from gitcoord.manifests.manifest import Manifest, Requirement

    Lock = tuple[str, str, int]
    """A version, with the file and the line that pin it."""

ALL = (PYPI, NPM, CARGO, GO)
_MANIFEST, _PACKAGE, _NAME, _NICKNAME = range(4)


class Edge:
    """One declaration by which one repository needs another."""

    __slots__ = ("commit", "consumer", "ecosystem", "file", "locks", "need", "provider")

    def __init__(self, consumer: str, provider: str, ecosystem: str, need: Requirement) -> None:
        self.consumer = consumer
        self.provider = provider
        self.ecosystem = ecosystem
        self.need = need
        self.file = ""
        self.commit: str | None = None
        self.locks: list[Lock] = []

    @property
    def locked(self) -> Lock | None:
        """What the consumer's lock pins; of several versions the one that this declaration takes."""
        if len(self.locks) < 2:
            return self.locks[0] if self.locks else None
        return next((one for one in reversed(self.locks) if self._takes(one)), self.locks[-1])

    def _takes(self, one: Lock) -> bool:
        try:
            return self.allows(one[0])
        except UnansweredError:
            return False

    @property
    def dialect(self) -> str:
        """The rules by which its constraint is read."""
        return self.need.dialect or self.ecosystem

    def allows(self, version: str) -> bool:
        """Whether a version meets the declaration; raise `UnansweredError`."""
        if self.need.unreadable:
            raise UnansweredError(self.need.unreadable)
        return allows(self.dialect, self.need.constraint, version)

    def as_dict(self) -> dict[str, Any]:
        """Return the edge in its documented JSON shape."""
        locked = self.locked
        return {
            "consumer": self.consumer,
            "provider": self.provider,
            "package": self.need.package,
            "constraint": self.need.constraint,
            "type": self.need.type,
            "file": self.file,
            "line": self.need.line,
            "commit": self.commit,
            "ecosystem": self.ecosystem,
            "extra": self.need.extra,
            "marker": self.need.marker,
            "optional": self.need.optional,
            "source": self.need.source,
            "locked": locked[0] if locked else None,
            "unreadable": self.need.unreadable,
        }


class Names:
    """The packages that repositories ship, by ecosystem and normal name."""

    __slots__ = ("_known", "findings")

    def __init__(self, repos: Mapping[str, dict[str, Any]], surveyed: Mapping[str, Surveyed]):
        self._known: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self.findings: list[Finding] = []
        for name in sorted({*repos, *surveyed}):
            self._add(name, repos.get(name, {}), surveyed.get(name))
        for (ecosystem, package), holders in sorted(self._known.items()):
            holders.sort()
            best = list(dict.fromkeys(repo for rank, repo in holders if rank == holders[0][0]))
            if len(best) > 1:
                self.findings.append(_twice(ecosystem, package, best, surveyed))

    def _add(self, name: str, record: dict[str, Any], one: Surveyed | None) -> None:
        shipped = [
            (manifest.ecosystem, package.name)
            for manifest in (one.manifests.values() if one else ())
            for package in manifest.packages
            if package.name
        ]
        for ecosystem, package in shipped:
            self._note(ecosystem, package, _MANIFEST, name)
        where = {ecosystem for ecosystem, _ in shipped} or set(ALL)
        told = record.get("package")
        named = [(_PACKAGE, told)] if isinstance(told, str) else []
        named += [(_NAME, name)]
        named += [(_NICKNAME, one) for one in record.get("nicknames") or () if isinstance(one, str)]
        for rank, word in named:
            for ecosystem in where - {GO}:
                self._note(ecosystem, word, rank, name)
        module = module_of_url(str(record.get("url") or ""))
        if module and GO in where:
            self._note(GO, module, _PACKAGE, name)

    def _note(self, ecosystem: str, package: str, rank: int, repo: str) -> None:
        self._known.setdefault((ecosystem, normal(ecosystem, package)), []).append((rank, repo))

    def provider(self, ecosystem: str, package: str) -> str | None:
        """Return the repository that ships a package, the one that says so most plainly."""
        found = self._known.get((ecosystem, normal(ecosystem, package)))
        return found[0][1] if found else None


def _twice(
    ecosystem: str, package: str, repos: list[str], surveyed: Mapping[str, Surveyed]
) -> Finding:
    path, line = f"coord/repos/{repos[1]}.yaml", None
    who = "both" if len(repos) == 2 else "all"
    one = surveyed.get(repos[1])
    for file, manifest in one.manifests.items() if one else ():
        for held in manifest.packages:
            if normal(ecosystem, held.name) == package and manifest.ecosystem == ecosystem:
                path, line = f"{repos[1]}/{file}", held.line
    return Finding(
        path=path, line=line, column=1 if line else None, id=repos[1], field="package",
        code="duplicate-package", severity=WARNING,
        message=f"{' and '.join(repos)} {who} ship {package} ({ecosystem}); {repos[0]} is taken.",
        hint="Give one of them another name, or take it out of the registry.",
    )  # fmt: skip


def edges(names: Names, surveyed: Iterable[Surveyed]) -> list[Edge]:
    """Return every declaration by which one repository needs another."""
    found = []
    for one in surveyed:
        for path, manifest in sorted(one.manifests.items()):
            for need in manifest.requirements:
                provider = names.provider(manifest.ecosystem, need.package)
                if provider is None or provider == one.name:
                    continue
                edge = Edge(one.name, provider, manifest.ecosystem, need)
                edge.file, edge.commit = path, one.commits.get(path)
                edge.locks = _locks(one.manifests, manifest, path, need.package)
                found.append(edge)
    return found


def _locks(
    manifests: Mapping[str, Manifest], manifest: Manifest, path: str, package: str
) -> list[Lock]:
    """Return the versions that the nearest locks pin, with their files and lines."""
    key = normal(manifest.ecosystem, package)
    folder = posixpath.dirname(path)
    found: dict[int, list[Lock]] = {}
    for other, held in manifests.items():
        above = posixpath.dirname(other)
        near = above == "" or folder == above or folder.startswith(above + "/")
        if held.ecosystem == manifest.ecosystem and key in held.locked and near:
            pins = [(one.version, other, one.line) for one in held.locked[key]]
            found.setdefault(len(above), []).extend(pins)
    return found[max(found)] if found else []


def findings(surveyed: Iterable[Surveyed]) -> list[Finding]:
    """Return what is wrong with the manifests, each at its line."""
    return [
        Finding(path=f"{one.name}/{path}", line=flaw.line, column=1 if flaw.line else None,
                id=one.name, code=flaw.code, severity=flaw.severity, message=flaw.message,
                hint=flaw.hint)
        for one in surveyed
        for path, manifest in sorted(one.manifests.items())
        for flaw in manifest.flaws
    ]  # fmt: skip
