"""Series as a picture, SVG or PNG; the one door to matplotlib, which is an extra.

The same series give the same file, byte for byte in SVG.
"""

from __future__ import annotations

import os
from datetime import date

from gitcoord.cli import text
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from matplotlib.figure import Figure

    Line = tuple[str, str, Sequence[dict[str, Any]]]
    """A name, the field that is drawn, and the rows it is in."""

FORMATS = (".svg", ".png")
_MOST = 12


def draw(path: str, lines: Sequence[Line], *, title: str) -> None:
    """Write a picture of lines over time; raise `UsageError` for another format."""
    ending = os.path.splitext(path)[1].lower()
    if ending not in FORMATS:
        raise UsageError(
            f"{path} ends neither in .svg nor in .png.", hint="The ending says which picture it is."
        )
    figure = _figure(lines, title)
    import matplotlib as mpl

    metadata: dict[str, Any] = {"Date": None} if ending == ".svg" else {"Software": None}
    with mpl.rc_context({"svg.hashsalt": "coord"}):
        figure.savefig(path, format=ending[1:], metadata=metadata)


def _figure(lines: Sequence[Line], title: str) -> Figure:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError(
            "Pictures need matplotlib, which is not installed.",
            hint="pip install 'gitcoord[plot]'",
        ) from None

    figure = Figure(figsize=(9, 4.5), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    for name, field, rows in lines[:_MOST]:
        days: Any = [date.fromisoformat(row["date"]) for row in rows]
        values = [float("nan") if row[field] is None else row[field] for row in rows]
        axes.plot(days, values, label=_plain(name), marker="o", markersize=3)
    axes.set_title(_plain(title))
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    if len(lines) > 1:
        axes.legend(loc="upper left", fontsize="small")
    figure.autofmt_xdate()
    return figure


def _plain(words: str) -> str:
    """Return a text in which no mark of matplotlib's means anything."""
    return text.clip(text.inert(words), 60).replace("\\", "").replace("$", r"\$").lstrip("_")
