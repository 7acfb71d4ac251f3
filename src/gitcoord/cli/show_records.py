"""How records look on a terminal."""

from __future__ import annotations

import sys

from gitcoord.api.read import faulty
from gitcoord.cli import text
from gitcoord.model.kinds import PRIORITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gitcoord.api.entry import Entry
    from gitcoord.cli.run import Run

_PRIORITY_STYLE = {"critical": "red", "high": "yellow", "medium": "", "low": "dim"}
_STATUS_STYLE = {
    "in_progress": "cyan", "active": "cyan", "resolved": "green", "closed": "green",
    "completed": "green", "satisfied": "green", "blocked": "red", "unsatisfied": "red",
}  # fmt: skip


def show_list(run: Run, found: Sequence[Entry], *, more: bool = False, waits: bool = False) -> None:
    """Print records as a table, or as JSON where it was asked for.

    `waits` adds what each one waits for.
    """
    if run.json:
        show_json(run, found)
    elif found:
        rows = [_row(entry, waits) for entry in found]
        styles = [_styles(entry) for entry in found] if text.colored() else None
        if sys.stdout.isatty():
            head = ("ID", "STATUS", "PRIORITY", "TITLE", "WAITS FOR" if waits else "REPOS")
            rows.insert(0, head)
            if styles is not None:
                styles.insert(0, ["dim"] * len(head))
        run.out(text.table(rows, styles=styles, flexible=3))
    elif sys.stdout.isatty():
        run.note("no records.")
    if more:
        run.note(f"the first {len(found)} are shown; --limit 0 shows all.")
    warn_faulty(run)


def show_all(run: Run, found: Iterable[Entry]) -> None:
    """Print any number of records as lines, holding no more of each than its line shows."""
    rows = [tuple(map(text.inert, _row(entry, waits=False))) for entry in found]
    if text.colored() or sys.stdout.isatty():
        run.out(text.table(rows, flexible=3))
        return
    widths = [max(map(text.width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        run.out(text.plain_line(row, widths))


def show_json(run: Run, found: Iterable[Entry]) -> None:
    """Print records as one JSON array, each as it comes."""
    write = sys.stdout.write
    lead = "["
    for entry in found:
        write(lead + entry.json())
        lead = ",\n "
    write("[]\n" if lead == "[" else "]\n")


def warn_faulty(run: Run) -> None:
    """Say on stderr when some files could not be read."""
    count = faulty(run.workspace)
    if count:
        files = "1 file has" if count == 1 else f"{count} files have"
        run.note(f"{files} errors; `coord check` explains them.")


def _row(entry: Entry, waits: bool) -> tuple[str, ...]:
    priority = "" if entry.priority is None else PRIORITIES[entry.priority]
    last = ", ".join(entry.blockers()) if waits else entry.repos
    return (entry.id, entry.status or "-", priority or "-", entry.title or "", last)


def _styles(entry: Entry) -> list[str]:
    priority = "" if entry.priority is None else PRIORITIES[entry.priority]
    status = "red" if entry.blocked else _STATUS_STYLE.get(entry.status or "", "")
    return ["bold", status, _PRIORITY_STYLE.get(priority, ""), "", "dim"]
