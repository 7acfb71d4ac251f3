"""Metrics as text for a terminal: the report, what was collected when, trends."""

from __future__ import annotations

from gitcoord.cli import text
from gitcoord.cli.sparkline import sparkline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.metrics.series import Anomaly, Point

_STYLES = {"current": "green", "stale": "yellow", "missing": "yellow", "absent": "dim"}
_WIDEST = 60
_SHOWN = 15


def percent(value: float | None) -> str:
    """Return a percentage with one digit; only what is whole is shown as 100 or 0."""
    if value is None:
        return "-"
    shown = f"{value:.1f}"
    if shown == "100.0" and value < 100:
        return "99.9"
    return "0.1" if shown == "0.0" and value > 0 else shown


def report(found: dict[str, Any]) -> str:
    """Return the report: repositories by coverage, then all of them in a few lines."""
    rows = found["repos"]
    if not rows:
        return "The registry has no repository."
    ordered = sorted(rows, key=lambda row: (row["coverage"]["percent"] is None,
                                            -(row["coverage"]["percent"] or 0), row["name"]))  # fmt: skip
    cells: list[tuple[str, ...]] = [
        ("REPO", "ROLE", "COVERAGE", "STATEMENTS", "FILES", "COMMIT", "SOURCE")
    ]
    styles = [["dim"] * len(cells[0])]
    for row in ordered:
        cells.append(_line(row))
        styles.append(["bold", "", _color(row["coverage"]), "", "", "dim", "dim"])
    shown = text.table(cells, styles=styles, flexible=6, spare=(1, 4, 3, 5))
    return "\n".join([shown, "", *map(_fitting, totals(found["summary"]))])


def _fitting(line: str) -> str:
    return text.wrapped(line, " " * 10 if line[:1] not in " ~" else "    ")


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    held = row["coverage"]
    mark = "~" if held["partial"] else "*" if held["stale"] else ""
    told = "; ".join(str(one) for one in (held["source"], held["reason"]) if one)
    return (row["name"], row["role"] or "-", percent(held["percent"]) + mark,
            number(held["statements"]), number(held["files"]), str(held["commit"] or "-")[:9], told)  # fmt: skip


def _color(held: dict[str, Any]) -> str:
    value = held["percent"]
    if value is None or held["partial"]:
        return "yellow"
    return "green" if value > 90 else "red" if value < 70 else ""


def number(value: int | None) -> str:
    """Return a count, or a dash where it is not known."""
    return "-" if value is None else f"{value:,}"


def totals(found: dict[str, Any]) -> list[str]:
    """Return the summary in lines."""
    repos, whole = text.count(found["repos"], "repository"), percent(found["weighted_average"])
    mean, middle = percent(found["average"]), percent(found["median"])
    lines = [
        f"Coverage  {found['with_coverage']} of {repos}, {number(found['files'])} files",
        f"Average   {mean} (median {middle}, by statements {whole})",
    ]
    lines += [f"  {text.inert(name)}  {_averages(held)}" for name, held in found["by_role"].items()]
    lines += [f"  #{text.inert(name)}  {_averages(held)}" for name, held in _telling(found)]
    ends = (
        (("Top", "top"), ("Bottom", "bottom")) if found["with_coverage"] > len(found["top"]) else ()
    )
    for name, key in (("Leaders", "leaders"), ("Attention", "attention"), *ends):
        if found[key]:
            named = ", ".join(f"{one['name']} {percent(one['percent'])}" for one in found[key])
            lines.append(f"{name:9} {named}")
    if found["partial"]:
        lines.append(f"~ in part, in no average: {', '.join(found['partial'])}")
    return lines


