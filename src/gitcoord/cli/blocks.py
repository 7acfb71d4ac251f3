"""Rows with a long text in them: a table where it fits, else a paragraph for each row.

On a narrow terminal a table would lose the very words that a row is read for. A paragraph
begins at the margin, goes on indented, and loses nothing.
"""

from __future__ import annotations

from gitcoord.cli import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LEAST = 24
_INDENT = "  "


def table(rows: Sequence[Sequence[str]], *, styles: Sequence[Sequence[str]], flexible: int) -> str:
    """Return rows as `text.table` does, if their flexible column keeps some room in it."""
    cells = [[text.inert(cell) for cell in row] for row in rows]
    widths = [max(map(text.width, column)) for column in zip(*cells, strict=True)]
    widths[flexible] = min(widths[flexible], _LEAST)
    room = text.columns()
    if sum(widths) + 2 * (len(widths) - 1) <= room:
        return text.table(rows, styles=styles, flexible=flexible)
    return paragraphs(cells, styles)


def headed(
    head: Sequence[str], rows: Sequence[Sequence[str]], styles: Sequence[Sequence[str]], *,
    flexible: int, last: bool = False,
) -> str:  # fmt: skip
    """Return rows under a head, or paragraphs where the flexible column is left no room.

    What stands behind that column may go before, unless it is the `last` word on each row.
    """
    held = [index for index in range(len(head)) if index < flexible or (last and index > flexible)]
    taken = sum([2 + max([text.width(text.inert(row[i])) for row in rows]) for i in held])
    if taken + _LEAST > text.columns():
        return paragraphs(rows, styles)
    rows, styles = [head, *rows], [["dim"] * len(head), *styles]
    return text.table(rows, styles=styles, flexible=flexible, least=_LEAST)


def paragraphs(rows: Sequence[Sequence[str]], styles: Sequence[Sequence[str]]) -> str:
    """Return a paragraph for each row."""
    room = text.columns()
    shown = [list(map(text.inert, row)) for row in rows]
    return "\n".join(
        [paragraph(row, style, room) for row, style in zip(shown, styles, strict=True)]
    )


def paragraph(cells: Sequence[str], styles: Sequence[str], room: int) -> str:
    """Return inert cells one after another, broken between words where a line is full."""
    lines, line, used = [], "", 0
    for cell, style in zip(cells, styles, strict=True):
        gap = "  "
        for word in cell.split():
            for piece in _pieces(word, room - len(_INDENT)):
                size = text.width(piece)
                if used and used + len(gap) + size > room:
                    lines.append(line)
                    line, used, gap = _INDENT, len(_INDENT), ""
                elif not used:
                    gap = ""
                line += gap + text.style(piece, style)
                used += len(gap) + size
                gap = " "
    return "\n".join([*lines, line])


def _pieces(word: str, room: int) -> Iterator[str]:
    """Yield a word, in parts where it is longer than a line."""
    while text.width(word) > room:
        kept = next(at for at in range(len(word), 0, -1) if text.width(word[:at]) <= room)
        yield word[:kept]
        word = word[kept:]
    yield word
