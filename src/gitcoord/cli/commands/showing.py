"""One record, for people or as JSON."""

from __future__ import annotations

from gitcoord.api import links, read
from gitcoord.cli import options, text
from gitcoord.cli.run import Local
from gitcoord.cli.spec import Argument, Command
from gitcoord.git import refs
from gitcoord.model.moments import datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from gitcoord.api import commits
    from gitcoord.api.duplicates import Looking
    from gitcoord.api.entry import Entry
    from gitcoord.cli.run import Run

_LONG = ("description", "notes", "comments", "acceptance_criteria", "milestones", "metadata")
_SKIP = (
    "id",
    "name",
    "title",
    "task",
    "kind",
    "path",
    "archived",
    "ready",
    "blocked",
    "blocked_by_open",
)


def _show(run: Run) -> None:
    run.travel()
    entry = read.get(run.workspace, run["id"])
    show_entry(run, entry)
    from gitcoord.cli.show_records import warn_faulty  # a create shows no list

    warn_faulty(run)
    if run.workspace.at is None:
        from gitcoord.api import feedback  # a create shows nothing that was searched for

        feedback.opened(run.workspace, str(entry.id))


def show_changed(run: Run, id: str) -> None:
    """Print a record that was just written: one line, or its JSON."""
    show_line(run, read.get(run.workspace, id))
    tell_detached(run)


def show_created(run: Run, entry: Entry, names: list[str], look: Looking | None) -> None:
    """Print a record that was just created; tell of what it may repeat.

    And of repositories that are not in the registry.
    """
    try:
        alike = look.found(entry.kind, entry.id, entry.title or "") if look is not None else []
    except Exception:
        show_line(run, entry)  # it was made, whatever could not be found out of it
        raise
    if run.json and alike:
        from gitcoord.codec import jsontext  # only for JSON

        listed = ", ".join(jsontext.dumps(one.as_dict()) for one in alike)
        run.out(f'{entry.json()[:-1]}, "similar": [{listed}]}}')
    else:
        show_line(run, entry)
    for one in alike:
        run.note(f"much like {one.id}: {text.inert(one.title)}")
    tell_detached(run)
    tell_unregistered(run, names)


def tell_unregistered(run: Run, names: Iterable[str]) -> None:
    """Name the repositories that the registry has neither under a name nor a nickname."""
    for name, close in links.unregistered(run.workspace, list(names)).items():
        told = f"{text.inert(name)} is not in the registry"
        run.note(
            f"{told}; did you mean {close}? `coord undo` takes this back."
            if close
            else f"{told}; `coord repo create {text.inert(name)}` adds it."
        )


def tell_detached(run: Run) -> None:
    """Say that what was just committed is on no branch."""
    if not refs.on_branch(run.workspace.repo) and run.workspace.settings.commit:
        run.note("HEAD stands on no branch; `git switch -c NAME` keeps what is committed here.")


def show_line(run: Run, entry: Entry) -> None:
    """Print a record in one line, or its JSON."""
    if run.json:
        run.out(entry.json())
    else:
        title = text.inert(entry.title or "")
        run.out(f"{text.style(entry.id, 'bold')}  {entry.status or ''}  {title}".rstrip())


def show_entry(run: Run, entry: Entry) -> None:
    """Print one record."""
    from gitcoord.api.commits import linked  # no commit names what was just created

    found = linked(run.workspace, entry.id)
    if run.json:
        run.out(_with_commits(entry.json(), found))
        return
    from gitcoord.cli import longer  # what was just created is one line
    from gitcoord.codec.native import loads  # JSON is YAML, and `json` takes longer to load

    data: dict[str, Any] = loads(entry.json())
    run.out(f"{text.style(entry.id, 'bold')}  {text.inert(entry.title or '')}")
    if data.get("archived"):
        run.out(text.style("archived", "dim"))
    if entry.blocked:
        waits = ", ".join(entry.blockers())
        run.out(text.style(f"blocked{f' by {waits}' if waits else ''}", "red"))
    elif entry.ready:
        run.out(text.style("ready", "green"))
    fields = [(field, value) for field, value in data.items() if field not in _SKIP]
    below = [field for field in _LONG if field in data]
    below += [field for field, value in fields if field not in _LONG and longer.nested(value)]
    for field, value in fields:
        if field in below or value in (None, [], {}):
            continue
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        if field in ("created", "updated"):
            shown = longer.local(shown)
        run.out(f"{text.style(f'{field}:', 'dim')} {text.inert(shown)}")
    for field in below:
        _long(run, field, data[field])
    _waiting(run, entry)
    if found:
        run.out(text.style("commits:", "dim"))
    for one in found:
        day = datetime.fromtimestamp(one.time, Local()).date().isoformat()
        told = f"{one.repo} {one.commit[:10]}  {day}  {one.author}: {one.subject}"
        run.out(f"  {text.inert(told)}")


def _with_commits(record: str, found: list[commits.Linked]) -> str:
    """Return a record's JSON with the commits that name it, where there are any."""
    if not found:
        return record
    from gitcoord.codec import jsontext  # only for JSON

    listed = ", ".join(jsontext.dumps(one.as_dict()) for one in found)
    return f'{record[:-1]}, "commits": [{listed}]}}'


def _long(run: Run, field: str, value: Any) -> None:
    from gitcoord.cli import longer  # what was just created is one line

    if value not in (None, [], {}):
        run.out(text.style(f"{field}:", "dim"))
        run.out("\n".join(longer.lines(value)))


def _waiting(run: Run, entry: Entry) -> None:
    rows = run.workspace.view().execute(
        "SELECT DISTINCT r.id, r.title FROM link JOIN record r ON r.id = link.src"
        " WHERE link.dst = ? AND link.type = 'waits' AND r.open = 1 ORDER BY r.sort",
        (entry.id,),
    )
    found = rows.fetchall()
    if found:
        run.out(text.style("waited for by:", "dim"))
        for id, title in found:
            run.out(f"  {id}  {text.inert(title or '')}")


SHOW = Command(
    _show,
    arguments=[Argument("ID", "The record's id, or a repository's name.", complete="id")],
    options=[options.AT],
    example="coord show ISSUE-001 --at 2026-06-01",
    shape="the record, with `commits` where commits of the repositories name it",
)
