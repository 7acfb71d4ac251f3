"""The report of metrics as Markdown, as one HTML page that needs nothing else, and as rows for CSV.

Names and reasons come from anyone: they are escaped for the format they go into.
"""

from __future__ import annotations

from gitcoord.cli import text
from gitcoord.cli.metrics_text import number, percent, totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HEADS = (
    "Repository",
    "Role",
    "Coverage",
    "Statements",
    "Missing",
    "Files",
    "Commit",
    "Source",
    "Remark",
)
COLUMNS = (
    ("name",), ("role",), ("coverage", "percent"), ("coverage", "statements"), ("coverage", "missing"),
    ("coverage", "files"), ("coverage", "branch"), ("coverage", "source"), ("coverage", "commit"),
    ("coverage", "measured_at"), ("coverage", "partial"), ("coverage", "stale"), ("coverage", "reason"),
)  # fmt: skip
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\|`*_[]<>#&"})
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}"
    "table{border-collapse:collapse}td,th{padding:.3rem .8rem;text-align:left;border-bottom:1px solid #ddd}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".bar{display:inline-block;width:6rem;height:.6rem;background:#e6e6e6}"
    ".bar i{display:block;height:100%;background:#3a7}.low i{background:#c43}.part i{background:#b8860b}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}td,th{border-color:#444}}"
)


def markdown(found: dict[str, Any]) -> str:
    """Return the report as Markdown."""
    lines = [
        "# Coverage",
        "",
        *[f"- {line.strip().translate(_MARKS)}" for line in totals(found["summary"])],
        "",
    ]
    lines.append(f"| {' | '.join(_HEADS)} |")
    lines.append("|---|---|--:|--:|--:|--:|---|---|---|")
    for row in found["repos"]:
        cells = [text.inert(cell).translate(_MARKS) for cell in _cells(row)]
        lines += [f"| {' | '.join(cells)} |"]
    return "\n".join(lines)


def _cells(row: dict[str, Any]) -> list[str]:
    held = row["coverage"]
    remarks = ["in part"] if held["partial"] else []
    remarks += [held["reason"]] if held["reason"] else []
    return [row["name"], row["role"] or "", percent(held["percent"]), number(held["statements"]),
            number(held["missing"]), number(held["files"]), str(held["commit"] or "-")[:9],
            held["source"] or "-", "; ".join(remarks)]  # fmt: skip


def html(found: dict[str, Any]) -> str:
    """Return the report as one HTML page."""
    from html import escape

    head = "".join(f"<th>{name}</th>" for name in _HEADS)
    body = []
    for row in found["repos"]:
        cells = [escape(text.inert(cell)) for cell in _cells(row)]
        cells[2] += _bar(row["coverage"])
        parts = [
            f'<td class="n">{cell}</td>' if 2 <= n <= 5 else f"<td>{cell}</td>"
            for n, cell in enumerate(cells)
        ]
        body.append(f"<tr>{''.join(parts)}</tr>")
    lines = "".join(
        f"<li>{escape(text.inert(line.strip()))}</li>" for line in totals(found["summary"])
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Coverage</title>\n'
        f"<style>{_STYLE}</style></head><body>\n<h1>Coverage</h1>\n<ul>{lines}</ul>\n"
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{chr(10).join(body)}\n</tbody></table>\n</body></html>"
    )


def _bar(held: dict[str, Any]) -> str:
    if held["percent"] is None:
        return ""
    sort = "part" if held["partial"] else "low" if held["percent"] < 70 else ""
    width = min(100, max(0, held["percent"]))
    return f' <span class="bar {sort}"><i style="width:{width:.1f}%"></i></span>'
