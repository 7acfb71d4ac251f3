"""How records look on a terminal."""

from __future__ import annotations

import sys

from gitcoord.api.read import faulty
from gitcoord.cli import text
from gitcoord.codec import jsontext
from gitcoord.model.kinds import PRIORITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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
        run.out(jsontext.lines([entry.json() for entry in found]))
    elif found:
        rows = [_row(entry, waits) for entry in found]
        styles = [_styles(entry) for entry in found]
        if sys.stdout.isatty():
            head = ("ID", "STATUS", "PRIORITY", "TITLE", "WAITS FOR" if waits else "REPOS")
            rows.insert(0, head)
            styles.insert(0, ["dim"] * len(head))
        run.out(text.table(rows, styles=styles, flexible=3))
    elif sys.stdout.isatty():
        run.note("no records.")
    if more:
        run.note(f"the first {len(found)} are shown; --limit 0 shows all.")
    warn_faulty(run)


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
