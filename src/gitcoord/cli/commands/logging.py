"""`coord log`."""

from __future__ import annotations

import sys

from gitcoord.api import log
from gitcoord.cli import blocks, depth, options, text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.cli.values import brief, iso, local
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run
    from gitcoord.history.event import Event

_STYLES = {
    "created": "green", "closed": "green", "completed": "green", "removed": "red",
    "reopened": "yellow", "moved": "dim", "renumbered": "dim",
}  # fmt: skip


def _log(run: Run) -> None:
    run.travel()
    since, until = log.span(run.workspace, run["since"], run["until"])
    limit = run["limit"]
    if limit is None:
        limit = 0 if run.json else options.DEFAULT_LIMIT
    wanted = log.Wanted(
        since=since,
        until=until,
        author=run["author"],
        field=run["field"],
        limit=limit + 1 if limit else 0,
    )
    found = log.events(run.workspace, run["query"] or [], wanted)
    more = bool(limit) and len(found) > limit
    if more:
        del found[0]
    _show(run, found)
    if more:
        run.note(f"the newest {limit} are shown; --limit 0 shows all.")
    depth.tell_shallow(run, "what lies before is unknown, and seems to begin here")


def _show(run: Run, found: list[Event]) -> None:
    if run.json:
        run.out(jsontext.lines([_json(event) for event in found]))
        return
    if not found:
        run.note("no events.")
        return
    rows = [_row(event) for event in reversed(found)]
    styles = [
        ["dim", "", "bold", _STYLES.get(event.event, ""), "yellow"] for event in reversed(found)
    ]
    if not sys.stdout.isatty():
        run.out(text.table(rows, styles=styles, flexible=3))
        return
    head = ("TIME", "AUTHOR", "ID", "WHAT", "COMMIT")
    run.out(blocks.headed(head, rows, styles, flexible=3))


def _row(event: Event) -> tuple[str, ...]:
    return (local(event.time), event.author, event.id, _what(event), event.commit[:10])


def _what(event: Event) -> str:
    """Return in words what happened."""
    if event.event == "created":
        title = event.new.get("title") or event.new.get("task") or event.new.get("description")
        return f"created: {brief(title)}" if title else "created"
    if event.event == "removed":
        return "removed"
    if event.event == "moved":
        into = str(event.new).startswith("coord/archive/")
        return "moved into the archive" if into else "moved out of the archive"
    if event.event == "renumbered":
        return f"renumbered, was {brief(event.old)}"
    if event.field is None:
        return "changed so that it cannot be read"
    if event.field.startswith("comments.") and isinstance(event.new, dict):
        return f"comment: {brief(event.new)}"
    lead = "" if event.event == "changed" else f"{event.event}: "
    return f"{lead}{brief(event.field)}: {brief(event.old)} → {brief(event.new)}"


def _json(event: Event) -> str:
    return jsontext.dumps(
        {
            "id": event.id,
            "event": event.event,
            "field": event.field,
            "old": event.old,
            "new": event.new,
            "author": event.author,
            "time": iso(event.time),
            "commit": event.commit,
        }
    )


LOG = Command(
    _log,
    arguments=[
        Argument(
            "QUERY",
            "Ids of records, also gone ones, or a query; all records without it.",
            required=False,
            multiple=True,
            complete="id",
        )
    ],
    options=[
        Option("--since", "DATE", "From this day on, or no older than (2w)."),
        Option("--until", "DATE", "Up to the end of this day, or at least as old as (2w)."),
        Option("--author", "NAME", "Only what this person did: a part of the name or mail."),
        Option("--field", "FIELD", "Only changes of this field."),
        Option(
            "--limit",
            "N",
            f"How many of the newest at most; 0 for all (default {options.DEFAULT_LIMIT}, with"
            " --json all).",
            short="-n",
            convert=options.count,
        ),
        options.AT,
    ],
    description=(
        "Read from the commits themselves, so edits by hand and merges count as well; a record is\n"
        "followed through the archive and to the ids it had before. The newest come first."
    ),
    example="coord log ISSUE-001 --since 2w",
    shape="an array of {id, event, field, old, new, author, time, commit}, oldest first",
)
