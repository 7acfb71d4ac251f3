"""Text for people: colour where a terminal is, tables that fit, control characters shown inert."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

STYLES = {
    "bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34",
    "magenta": "35", "cyan": "36",
}  # fmt: skip

_COLORED: list[bool] = []


def colored() -> bool:
    """Whether standard output shows colour: a terminal, and NO_COLOR not set."""
    if not _COLORED:
        forced = os.environ.get("CLICOLOR_FORCE") or os.environ.get("FORCE_COLOR")
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        _COLORED.append(bool(forced) or (sys.stdout.isatty() and not plain))
    return _COLORED[0]


def style(text: str, name: str) -> str:
    """Return a text in a style, or as it is where there is no colour."""
    return f"\x1b[{STYLES[name]}m{text}\x1b[0m" if name and colored() else text


def inert(text: str) -> str:
    """Return a text that cannot steer a terminal: control and direction marks become visible."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(ch if _plain(ch) else _visible(ch) for ch in text)


def _plain(ch: str) -> bool:
    return ch.isprintable() or ch == "\u200d" or "\ufe00" <= ch <= "\ufe0f"


def _visible(ch: str) -> str:
    if ch in "\n\t\r":
        return {"\n": "⏎", "\t": " ", "\r": "␍"}[ch]
    return f"\\x{ord(ch):02x}" if ord(ch) < 256 else f"\\u{ord(ch):04x}"


def lines(text: str) -> list[str]:
    """Return the lines of a longer text, each inert."""
    return [inert(line) for line in text.split("\n")]


def count(number: int, word: str) -> str:
    """Return a number with its word, in the plural where it is not one."""
    plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number} {word if number == 1 else plural}"


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(ch) or ch in "\u200d\ufe0f" else 1 + (east_asian_width(ch) in "WF")
        for ch in text
    )


def clip(text: str, columns: int) -> str:
    """Return a text cut to a number of columns, with an ellipsis where something is lost."""
    if width(text) <= columns:
        return text
    kept = ""
    for ch in text:
        if width(kept + ch) > columns - 1:
            break
        kept += ch
    return kept + "…"


def columns() -> int:
    """Return the width of the terminal; a wide one where there is none."""
    if not sys.stdout.isatty():
        return 10_000
    try:
        return max(20, int(os.environ.get("COLUMNS", "")))
    except ValueError:
        try:
            return max(20, os.get_terminal_size().columns)
        except OSError:
            return 80


def wrapped(line: str, indent: str = "  ") -> str:
    """Return a plain line as several that fit the terminal, all but the first indented."""
    room = columns()
    if width(line) <= room:
        return line
    words = line.lstrip().split(" ")
    lines = [line[: len(line) - len(line.lstrip())]]
    for word in words:
        if lines[-1].strip() and width(lines[-1]) + 1 + width(word) > room:
            lines.append(indent)
        lines[-1] += word if not lines[-1].strip() else f" {word}"
        while width(lines[-1]) > room:  # a word that is wider than the terminal
            kept = clip(lines[-1], room + 1)[:-1]
            lines[-1:] = [kept, indent + lines[-1][len(kept) :]]
    return "\n".join(lines)


def table(
    rows: Sequence[Sequence[str]], *, styles: Sequence[Sequence[str]] | None = None, flexible: int,
    spare: Sequence[int] = (), least: int = 10,
) -> str:  # fmt: skip
    """Return aligned rows; the `flexible` column gives way where the terminal is narrow.

    Where that leaves it less than `least`, what stands behind it goes, and the `spare`
    columns, in their order; then the first is cut.
    """
    if not rows:
        return ""
    cells = [[inert(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    room = columns()
    for index in spare:
        if _taken(widths, flexible) + least <= room:
            break
        widths[index] = -2  # nothing is left of it, not even the space between
    if -2 in widths:
        kept = [i for i, held in enumerate(widths) if held >= 0]
        cells = [[row[i] for i in kept] for row in cells]
        styles = styles and [[row[i] for i in kept] for row in styles]
        widths, flexible = [widths[i] for i in kept], kept.index(flexible)
    while flexible and len(widths) > flexible + 1 and _taken(widths, flexible) + least > room:
        widths.pop()  # what stands behind the text goes first
        cells = [row[:-1] for row in cells]
    rest = _taken(widths, flexible)
    if rest + widths[flexible] > room:
        widths[flexible] = max(10, room - rest)
    if spare and rest + widths[flexible] > room:
        widths[0] = max(6, widths[0] - (rest + widths[flexible] - room))
    if styles is None or not colored():
        return "\n".join([plain_line(row, widths) for row in cells])
    found = []
    for number, row in enumerate(cells):
        parts = []
        for i, cell in enumerate(row):
            shown = clip(cell, widths[i])
            pad = " " * (widths[i] - width(shown)) if i < len(row) - 1 else ""
            parts.append(style(shown, styles[number][i]) + pad)
        found.append("  ".join(parts).rstrip())
    return "\n".join(found)


def _taken(widths: Sequence[int], flexible: int) -> int:
    """Return how many columns everything but the flexible one takes."""
    return sum(widths) - widths[flexible] + 2 * (len(widths) - 1)


def plain_line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Return cells, already inert, as one line of a table."""
    parts = []
    for cell, room in zip(row, widths, strict=True):
        if cell.isascii() and len(cell) <= room:
            parts.append(cell.ljust(room))
        else:
            shown = clip(cell, room)
            parts.append(shown + " " * (room - width(shown)))
    return "  ".join(parts).rstrip()
