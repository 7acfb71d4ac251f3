"""The tables of words are shown as they are."""

from __future__ import annotations

from pathlib import Path

from gitcoord.bridges.ecosystem import words

PAGE = Path(__file__).parents[2] / "docs" / "import.md"


def test_the_page_on_imports_shows_every_line_of_the_tables() -> None:
    shown = set()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[2].startswith("`"):
            shown |= {(cells[0], word.strip("`"), cells[2].strip("`")) for word in cells[1].split()}

    assert shown == set(words.rows())
