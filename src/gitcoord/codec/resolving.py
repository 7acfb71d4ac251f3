"""Decide a file's conflicts one by one: which fields each pair of markers is about, and what stays."""

from __future__ import annotations

from gitcoord.codec import conflicts, edit
from gitcoord.codec.change import SET, Change
from gitcoord.codec.conflicts import Hunk, Part
from gitcoord.codec.read import Malformed, parse
from gitcoord.model import merging
from gitcoord.model.merging import Clash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Marked:
    """A text with markers; each hunk with the clashes it stands for."""

    __slots__ = ("clashes", "parts")

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self.clashes = [_clashes(parts, number) for number in range(len(_hunks(parts)))]

    def about(self, field: str | None) -> list[int]:
        """Return the hunks that are about a field, or about anything."""
        return [
            number
            for number, clashes in enumerate(self.clashes)
            if field is None or any(is_named(clash, field) for clash in clashes)
        ]

    def take(self, numbers: Sequence[int], *, theirs: bool) -> str:
        """Return the text with one side of some hunks, and markers around the others."""
        chosen = [hunk.theirs if theirs else hunk.ours for hunk in _hunks(self.parts)]
        return conflicts.written(_with(self.parts, {n: chosen[n] for n in numbers}))

    def put(self, number: int, value: Any, fields: Sequence[str]) -> str | None:
        """Return the text with a value of its own for the one clash of a hunk.

        None when the value cannot be set while other hunks are open.
        """
        (clash,) = self.clashes[number]
        text = conflicts.joined(self.parts)
        change = Change(merging.place(parse(text.encode()), clash.where), value, SET)
        new = edit.apply(text.encode(), [change], fields).decode()
        before, after = _around(self.parts, number)
        if len(_hunks(self.parts)) == 1:
            return new
        if not new.startswith(before) or not new.endswith(after):
            return None
        middle = new[len(before) : len(new) - len(after)]
        return conflicts.written(_with(self.parts, {number: middle}))


def marked(raw: bytes | None) -> Marked | None:
    """Return a file's conflicts, None when it has none that can be told apart."""
    text = (raw or b"").decode("utf-8", "surrogateescape")
    if not conflicts.maybe(text):
        return None
    parts = conflicts.split(text)
    return Marked(parts) if parts is not None and _hunks(parts) else None


def is_named(clash: Clash, field: str) -> bool:
    """Say whether a clash is about a field, or about something below it."""
    return clash.field == field or clash.field.startswith(f"{field}.")


def _hunks(parts: Sequence[Part]) -> list[Hunk]:
    return [part for part in parts if isinstance(part, Hunk)]


def _with(parts: Sequence[Part], texts: dict[int, str]) -> list[Part]:
    """Return the parts with plain text in the place of some hunks."""
    found: list[Part] = []
    number = 0
    for part in parts:
        if isinstance(part, str):
            found.append(part)
            continue
        found.append(texts.get(number, part))
        number += 1
    return found


def _around(parts: Sequence[Part], number: int) -> tuple[str, str]:
    """Return our text before and after a hunk."""
    at = parts.index(_hunks(parts)[number])
    return conflicts.joined(parts[:at]), conflicts.joined(parts[at + 1 :])


def _clashes(parts: list[Part], number: int) -> list[Clash]:
    hunk = _hunks(parts)[number]
    ours = _data(conflicts.joined(parts))
    theirs = _data(conflicts.joined(parts, theirs=[number]))
    if ours is None or theirs is None:
        return [Clash((), hunk.ours, hunk.theirs)]
    if not "".join([part for part in parts if isinstance(part, str)]).strip():
        return [Clash((), ours, theirs)]  # two whole records
    return merging.differences(ours, theirs) or [Clash((), hunk.ours, hunk.theirs)]


def _data(text: str) -> dict[str, Any] | None:
    try:
        return parse(text.encode("utf-8", "surrogateescape"))
    except Malformed:
        return None
