"""Words that stand in most documents: they count in titles, or where nothing else is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitcoord.search import corpus, lexical

if TYPE_CHECKING:
    import sqlite3

MANY = 1200


@pytest.fixture
def many(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Documents of which all say `pool`, one says `kraken`, and none has `pool` in its title."""
    with corpus.transaction(connection):
        corpus.put(
            connection,
            [
                corpus.Document(
                    n, f"ISSUE-{n}", "issue", "", n, "v", title=f"title {n}",
                    body="the pool" + (" and its kraken" if n == 7 else ""),
                )
                for n in range(1, MANY + 1)
            ],
        )  # fmt: skip
    return connection


def test_a_word_of_every_document_finds_documents(many: sqlite3.Connection) -> None:
    assert len(lexical.best(many, ["pool"], 50)) == 50


def test_beside_a_rare_word_it_counts_for_nothing(many: sqlite3.Connection) -> None:
    assert list(lexical.best(many, ["pool", "kraken"], 50)) == [7]


def test_a_word_of_no_document_finds_none(many: sqlite3.Connection) -> None:
    assert lexical.best(many, ["leviathan"], 50) == {}
