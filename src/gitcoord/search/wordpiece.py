"""Texts cut into the pieces that BERT models know, as their own tokenizer cuts them.

Lower case, no accents, words and punctuation apart, and each word the longest known
pieces from its beginning. A vocabulary is a text file, a piece a line.
"""

from __future__ import annotations

from unicodedata import category, normalize

_LONGEST_WORD = 100
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_CJK = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip


class Tokenizer:
    """Cuts texts into numbers of pieces, with the marks of beginning and end around them."""

    __slots__ = ("_begin", "_end", "_known", "_longest", "_most", "_pieces", "_unknown")

    def __init__(self, vocabulary: str, most: int) -> None:
        pieces = vocabulary.split("\n")
        self._pieces = dict(zip(pieces, range(len(pieces)), strict=True))
        self._begin, self._end = self._pieces["[CLS]"], self._pieces["[SEP]"]
        self._unknown = self._pieces["[UNK]"]
        self._most = most - 2
        self._longest = max(map(len, pieces), default=0)
        self._known: dict[str, list[int]] = {}

    def __call__(self, text: str) -> list[int]:
        """Return the numbers of a text's pieces; what is beyond the model's reach is cut off."""
        found: list[int] = []
        for part in _parts(text):
            if part in _SPECIAL:
                found.append(self._pieces[part])
                continue
            for word in _words(part):
                found += self._known.get(word) or self._word(word)
                if len(found) >= self._most:
                    break
        return [self._begin, *found[: self._most], self._end]

    def _word(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word) <= _LONGEST_WORD:
            lead = "##" if start else ""
            end = min(len(word), start + self._longest)
            while end > start and lead + word[start:end] not in self._pieces:
                end -= 1
            if end == start:
                found = []
                break
            found.append(self._pieces[lead + word[start:end]])
            start = end
        self._known[word] = found = found or [self._unknown]
        return found


def _parts(text: str) -> list[str]:
    """Return a text cut at the marks that models use for themselves, the marks included."""
    parts = [text]
    for mark in _SPECIAL if "[" in text else ():
        parts = [
            piece
            for part in parts
            for number, inner in enumerate([part] if part in _SPECIAL else part.split(mark))
            for piece in ((mark, inner) if number else (inner,))
        ]
    return parts


def _words(text: str) -> list[str]:
    if text.isascii():
        clean = "".join([_ascii(ch) for ch in text.lower()])
    else:
        spaced = "".join([_clean(ch) for ch in text])
        plain = "".join([ch for ch in normalize("NFD", spaced) if category(ch) != "Mn"])
        clean = "".join([_apart(ch) for ch in "".join([ch.lower() for ch in plain])])
    return clean.split()


def _ascii(ch: str) -> str:
    if ch.isalnum():
        return ch
    if ch in _PUNCTUATION:
        return f" {ch} "
    return " " if ch in " \t\n\r" else ""


def _clean(ch: str) -> str:
    if ch in "\t\n\r":
        return " "
    kind = category(ch)
    if ch == "\ufffd" or kind[0] == "C":
        return ""
    if kind == "Zs" or ch in "\u2028\u2029":
        return " "
    code = ord(ch)
    return f" {ch} " if any(low <= code <= high for low, high in _CJK) else ch


def _apart(ch: str) -> str:
    return f" {ch} " if ch in _PUNCTUATION or category(ch)[0] == "P" else ch
