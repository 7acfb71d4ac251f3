"""One value as YAML text: as plain as it can be, read alike by YAML 1.2 and YAML 1.1.

A text stays without quotes only if no reader takes it for anything else: `no`, `on`,
`12:30`, `1_000`, `010`, `~` and `<<` get quotes though our own reader would not need them.
"""

from __future__ import annotations

from gitcoord.errors import InvalidError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DATES = frozenset({"created", "updated", "target", "due"})
"""Keys whose values are dates, which are written without quotes."""

# Words that YAML 1.1 or 1.2 reads as a truth value or as nothing.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BEGINS_TEXT = frozenset(_LETTERS + _LETTERS.upper() + "_/($")
_DIGITS = frozenset("0123456789")
# All that numbers, dates and times of both languages are made of.
_NUMERIC = "0123456789.,:+-_ abcdefotxzABCDEFOTXZ"
_IN_FLOW = frozenset(",[]{}")
_LARGEST = 2**63

_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
}


def scalar(value: Any, *, key: str = "", flow: bool = False) -> str:
    """Return a single value on one line; `flow` says that it stands inside brackets."""
    kind = type(value)
    if kind is str:
        if is_plain(value) and not (flow and not _IN_FLOW.isdisjoint(value)):
            return value  # type: ignore[no-any-return]
        if key in DATES and _is_date(value):
            return value  # type: ignore[no-any-return]
        return quoted(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int and -_LARGEST <= value < _LARGEST:
        return str(value)
    if kind is float and -_LARGEST <= value < _LARGEST:
        return _float(value)
    return _unusual(value)


def is_plain(text: str) -> bool:
    """Say whether a text needs no quotes."""
    if not text.isprintable() and not _is_printable(text):
        return False
    first = text[:1]
    # The other signs of ASCII mean something at the beginning, or would in another place.
    if first not in _BEGINS_TEXT and first < "\x80" and not _is_worded(text):
        return False
    if text[-1] in " :" or ": " in text or " #" in text:
        return False
    return len(text) > 5 or text.lower() not in _WORDS


def _is_worded(text: str) -> bool:
    """Say whether a text that begins with a digit is neither number, date nor time."""
    return text[:1] in _DIGITS and text.strip(_NUMERIC) != ""


def quoted(text: str) -> str:
    """Return a text in double quotes."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    if not text.isprintable():
        text = "".join([_escape(char) if needs_escape(char) else char for char in text])
    return f'"{text}"'


def single_quoted(text: str) -> str:
    """Return a text in single quotes, or in double ones if single quotes cannot hold it."""
    if not text.isprintable() and not _is_printable(text):
        return quoted(text)
    return "'" + text.replace("'", "''") + "'"


def needs_escape(char: str) -> bool:
    """Say whether a character is invisible in a way that misleads, or may not stand in YAML."""
    # Joiners and variation selectors are left alone: emoji are made of them.
    return (
        char < " "
        or "\x7f" <= char <= "\x9f"
        or "\u2028" <= char <= "\u202e"
        or "\u2066" <= char <= "\u2069"
        or "\ud800" <= char <= "\udfff"
        or char == "\ufeff"
        or "\ufff0" <= char <= "\uffff"
    )


def _is_printable(text: str) -> bool:
    """Say whether a text of one line can be shown as it is."""
    if text[:1].isspace() or text[-1:].isspace():
        return False
    return not any(needs_escape(char) for char in text)


def _escape(char: str) -> str:
    code = ord(char)
    if char in _ESCAPES:
        return _ESCAPES[char]
    if 0xD800 <= code <= 0xDFFF:
        raise InvalidError(
            f"The text holds half of a character (U+{code:04X}), which no file can store.",
            hint="It was decoded with the wrong encoding where it came from; decode it as UTF-8.",
        )
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _is_date(text: str) -> bool:
    """Say whether a text looks like `2026-01-31` or `2026-01-31T12:00:00+00:00`."""
    return (
        len(text) >= 10
        and text[4] == text[7] == "-"
        and text[:4].isdecimal()
        and text[5:7].isdecimal()
        and text[8:10].isdecimal()
        and text.isascii()
        and not text[10:].strip("0123456789:.+-TZ")
        and text[-1] != ":"
    )


def _float(value: float) -> str:
    text = repr(value)
    # YAML 1.1 knows an exponent only after a point.
    if "e" in text and "." not in text:
        text = text.replace("e", ".0e")
    return text


def _unusual(value: Any) -> str:
    """Return the text of a value that only behaves like one of ours; refuse what is none."""
    if isinstance(value, str):
        return scalar(str.__str__(value))
    if isinstance(value, (int, float)):
        number = int(value) if isinstance(value, int) else float(value)
        if -_LARGEST <= number < _LARGEST and type(value) not in (int, float):
            return scalar(number)
        raise InvalidError(
            "A number is infinite, not a number, or larger than 64 bits hold.",
            hint="Store it as text.",
        )
    raise TypeError(f"a record cannot hold {type(value).__name__}")
