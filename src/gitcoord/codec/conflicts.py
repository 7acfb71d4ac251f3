"""Conflict markers in a text: written around the lines that differ, and read again.

A conflicted text is a row of plain stretches and hunks. Choosing a side for each hunk
gives a text without markers.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIZE = 7


class Hunk:
    """Lines of which there are two versions; `base` is the third, if git told it."""

    __slots__ = ("base", "labels", "ours", "size", "theirs")

    def __init__(
        self, ours: str, theirs: str, labels: tuple[str, str], size: int, base: str | None = None
    ) -> None:
        self.ours = ours
        self.theirs = theirs
        self.labels = labels
        self.size = size
        self.base = base


Part = str | Hunk


def maybe(text: str) -> bool:
    """Say whether a text may hold markers."""
    # Without `re`, whose import costs git more than the rest of merging a file.
    return "<" * SIZE in text and any(_opened(line) is not None for line in lines(text))


def lines(text: str) -> list[str]:
    """Return the lines of a text as git counts them, with their ends."""
    *whole, last = text.split("\n")
    found = [f"{line}\n" for line in whole]
    return [*found, last] if last else found


def _opened(line: str) -> tuple[int, str] | None:
    """Return the size and the label of a marker that opens a hunk; None for other lines."""
    bare = line.removesuffix("\n").removesuffix("\r")
    label = bare.lstrip("<")
    size = len(bare) - len(label)
    return (size, label[1:]) if size >= SIZE and label[:1] in ("", " ") else None


def split(text: str) -> list[Part] | None:
    """Return the stretches and hunks of a text; None when its markers do not pair up."""
    parts: list[Part] = []
    plain: list[str] = []
    taking = iter(lines(text))
    for line in taking:
        opened = _opened(line)
        if opened is None:
            plain.append(line)
            continue
        hunk = _hunk(taking, *opened)
        if hunk is None:
            return None
        parts += ["".join(plain), hunk]
        plain = []
    return [*parts, "".join(plain)]


def _hunk(lines: Iterator[str], size: int, label: str) -> Hunk | None:
    """Return the hunk that was just opened, with its lines taken; None if it never closes."""
    ours: list[str] = []
    theirs: list[str] = []
    base: list[str] | None = None
    current = ours
    for line in lines:
        bare = line.rstrip("\r\n")
        sign = (
            bare[:1]
            if bare[:size] == bare[:1] * size and bare[size : size + 1] in ("", " ")
            else ""
        )
        if sign == "=" and bare == "=" * size and current is not theirs:
            current = theirs
        elif sign == "|" and current is ours:
            current = base = []
        elif sign == ">" and current is theirs:
            told = None if base is None else "".join(base)
            return Hunk("".join(ours), "".join(theirs), (label, bare[size + 1 :]), size, told)
        else:
            current.append(line)
    return None


def joined(parts: Sequence[Part], *, theirs: Sequence[int] | bool = False) -> str:
    """Return the text with our side of every hunk, or theirs (of all, or of those numbered)."""
    out = []
    number = 0
    for part in parts:
        if isinstance(part, str):
            out.append(part)
            continue
        takes = theirs if isinstance(theirs, bool) else number in theirs
        out.append(part.theirs if takes else part.ours)
        number += 1
    return "".join(out)


def written(parts: Sequence[Part]) -> str:
    """Return the text with markers around the hunks."""
    whole = "".join([part if isinstance(part, str) else part.ours + part.theirs for part in parts])
    end = "\r\n" if "\r\n" in whole else "\n"
    out = []
    for part in parts:
        if isinstance(part, str):
            out.append(part)
            continue
        ours, theirs = part.labels
        out.append(f"{_marker('<', part.size, ours)}{end}{_closed(part.ours, end)}")
        if part.base is not None:
            out.append(f"{'|' * part.size}{end}{_closed(part.base, end)}")
        out.append(f"{'=' * part.size}{end}{_closed(part.theirs, end)}")
        out.append(f"{_marker('>', part.size, theirs)}{end}")
    return "".join(out)


def _marker(sign: str, size: int, label: str) -> str:
    return f"{sign * size} {label}" if label else sign * size


def _closed(text: str, end: str) -> str:
    return text if not text or text.endswith("\n") else text + end
