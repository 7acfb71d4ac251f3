"""Read what records usually look like, twice as quickly as a whole YAML parser; else say nothing.

Nearly every record is a mapping of plain words, lists of words and one block of text. One
regular expression sorts such a file into entries. Whatever is not known for certain to mean
the same in YAML (escapes, anchors, tags, comments behind values, odd indentation, numbers in
unusual forms, control characters) gives None, and the parser proper reads the file: an answer
from here is always the parser's own.

Only for many files: loading it costs as much as parsing hundreds of them.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any

_DEPTH = 8
_CONSTANTS = {
    "null": None, "Null": None, "NULL": None, "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_ASCII = bytes([10, *range(32, 127)])
_ODD = re.compile("[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

# Words that can be nothing else: they begin with a letter, or hold a blank behind a number,
# and hold no `: ` and no ` #`. No pattern here tries a second way through the same text, so
# that the time grows with the length alone.
_WORDS = (
    r"(?:(?:[^\W\d]|[/(^]|[0-9][\w.%-]*+ )[^\n:#]*+(?:(?::(?=[^ \n])|(?<! )#)[^\n:#]*+)*+(?<!\s)"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{5,15}(?:Z|[+-][0-9]{2}:[0-9]{2}))?+)"
)
_LINE = re.compile(_WORDS).fullmatch
_KEY = re.compile("[A-Za-z_][A-Za-z0-9_-]*+").fullmatch
_TEXT = re.compile(r"  [^ \n][^\n]*+(?:\n(?:  ++[^ \n][^\n]*+)?+)*+").fullmatch
_BELOW = re.compile(r"(?:\n(?:(?:  |- )[^\n]*+)?+)*+").fullmatch
_MAPPING = re.compile(r"(?:\n(?:  [^\n]*+)?+)*+").fullmatch
_LIST = re.compile(r"(?:\n- [^ \n][^\n]*+(?:\n(?:  [^\n]*+|(?=\n|\Z)))*+)++").fullmatch
_SCALAR = re.compile(
    rf"""({_WORDS})|(-?(?:[1-9][0-9]{{0,14}}|0))|(-?[0-9]{{1,9}}\.[0-9]{{1,9}})"""
    r"""|"([^"\\\n]*+)"|'((?:[^'\n]|'')*+)'|\[([A-Za-z_][\w./-]*+(?:, ?[A-Za-z_][\w./-]*+)*+)\]"""
).fullmatch
_NEXT = re.compile(r"\n(?=[^ \n#-])").split


class Unsure(Exception):  # noqa: N818 - not a fault: somebody else knows
    """What stands here is left to the parser."""


def mapping(raw: bytes) -> dict[str, Any] | None:
    """Return what a file holds, None where only the parser can tell."""
    try:
        return _mapping(entries(raw), 0)
    except Unsure:
        return None


def entries(raw: bytes) -> list[str]:
    """Return the text of each entry of a file, with the comments above and behind it.

    Raises `Unsure` where only the parser can tell.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Unsure from None
    if raw.translate(None, _ASCII) and (text.isascii() or _ODD.search(text)):
        raise Unsure
    if not text.endswith("\n"):
        raise Unsure
    return _NEXT(text[:-1])


def entry(text: str, keys: Container[str] = (), depth: int = 0) -> tuple[str, Any]:
    """Return the key and value of one of the entries; an empty key for comments alone.

    No two entries may have one key; to see that is the caller's part. `keys` are some that
    are known to be plain words. Raises `Unsure` where only the parser can tell.
    """
    key, colon, rest = text.partition(":")
    if not colon or (key not in keys and (key in _CONSTANTS or not _KEY(key))):
        if any(line and line[0] != "#" for line in text.split("\n")):
            raise Unsure
        return "", None
    if "\n" not in rest:
        if rest[:1] == " " and _LINE(rest, 1):
            return key, _CONSTANTS.get(rest[1:], rest[1:])
    elif rest.startswith("\n  - "):
        items = rest[5:].split("\n  - ")
        if all(map(_LINE, items)):
            return key, _words(items)
    elif rest.startswith(" |\n") and _TEXT(rest, 3):
        return key, "\n".join(rest[5:].rstrip("\n").split("\n  ")) + "\n"
    return key, _other(_uncommented(rest), depth)


def _uncommented(rest: str) -> str:
    """Return an entry without the comments that stand below it."""
    held, _, comments = rest.partition("\n#")
    if comments and any(line and line[0] != "#" for line in comments.split("\n")[1:]):
        raise Unsure
    return held


def _mapping(texts: list[str], depth: int) -> dict[str, Any]:
    if depth > _DEPTH:
        raise Unsure
    found = dict([entry(text, (), depth) for text in texts])
    if len(found) != len(texts):
        raise Unsure
    found.pop("", None)
    if not found:
        raise Unsure
    return found


def _words(items: list[str]) -> list[Any]:
    if _CONSTANTS.keys().isdisjoint(items):
        return items
    return [_CONSTANTS.get(item, item) for item in items]


def _other(text: str, depth: int) -> Any:
    """Return the value of an entry from what stands behind its colon."""
    head, _, block = text.partition("\n")
    below = text[len(head) :]
    if head[:1] not in ("", " ") or _BELOW(below) is None:
        raise Unsure
    if not block.strip("\n"):
        return _scalar(head[1:]) if head else None
    if head:
        return _folded(head, block)
    if block.startswith(("- ", "  - ")):
        return _list(below, depth)
    if _MAPPING(below) is None:
        raise Unsure
    return _mapping(_NEXT(_dedented(below)[1:]), depth + 1)


def _dedented(below: str) -> str:
    return below.replace("\n  ", "\n")


def _list(below: str, depth: int) -> list[Any]:
    if below.startswith("\n "):
        if _MAPPING(below) is None:
            raise Unsure
        below = _dedented(below)
    if _LIST(below) is None:
        raise Unsure
    found: list[Any] = []
    for item in below[3:].split("\n- "):
        words = item.rstrip("\n")
        name, colon, rest = words.partition(":")
        if colon and name.isidentifier() and (not rest or rest[0] in " \n"):
            found.append(_mapping(_NEXT(_dedented(item)), depth + 1))
        else:
            found.append(_scalar(words))
    return found


def _folded(head: str, block: str) -> str:
    """Return a text in the forms that are not the most usual one."""
    if _TEXT(block) is None:
        raise Unsure
    text = block[2:].rstrip("\n")
    if head in (" |", " |-"):
        return text.replace("\n  ", "\n") + ("\n" if head == " |" else "")
    if head not in (" >", " >-") or "\n\n" in text or "\n   " in text:
        raise Unsure
    return text.replace("\n  ", " ") + ("\n" if head == " >" else "")


def _scalar(text: str) -> Any:
    """Return a value that stands on one line."""
    if text in ("[]", "{}"):
        return [] if text == "[]" else {}
    found = _SCALAR(text)
    if found is None:
        raise Unsure
    words, whole, broken, double, single, flow = found.groups()
    if words is not None:
        return _CONSTANTS.get(words, words)
    if whole is not None:
        return int(whole)
    if broken is not None:
        return float(broken)
    if flow is not None:
        return _words(re.split(", ?", flow))
    return double if double is not None else single.replace("''", "'")
