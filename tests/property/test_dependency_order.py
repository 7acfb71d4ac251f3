"""An order is topological, an impact is what brute force finds, names settle at once."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gitcoord.manifests import tags, toml
from gitcoord.manifests.names import normal
from gitcoord.manifests.versions import UnansweredError, allows, as_pep440, compare
from gitcoord.model.order import levels, reached

NODES = st.sampled_from("abcdefgh")
GRAPHS = st.dictionaries(NODES, st.lists(NODES, max_size=4, unique=True), max_size=8)
NUMBERS = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(lambda one: ".".join(map(str, one)))  # fmt: skip


def closure(graph: dict[str, list[str]], start: str) -> set[str]:
    """What is reached by one step or more, by trying until nothing is new."""
    found: set[str] = set()
    while True:
        more = {other for node in {start, *found} for other in graph.get(node, ())} - found
        if not more:
            return found
        found |= more


@given(GRAPHS)
def test_every_need_stands_in_a_level_before_or_in_the_same_loop(
    graph: dict[str, list[str]],
) -> None:
    found = levels(graph)
    level = {
        node: number for number, groups in enumerate(found) for group in groups for node in group
    }
    group_of = {node: group for groups in found for group in groups for node in group}

    assert set(level) == {*graph, *(one for needs in graph.values() for one in needs)}
    for node, needs in graph.items():
        for other in needs:
            assert level[other] < level[node] or group_of[other] is group_of[node]
    for group in group_of.values():
        for one in group:
            together = {other for other in closure(graph, one) if one in closure(graph, other)}
            assert together | {one} == set(group)


@given(GRAPHS, NODES)
def test_what_is_reached_is_what_brute_force_finds_each_by_a_real_way(
    graph: dict[str, list[str]], start: str
) -> None:
    found = reached([start], lambda node: graph.get(node, []))

    assert set(found) == closure(graph, start) | {start}
    for node, way in found.items():
        assert (way[0], way[-1]) == (start, node)
        assert all(after in graph[before] for before, after in pairwise(way))


@given(st.text("abAB-_.1", min_size=1, max_size=12), st.sampled_from(["pypi", "cargo", "npm"]))
def test_a_normal_name_is_its_own_normal_name(name: str, ecosystem: str) -> None:
    assert normal(ecosystem, normal(ecosystem, name)) == normal(ecosystem, name)


@given(NUMBERS, NUMBERS, st.sampled_from("^~"))
def test_a_caret_and_a_tilde_begin_at_their_version_and_end_before_the_next(
    release: str, version: str, sign: str
) -> None:
    does = allows("poetry", sign + release, version)

    assert allows("poetry", sign + release, release)
    assert not does or compare("pypi", version, release) >= 0
    assert does == allows("pypi", as_pep440(sign + release), version)


DIALECTS = st.sampled_from(["pypi", "poetry", "npm", "cargo", "go"])


@given(st.text(max_size=30), st.text(max_size=12), DIALECTS)
def test_any_text_is_answered_or_refused(constraint: str, version: str, dialect: str) -> None:
    with suppress(UnansweredError):
        assert allows(dialect, constraint, version) in (True, False)


@given(st.lists(st.text("v0123456789.-/@abcrc", max_size=12), max_size=8))
def test_any_tags_are_sorted_into_releases(given_tags: list[str]) -> None:
    for ecosystem in ("pypi", "npm", "cargo", "go"):
        found = tags.releases(given_tags, ecosystem, {"a"})
        versions = [one.version for one in found]
        assert all(compare(ecosystem, one, other) <= 0 for one, other in pairwise(versions))


VALUES = st.recursive(
    st.text("ab\"'\\\n#[]{}=,. é", max_size=6) | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


def _literal(value: object) -> str:
    if isinstance(value, list):
        return "[\n" + "".join(f"  {_literal(one)}, # ]\n" for one in value) + "]"
    return json.dumps(value) if isinstance(value, (str, bool)) else str(value)


@given(st.dictionaries(st.text('ab.- "', min_size=1, max_size=4), VALUES, max_size=5))
def test_every_value_of_a_toml_document_has_its_line(data: dict[str, object]) -> None:
    lines: list[str] = ["[table]"]
    expected = {}
    for key, value in data.items():
        expected[key] = len(lines) + 1
        lines += f"{json.dumps(key)} = {_literal(value)}".split("\n")
    parsed, text = toml.load("\n".join(lines).encode())

    places = toml.Places(text)

    assert parsed["table"] == data
    assert {key: places.line("table", key) for key in data} == expected
