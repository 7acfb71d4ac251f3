"""Text for a terminal: it fits, it is aligned, and it cannot steer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitcoord.cli import text
from gitcoord.store import message


@pytest.mark.parametrize(("given_text", "shown"), [
    ("plain", "plain"), ("\x1b[31m", r"\x1b[31m"), ("a\nb", "a⏎b"), ("\u202e", r"\u202e"),
    ("\x9b", r"\x9b"), ("käse 漢字 😀", "käse 漢字 😀"), ("👩\u200d💻", "👩\u200d💻"),
])  # fmt: skip
def test_control_and_direction_marks_become_visible(given_text: str, shown: str) -> None:
    assert text.inert(given_text) == shown


@given(st.text())
def test_nothing_that_is_shown_can_steer(anything: str) -> None:
    allowed = {"\u200d", *map(chr, range(0xFE00, 0xFE10))}

    assert all(ch.isprintable() or ch in allowed for ch in text.inert(anything))
    assert all(ch.isprintable() or ch == "\n" for ch in message.inert(anything))


@given(st.text(max_size=40), st.integers(2, 60))
def test_a_clipped_text_fits(anything: str, columns: int) -> None:
    assert text.width(text.clip(anything, columns)) <= columns


def test_wide_characters_take_two_columns() -> None:
    assert (text.width("ab"), text.width("漢字"), text.width("e\u0301")) == (2, 4, 1)


def test_a_table_gives_way_in_its_flexible_column_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "columns", lambda: 30)
    rows = [("ISSUE-001", "pending", "a long title that goes on", "oneiric")]

    shown = text.table(rows, flexible=2)

    assert shown == "ISSUE-001  pending  a long ti…"


def test_a_table_is_whole_where_there_is_room() -> None:
    rows = [("a", "b" * 300, "c"), ("aa", "漢", "d")]

    assert text.table(rows, flexible=1).splitlines()[1] == "aa  漢" + " " * 298 + "  d"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("C", "M", "Z")) | st.just(" "), max_size=120),
       st.integers(20, 60))  # fmt: skip
def test_a_wrapped_line_fits_and_loses_nothing(anything: str, columns: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "columns", lambda: columns)

        shown = text.wrapped(anything)

    assert all(text.width(line) <= columns for line in shown.splitlines())
    assert shown.replace(" ", "").replace("\n", "") == anything.replace(" ", "")


@pytest.mark.parametrize("columns", [30, 40, 60, 200])
def test_a_table_with_spare_columns_fits(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setattr(text, "columns", lambda: columns)
    rows = [("a-repository-of-long-name", "resolver", "92.4", "4,310", "a reason that goes on")]

    shown = text.table(rows, flexible=4, spare=(1, 3))

    assert text.width(shown) <= columns
    assert "92.4" in shown
    assert ("resolver" in shown) == (columns >= 60)
