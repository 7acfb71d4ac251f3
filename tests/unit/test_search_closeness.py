"""Names are split into their words, and the order of words counts among the best."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitcoord.search import closeness, corpus, fusing, ranking
from gitcoord.search.corpus import Document
from gitcoord.search.lexical import best
from gitcoord.search.terms import terms_of, with_humps


@pytest.mark.parametrize(("text", "terms"), [
    ("readTimeout", ["readtimeout", "read", "timeout"]),
    ("HTTPServer fails", ["httpserver", "fails", "http", "server"]),
    ("HTTP fails on Linux", ["http", "fails", "linux"]),
    ("self.getURL2()", ["self", "geturl2", "get", "url2"]),
    ("snake_case ÄÖ straßeNeu 🧠", ["snake", "case", "äö", "strasseneu", "strasse", "neu"]),
])  # fmt: skip
def test_a_name_counts_as_itself_and_as_its_words(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms


def test_long_blobs_are_left_as_they_are() -> None:
    blob = "aB3dE" * 40

    assert with_humps(blob) == blob


def test_words_find_the_name_they_stand_in_and_the_other_way_round(
    connection: sqlite3.Connection,
) -> None:
    said = ["ConnectionPool leaks", "the pool of connections", "unrelated"]
    with corpus.transaction(connection):
        corpus.put(
            connection,
            [Document(n, str(n), "issue", "", None, "", title=text) for n, text in enumerate(said)],
        )

    assert list(best(connection, terms_of("pool"), 9)) in ([0, 1], [1, 0])
    assert list(best(connection, terms_of("connectionPool"), 9)) == [0, 1]


def test_a_document_with_names_is_taken_out_whole(connection: sqlite3.Connection) -> None:
    one = Document(1, "1", "issue", "", None, "", title="readTimeout", body="inFlight getX")
    with corpus.transaction(connection):
        corpus.put(connection, [one])
        corpus.put(connection, [one])
        corpus.drop(connection, [1])

    assert best(connection, terms_of("readTimeout inFlight timeout"), 9) == {}
    connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 0)")


def test_words_side_by_side_come_before_the_same_words_apart() -> None:
    found = closeness.of(
        "memory leak in sessions",
        {1: "sessions that leak use memory", 2: "a memory leak in sessions", 3: "colours"},
    )

    assert found[2] == 1 > found[1] > found[3] == 0


def test_pieces_of_words_are_alike_where_words_are_not() -> None:
    found = closeness.of("authenticating users", {1: "authentication of a user", 2: "paint it red"})

    assert found[1] > found[2]


def test_a_document_that_is_gone_by_now_stops_nothing(connection: sqlite3.Connection) -> None:
    with corpus.transaction(connection):
        corpus.put(connection, [Document(1, "1", "issue", "", None, "", title="a leak")])
    one, gone = (ranking.Scored(n, 0.5, 1.0, 0.5) for n in (1, 2))
    question = ranking.Question("a leak", [1.0], "fused")

    ranking.closer([(connection, one), (connection, gone)], question)

    assert 1 >= one.score > gone.score >= 0


@pytest.mark.parametrize("question", ["", "\n", "🧠", "a", "the of and"])
def test_a_question_without_words_makes_no_difference(question: str) -> None:
    assert set(closeness.of(question, {1: "text", 2: ""}).values()) == {0.0}


@given(st.text(max_size=60), st.dictionaries(st.integers(0, 9), st.text(max_size=60)))
def test_scores_stay_between_nothing_and_one(question: str, texts: dict[int, str]) -> None:
    found = closeness.of(question, texts)

    assert found.keys() == texts.keys()
    for value in found.values():
        assert 0 <= fusing.closer(0.0, value) <= fusing.closer(1.0, value) <= 1
