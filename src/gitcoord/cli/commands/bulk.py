"""`coord bulk`: one change to all records of a query."""

from __future__ import annotations

from gitcoord.api import bulk, write
from gitcoord.cli import nouns, options, text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError
from gitcoord.model.query import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run

_FIELDS = {"status": "status", "priority": "priority", "assignee": "assignee", "target": "target"}


def _bulk(run: Run) -> int:
    fields = nouns.settings_of(run) | nouns.fields_of(run, _FIELDS)
    changes = []
    if run["add_label"] or run["remove_label"]:
        changes.append(write.with_items("labels", run["add_label"], run["remove_label"]))
    if not fields and not changes:
        raise UsageError(
            "Say what to change.", hint="coord bulk 'label:old' --set assignee=lena --yes"
        )
    # Here the options are what to change, so none of them narrows the query.
    query = parse(" ".join(run["query"]), saved=run.workspace.settings.queries)
    if query.where is None:
        raise UsageError(
            "Say which records.", hint="coord bulk 'kind:todo status:pending' --priority low"
        )
    commit = not run["no_commit"]
    plan = bulk.bulk(run.workspace, query, fields, changes, apply=False)
    sure = run["yes"]
    if not run.json:
        for one in plan:
            run.out(text.inert(one.line))
        if plan and not sure and not run["dry_run"]:
            sure = run.ask(f"Change {text.count(len(plan), 'record')}?")
    applied = bool(plan) and sure and not run["dry_run"]
    if applied:
        plan = bulk.bulk(run.workspace, query, fields, changes, apply=True, commit=commit)
    if run.json:
        found = {"applied": applied, "changes": [one.as_dict() for one in plan]}
        run.out(jsontext.dumps(found))
    elif not plan:
        run.note("no record would change.")
    elif applied:
        run.note(f"{text.count(len(plan), 'record')} changed.")
    else:
        run.note(f"{text.count(len(plan), 'record')} would change; --yes changes them.")
    return 0


BULK = Command(
    _bulk,
    arguments=[Argument("QUERY", "Which records.", multiple=True, complete="query")],
    options=[
        Option("--status", "STATUS", "Set the status.", short="-s", complete="status"),
        Option("--priority", "PRIORITY", "Set the priority.", short="-p", complete="priority"),
        options.ASSIGNEE, options.TARGET, options.ADD_LABEL, options.REMOVE_LABEL, options.SET,
        Option("--dry-run", help="Only show what would change."),
        Option("--yes", help="Do not ask.", short="-y"),
        options.NO_COMMIT,
    ],
    description=(
        "Shows what would change and asks; without a terminal nothing changes unless --yes.\n"
        "All changes are one commit, which `coord undo` takes back."
    ),
    example="coord bulk 'kind:todo repo:oneiric status:pending' --priority high --dry-run",
    shape="{applied, changes: [{id, fields: {name: [old, new]}}]}",
)  # fmt: skip
