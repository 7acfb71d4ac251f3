"""How records look on a terminal."""

from __future__ import annotations

import sys

from gitcoord.api.read import faulty
from gitcoord.cli import text
from gitcoord.model.kinds import PRIORITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
        _table(run, found, waits)
    elif sys.stdout.isatty():
        run.note("no records.")
    if more:
        tell_more(run, len(found))
    warn_faulty(run)


def tell_more(run: Run, shown: int) -> None:
    """Say on stderr that there are more records than are shown."""
    told = "the first one is" if shown == 1 else f"the first {shown} are"
    run.note(f"{told} shown; --limit 0 shows all.")


def _table(run: Run, found: Sequence[Entry], waits: bool) -> None:
    repos = all(entry.kind == "repo" for entry in found)
    roles = None
    if repos:
        from gitcoord.api.chosen import roles_of  # only for repositories

        roles = roles_of(run.workspace)
    rows = [_row(entry, waits, roles) for entry in found]
    styles = [_styles(entry) for entry in found]
    if not sys.stdout.isatty():
        run.out(text.table(rows, styles=styles, flexible=3))
        return
    from gitcoord.cli import blocks  # only on terminals

    head = (
        "ID",
        "STATUS",
        "PRIORITY",
        "TITLE",
        "ROLE" if repos else "WAITS FOR" if waits else "REPOS",
    )
    kept = [i for i in range(5) if i in (0, 3) or any(row[i] not in ("", "-") for row in rows)]
    rows = [tuple([row[i] for i in kept]) for row in rows]
    styles = [[style[i] for i in kept] for style in styles]
    names = [head[i] for i in kept]
    run.out(blocks.headed(names, rows, styles, flexible=kept.index(3), last=waits))


def show_all(run: Run, found: Iterable[Entry]) -> None:
    """Print any number of records as lines, holding no more of each than its line shows."""
    if text.colored() or sys.stdout.isatty():
        listed = list(found)
        if listed:
            _table(run, listed, waits=False)
        elif sys.stdout.isatty():
            run.note("no records.")
        return
    rows = [tuple(map(text.inert, _row(entry, False, None))) for entry in found]
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


def _row(entry: Entry, waits: bool, roles: Mapping[str, str] | None) -> tuple[str, ...]:
    priority = "" if entry.priority is None else PRIORITIES[entry.priority]
    last = entry.repos if roles is None else roles.get(entry.id, "")
    if waits:
        last = ", ".join(entry.blockers()) or "(its status)"
    return (entry.id, entry.status or "-", priority or "-", entry.title or "", last)


def _styles(entry: Entry) -> list[str]:
    priority = "" if entry.priority is None else PRIORITIES[entry.priority]
    status = "red" if entry.blocked else _STATUS_STYLE.get(entry.status or "", "")
    return ["bold", status, _PRIORITY_STYLE.get(priority, ""), "", "dim"]
