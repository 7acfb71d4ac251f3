"""Answers about skills as text: tables that give way on narrow terminals, `?` for what is unknown."""

from __future__ import annotations

from gitcoord.cli import blocks, text
from gitcoord.cli.sparkline import sparkline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.cli.run import Run

_WIDE = 30


def unread(run: Run, found: dict[str, Any]) -> None:
    """Tell what an answer says nothing of."""
    for one in found["unread"]:
        run.note(f"{one['repo']}: not in it: {text.inert(one['reason'])}.")


def percent(found: dict[str, Any] | None) -> str:
    """Return a rate in per cent, `?` where it is unknown."""
    return "?" if found is None else f"{100 * found['rate']:.0f} %"


def between(found: Sequence[float] | None) -> str:
    """Return an interval in per cent."""
    return "" if found is None else f"{100 * found[0]:.0f} to {100 * found[1]:.0f} %"


def seconds(value: float | None) -> str:
    """Return a duration in the unit that fits."""
    if value is None:
        return "?"
    for unit, size in (("h", 3600), ("min", 60)):
        if value >= size:
            return f"{value / size:.1f} {unit}"
    return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


def many(number: int, word: str) -> str:
    """Return a number, its thousands marked, with its word."""
    return text.count(number, word).replace(str(number), f"{number:,}", 1)


def figures(rows: list[dict[str, Any]], by: str) -> str:
    """Return figures of skills or of repositories as a table."""
    other = "repos" if by == "skill" else "skills"
    head = (
        by,
        "uses",
        other,
        "worked",
        "completed",
        "success",
        "follow-ups",
        "median",
        "p90",
        "last",
    )
    cells = [
        (row[by], f"{row['uses']:,}", str(row[other]), percent(row["worked"]),
         percent(row["completion"]), percent(row["success"]),
         "?" if row["follow_ups"] is None else f"{row['follow_ups']['mean']:.1f}",
         seconds(row["duration"] and row["duration"]["median"]),
         seconds(row["duration"] and row["duration"]["p90"]), row["last"])
        for row in rows
    ]  # fmt: skip
    return aligned(head, cells, spare=(8, 6, 5, 4, 9, 2, 7))


def periods(rows: list[dict[str, Any]]) -> str:
    """Return figures of days, weeks or months as a table."""
    head = ("from", "uses", "skills", "repos", "worked", "completed", "success", "follow-ups")
    cells = [
        (row["date"], f"{row['uses']:,}", str(row["skills"]), str(row["repos"]), percent(row["worked"]),
         percent(row["completion"]), percent(row["success"]),
         "?" if row["follow_ups"] is None else f"{row['follow_ups']['mean']:.1f}")
        for row in rows
    ]  # fmt: skip
    return aligned(head, cells, spare=(6, 5, 7, 2))


def aligned(head: Sequence[str], cells: Sequence[Sequence[str]], spare: Sequence[int]) -> str:
    """Return rows under a head; on a narrow terminal the `spare` columns go, in their order."""
    rows = [head, *cells]
    styles = [["dim"] * len(head), *[["bold", *[""] * (len(head) - 1)] for _ in cells]]
    return text.table(rows, styles=styles, flexible=0, spare=spare, least=14)


def trend(row: dict[str, Any]) -> list[str]:
    """Return the course of one skill in a few lines."""
    series = row["series"]
    word = {"day": "a day", "week": "a week", "month": "a month"}[row["every"]]
    line = sparkline([one["uses"] for one in series], min(_WIDE, max(8, text.columns() - 24)))
    last = next((one for one in reversed(series) if one["repos_known"]), None)
    told = [f"{text.style(text.inert(row['skill']), 'bold')}  {line}"]
    told.append(
        text.wrapped("  uses: " + _course(row["uses"], f"uses {word}, {word}", 1.0), "    ")
    )
    if last is not None:
        used = f"{last['repos']} of {last['repos_known']} repositories from {last['date']} on; "
        told.append(
            text.wrapped(
                "  adoption: " + used + _course(row["adoption"], f"points {word}", 100), "    "
            )
        )
    return told


