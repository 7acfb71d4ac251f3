"""Differences between records for people: on a terminal, and as Markdown for a comment.

In Markdown, all that comes from a record stands in code spans on one line: nothing in it
is a mention, a link, HTML, or the end of what surrounds it.
"""

from __future__ import annotations

from gitcoord.cli import text
from gitcoord.cli.values import BLANK, brief
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.model.difference import Difference

_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renumbered": "~"}
_STYLES = {"added": "green", "removed": "red", "changed": "yellow", "renumbered": "cyan"}
_TITLES = ("title", "task", "notes", "description")
_WIDEST = 120
_MOST = 60_000
"""How many characters of Markdown at most: forges refuse a comment of more than 65,536."""


def json(found: Sequence[Difference]) -> str:
    """Return differences as the documented JSON."""
    return jsontext.lines([jsontext.dumps(shaped(one)) for one in found])


def shaped(one: Difference) -> dict[str, Any]:
    """Return a difference in its documented shape."""
    return {
        "id": one.id,
        "kind": one.kind,
        "change": one.change,
        "fields": {name: list(pair) for name, pair in one.fields.items()},
    }


def plain(found: Sequence[Difference]) -> str:
    """Return differences as lines for a terminal."""
    lines = []
    for one in found:
        head = f"{_SIGNS[one.change]} {one.id}  {one.change}{_aside(one)}"
        lines.append(text.style(head, _STYLES[one.change]))
        if one.change in ("added", "removed"):
            continue
        for name, (old, new) in one.fields.items():
            lines.append(f"    {text.inert(name)}: {brief(old)} → {brief(new)}")
    return "\n".join(lines)


def markdown(found: Sequence[Difference], *, most: int = _MOST) -> str:
    """Return differences as a Markdown list; what would be too long for a comment is counted."""
    if not found:
        return "No record differs."
    lines: list[str] = []
    size = 0
    for number, one in enumerate(found):
        item = _item(one)
        size += sum(len(line) + 1 for line in item)
        if size > most:
            lines.append(f"- … and {text.count(len(found) - number, 'more record')}")
            break
        lines += item
    return "\n".join(lines)


def _item(one: Difference) -> list[str]:
    lines = [f"- **{one.id}** {one.change}{_aside(one, coded=True)}"]
    if one.change in ("changed", "renumbered"):
        for name, (old, new) in one.fields.items():
            lines.append(f"  - {code(name)}: {code(old)} → {code(new)}")
    return lines


def _aside(one: Difference, *, coded: bool = False) -> str:
    """Return what stands behind a difference's head."""
    if one.unreadable:
        return " (cannot be read)"
    if one.change == "renumbered":
        was = next(iter(one.fields.values()))[0]
        return f", was {was}"
    if one.change == "changed":
        return ""
    place = 0 if one.change == "removed" else 1
    for name in _TITLES:
        if name in one.fields and one.fields[name][place]:
            title = one.fields[name][place]
            return f": {code(title) if coded else brief(title)}"
    return ""


def code(value: object) -> str:
    """Return a value as a code span that nothing in it can end."""
    shown = brief(value, _WIDEST)
    if shown == BLANK:
        return shown
    longest = run = 0
    for ch in shown:
        run = run + 1 if ch == "`" else 0
        longest = max(longest, run)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
