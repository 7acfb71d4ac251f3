"""Quality as text: one repository with everything behind its score, many as a table, Markdown."""

from __future__ import annotations

from gitcoord.cli import text
from gitcoord.metrics.quality.figures import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gitcoord.api.quality import Row

_SHORT = {"documentation": "docs", "dependencies": "deps", "vulnerabilities": "vulns"}


def one(row: Row) -> str:
    """Return one repository: its score, each part with what it counts, the formula, what is missing."""
    if row.quality is None:
        return text.inert(f"{row.name}  {row.reason}")
    found = row.quality
    name = text.style(text.inert(row.name), "bold")
    lines = [f"{name}  {_points(found['score'])}  {text.inert(_of(found))}", "", _parts(found)]
    if found["formula"]:
        lines += ["", *[text.inert(part) for part in found["formula"].split("; ")]]
    lines[1:1] = _made_of(found)
    lines += _left_out(found)
    return "\n".join(lines)


def _made_of(found: Mapping[str, Any]) -> list[str]:
    """Return of which parts the score is, or why there is none."""
    if found.get("reason"):
        return [text.inert(found["reason"])]
    made_of, share = found.get("made_of") or (), found.get("share")
    if share is None or not found["left_out"]:
        return []
    return [text.inert(f"made of {', '.join(made_of)}: {share:g} % of the weight")]


def _parts(found: Mapping[str, Any]) -> str:
    rows = [("measure", "part", "weight", "counts", "by")]
    styles = [["dim"] * 5]
    for name, measure in found["measures"].items():
        part, weight = found["parts"].get(name), found["weights"].get(name)
        shown = "-" if weight is None else f"{weight:g}"
        rows.append((name, _points(part), shown, brief(name, measure), _with(measure)))
        styles.append(["bold", _style(part), "", "", "dim"])
    return text.table(rows, styles=styles, flexible=3)


def many(rows: Sequence[Row], summary: Mapping[str, Any]) -> str:
    """Return a line for each repository, the lowest score first, and the average."""
    names = _measures(rows)
    head = ("repository", "score", *[_SHORT.get(name, name) for name in names], "")
    cells = [head, *[_cells(row, names) for row in ordered(rows)]]
    styles = [["dim"] * len(head)]
    styles += [["bold", _style(row.score), *[""] * len(names), "dim"] for row in ordered(rows)]
    found = text.table(cells, styles=styles, flexible=len(head) - 1)
    return f"{found}\n\n{text.inert(_sentence(summary))}"


def markdown(rows: Sequence[Row], summary: Mapping[str, Any]) -> str:
    """Return a table in Markdown, and below it what was left out of the scores."""
    names = _measures(rows)
    lines = [
        _row(["repository", "score", *names, "commit"]),
        _row(["---"] + ["---:"] * (len(names) + 1) + ["---"]),
    ]
    for row in ordered(rows):
        found = row.quality or {"parts": {}, "commit": None, "score": None}
        parts = [_points(found["parts"].get(name)) for name in names]
        lines.append(
            _row([row.name, _points(found["score"]), *parts, (found["commit"] or "-")[:10]])
        )
    lines += ["", _escaped(_sentence(summary))]
    missing = [
        f"- {_escaped(row.name)}: {_escaped(row.reason or '')}"
        for row in ordered(rows)
        if row.quality is None
    ]
    missing += [
        f"- {_escaped(row.name)}, {one['measure']}: {one['state']}, {_escaped(one['reason'])}"
        for row in ordered(rows)
        if row.quality is not None
        for one in row.quality["left_out"]
    ]
    return "\n".join([*lines, *(["", "Not in the scores:", "", *missing] if missing else [])])


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Return repositories with the lowest score first, those without one at the end."""
    return sorted(rows, key=lambda row: (row.score is None, row.score or 0, row.name))


def _measures(rows: Sequence[Row]) -> list[str]:
    return list(
        dict.fromkeys([name for row in rows if row.quality for name in row.quality["parts"]])
    )


def _cells(row: Row, names: Sequence[str]) -> tuple[str, ...]:
    if row.quality is None:
        return (row.name, "-", *["-"] * len(names), row.reason or "")
    parts = [_points(row.quality["parts"].get(name)) for name in names]
    return (row.name, _points(row.quality["score"]), *parts, _beside(row.quality))


def _beside(found: Mapping[str, Any]) -> str:
    """Return which state was measured, and how much of the weight is in the score."""
    share = found.get("share")
    if share is None or share == 100 or found.get("reason"):
        return "; ".join(filter(None, (found.get("reason"), _of(found))))
    return f"{share:g} % of the weight; {_of(found)}"


def _points(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _style(value: float | None) -> str:
    if value is None:
        return "dim"
    return "green" if value >= 90 else "yellow" if value >= 70 else "red"


def _of(found: Mapping[str, Any]) -> str:
    """Return which state of the repository was measured, and when."""
    commit = (found["commit"] or "no commit")[:10]
    return f"{commit}{' with changes' if found['dirty'] else ''}, {found['measured_at'][:16].replace('T', ' ')}"


def _with(measure: Mapping[str, Any]) -> str:
    if not measure["measured"]:
        return ""
    whose = {"repository": " of the repository", "path": " in PATH"}.get(measure["source"], "")
    return f"{measure['tool']} {measure['version']}{whose}"


def _left_out(found: Mapping[str, Any]) -> list[str]:
    lines = []
    for one in found["left_out"]:
        lines.append(text.inert(f"{one['measure']}: {one['state']}: {one['reason']}"))
        if one["hint"]:
            lines.append(text.inert(f"  {one['hint']}"))
    return ["", "Not in the score:", *lines] if lines else []


def _sentence(summary: Mapping[str, Any]) -> str:
    if not summary["measured"]:
        return f"none of {text.count(summary['repos'], 'repository')} has a score"
    return (
        f"{summary['measured']} of {text.count(summary['repos'], 'repository')}: average {summary['average']:g},"
        f" median {summary['median']:g}, lowest {summary['lowest']:g}, highest {summary['highest']:g}"
    )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join([_escaped(cell) for cell in cells])} |"


def _escaped(cell: str) -> str:
    plain = text.inert(cell)
    return "".join(f"\\{ch}" if ch in "\\|`*_[]<>#&" else ch for ch in plain)
