"""Attempts are found by meaning as well, where a model is installed, and by `coord search`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from tests import small_model

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub


def _record(hub: Hub, message: str, strategy: str) -> None:
    hub.ok(
        "fix",
        "record",
        "--message",
        message,
        "--strategy",
        strategy,
        "--success",
        "--repo",
        "oneiric",
    )


@pytest.fixture
def installed(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub on a machine with a small model."""
    monkeypatch.setenv("COORD_MODELS", str(tmp_path / "models"))
    folder = small_model.make(tmp_path / "small")
    sum = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    hub.json("model", "install", "--from", str(folder), "--sha256", sum)
    return hub


def test_search_finds_attempts_when_asked(hub: Hub) -> None:
    _record(hub, "Sessions leak in the worker", "close-them")
    _record(hub, "Sessions leak in the worker", "restart")

    (hit,) = hub.json("search", "leak worker", "--kind", "attempt", "--mode", "lexical")

    assert (hit["kind"], hit["repo"], hit["title"]) == (
        "attempt",
        "oneiric",
        "Sessions leak in the worker",
    )
    assert hub.json("search", "restart", "--attempts", "--mode", "lexical")[0]["kind"] == "attempt"
    assert all(one["kind"] != "attempt" for one in hub.json("search", "leak", "--mode", "lexical"))
    _record(hub, "Another leak", "x")
    assert len(hub.json("search", "leak", "--kind", "attempt", "--mode", "lexical")) == 2


def test_without_a_model_words_decide(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COORD_MODELS", str(tmp_path / "none"))
    _record(hub, "Sessions leak", "close-them")

    assert hub.json("fix", "recommend", "sessions leak")["similarity"] == "lexical"


def test_with_a_model_meaning_joins_and_the_answer_says_so(installed: Hub) -> None:
    _record(installed, "Sessions leak", "close-them")

    both = installed.json("fix", "recommend", "sessions leak")
    words = installed.json("fix", "recommend", "sessions leak", "--mode", "lexical")

    assert (both["similarity"], words["similarity"]) == ("lexical and semantic", "lexical")
    assert both["strategy"] == words["strategy"] == "close-them"
    assert installed.json("fix", "similar", "sessions leak")[0]["score"] == 1
    assert installed.ok("embed", "--all")


def test_what_shares_no_word_is_found_by_meaning(installed: Hub) -> None:
    _record(installed, "memory grows", "close-them")

    found = [
        (len(installed.json("fix", "similar", text)),
         len(installed.json("fix", "similar", text, "--mode", "lexical")))
        for text in ("leak of sessions", "session", "unbounded growth of a heap")
    ]  # fmt: skip

    assert all(words == 0 for _, words in found)
    assert any(both == 1 for both, _ in found)


def test_the_replay_goes_by_meaning_as_well_and_says_so(installed: Hub) -> None:
    for message in ("sessions leak", "memory grows", "sessions leak", "leak of sessions"):
        _record(installed, message, "close-them")

    both = installed.json("learn", "evaluate")
    words = installed.json("learn", "evaluate", "--mode", "lexical")

    assert (both["similarity"], words["similarity"]) == ("lexical and semantic", "lexical")
    assert both["judged"] == words["judged"] == 3
    assert both["calibration"]["count"] > words["calibration"]["count"] > 0


def test_a_replay_of_nothing_is_no_error(installed: Hub) -> None:
    assert installed.json("learn", "evaluate")["judged"] == 0
