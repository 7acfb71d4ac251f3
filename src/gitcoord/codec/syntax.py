"""Turn the parser's words into one sentence, a place and a way to mend it."""

from __future__ import annotations

import re

import yaml

from gitcoord.codec.events import events, too_deep
from gitcoord.codec.lines import line_start
from gitcoord.codec.malformed import Malformed, position

_PLACE = re.compile(r"at line (\d+) column (\d+)")
_HIDDEN = re.compile("[\x85\u2028\u2029]")
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")

# A part of the parser's message, our code, sentence and hint; the first that fits is taken.
_KNOWN = (
    (
        "duplicate entry",
        "duplicate-key",
        "A key stands twice in one mapping.",
        "Keep one of the two, or join their values.",
    ),
    (
        "mapping values are not allowed",
        "syntax",
        "A colon followed by a space stands inside a value, or the indentation does not fit.",
        "Put a value that contains `: ` in quotes, and indent with the lines around it.",
    ),
    (
        "unexpected end of stream",
        "syntax",
        "A quoted text is not closed.",
        "Add the missing quote; inside single quotes write '' for a quote.",
    ),
    (
        "unknown escape character",
        "syntax",
        "A backslash in double quotes begins an escape that does not exist.",
        "Write \\\\ for a backslash, or use single quotes.",
    ),
    (
        "invalid Unicode character escape",
        "syntax",
        "This escape names half of a character.",
        "Write the character itself, or \\U and its eight digits.",
    ),
    (
        "unknown anchor",
        "syntax",
        "The alias names an anchor that does not stand before it.",
        "Put a value that begins with * in quotes, or define the anchor first.",
    ),
    (
        "cannot start any token",
        "syntax",
        "A plain value cannot begin with this character.",
        "Put the value in quotes.",
    ),
    (
        "did not find expected ',' or",
        "syntax",
        "A list in brackets or a mapping in braces is not closed, or lacks a comma.",
        "Add the missing bracket or comma, or put the text in quotes.",
    ),
    (
        "block sequence entries are not allowed",
        "syntax",
        "A list item begins where none can stand.",
        "Begin the list on a line of its own, or put the value in quotes.",
    ),
    (
        "could not find expected ':'",
        "syntax",
        "This line is neither a field nor part of the value above it.",
        "Write `name: value`, or indent the line to continue the value.",
    ),
    (
        "more than one document",
        "second-document",
        "A second document begins in this file; a file holds one record.",
        "Remove the `---` or `...` line, or move what follows to a file of its own.",
    ),
    (
        "did not find expected key",
        "syntax",
        "The text does not fit in here: a quote ends too early, or the indentation is off.",
        "Look at the quotes of this line and at the indentation of the lines around it.",
    ),
)


def syntax_fault(text: str, error: str) -> Malformed:
    """Return the refusal of a text that the parser could not read."""
    at = _place(text, error)
    line, column = position(text, at)
    if "limit exceeded" in error:
        return too_deep(line, column)
    if "tab" in error or ("cannot start any token" in error and _is_after_tab(text, at)):
        return Malformed(
            line,
            column,
            "tab",
            "A tab stands where YAML allows only spaces.",
            "Indent with spaces.",
        )
    hidden = _line_separator(text, error)
    if hidden is not None:
        return hidden
    for part, name, message, hint in _KNOWN:
        if part in error:
            return Malformed(line, column, name, message, hint)
    reason = error.partition(" at line")[0].partition(", while")[0]
    return Malformed(
        line,
        column,
        "syntax",
        f"This is not YAML: {reason}.",
        "Look at the quotes and the indentation of this line and the one before.",
    )


def _place(text: str, error: str) -> int:
    """Return where the parser stopped; it keeps silent when that is the first character."""
    places = list(_PLACE.finditer(error))
    if places:
        # Where an unclosed quote or bracket opens says more than where the file ends.
        unclosed = "unexpected end of stream" in error or "expected ',' or" in error
        found = places[-1 if unclosed else 0]
        return _offset(text, int(found[1]), int(found[2]))
    try:
        for _ in events(text):
            pass
    except yaml.MarkedYAMLError as fault:
        if fault.problem_mark is not None:
            return min(fault.problem_mark.index, len(text))
    return 0


def _offset(text: str, line: int, column: int) -> int:
    """Return the offset of a place that the parser tells: it knows more line ends than editors."""
    start = 0
    for _ in range(line - 1):
        found = _BREAK.search(text, start)
        if found is None:
            break
        start = found.end()
    return min(start + column - 1, len(text))


def _line_separator(text: str, error: str) -> Malformed | None:
    """Return the sign that ends a line in YAML and in no editor, if that may be the reason."""
    for place in _PLACE.finditer(error):
        at = _offset(text, int(place[1]), int(place[2]))
        hidden = _HIDDEN.search(text, line_start(text, at), at + 1)
        if hidden is not None:
            code = ord(hidden[0])
            return Malformed(
                *position(text, hidden.start()),
                "line-separator",
                f"The invisible character U+{code:04X} stands here, which ends a line in YAML.",
                f'Remove it, or write it as "\\u{code:04x}" in double quotes.',
            )
    return None


def _is_after_tab(text: str, at: int) -> bool:
    """Say whether a tab stands at a place or among the blanks before it."""
    blanks = text[:at]
    return text[at : at + 1] == "\t" or "\t" in blanks[len(blanks.rstrip(" \t")) :]
