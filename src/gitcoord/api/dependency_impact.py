"""Who breaks when a repository is released, directly and through others; and who lags behind."""

from __future__ import annotations

from gitcoord.api import read
from gitcoord.api.counted import counted, unseen
from gitcoord.api.shipped import Shipping
from gitcoord.errors import UsageError
from gitcoord.manifests.manifest import PYPI
from gitcoord.manifests.names import normal
from gitcoord.manifests.versions import UnansweredError, allows, compare
from gitcoord.model import order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.dependency_graph import Need, Needs
    from gitcoord.api.workspace import Workspace

BREAKS, HOLDS, UNKNOWN, REACHED = "breaks", "holds", "unknown", "reached"
_CARRIED = ("runtime", "mcp")
"""Types whose trouble goes on to whoever needs the consumer; tests and tools stay at home."""


def impact(
    workspace: Workspace,
    found: Needs,
    name: str,
    version: str | None = None,
    *,
    package: str | None = None,
) -> list[dict[str, Any]]:
    """Return who is affected by a release of a repository, nearest first.

    Each declaration of a direct consumer is judged by itself: with a version it `breaks` when
    its constraint excludes it and `holds` otherwise, and only who needs a broken one is
    `reached`. Without one: everybody. `package` tells which one of several is released.
    """
    repo = read.repo_named(workspace, name)
    if version is not None:
        _refuse_strange(found, repo, version, package)
    users = [one for one in _users(found, repo) if one.consumer != repo and _means(one, package)]
    if package is not None and not users:
        _refuse_unneeded(found, repo, package)
    direct = sorted(((_effect(one, version), one) for one in users), key=_rank)
    answer = [_told(one, effect, [repo, one.consumer]) for effect, one in direct]
    settled = {one.consumer for effect, one in direct if effect != HOLDS}
    hit = [one for effect, one in direct if effect in (BREAKS, REACHED)]
    sources = {one.consumer for one in hit if one.type in _CARRIED}
    for reached, way in order.reached(sorted(sources), lambda one: _carriers(found, one)).items():
        if reached != repo and reached not in settled:
            need = found.between(reached, way[-2])[0]
            answer.append(_told(need, REACHED, [repo, *way]))
    return list({repr(one): one for one in answer}.values())


def _users(found: Needs, repo: str) -> list[Need]:
    return [one for one in found.found if one.provider == repo]


def _means(need: Need, package: str | None) -> bool:
    """Whether a declaration is one of a package; a record without one may be of any."""
    if package is None or need.edge is None:
        return True
    ecosystem = need.edge.ecosystem
    return normal(ecosystem, need.edge.need.package) == normal(ecosystem, package)


def _rank(judged: tuple[str, Need]) -> tuple[int, str, str, int]:
    effect, need = judged
    rank = (BREAKS, UNKNOWN, REACHED, HOLDS).index(effect)
    return rank, need.consumer, need.file or "", need.line or 0


def _carriers(found: Needs, repo: str) -> set[str]:
    return {one.consumer for one in _users(found, repo) if one.type in _CARRIED}


def _effect(need: Need, version: str | None) -> str:
    if version is None:
        return REACHED
    try:
        if need.edge is not None:
            return HOLDS if need.edge.allows(version) else BREAKS
        return HOLDS if allows(PYPI, need.constraint, version) else BREAKS
    except UnansweredError:
        return UNKNOWN


def _refuse_unneeded(found: Needs, repo: str, package: str) -> None:
    known = sorted({one.edge.need.package for one in _users(found, repo) if one.edge})
    raise UsageError(
        f"Nobody needs a package {package!r} of {repo}.",
        hint=f"What is needed of it: {', '.join(known)}." if known else "Nothing of it is needed.",
    )


def _refuse_strange(found: Needs, repo: str, version: str, package: str | None) -> None:
    ecosystem, _ = Shipping(found.scan.surveyed, []).main(repo)
    for one in _users(found, repo):
        if package is not None and one.edge is not None and _means(one, package):
            ecosystem = one.edge.ecosystem
    try:
        compare(ecosystem, version, version)
    except UnansweredError:
        raise UsageError(
            f"{version!r} is no version that {repo} ({ecosystem}) could have.",
            hint="For example `coord dep impact oneiric --to 1.0.0`.",
        ) from None


def _told(need: Need, effect: str, way: list[str]) -> dict[str, Any]:
    return {
        "repo": need.consumer,
        "effect": effect,
        "direct": len(way) == 2,
        "path": way,
        "package": need.edge.need.package if need.edge else None,
        "constraint": need.constraint,
        "type": need.type,
        "file": need.file,
        "line": need.line,
    }


def outdated(found: Needs) -> list[dict[str, Any]]:
    """Return the declarations that exclude the newest release, or whose lock is behind it."""
    shipping = Shipping(found.scan.surveyed, [one.provider for one in found.found])
    answer = []
    for one in found.found:
        edge = one.edge
        shipped = shipping.of(one.provider, edge.ecosystem, edge.need.package) if edge else None
        version = counted(edge.dialect, one.constraint, shipped) if edge and shipped else None
        if edge is None or version is None:
            continue
        locked = edge.locked[0] if edge.locked else None
        try:
            if not edge.allows(version):
                if unseen(edge, shipped, version):  # the tags here are the ones that lag
                    continue
                state = "excluded"
            elif locked is not None and compare(edge.ecosystem, locked, version) < 0:
                state = "locked behind"
            else:
                continue
        except UnansweredError:
            continue
        answer.append({**one.as_dict(), "state": state, "locked": locked, "newest": version})
    return answer
