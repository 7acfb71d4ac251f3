"""What touches the files that a question names rises, and so does what lies beside a good hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitcoord.search import closeness, corpus, fusing, ranking, vicinity
from gitcoord.search.corpus import Document

if TYPE_CHECKING:
    import sqlite3

SHARES = st.floats(0, 1)


@pytest.fixture
def commits(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Thirty commits of one repository; the tenth says and touches what the others do not."""
    with corpus.transaction(connection):
        for n in range(30):
            corpus.put(connection, [_commit(n, "small things", f"docs/page{n}.md")])
        corpus.put(connection, [_commit(10, "close sockets", "src/sessions/pool.py")])
    return connection


def _commit(n: int, title: str, paths: str) -> Document:
    return Document(n, str(n), "commit", "oneiric", None, "", title=title, paths=paths)


def _scores(
    connection: sqlite3.Connection, text: str, scores: dict[int, float]
) -> dict[int, float]:
    scored = [ranking.Scored(n, value, None, value) for n, value in scores.items()]
    ranking.closer([(connection, one) for one in scored], ranking.Question(text, [1.0], "fused"))
    return {one.n: one.score for one in scored}


def test_a_commit_rises_when_it_touches_files_that_the_question_names(
    commits: sqlite3.Connection,
) -> None:
    found = _scores(commits, "the pool of a session", dict.fromkeys((0, 10, 29), 0.5))

    assert found[10] > found[0]
    assert found[0] == pytest.approx(found[29], abs=0.01)


def test_a_commit_beside_a_good_hit_rises_and_a_record_does_not(
    connection: sqlite3.Connection,
) -> None:
    with corpus.transaction(connection):
        for n, kind in ((1, "commit"), (2, "commit"), (901, "issue"), (902, "issue")):
            corpus.put(connection, [Document(n, str(n), kind, "", None, "", title="a thing")])

    commits = _scores(connection, "leak", {1: 0.9, 2: 0.5})
    records = _scores(connection, "leak", {901: 0.9, 902: 0.5})

    assert commits[1] == records[901]
    assert commits[2] > records[902]


def test_names_and_folders_in_a_path_count_as_their_words() -> None:
    paths = {1: "src/net/readTimeout.py", 2: "docs/index.md\ndocs/net.md", 3: "setup.cfg"}

    found = closeness.of_paths("timeouts of the net", paths)

    assert found[1] == 1 > found[2] > found[3] == 0
    assert closeness.in_paths(["timeouts", "net", "read", "gone"], paths[1]) == [
        "timeouts", "net", "read",
    ]  # fmt: skip


def test_what_can_have_no_paths_counts_as_twice_the_mean_of_what_can() -> None:
    paths = {1: "pool.py", 2: None, 3: "setup.cfg", 4: "", 5: "docs/a.md"}

    assert closeness.of_paths("pool", paths) == {1: 1, 2: 0.5, 3: 0, 4: 0, 5: 0}
    assert closeness.of_paths("pool", {1: None, 2: "pool"}) == {1: 1, 2: 1}
    assert closeness.of_paths("pool", {1: None, 2: None}) == {1: 0, 2: 0}


def test_the_neighbour_of_a_hit_that_stands_out_rises_and_the_nearer_more() -> None:
    scores = {1: 0.9, 2: 0.4, 3: 0.4, 4: 0.4, 5: 0.3}
    places = {1: (0, "a", 10), 2: (0, "a", 11), 3: (0, "a", 14), 4: (0, "b", 11), 5: (0, "a", 900)}

    found = vicinity.of(scores, places)

    assert found[2] > found[3] > found[1] > found[4] == found[5] == 0


def test_numbers_of_another_corpus_are_no_neighbours() -> None:
    places = {1: (0, "a", 10), 2: (1, "a", 11)}

    assert vicinity.of({1: 0.9, 2: 0.1}, places) == {1: 0, 2: 0}


def test_nothing_is_lifted_where_nothing_was_found() -> None:
    assert vicinity.of({}, {}) == {}


@given(SHARES, SHARES, SHARES)
def test_a_lift_never_lowers_a_score_nor_takes_it_past_one(
    score: float, by: float, share: float
) -> None:
    assert score - 1e-9 <= fusing.lifted(score, by, share) <= 1


@given(st.dictionaries(st.integers(0, 60), SHARES, max_size=12))
def test_no_neighbour_gives_more_than_it_stands_out(scores: dict[int, float]) -> None:
    found = vicinity.of(scores, {n: (0, "a", n) for n in scores})

    assert found.keys() == scores.keys()
    most = max(scores.values(), default=0.0) - min(scores.values(), default=0.0)
    assert all(0 <= by <= most for by in found.values())
