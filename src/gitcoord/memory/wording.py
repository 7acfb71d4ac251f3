"""The words of a message by which two troubles are alike, whatever file and line they are in.

Paths, numbers, hexadecimal ids, quoted names and identifiers say where it happened, not
what: each sort is replaced by one placeholder. Codes such as E501 and names of exceptions
stay. Written without `re`, whose import costs as much as the answer.
"""

from __future__ import annotations

_QUOTES = {"'": "'", '"': '"', "`": "`", "\u2018": "\u2019", "“": "”", "«": "»"}
_LONGEST_QUOTE = 200
_LONGEST_MESSAGE = 4_000
_MOST_WORDS = 60
_EDGES = ".,:;!?()[]{}<>=*#|&^~\"'`\u2019\u2018“”«»…→-+%$@"
_HEX = frozenset("0123456789abcdefABCDEF")
_ENDINGS = ("error", "exception", "warning", "failure", "timeout")
_NAME, _PATH, _NUMBER, _ID = "<name>", "<path>", "<number>", "<id>"


def words(message: str, type: str | None = None) -> list[str]:
    """Return the distinct words of a message, masked, sorted; and its type as one of them."""
    found: set[str] = set()
    for word in _unquoted(message[:_LONGEST_MESSAGE]).split():
        for part in _parts(word):
            if len(found) < _MOST_WORDS:
                found.add(part)
    if type:
        found.add(f"type:{' '.join(type.casefold().split())}")
    return sorted(found)


def _unquoted(text: str) -> str:
    """Return a text with what stands between quotes replaced."""
    if not any(quote in text for quote in _QUOTES):
        return text
    out = []
    position = 0
    while position < len(text):
        ch = text[position]
        end = _end_of_quote(text, position) if ch in _QUOTES else -1
        if end < 0:
            out.append(ch)
            position += 1
        else:
            inner = text[position + 1 : end]
            out.append(f" {inner} " if is_code(inner) else f" {_NAME} ")
            position = end + 1
    return "".join(out)


def _end_of_quote(text: str, start: int) -> int:
    """Return where the quote ends that begins here, -1 where none does: an apostrophe."""
    if start and text[start - 1].isalnum():
        return -1
    close = _QUOTES[text[start]]
    end = text.find(close, start + 1, start + _LONGEST_QUOTE)
    while end >= 0 and text[end + 1 : end + 2].isalnum():
        end = text.find(close, end + 1, start + _LONGEST_QUOTE)
    return end


def _parts(word: str) -> list[str]:
    """Return what a word between blanks comes to."""
    if word in (_NAME, "=="):
        return [_NAME] if word == _NAME else []
    bare = word.strip(_EDGES)
    if not bare:
        return []
    if is_code(bare):
        return [bare.casefold()]
    if "/" in bare or "\\" in bare or _has_ending(bare):
        return [_PATH]
    if bare[0].isdigit() or bare[0] in "-+" or _NAME in bare:
        return [_of_digits(bare)]
    return _plain(bare)


def is_code(text: str) -> bool:
    """Whether a word is the code of a rule, as E501, PLW2901 or CVE-2024-1."""
    letters = text.rstrip("0123456789")
    return 0 < len(letters) <= 6 and len(text) > len(letters) + 1 and letters.isupper()


def _has_ending(word: str) -> bool:
    """Whether a word is the name of a file, as conftest.py:12."""
    name = word.partition(":")[0]
    stem, dot, ending = name.rpartition(".")
    return bool(dot and stem and stem[-1].isalnum()) and ending.isalpha() and ending.islower() and (
        len(ending) <= 4
    )  # fmt: skip


def _of_digits(word: str) -> str:
    if word == _NAME or _NAME in word:
        return _NAME
    if len(word) >= 7 and _HEX.issuperset(word.removeprefix("0x")) and not word.isdigit():
        return _ID
    return _NUMBER


def _plain(word: str) -> list[str]:
    """Return the words inside one: split at dashes, colons and dots, identifiers replaced."""
    if len(word) >= 7 and _HEX.issuperset(word) and any(ch.isdigit() for ch in word):
        return [_ID]
    out = []
    for piece in "".join(ch if ch.isalnum() or ch in "_." else " " for ch in word).split():
        lowered = piece.casefold()
        last = lowered.rpartition(".")[2]
        if last.endswith(_ENDINGS):
            out.append(last)
        elif piece[0].isdigit():
            out.append(_NUMBER)
        elif "_" in piece.strip("_") or "." in piece or _is_camel(piece):
            out.append(_NAME)
        else:
            out.append(_stem(lowered.strip("_") or lowered))
    return out


def _is_camel(word: str) -> bool:
    return any(ch.isupper() for ch in word[1:]) and any(ch.islower() for ch in word)


def _stem(word: str) -> str:
    """Return a word without the s of its plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
