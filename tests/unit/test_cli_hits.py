"""What a search shows on a terminal: every hit with its reasons, whatever its width."""

from __future__ import annotations

import pytest

from gitcoord.api.searching import Hit
from gitcoord.cli import hits, text
from gitcoord.search.ranking import Scored


def _hit() -> Hit:
    row = (
        "ISSUE-001",
        "issue",
        ["oneiric", "fastblocks"],
        "Sessions leak memory when they end",
        "pending",
        None,
    )
    hit = Hit(Scored(1, 0.5, 1.0, None), row)
    hit.reasons += ["words: memory, leak", "similarity 0.61"]
    return hit


@pytest.mark.parametrize("room", [30, 40, 60, 80, 110, 200])
def test_no_terminal_is_too_narrow_for_the_reasons(
    monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(text, "columns", lambda: room)

    shown = hits.lines([_hit(), _hit()])

    assert all(text.width(line) <= room for line in shown.split("\n"))
    assert " ".join(shown.split()).count("words: memory, leak; similarity 0.61") == 2


def test_where_there_is_room_a_hit_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "columns", lambda: 200)

    assert len(hits.lines([_hit(), _hit()]).split("\n")) == 2