def _telling(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the tags that say more than a line of a repository: measured, and not of one alone."""
    tags = found["by_tag"].items()
    return [(name, held) for name, held in tags if held["with_coverage"] and held["repos"] > 1]


def _averages(held: dict[str, Any]) -> str:
    """Return the averages of a role or tag; of one repository they are all the same."""
    counted = f"({held['with_coverage']} of {held['repos']})"
    if held["with_coverage"] < 2:
        return f"{percent(held['average'])} {counted}"
    middle, whole = percent(held["median"]), percent(held["weighted_average"])
    return f"{percent(held['average'])} (median {middle}, by statements {whole}) {counted}"


def status(found: dict[str, Any]) -> str:
    """Return what was collected when, and what is stale or missing."""
    rows = found["repos"]
    if not rows:
        return "The registry has no repository."
    cells, styles = [], []
    for row in rows:
        held = row["coverage"]
        told = held["reason"] or f"coverage {percent(held['percent'])} from {held['source']}"
        if row["state"] == "stale":
            told = f"HEAD is {str(row['head'])[:9]} now; {told}"
        cells.append((row["name"], row["state"], (row["collected_at"] or "-")[:16].replace("T", " "),
                      str(row["collected_commit"] or "-")[:9], told))  # fmt: skip
        styles.append(["bold", _STYLES[row["state"]], "", "dim", ""])
    return text.table(cells, styles=styles, flexible=4, spare=(3, 2))


def never(metric: str) -> str:
    """Return the sentence for a figure without any point."""
    return f"{text.inert(metric)} was never measured; `coord metrics compare REPO` lists what was."


def trend(points: Sequence[Point], falls: Sequence[Anomaly], metric: str) -> str:
    """Return a figure over time: a curve, the last points, and what breaks it."""
    if not points:
        return never(metric)
    known = [one.value for one in points if not one.partial]
    curve = sparkline(known, max(8, min(_WIDEST, text.columns() - 24)))
    last = points[-1]
    lines = [f"{text.inert(metric)}  {_value(last.value)}  {curve}", ""]
    broken = {one.point: one.why + ("" if one.lasted else ", and came back") for one in falls}
    before: Point | None = None
    rows = []
    for one in points:
        remarks = ["a part of a run"] if one.partial else []
        if one in broken:
            remarks.append(f"fell: {broken[one]}")
        if before is not None and before.definition != one.definition:
            remarks.append("another definition from here on")
        before = one
        rows.append(
            (
                one.time[:16].replace("T", " "),
                (one.commit or "-")[:9],
                _value(one.value),
                "; ".join(remarks),
            )
        )
    lines.append(text.table(rows[-_SHOWN:], flexible=3))
    if len(points) > _SHOWN:
        lines.append(text.style(f"--json shows {len(points) - _SHOWN} more", "dim"))
    return "\n".join(lines)


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) < 1e15 else f"{value:g}"
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _dicts(value: Any) -> list[dict[str, Any]]:
    """Return the mappings of a list that anyone may have written."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def compared(rows: Sequence[dict[str, Any]]) -> str:
    """Return figures side by side."""
    if not rows:
        return "Nothing was measured yet."
    names = list(rows[0]["values"])
    cells = [("", *names)]
    cells += [(row["metric"], *[_value(row["values"][name]) for name in names]) for row in rows]
    return text.table(cells, flexible=0)


def explained(found: dict[str, Any]) -> str:
    """Return where a figure comes from, down to file and commit."""
    held = found["section"]
    lines = [f"{found['repo']}  {found['metric']}  {_value(found['value'])}", ""]
    for name in ("source", "tool", "version", "commit", "measured_at", "taken_at", "files", "statements",
                 "missing", "branches", "missing_branches", "partial", "stale", "reason", "snapshot"):  # fmt: skip
        told = f"{name:17} {text.inert(str(held.get(name)))}"
        lines += [text.wrapped(told)] if held.get(name) is not None else []
    for one in _dicts(held.get("others")):
        told = one.get("reason") or f"at {str(one.get('commit'))[:9]}"
        source, value = text.inert(str(one.get("source"))), _value(one.get("percent"))
        lines.append(text.wrapped(f"not taken         {source} {value}: {text.inert(str(told))}"))
    lowest = _dicts(held.get("lowest"))
    if lowest:
        lines += ["", "Not executed, by file:"]
        names = ("missing", "statements", "percent")
        rows = [
            (str(one.get("path")), *[_value(one.get(name)) for name in names]) for one in lowest
        ]
        lines.append(text.table([("", "MISSING", "OF", "PERCENT"), *rows], flexible=0, spare=(2,)))
    for one in found["anomalies"][-5:]:
        told = f"fell on {one['time'][:10]} to {_value(one['value'])}: {one['why']}"
        lines.append(text.wrapped(told))
    return "\n".join(lines)
