"""Who breaks when a repository is released, directly and through others; and who lags behind."""

from __future__ import annotations

from gitcoord.api import read
from gitcoord.api.shipped import Shipping
from gitcoord.errors import UsageError
from gitcoord.manifests.manifest import PYPI
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
    workspace: Workspace, found: Needs, name: str, version: str | None = None
) -> list[dict[str, Any]]:
    """Return who is affected by a release of a repository, nearest first.

    With a version: a direct consumer `breaks` when its constraint excludes it and `holds`
    otherwise, and only who needs a broken one is `reached`. Without one: everybody.
    """
    repo = read.repo_named(workspace, name)
    if version is not None:
        _refuse_strange(found, repo, version)
    consumers = {one.consumer for one in _users(found, repo)} - {repo}
    direct = {name: _worst(found, name, repo, version) for name in sorted(consumers)}
    sources = [
        consumer
        for consumer, (effect, need) in direct.items()
        if effect in (BREAKS, REACHED) and need.type in _CARRIED
    ]
    ways = order.reached(sources, lambda one: _carriers(found, one))
    answer = [
        _told(consumer, need, effect, [repo, consumer])
        for consumer, (effect, need) in direct.items()
    ]
    answer.sort(key=lambda one: (BREAKS, UNKNOWN, REACHED, HOLDS).index(one["effect"]))
    for reached, way in ways.items():
        if reached != repo and (reached not in direct or direct[reached][0] == HOLDS):
            need = found.between(reached, way[-2])[0] if len(way) > 1 else direct[reached][1]
            answer.append(_told(reached, need, REACHED, [repo, *way]))
    return answer


def _users(found: Needs, repo: str) -> list[Need]:
    return [one for one in found.found if one.provider == repo]


def _carriers(found: Needs, repo: str) -> set[str]:
    return {one.consumer for one in _users(found, repo) if one.type in _CARRIED}


def _worst(found: Needs, consumer: str, repo: str, version: str | None) -> tuple[str, Need]:
    """Return the worst that a version does to a direct consumer, and by which declaration."""
    ranks = (HOLDS, REACHED, UNKNOWN, BREAKS)
    judged = [(_effect(one, version), one) for one in found.between(consumer, repo)]
    judged.sort(key=lambda one: (ranks.index(one[0]), one[1].type in _CARRIED), reverse=True)
    return judged[0]


def _effect(need: Need, version: str | None) -> str:
    if version is None:
        return REACHED
    if need.constraint is None:
        return HOLDS
    dialect = (need.edge.need.dialect or need.edge.ecosystem) if need.edge else PYPI
    try:
        return HOLDS if allows(dialect, need.constraint, version) else BREAKS
    except UnansweredError:
        return UNKNOWN


def _refuse_strange(found: Needs, repo: str, version: str) -> None:
    ecosystem, _ = Shipping(found.scan.surveyed, []).main(repo)
    try:
        compare(ecosystem, version, version)
    except UnansweredError:
        raise UsageError(
            f"{version!r} is no version that {repo} ({ecosystem}) could have.",
            hint="For example `coord dep impact oneiric --to 1.0.0`.",
        ) from None


def _told(consumer: str, need: Need, effect: str, way: list[str]) -> dict[str, Any]:
    return {
        "repo": consumer,
        "effect": effect,
        "direct": len(way) == 2,
        "path": way,
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
        shipped = edge and shipping.of(one.provider, edge.ecosystem, edge.need.package)
        version = shipped.version() if shipped else None
        if edge is None or version is None:
            continue
        locked = edge.locked[0] if edge.locked else None
        try:
            if not edge.allows(version):
                state = "excluded"
            elif locked is not None and compare(edge.ecosystem, locked, version) < 0:
                state = "locked behind"
            else:
                continue
        except UnansweredError:
            continue
        answer.append({**one.as_dict(), "state": state, "locked": locked, "newest": version})
    return answer
