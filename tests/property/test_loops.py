"""The loops that are found are exactly those that there are, each once."""

from __future__ import annotations

from itertools import islice, pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from gitcoord.model.loops import loops

NODES = st.sampled_from("abcdef")
GRAPHS = st.dictionaries(NODES, st.lists(NODES, max_size=5, unique=True), max_size=6)


def brute(graph: dict[str, list[str]]) -> set[tuple[str, ...]]:
    """Try every order of every choice of nodes."""
    found = set()
    for size in range(1, len(graph) + 1):
        for nodes in permutations(sorted(graph), size):
            way = [*nodes, nodes[0]]
            first = nodes[0] == min(nodes)
            if first and all(other in graph[one] for one, other in pairwise(way)):
                found.add(tuple(way))
    return found


@given(GRAPHS)
def test_every_loop_is_found_once(graph: dict[str, list[str]]) -> None:
    found = [tuple(one) for one in loops(graph)]

    assert len(found) == len(set(found))
    assert set(found) == brute(graph)


def test_the_first_loops_of_a_graph_with_more_than_atoms_come_at_once() -> None:
    nodes = [f"n{number:03}" for number in range(300)]
    graph = {one: [other for other in nodes if other != one] for one in nodes}

    found = list(islice(loops(graph), 1000))

    assert len({tuple(one) for one in found}) == 1000
    assert all(len(set(one)) == len(one) - 1 and one[0] == one[-1] for one in found)


def test_a_ring_of_any_length_is_one_loop() -> None:
    size = 20_000
    graph = {str(number): [str((number + 1) % size)] for number in range(size)}

    (found,) = loops(graph)

    assert len(found) == size + 1
