"""Questions about all dependencies at once: the graph, its loops, an order, what a release breaks.

The graph has what manifests declare, and what is recorded where no manifest says it.
"""

from __future__ import annotations

from itertools import islice, pairwise

from gitcoord.api import dependencies, read
from gitcoord.api.scanning import scan
from gitcoord.manifests.manifest import RUNTIME
from gitcoord.model import order
from gitcoord.model.graph import components
from gitcoord.model.loops import loops

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gitcoord.api.matching import Edge
    from gitcoord.api.scanning import Scan
    from gitcoord.api.workspace import Workspace


LOOPS = 100
"""Loops of one group that are listed unless told otherwise: a group can have more than anyone reads."""
MANY = 1_000_000


class Need:
    """One repository needs another: what is declared, or only recorded."""

    __slots__ = ("constraint", "consumer", "edge", "file", "id", "line", "provider", "type")

    def __init__(self, consumer: str, provider: str, type: str) -> None:
        self.consumer = consumer
        self.provider = provider
        self.type = type
        self.constraint: str | None = None
        self.file: str | None = None
        self.line: int | None = None
        self.id: str | None = None
        self.edge: Edge | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in JSON answers."""
        return {
            "consumer": self.consumer,
            "provider": self.provider,
            "type": self.type,
            "constraint": self.constraint,
            "file": self.file,
            "line": self.line,
            "id": self.id,
        }


class Needs:
    """All dependencies of the ecosystem, and the repositories they join."""

    __slots__ = ("found", "repos", "scan")

    def __init__(self, repos: list[str], found: list[Need], scan: Scan) -> None:
        self.repos = repos
        self.found = found
        self.scan = scan

    def graph(self) -> dict[str, list[str]]:
        """Return the providers of each repository."""
        found: dict[str, list[str]] = {name: [] for name in self.repos}
        for one in self.found:
            if one.provider not in found.setdefault(one.consumer, []):
                found[one.consumer].append(one.provider)
        return found

    def between(self, consumer: str, provider: str) -> list[Need]:
        """Return how one repository needs another."""
        return [one for one in self.found if (one.consumer, one.provider) == (consumer, provider)]


def needs(workspace: Workspace, *, types: list[str] | None = None) -> Needs:
    """Return all dependencies, of some types if named."""
    scanned = scan(workspace)
    found = []
    for edge in scanned.edges:
        one = Need(edge.consumer, edge.provider, edge.need.type)
        one.constraint, one.file, one.line = edge.need.constraint, edge.file, edge.need.line
        one.edge = edge
        found.append(one)
    declared = {(one.consumer, one.provider) for one in found}
    for record in dependencies.records(workspace, {}):
        consumer, provider, type = record.key
        if (consumer, provider) in declared or record.data.get("status") == "deprecated":
            continue
        one = Need(consumer, provider, type)
        one.constraint, one.file, one.id = record.asked, record.path, record.id
        found.append(one)
    found = [one for one in found if not types or one.type in types]
    repos = sorted({*scanned.repos, *(name for one in found for name in (one.consumer, one.provider))})  # fmt: skip
    return Needs(repos, found, scanned)


def cycles(found: Needs, *, limit: int = LOOPS) -> list[dict[str, Any]]:
    """Return each loop: the group it is of, its way, and a declaration for each step.

    Of one group at most `limit` (0: all), the shorter ones first; `more` tells that it has
    others. A declaration that is needed to run speaks for a step before one for tests.
    """
    graph = found.graph()
    steps: dict[tuple[str, str], Need] = {}
    for one in sorted(found.found, key=lambda one: one.type != RUNTIME):
        steps.setdefault((one.consumer, one.provider), one)
    answer = []
    for members in components(graph):
        enough = min(limit, MANY) + 1 if limit else None
        ways = list(islice(loops(_among(graph, members)), enough))
        more = 0 < limit < len(ways)
        for way in sorted(ways[: limit or None], key=lambda way: (len(way), way)):
            links = [steps[pair].as_dict() for pair in pairwise(way)]
            answer.append({"repos": members, "loop": way, "links": links, "more": more})
    return answer


def _among(graph: Mapping[str, Sequence[str]], members: Sequence[str]) -> dict[str, list[str]]:
    inside = set(members)
    return {one: [other for other in graph[one] if other in inside] for one in members}


def release_order(workspace: Workspace, found: Needs, names: list[str]) -> list[dict[str, Any]]:
    """Return the levels in which repositories can be released, of some of them if named.

    What stands between two named ones still decides their order.
    """
    wanted = {read.repo_named(workspace, name) for name in names}
    answer: list[dict[str, Any]] = []
    for groups in order.levels(found.graph()):
        kept = [[one for one in group if not wanted or one in wanted] for group in groups]
        kept = [group for group in kept if group]
        if kept:
            answer.append(
                {
                    "level": len(answer) + 1,
                    "repos": sorted(one for group in kept for one in group),
                    "cycles": [group for group in kept if len(group) > 1],
                }
            )
    return answer
