"""Trends as text: a sparkline for each measure, and a table of the last buckets."""

from __future__ import annotations

from gitcoord.cli import text
from gitcoord.cli.sparkline import sparkline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.burndown import Burndown
    from gitcoord.api.trends import Series

_SHOWN = 20
_WIDEST = 60
_WIDE = 70

# heading, path into a row; the first are kept where there is little room
_MEASURES = (
    ("OPEN", ("open",)),
    ("OPENED", ("opened",)),
    ("CLOSED", ("closed",)),
    ("AGE", ("age",)),
    ("CYCLE", ("cycle_time", "median")),
    ("LEAD", ("lead_time", "median")),
    ("A WEEK", ("throughput",)),
    ("REOPENED", ("reopened",)),
    ("ENTERED", ("entered",)),
    ("LEFT", ("left",)),
)
_PLAN = (
    ("REMAINING", ("remaining",)),
    ("DONE", ("done",)),
    ("SCOPE", ("scope",)),
    ("HOURS", ("remaining_hours",)),
)
_SPARKS = ("OPEN", "OPENED", "CLOSED", "AGE", "CYCLE", "LEAD")


def one(series: Series) -> str:
    """Return a single series."""
    if not series.rows:
        return "There is no history yet."
    measures = [measure for measure in _MEASURES if measure[0] in _SPARKS]
    parts = [*_sparks(series.rows, measures), "", *_table(series.rows, _MEASURES)]
    parts += _remarks(series.rows)
    return "\n".join(parts)


def many(found: Sequence[Series], by: str) -> str:
    """Return groups, one a line: how many are open now, and what came and went in the window."""
    if not any(series.rows for series in found):
        return "There is no history yet."
    ordered = sorted(found, key=lambda series: -(_last(series.rows) or 0))
    wide = text.columns() >= _WIDE
    rows = [[by.upper(), "OPEN", *(("OPENED", "CLOSED") if wide else ())]]
    for series in ordered:
        name = text.clip(text.inert(series.group), 40 if wide else 20)
        sums = [_sum(series.rows, field) for field in ("opened", "closed")] if wide else []
        rows.append([name, *map(_number, (_last(series.rows), *sums))])
    lines = _aligned(rows)
    room = max(8, min(_WIDEST, text.columns() - text.width(lines[0]) - 2))
    drawn = [sparkline(_values(series.rows, ("open",)), room) for series in ordered]
    return "\n".join(
        f"{line}  {spark}".rstrip() for line, spark in zip(lines, ["", *drawn], strict=True)
    )


def plan(found: Burndown) -> str:
    """Return a plan's burndown and its forecast."""
    title = text.clip(text.inert(f"{found.plan}  {found.title}"), text.columns())
    parts = [text.style(title, "bold"), *([f"due {found.target}"] if found.target else []), ""]
    if found.rows:
        parts += [*_sparks(found.rows, _PLAN), "", *_table(found.rows, _PLAN)]
        parts += _remarks(found.rows)
        parts.append("")
    guess = found.forecast
    if guess is None:
        parts += _wrapped(f"No forecast. {found.reason}")
    else:
        parts += _wrapped(
            f"Forecast: between {guess['earliest']} and {guess['latest']}, likely {guess['likely']},"
            f" if it goes on as in the last {guess['weeks']} weeks."
        )
    return "\n".join(parts)


def _sparks(rows: Sequence[dict[str, Any]], measures: Sequence[Any]) -> list[str]:
    last = [_number(_value(rows[-1], path)) for _, path in measures]
    name_width = max(len(name) for name, _ in measures)
    number_width = max(len(number) for number in last)
    room = max(8, min(_WIDEST, text.columns() - name_width - number_width - 4))
    return [
        f"{name.capitalize().ljust(name_width)}  {number.rjust(number_width)}"
        f"  {sparkline(_values(rows, path), room)}".rstrip()
        for (name, path), number in zip(measures, last, strict=True)
    ]


def _table(rows: Sequence[dict[str, Any]], measures: Sequence[Any]) -> list[str]:
    cells = [["DATE", *[name for name, _ in measures]]]
    for row in rows[-_SHOWN:]:
        day = row["date"] + ("*" if row["partial"] else "")
        cells.append([day, *[_number(_value(row, path)) for _, path in measures]])
    lines = _aligned(cells)
    while text.width(lines[0]) > text.columns() and len(cells[0]) > 2:
        cells = [line[:-1] for line in cells]
        lines = _aligned(cells)
    return [text.style(lines[0], "dim"), *lines[1:]]


def _aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    """Return rows with the first column to the left and numbers to the right."""
    widths = [max(map(text.width, column)) for column in zip(*cells, strict=True)]
    found = []
    for row in cells:
        pads = [" " * (room - text.width(cell)) for cell, room in zip(row, widths, strict=True)]
        parts = [row[0] + pads[0], *[p + cell for p, cell in zip(pads[1:], row[1:], strict=True)]]
        found.append("  ".join(parts).rstrip())
    return found


def _remarks(rows: Sequence[dict[str, Any]]) -> list[str]:
    found = []
    if any(row["partial"] for row in rows[-_SHOWN:]):
        found.append("* not over yet")
    if len(rows) > _SHOWN:
        found.append(f"--json and --csv show {len(rows) - _SHOWN} more")
    return ["", *[text.style(line, "dim") for line in found]] if found else []


def _wrapped(sentence: str) -> list[str]:
    lines = [""]
    for word in sentence.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > text.columns():
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines


def _value(row: dict[str, Any], path: Sequence[str]) -> Any:
    found: Any = row
    for name in path:
        found = None if found is None else found[name]
    return found


def _values(rows: Sequence[dict[str, Any]], path: Sequence[str]) -> list[Any]:
    return [_value(row, path) for row in rows]


def _latest(values: Sequence[Any]) -> Any:
    return next((value for value in reversed(values) if value is not None), None)


def _last(rows: Sequence[dict[str, Any]]) -> Any:
    return _latest(_values(rows, ("open",)))


def _sum(rows: Sequence[dict[str, Any]], field: str) -> int | None:
    known = [row[field] for row in rows if row[field] is not None]
    return sum(known) if known else None


def _number(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
