"""Which release a constraint is held against, and whether a newer one is only not known here."""

from __future__ import annotations

import re

from gitcoord.manifests.manifest import GO
from gitcoord.manifests.versions import (
    UnansweredError,
    allows,
    compare,
    is_prerelease,
    names_prereleases,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.matching import Edge
    from gitcoord.api.shipped import Shipped


def counted(
    dialect: str, constraint: str | None, shipped: Shipped, *, head: bool = False
) -> str | None:
    """Return the version that a constraint is held against.

    That is the newest release, of the same major version in Go. A pre-release after it counts
    only for a constraint that names pre-releases and takes it, as the resolvers have it.
    """
    if shipped.ecosystem == GO and constraint and re.match(r"v?[0-9]", constraint) and not head:
        same = shipped.of_major(constraint)
        newest = same.version if same else shipped.version()
    else:
        newest = shipped.version(head=head)
    if head or newest is None or constraint is None or shipped.released is None:
        return newest
    try:
        if allows(dialect, constraint, newest):
            return newest
        for one in reversed(shipped.releases):
            if compare(shipped.ecosystem, one.version, newest) <= 0:
                break
            if _comes(dialect, constraint, one.version):
                return one.version
    except UnansweredError:
        pass
    return newest


def _comes(dialect: str, constraint: str, version: str) -> bool:
    """Whether a version is a pre-release that a constraint asks for."""
    before = is_prerelease(dialect, version)
    return (
        before and names_prereleases(dialect, constraint) and allows(dialect, constraint, version)
    )


def unseen(edge: Edge, shipped: Shipped | None, version: str | None) -> str | None:
    """Return that the consumer's own lock holds a release that fits and is not known here.

    Then it is this clone of the provider that is old. A package that is taken from a place
    need not have been released, so its lock proves nothing.
    """
    if edge.need.source or edge.locked is None or shipped is None or version is None:
        return None
    locked, file, line = edge.locked
    try:
        known = any([not compare(edge.ecosystem, locked, one.version) for one in shipped.releases])
        if known or compare(edge.ecosystem, locked, version) <= 0 or not edge.allows(locked):
            return None
    except UnansweredError:
        return None
    return f"locked at {locked} ({file}:{line}), which has no tag here: fetch the tags of {shipped.repo}"
