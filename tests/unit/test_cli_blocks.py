"""Rows on narrow terminals: nothing is wider than the terminal, and no word is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitcoord.cli import blocks, text

ROW = ("DEP-001", "unsatisfied", "fastblocks → oneiric", ">=0.3.12", "fastblocks needs oneiric >=0.3.12")  # fmt: skip


def test_where_there_is_room_it_is_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "columns", lambda: 120)

    shown = blocks.table([ROW], styles=[[""] * 5], flexible=4)

    assert shown == text.table([ROW], flexible=4)


def test_where_there_is_none_each_row_is_a_paragraph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "columns", lambda: 40)

    shown = blocks.table([ROW, ROW], styles=[[""] * 5] * 2, flexible=4)

    one = "DEP-001  unsatisfied  fastblocks →\n  oneiric  >=0.3.12  fastblocks needs\n  oneiric >=0.3.12"
    assert shown == f"{one}\n{one}"


@given(st.lists(st.text(max_size=90), min_size=1, max_size=5), st.integers(20, 60))
def test_no_line_is_too_wide_and_no_character_is_lost(cells: list[str], room: int) -> None:
    cells = [text.inert(cell) for cell in cells]

    shown = blocks.paragraph(cells, [""] * len(cells), room)

    assert all(text.width(line) <= room for line in shown.split("\n"))
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", "".join(cells))


def test_a_head_goes_with_the_table_and_what_stands_behind_gives_way_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head, rows = (
        ("ID", "TITLE", "REPOS"),
        [("ISSUE-001", "a title of thirty characters..", "oneiric")],
    )
    shown = []
    for room in (60, 42, 30):
        monkeypatch.setattr(text, "columns", lambda room=room: room)
        shown.append(blocks.headed(head, rows, [[""] * 3], flexible=1))

    assert shown[0].split("\n")[0].split() == list(head)
    assert shown[1] == "ID         TITLE\nISSUE-001  a title of thirty characters.."
    assert shown[2] == "ISSUE-001  a title of thirty\n  characters..  oneiric"


def test_a_last_column_that_matters_is_never_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "columns", lambda: 40)
    rows = [("ISSUE-001", "a title of thirty characters..", "ISSUE-002")]

    shown = blocks.headed(("ID", "TITLE", "WAITS FOR"), rows, [[""] * 3], flexible=1, last=True)

    assert shown.endswith("ISSUE-002")
