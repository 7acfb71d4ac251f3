"""TOML with the line of every value: what `tomllib` reads, and where it stands.

`tomllib` gives no positions. A document that it took is walked a second time, token by
token, only to note lines; so nothing wrong can be read here, only a line missed.
"""

from __future__ import annotations

import re
import tomllib

from gitcoord.manifests.manifest import BrokenError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Path = tuple[str | int, ...]

MAX_DEPTH = 100

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
    r"|#[^\n]*|\[|\]|\{|\}|,|=|\.|\n|[^\s\[\]{},=.\"'#]+",
    re.S,
)
_DEEP = re.compile(
    r"(?:[\[{]\s*+){100}"
    r"|(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}"
)
"""Nesting and dotted keys that no manifest has; every step is possessive, so no text makes it slow."""


def load(raw: bytes) -> tuple[dict[str, Any], str]:
    """Return the document and its text; raise `BrokenError`."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise BrokenError("it is not UTF-8", line) from None
    deep = _DEEP.search(text)
    if deep:  # tomllib needs the square of the depth, and recursion
        raise BrokenError("it is nested too deeply", text.count("\n", 0, deep.start()) + 1)
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as fault:
        found = re.search(r"\(at line (\d+), column \d+\)", str(fault))
        message = re.sub(r" \(at .*\)$", "", str(fault))
        end = text.count("\n") + 1
        raise BrokenError(message.lower(), int(found[1]) if found else end) from None
    except (RecursionError, ValueError):
        raise BrokenError("it holds a value that is too large", None) from None


class Places:
    """The line of each key and each item of a list, by its path."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._tokens = _TOKEN.findall(text)
        self._at = 0
        self._line = 1
        self._document()

    def line(self, *path: str | int) -> int | None:
        """Return the line of a value, or of what holds it."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return None

    def _next(self) -> str:
        """Return the next token that is neither comment nor newline; "" at the end."""
        while self._at < len(self._tokens):
            word: str = self._tokens[self._at]
            self._at += 1
            if word.startswith("#"):
                continue
            if word == "\n":
                self._line += 1
                continue
            return word
        return ""

    def _key(self, word: str, end: str) -> list[str]:
        """Return the parts of a dotted key up to its end."""
        parts = []
        while word and word != end:
            if word != ".":
                parts.append(_unquoted(word))
            word = self._next()
        return parts

    def _document(self) -> None:
        table: Path = ()
        while True:
            word = self._next()
            if not word:
                return
            line = self._line
            if word == "[":
                table = self._header(line)
            else:
                path = (*table, *self._key(word, "="))
                self._note(path, line, len(table))
                self._value(path, 0)

    def _header(self, line: int) -> Path:
        word = self._next()
        many = word == "["
        keys = self._key(self._next() if many else word, "]")
        if many:
            self._next()
        path: Path = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            if many and number == len(keys) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        self._note(path, line, 0)
        return path

    def _note(self, path: Path, line: int, known: int) -> None:
        for end in range(known + 1, len(path) + 1):
            self._lines.setdefault(path[:end], line)

    def _value(self, path: Path, depth: int) -> None:
        word = self._next()
        if word == "[" and depth < MAX_DEPTH:
            self._array(path, depth)
        elif word == "{" and depth < MAX_DEPTH:
            self._inline(path, depth)
        else:
            self._line += word.count("\n")
            self._scalar_rest()

    def _scalar_rest(self) -> None:
        """Skip what belongs to a number or a date: it may have been cut at its dots."""
        while self._at < len(self._tokens):
            word = self._tokens[self._at]
            if word in ("\n", ",", "]", "}") or word.startswith("#"):
                return
            self._at += 1

    def _array(self, path: Path, depth: int) -> None:
        number = 0
        while True:
            word = self._next()
            if word in ("]", ""):
                return
            if word == ",":
                number += 1
                continue
            self._lines.setdefault((*path, number), self._line)
            self._at -= 1
            self._value((*path, number), depth + 1)

    def _inline(self, path: Path, depth: int) -> None:
        while True:
            word = self._next()
            if word in ("}", ""):
                return
            if word == ",":
                continue
            line = self._line
            inner = (*path, *self._key(word, "="))
            self._note(inner, line, len(path))
            self._value(inner, depth + 1)


def _unquoted(word: str) -> str:
    if word[:1] in "\"'":
        try:
            return str(tomllib.loads(f"x = {word}")["x"])
        except tomllib.TOMLDecodeError:
            return word
    return word
