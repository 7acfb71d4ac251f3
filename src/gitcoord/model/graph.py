"""Questions about a directed graph: its loops, and one loop written out.

The graph is a mapping from a node to the nodes it points to. Nothing here recurses,
so a chain of any length is fine.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def components(graph: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return the strongly connected components that hold a loop, each sorted, in order.

    Tarjan's algorithm (SIAM J. Comput. 1, 1972), with its stack made explicit.
    """
    graph = _core(graph)
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in sorted(graph):
        if root in order:
            continue
        work: list[tuple[str, int]] = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                order[node] = low[node] = len(order)
                stack.append(node)
                on_stack.add(node)
            nexts = graph.get(node, ())
            while position < len(nexts):
                other = nexts[position]
                position += 1
                if other not in order:
                    work += [(node, position), (other, 0)]
                    break
                if other in on_stack:
                    low[node] = min(low[node], order[other])
            else:
                _close(node, graph, order, low, stack, on_stack, found)
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
    return sorted(found)


def _core(graph: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the part of a graph that can hold loops: what leads nowhere is peeled off."""
    waiters: dict[str, list[str]] = {}
    left = {}
    for node, nexts in graph.items():
        left[node] = len(nexts)
        for other in nexts:
            waiters.setdefault(other, []).append(node)
    free = [node for node in waiters if not left.get(node)]
    while free:
        done = free.pop()
        for node in waiters.get(done, ()):
            left[node] -= 1
            if not left[node]:
                free.append(node)
    kept = {node for node, count in left.items() if count}
    return {node: [other for other in graph[node] if other in kept] for node in kept}


def _close(
    node: str,
    graph: Mapping[str, Sequence[str]],
    order: dict[str, int],
    low: dict[str, int],
    stack: list[str],
    on_stack: set[str],
    found: list[list[str]],
) -> None:
    if low[node] != order[node]:
        return
    members = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        members.append(member)
        if member == node:
            break
    if len(members) > 1 or node in graph.get(node, ()):
        found.append(sorted(members))


def loop(graph: Mapping[str, Sequence[str]], members: Sequence[str]) -> list[str]:
    """Return one shortest loop through the first of a component's members, closed at its end."""
    inside = set(members)
    first = members[0]
    came_from: dict[str, str] = {}
    row = [first]
    while row:
        following = []
        for node in row:
            for other in sorted(graph.get(node, ())):
                if other == first:
                    path = [first, node]
                    while path[-1] != first:
                        path.append(came_from[path[-1]])
                    return path[::-1] if node != first else [first, first]
                if other in inside and other not in came_from:
                    came_from[other] = node
                    following.append(other)
        row = following
    return [*members, first]
