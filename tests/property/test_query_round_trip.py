"""A query written out reads back as the same query, and no text makes the reader stumble."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from gitcoord.index.compile import compile_query
from gitcoord.model.kinds import PRIORITIES
from gitcoord.model.query import Query, QueryError, fields, parse, term, unparse
from gitcoord.model.query.nodes import IS, Node, Term, Text, both, either, negated

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8) | (
    st.sampled_from(
        [
            "and",
            "OR",
            "none",
            "None",
            "me",
            "*",
            "a*",
            "?",
            'a"b',
            "a\\",
            "\\\\",
            '\\"',
            "-a",
            "!a",
            "@a",
            "(",
            ")",
            "a,b",
            ",",
            "x:y",
            "<3",
            ">=",
            "=",
            "a!=b",
            " ",
            "a b",
            "--",
            "->",
            "🔥",
            "http://a.b",
            "ISSUE-001",
            "7d",
            "sort:id",
            "\u2028",
            "\xa0",
            "e\u0301",
        ]
    )
)
FREE = [name for name, sort in fields.SORT_OF.items() if sort in (fields.WORD, fields.MANY)]
DATES = ["2026", "2026-W05", "today", "7d", "-2w", "..2026", "2026-01-31T10:00:00+02:00"]
METADATA = st.sampled_from(["metadata.a", "metadata.Team.x-y", "metadata.é", "metadata"])

TERMS = st.one_of(
    WORDS.map(Text),
    st.builds(term, st.sampled_from(FREE) | METADATA, st.lists(WORDS, min_size=1, max_size=3)),
    st.builds(lambda word: Term("label", ":", [(IS, word)]), WORDS),
    st.builds(lambda word, op: Term("metadata.a", op, [(IS, word)]), WORDS, st.sampled_from("<>")),
    st.sampled_from(fields.CHOICES["is"]).map(lambda word: term("is", [word])),
    st.builds(
        lambda word, op: term("priority", [word], op),
        st.sampled_from(PRIORITIES),
        st.sampled_from([":", "<", "<=", ">", ">="]),
    ),
    st.sampled_from(DATES).map(lambda word: term("created", [word])),
    st.sampled_from(["3", "-1.5", "2..", "..4"]).map(lambda word: term("blocks", [word])),
)


def some(parts: list[Node]) -> Node:
    node = both(parts)
    assert node is not None
    return node


def one_of(parts: list[Node]) -> Node:
    node = either(parts)
    assert node is not None
    return node


NODES: st.SearchStrategy[Node] = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        inner.map(negated),
        st.lists(inner, min_size=1, max_size=3).map(some),
        st.lists(inner, min_size=1, max_size=3).map(one_of),
    ),
    max_leaves=6,
)
QUERIES = st.builds(
    Query,
    st.none() | NODES,
    sort=st.lists(st.tuples(st.sampled_from(fields.SORTS), st.booleans()), max_size=3),
    group=st.none() | st.sampled_from(fields.GROUPS),
    limit=st.none() | st.integers(0, 10**8),
)


@settings(max_examples=500, deadline=None)
@given(query=QUERIES)
def test_what_is_written_reads_back(query: Query) -> None:
    assert parse(unparse(query)) == query


PIECES = st.sampled_from(
    [
        "status:",
        "open",
        "label",
        ":",
        "!=",
        ">=",
        "a",
        " ",
        " ",
        "(",
        ")",
        '"',
        "\\",
        ",",
        "-",
        "!",
        " and ",
        " or ",
        "not ",
        "@mine",
        "@",
        "*",
        "7d",
        "..",
        "metadata.",
        "sort:",
        "is:",
        "\0",
        "🔥",
    ]
)


@settings(max_examples=500, deadline=None)
@given(text=st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30))
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    fault = None
    try:
        query = parse(text, saved={"mine": "assignee:me sort:-updated"})
    except QueryError as raised:
        fault = raised
    if fault is not None:
        assert 0 <= fault.position < fault.position + fault.length <= len(text)
        assert fault.explain().count("\n") == 1
        return

    assert parse(unparse(query)) == query
    compile_query(query, now=datetime(2026, 1, 1, tzinfo=UTC), me="x", text=lambda word: ("1", []))
