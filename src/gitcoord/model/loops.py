"""Every loop of a directed graph, each written out once.

A graph can have far more loops than nodes, so they come one by one: Johnson's algorithm
(SIAM J. Comput. 4, 1975), with its stack made explicit, needs between two of them no longer than
the graph is large, and whoever has seen enough stops.
"""

from __future__ import annotations

from gitcoord.model.graph import components

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def loops(graph: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield each loop that visits no node twice, from its first node by name, closed at its end."""
    waiting = components(graph)[::-1]
    while waiting:
        members = waiting.pop()
        start, inside = members[0], set(members)
        part = {node: sorted(inside & set(graph[node])) for node in members}
        yield from _through(start, part)
        del part[start]
        left = {node: [one for one in nexts if one != start] for node, nexts in part.items()}
        waiting += components(left)[::-1]


def _through(start: str, graph: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield each loop through one node of a strongly connected graph."""
    path, work = [start], [(start, list(graph[start])[::-1])]
    blocked, closing = {start}, set[str]()
    waiters: dict[str, set[str]] = {}
    while work:
        node, nexts = work[-1]
        if nexts:
            other = nexts.pop()
            if other == start:
                yield [*path, start]
                closing.update(path)
            elif other not in blocked:
                path.append(other)
                work.append((other, list(graph[other])[::-1]))
                closing.discard(other)
                blocked.add(other)
            continue
        if node in closing:
            _unblock(node, blocked, waiters)
        else:
            for other in graph[node]:
                waiters.setdefault(other, set()).add(node)
        work.pop()
        path.pop()


def _unblock(node: str, blocked: set[str], waiters: dict[str, set[str]]) -> None:
    """Let a node be tried again, and what had failed only because of it."""
    free = [node]
    while free:
        one = free.pop()
        if one in blocked:
            blocked.remove(one)
            free += waiters.pop(one, ())
