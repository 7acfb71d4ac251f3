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
