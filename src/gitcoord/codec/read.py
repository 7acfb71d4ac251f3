"""Read one record file: a plain mapping, or a refusal with a position.

The language is YAML 1.2, so that `no`, `on`, `12:30` and `1_000` are strings, and of
it only what a person would write by hand: no tags, no merge keys, no second document,
text keys, finite numbers. Anchors and aliases are expanded, as long as that stays small.

Every record goes through here, so the common path is a few searches for a character
and one call of the parser. Many files at once are read in a quicker way. All that it takes
to explain a refusal is loaded only then.
"""

from __future__ import annotations

from gitcoord.codec.malformed import Malformed
from gitcoord.codec.native import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

__all__ = ["MAX_BYTES", "Malformed", "parse", "parse_fully", "read_quickly"]

MAX_BYTES = 1 << 20
"""The size of the largest file that is read; a caller need not load more than one byte beyond."""

LARGEST = 2**63
"""Whole numbers lie between minus this and this, as in SQLite and in most JSON readers."""

_quick: list[Callable[[bytes], dict[str, Any] | None] | None] = [None]

# The parser's time grows with the square of the depth of brackets: 100,000 take a minute.
_BRACKETS = 500


def parse(raw: bytes) -> dict[str, Any]:
    """Return the mapping that a file holds; raise Malformed when it holds anything else."""
    quickly = _quick[0]
    if quickly is not None and len(raw) <= MAX_BYTES:
        found = quickly(raw)
        if found is not None:
            return found
    return parse_fully(raw)


def parse_fully(raw: bytes) -> dict[str, Any]:
    """Do what `parse` does with the parser alone."""
    try:
        text = raw.decode() if len(raw) <= MAX_BYTES else ""
    except UnicodeDecodeError:
        text = ""
    if not text or _suspicious(text):
        _refuse_forbidden(raw)
    if text.startswith("\ufeff"):
        # The parser counts a byte order mark as a column and then misjudges the indentation.
        text = text[1:]
    try:
        data = loads(text)
    except ValueError as error:
        raise _explained(text, str(error)) from None
    if type(data) is not dict or not _sound(data, data.values()):
        raise _explained(text, "")
    return data


def read_quickly() -> None:
    """Try the quicker way with every file from now on; the answers are the same."""
    from gitcoord.codec import quick  # only for many files

    _quick[0] = quick.mapping


def _suspicious(text: str) -> bool:
    """Say whether a look at the parser's events is needed to tell if something is forbidden."""
    # Searching for one character is ten times as quick as for two, or as counting.
    return (
        ("<" in text and "<<" in text)
        or (">" in text and ">>>>>>>" in text)
        or ("!" in text and _opens_node(text, "!"))
        or ("&" in text and _opens_node(text, "&"))
        or ("[" in text and text.count("[") > _BRACKETS)
        or ("{" in text and text.count("{") > _BRACKETS)
    )


def _opens_node(text: str, indicator: str) -> bool:
    """Say whether a tag or an anchor may stand here: where a node begins, not amid prose."""
    at = text.find(indicator)
    while at >= 0:
        before = at - 1
        while before >= 0 and text[before] in " \t":
            before -= 1
        if before < 0 or text[before] in "\n\r:-?,[{\ufeff\x85\u2028\u2029":
            return True
        at = text.find(indicator, at + 1)
    return False


def _sound(keys: dict[Any, Any] | tuple[()], values: Iterable[Any]) -> bool:
    """Say whether all keys are text and all numbers are of the ordinary kind, at every level."""
    for key in keys:
        if type(key) is not str:
            return False
    for value in values:
        kind = type(value)
        if kind is str:
            continue
        if kind is dict:
            if not _sound(value, value.values()):
                return False
        elif kind is list:
            if not _sound((), value):
                return False
        # Not a number, infinite, or an integer that was rounded to a float on the way.
        elif (kind is float or kind is int) and not -LARGEST <= value < LARGEST:
            return False
    return True


def _refuse_forbidden(raw: bytes) -> None:
    """Raise Malformed if the file is too large, is not text, or uses what is refused."""
    # Loaded only for a file that looks odd: it costs more than reading a hundred files.
    from gitcoord.codec import explain

    fault = explain.before_parsing(raw, MAX_BYTES)
    if fault is not None:
        raise fault


def _explained(text: str, error: str) -> Malformed:
    """Return what is wrong with a text that the parser refused, or that gave odd data."""
    # Loaded only for a file that looks odd: it costs more than reading a hundred files.
    from gitcoord.codec import explain

    return explain.after_parsing(text, error)
