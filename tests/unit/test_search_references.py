"""What names the same number as the question rises, and a word with a number in it does not count."""

from __future__ import annotations

import sqlite3

import pytest

from gitcoord.search import corpus, ranking, references
from gitcoord.search.corpus import Document


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("#210: make it private", {"#210"}),
        ("Merge (#7), owner/repo#8 and fixes #9.", {"#7", "#8", "#9"}),
        ("GH-12, ISSUE-012 and MHV-001", {"GH-12", "ISSUE-012", "MHV-001"}),
        ("&#39; is no reference, nor are x-12, A-B-3c, sub-ISSUE-5, or 210", set()),
        ("", set()),
    ],
)
def test_numbers_that_name_something_are_found(text: str, named: set[str]) -> None:
    assert references.named(text) == named


def test_texts_that_name_the_same_are_found() -> None:
    texts = {1: "#210: first", 2: "#21: second", 3: "third", 4: "closes #210"}

    assert references.of("what became of #210?", texts) == {1, 4}
    assert references.of("what became of it?", texts) == set()


def test_what_most_texts_name_is_no_reference() -> None:
    texts = {1: "UTF-8 in names", 2: "UTF-8 in paths", 3: "paths"}

    assert references.of("UTF-8 fails", texts) == set()


def test_a_hit_that_names_the_number_of_the_question_comes_first(
    connection: sqlite3.Connection,
) -> None:
    with corpus.transaction(connection):
        for n, title in ((1, "#21: remove it"), (2, "#210: remove it"), (3, "remove all")):
            corpus.put(connection, [Document(n, str(n), "commit", "", None, "", title=title)])
    scored = [ranking.Scored(n, value, None, value) for n, value in ((1, 0.7), (2, 0.5), (3, 0.6))]

    question = ranking.Question("#210: make it private", [1.0], "fused")
    ranking.closer([(connection, one) for one in scored], question)

    assert max(scored, key=lambda one: one.score).n == 2
    assert all(0 <= one.score <= 1 for one in scored)
