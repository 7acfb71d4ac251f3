"""The one way in which a file can be refused: with a position, a reason and a way to mend it."""

from __future__ import annotations


class Malformed(Exception):  # noqa: N818 - it names the state of a file, not a failed operation
    """A file that cannot be read as a record; `line` and `column` count from 1."""

    __slots__ = ("code", "column", "hint", "line", "message")

    def __init__(self, line: int, column: int, code: str, message: str, hint: str) -> None:
        super().__init__(f"{line}:{column}: {message}")
        self.line = line
        self.column = column
        self.code = code
        self.message = message
        self.hint = hint


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column, from 1, of an offset; a byte order mark takes no column."""
    before = text[:offset]
    # CRLF and a lone CR are line ends too; the characters YAML 1.1 adds to them are not,
    # because no editor counts them.
    if "\r" in before:
        before = before.replace("\r\n", "\n")
        if text[offset - 1 : offset + 1] == "\r\n":
            before = before[:-1]
        before = before.replace("\r", "\n")
    start = before.rfind("\n") + 1
    column = len(before) - start + 1
    if not start and before.startswith("\ufeff"):
        column -= 1
    return before.count("\n") + 1, column
