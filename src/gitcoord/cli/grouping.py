"""Lists in groups."""

from __future__ import annotations

from gitcoord.cli import text
from gitcoord.cli.show_records import show_list, tell_more
from gitcoord.model.kinds import PRIORITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.entry import Entry
    from gitcoord.api.read import Page
    from gitcoord.cli.run import Run


def show(run: Run, field: str, page: Page) -> None:
    """Print the records of a page under a heading for each value of a field.

    A record with several values stands under each of them.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in page.entries:
        for value in _values(run, field, entry) or ["none"]:
            groups.setdefault(value, []).append(entry)
    names = sorted(groups, key=lambda name: _order(field, name))
    for number, name in enumerate(names):
        heading = text.style(f"{text.inert(name)} ({len(groups[name])})", "bold")
        run.out(("\n" if number else "") + heading)
        show_list(run, groups[name])
    if page.more:
        tell_more(run, len(page.entries))


def _order(field: str, name: str) -> tuple[int, int, str]:
    rank = PRIORITIES.index(name) if field == "priority" and name in PRIORITIES else 0
    return (int(name == "none"), rank, name.casefold())


def _values(run: Run, field: str, entry: Entry) -> list[str]:
    if field == "priority":
        return [] if entry.priority is None else [PRIORITIES[entry.priority]]
    if field in ("status", "kind", "assignee"):
        value = getattr(entry, field)
        return [value] if value else []
    view = run.workspace.view()
    if field == "plan":
        rows = view.execute(
            "SELECT DISTINCT dst FROM link JOIN record p ON p.id = dst AND p.kind = 'plan'"
            " WHERE src = ? AND type = 'part' ORDER BY dst",
            (entry.id,),
        )
    else:
        rows = view.execute(
            "SELECT DISTINCT value FROM value JOIN record r USING (n)"
            " WHERE r.id = ? AND field = ? ORDER BY value",
            (entry.id, field),
        )
    return [row[0] for row in rows]
