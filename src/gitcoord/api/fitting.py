"""Whether what is shipped meets what is asked, and why, in one line.

The newest release decides, and the head only where there is no release: who installs
gets releases. That the head would do is said, because then a release mends it.
"""

from __future__ import annotations

import re

from gitcoord.api.counted import counted, unseen
from gitcoord.manifests.markers import Scope
from gitcoord.manifests.versions import UnansweredError, allows, compare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.matching import Edge
    from gitcoord.api.shipped import Shipped

SATISFIED, UNSATISFIED, UNKNOWN = "satisfied", "unsatisfied", "unknown"
RANK = {SATISFIED: 0, UNKNOWN: 1, UNSATISFIED: 2}


class Judgement:
    """A verdict on one constraint, with the version it was held against and the reason."""

    __slots__ = ("reason", "verdict", "version")

    def __init__(self, verdict: str, version: str | None, reason: str) -> None:
        self.verdict = verdict
        self.version = version
        self.reason = reason

    @property
    def rank(self) -> int:
        """How bad it is: satisfied, unknown, unsatisfied."""
        return RANK[self.verdict]


def judge(edge: Edge, shipped: Shipped | None, scope: Scope, *, head: bool = False) -> Judgement:
    """Return the verdict on one declaration."""
    need = edge.need
    asked = f"{edge.consumer} needs {need.package} {need.constraint or 'in any version'}"
    asked += f" ({edge.file}:{need.line})" if need.line else f" ({edge.file})"
    if need.unreadable:
        version = None if shipped is None else shipped.version(head=head)
        return Judgement(UNKNOWN, version, f"{asked}, which cannot be read: {need.unreadable}")
    if shipped is None:
        return Judgement(UNKNOWN, None, f"{asked}; {edge.provider} is not on this machine")
    if scope.never:
        reason = f"{asked}, where no supported Python is: {need.marker}"
        version = counted(edge.dialect, need.constraint, shipped, head=head)
        return Judgement(SATISFIED, version, reason)
    found = _judged(edge, shipped, head)
    newer = unseen(edge, shipped, found.version) if found.verdict == UNSATISFIED and not head else None  # fmt: skip
    if newer:
        return Judgement(UNKNOWN, found.version, f"{asked}; {found.reason}; {newer}")
    parts = [asked, found.reason, *_conditions(edge, scope), *_lag(edge, found.version)]
    return Judgement(found.verdict, found.version, "; ".join(filter(None, parts)))


def held_against(
    constraint: str, dialect: str, shipped: Shipped, *, head: bool = False
) -> Judgement:
    """Return the verdict on a bare constraint, such as a record's."""
    version = counted(dialect, constraint, shipped, head=head)
    standing = _standing(shipped, version)
    if version is None:
        return Judgement(UNKNOWN, None, standing)
    try:
        does = allows(dialect, constraint, version)
        coming = None if head else _coming(shipped)
        would = does if coming is None else allows(dialect, constraint, coming)
    except UnansweredError as fault:
        return Judgement(UNKNOWN, version, f"{standing}; {fault}")
    if would and not does:
        standing += ", which would do once it is released"
    elif does and not would:
        standing += ", which it would exclude"
    return Judgement(SATISFIED if does else UNSATISFIED, version, standing)


def _coming(shipped: Shipped) -> str | None:
    """Return the version of the head where it is newer than every release."""
    if shipped.released is None or shipped.head is None:
        return None
    newer = compare(shipped.ecosystem, shipped.head, shipped.released.version) > 0
    return shipped.head if newer else None


def _judged(edge: Edge, shipped: Shipped, head: bool) -> Judgement:
    need = edge.need
    version = counted(edge.dialect, need.constraint, shipped, head=head)
    if need.source and need.constraint is None:
        return _from_source(need.source, shipped, version)
    if need.constraint is None:
        return Judgement(SATISFIED, version, _standing(shipped, version))
    found = held_against(need.constraint, edge.dialect, shipped, head=head)
    if need.source:
        found.reason += f"; taken from {need.source}"
    return found


def _from_source(source: str, shipped: Shipped, version: str | None) -> Judgement:
    """Judge a package that is taken from a place, not from a registry."""
    place = source.partition("#egg=")[0]
    pinned = re.search(r"[#@]([^@#&/:]+)$", place) if "git" in place else None
    if pinned is None:
        return Judgement(SATISFIED, version, f"taken from {source}, so whatever stands there")
    tags = {one.tag: one.version for one in shipped.releases}
    taken = f"taken from git at {pinned[1]}"
    if pinned[1] in tags:
        return Judgement(SATISFIED, version, f"{taken}; {_standing(shipped, version)}")
    return Judgement(UNKNOWN, version, f"{taken}, which is no release")


def _standing(shipped: Shipped, version: str | None) -> str:
    """Return what is known of the provider's versions, in words."""
    name = shipped.repo
    if version is None:
        return f"{name} has no version that can be read: none in its manifest, and no tag"
    released = next((one for one in shipped.releases if one.version == version), shipped.released)
    if released is None:
        return f"{name} is {version} ({shipped.place})" if shipped.place else f"{name} is {version}"
    told = f"{name} is {released.version} at {released.tag}"
    if shipped.head and shipped.head != released.version:
        told += f", head {shipped.head}"
    return told


def _conditions(edge: Edge, scope: Scope) -> list[str]:
    told = []
    if edge.need.extra:
        told.append(f"only with the extra {edge.need.extra}")
    elif edge.need.optional:
        told.append("optional")
    if scope.words:
        told.append(f"only {scope.words}")
    return told


def _lag(edge: Edge, version: str | None) -> list[str]:
    """Say that a lock holds another version than the newest, or one that is not even allowed."""
    if edge.locked is None:
        return []
    locked, file, line = edge.locked
    where = f"locked at {locked} ({file}:{line})"
    try:
        if not edge.allows(locked):
            return [f"{where}, which the constraint excludes: the lock is out of date"]
        if version is not None and compare(edge.ecosystem, locked, version) < 0:
            return [f"{where}, behind {version}"]
    except UnansweredError:
        return [where]
    return []