def _course(found: dict[str, Any], unit: str, scale: float) -> str:
    if found["interval"] is None:
        return f"unknown whether it rises or falls: {text.count(found['points'], 'whole bucket')}"
    low, high = (scale * value for value in found["interval"])
    return f"{found['course']}, {scale * found['slope']:+.2f} {unit} ({low:+.2f} to {high:+.2f})"


def comparison(rows: list[dict[str, Any]]) -> str:
    """Return repositories beside each other."""
    head = ("repo", "uses", "a day", "skills", "worked", "than others", "most used")
    cells = []
    for row in rows:
        gap = row["against_others"]
        told = "?" if gap["interval"] is None else f"{gap['verdict']} ({between(gap['interval'])})"
        top = ", ".join(one["skill"] for one in row["top"])
        cells.append((row["repo"], f"{row['uses']:,}", f"{row['uses_per_day']:.1f}", str(row["skills"]),
                      percent(row["worked"]), told, top))  # fmt: skip
    styles = [["bold", *[""] * (len(head) - 1)] for _ in cells]
    return blocks.headed(head, cells, styles, flexible=len(head) - 1)


def edges(found: dict[str, Any]) -> str:
    """Return pairs of skills."""
    head = ("together", "chains", "support", "lift", "likely", "")
    cells = [
        (" + ".join(edge["skills"]), str(edge["chains"]), f"{100 * edge['support']:.1f} %", f"{edge['lift']:.2f}",
         f"{edge['interval'][0]:.2f} to {edge['interval'][1]:.2f}",
         "linked" if edge["linked"] else "apart" if edge["apart"] else "")
        for edge in found["edges"]
    ]  # fmt: skip
    return aligned(head, cells, spare=(2, 4, 5))


def dot(found: dict[str, Any]) -> str:
    """Return a graph of skills for Graphviz."""
    lines = ["graph skills {"]
    lines += [
        f"  {_dot(node['skill'])} [label={_dot(node['skill'] + ' ' + str(node['chains']))}];"
        for node in found["nodes"]
    ]
    for edge in found["edges"]:
        one, other = (_dot(name) for name in edge["skills"])
        style = "solid" if edge["linked"] else "dashed"
        lines.append(f'  {one} -- {other} [label="{edge["lift"]:.2f}", style={style}];')
    return "\n".join([*lines, "}"])


def _dot(word: str) -> str:
    shown = text.inert(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'


def workflow(row: dict[str, Any]) -> list[str]:
    """Return how one workflow was run."""
    name = "(no workflow)" if row["workflow"] is None else row["workflow"]
    rate = row["completed"]
    told = f"{percent(rate)} completed ({between(rate['interval'])})" if rate else "outcome unknown"
    lines = [
        text.wrapped(f"{text.inert(name)}  {text.count(row['runs'], 'run')} in"
                     f" {text.count(row['repos'], 'repository')}, {told}")
    ]  # fmt: skip
    for order in row["orders"]:
        steps = " > ".join(order["steps"]) + ("" if order["whole"] else " > …")
        lines.append(
            text.wrapped(
                f"  {order['runs']:>5}  {percent(order['completed']):>5}  {text.inert(steps)}",
                "      ",
            )
        )
    return lines + [_better(one) for one in row["better"]]


def _better(found: dict[str, Any]) -> str:
    gap = found["difference"]
    return text.wrapped(
        f"  better: {text.inert(' > '.join(found['order']['steps']))} completed"
        f" {percent(found['order']['completed'])} of {found['order']['completed']['known']}, the usual order"
        f" {percent(found['instead_of']['completed'])} of {found['instead_of']['completed']['known']}"
        f" ({between(gap)} more)",
        "    ",
    )
