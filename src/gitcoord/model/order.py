"""The order in which nodes of a graph can be done, and what a change of one reaches.

The graph is a mapping from a node to the nodes it needs. Nodes of a loop have no order
among themselves: they stand together as one group.
"""

from __future__ import annotations

from gitcoord.model.graph import components

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


def levels(graph: Mapping[str, Sequence[str]]) -> list[list[list[str]]]:
    """Return groups of nodes, level by level: each needs only what stands in levels before.

    Within a level all groups can go in parallel; a group of several is a loop.
    """
    nodes = {*graph, *(other for needs in graph.values() for other in needs)}
    group_of: dict[str, tuple[str, ...]] = {node: (node,) for node in nodes}
    for members in components(graph):
        if len(members) > 1:
            group_of.update(dict.fromkeys(members, tuple(members)))
    needs: dict[tuple[str, ...], set[tuple[str, ...]]] = {
        group: set() for group in group_of.values()
    }
    for node, others in graph.items():
        mine = group_of[node]
        needs[mine] |= {group_of[other] for other in others} - {mine}
    found = []
    while needs:
        free = sorted(group for group, before in needs.items() if not before)
        found.append([list(group) for group in free])
        done = set(free)
        needs = {group: before - done for group, before in needs.items() if group not in done}
    return found


def reached(start: Iterable[str], users: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    """Return what is reached from some nodes, each with a shortest way that leads there."""
    ways: dict[str, list[str]] = {}
    row = [(node, [node]) for node in start]
    while row:
        following = []
        for node, way in row:
            if node in ways:
                continue
            ways[node] = way
            following += [(other, [*way, other]) for other in sorted(users(node))]
        row = following
    return ways
