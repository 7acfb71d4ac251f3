"""Hits of a search for people: one line each, with the reasons below where they do not fit beside."""

from __future__ import annotations

from gitcoord.cli import blocks, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.searching import Hit

_STYLES = ("dim", "bold", "", "", "", "dim")
_INDENT = " " * 6
_TITLE = 24


def lines(hits: Sequence[Hit]) -> str:
    """Return the hits, the best first; on no terminal are the reasons left out."""
    rows = [_row(hit) for hit in hits]
    widths = [max([text.width(text.inert(row[i])) for row in rows]) + 2 for i in range(6)]
    room = text.columns() + 2
    styles = [_STYLES] * len(rows)
    if sum(widths) <= room:
        return text.table(rows, styles=styles, flexible=3)
    if sum(widths[:3]) + _TITLE + 2 > room:
        return blocks.paragraphs(rows, styles)
    short = text.table(
        [row[:4] for row in rows], styles=[style[:4] for style in styles], flexible=3
    )
    found = []
    for line, row in zip(short.split("\n"), rows, strict=True):
        found.append(line)
        told = text.inert("; ".join([part for part in row[4:] if part]))
        if told:
            found.append(text.style(text.wrapped(_INDENT + told, _INDENT), "dim"))
    return "\n".join(found)


def _row(hit: Hit) -> tuple[str, ...]:
    key = hit.key[:10] if hit.kind == "commit" else hit.key
    told = "; ".join(hit.reasons)
    return (f"{hit.score:.2f}", key, hit.status or hit.kind, hit.title, ", ".join(hit.repos), told)
