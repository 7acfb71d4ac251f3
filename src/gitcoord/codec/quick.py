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
_BLOCK = r"  [^ \n][^\n]*+\n(?:  ++[^ \n][^\n]*+\n|\n)*+"
_ENTRY = re.compile(
    r"^(?:([A-Za-z_][A-Za-z0-9_-]*+):(?:"
    rf" ({_WORDS})\n"
    rf"|\n((?:  - {_WORDS}\n)++)(?! )"
    rf"| \|\n({_BLOCK})"
    r"|((?: [^\n]*+)?+\n(?:(?:  |- )[^\n]*+\n|\n)*+)"
    r")|(?:#[^\n]*+)?+\n)",
    re.MULTILINE,
)
_TEXT = re.compile(_BLOCK)
_MAPPING = re.compile(r"(?:  [^\n]*+\n|\n)++")
_LIST = re.compile(r"(?:- [^ \n][^\n]*+\n(?:  [^\n]*+\n|\n)*+)++")
_SCALAR = re.compile(
    rf"""({_WORDS})|(-?(?:[1-9][0-9]{{0,14}}|0))|(-?[0-9]{{1,9}}\.[0-9]{{1,9}})"""
    r"""|"([^"\\\n]*+)"|'((?:[^'\n]|'')*+)'|\[([A-Za-z_][\w./-]*+(?:, ?[A-Za-z_][\w./-]*+)*+)\]"""
)


class _Unsure(Exception):  # noqa: N818 - not a fault: somebody else knows
    """What stands here is left to the parser."""


def mapping(raw: bytes) -> dict[str, Any] | None:
    """Return what a file holds, None where only the parser can tell."""
    try:
        text = raw.decode()
        if raw.translate(None, _ASCII) and (text.isascii() or _ODD.search(text)):
            return None
        return _mapping(text, 0)
    except (_Unsure, UnicodeDecodeError):
        return None


def _mapping(text: str, depth: int) -> dict[str, Any]:
    parts = _ENTRY.split(text)
    # Between two entries nothing may be left.
    if any(parts[::6]) or depth > _DEPTH:
        raise _Unsure
    keys = parts[1::6]
    found: dict[str, Any] = {}
    seen = 0
    for key, words, items, block, other in zip(
        keys, parts[2::6], parts[3::6], parts[4::6], parts[5::6], strict=True
    ):
        if words is not None:
            found[key] = _CONSTANTS.get(words, words)
        elif items is not None:
            found[key] = _words(items[4:-1].split("\n  - "))
        elif block is not None:
            found[key] = block[2:].rstrip("\n").replace("\n  ", "\n") + "\n"
        elif key is not None:
            found[key] = _other(other, depth)
        else:
            continue
        seen += 1
    if not seen or len(found) != seen or not _CONSTANTS.keys().isdisjoint(found):
        raise _Unsure
    return found


def _words(items: list[str]) -> list[Any]:
    if _CONSTANTS.keys().isdisjoint(items):
        return list(items)
    return [_CONSTANTS.get(item, item) for item in items]


def _other(text: str, depth: int) -> Any:
    """Return the value of an entry from what stands behind its colon."""
    head, _, block = text.partition("\n")
    if not block.strip("\n"):
        return _scalar(head[1:]) if head else None
    if head:
        return _folded(head, block)
    if block.startswith(("- ", "  - ")):
        return _list(block, depth)
    if _MAPPING.fullmatch(block) is None:
        raise _Unsure
    return _mapping(_dedented(block), depth + 1)


def _dedented(block: str) -> str:
    return ("\n" + block).replace("\n  ", "\n")[1:]


def _list(block: str, depth: int) -> list[Any]:
    if block.startswith(" "):
        if _MAPPING.fullmatch(block) is None:
            raise _Unsure
        block = _dedented(block)
    if _LIST.fullmatch(block) is None:
        raise _Unsure
    found: list[Any] = []
    for item in block[2:].split("\n- "):
        words = item.rstrip("\n")
        name, colon, rest = words.partition(":")
        if colon and name.isidentifier() and (not rest or rest[0] in " \n"):
            found.append(_mapping(f"{item}\n".replace("\n  ", "\n"), depth + 1))
        else:
            found.append(_scalar(words))
    return found


def _folded(head: str, block: str) -> str:
    """Return a text in the forms that are not the most usual one."""
    if _TEXT.fullmatch(block) is None:
        raise _Unsure
    text = block[2:].rstrip("\n")
    if head == " |-":
        return text.replace("\n  ", "\n")
    if head not in (" >", " >-") or "\n\n" in text or "\n   " in text:
        raise _Unsure
    return text.replace("\n  ", " ") + ("\n" if head == " >" else "")


def _scalar(text: str) -> Any:
    """Return a value that stands on one line."""
    if text in ("[]", "{}"):
        return [] if text == "[]" else {}
    found = _SCALAR.fullmatch(text)
    if found is None:
        raise _Unsure
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
