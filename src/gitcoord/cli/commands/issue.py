"""Issues."""

from __future__ import annotations

from gitcoord.api import duplicates, templates, write
from gitcoord.cli import nouns, options
from gitcoord.cli.commands import showing
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.errors import UsageError
from gitcoord.model.kinds import ISSUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run

_TITLE = Option("--title", "TEXT", "What it is about.", short="-t")
_REPO = Option(
    "--repo", "REPO", "A repository it concerns.", short="-r", multiple=True, complete="repo"
)
_SEVERITY = Option("--severity", "WORD", "What sort: bug, feature, migration, security, …")
_FIELDS = {
    "title": "title",
    "description": "description",
    "priority": "priority",
    "severity": "severity",
    "assignee": "assignee",
    "target": "target",
}


def _create(run: Run) -> None:
    data = templates.start(run.workspace, ISSUE, run["template"])
    data |= nouns.fields_of(
        run, {**_FIELDS, "repo": "repos", "label": "labels", "blocked_by": "dependencies"}
    )
    if run["description"] is not None:
        data["description"] = options.body(run["description"])
    if "title" not in data:
        raise UsageError("An issue needs --title.", hint="`coord issue create --help`")
    look = duplicates.Looking(run.workspace)
    made = write.create(run.workspace, ISSUE, data, commit=not run["no_commit"], look=look)
    showing.show_created(run, made, data.get("repos") or [], look)


def _close(run: Run) -> None:
    from gitcoord.api import work  # a create closes nothing

    ids = nouns.each(run, ISSUE, run["id"])
    work.close(run.workspace, ids, reason=run["reason"], commit=not run["no_commit"])
    nouns.show_all_changed(run, ids)


def _reopen(run: Run) -> None:
    id = write.change(
        run.workspace, "issue", run["id"], write.with_fields(ISSUE, {"status": "pending"}),
        commit=not run["no_commit"],
    )  # fmt: skip
    showing.show_changed(run, id)


CREATE = Command(
    _create,
    options=[
        _TITLE, options.DESCRIPTION, _REPO, options.PRIORITY, _SEVERITY, options.LABEL,
        options.ASSIGNEE, options.TARGET, options.BLOCKED_BY, options.TEMPLATE, options.NO_COMMIT,
    ],
    example='coord issue create --title "Sessions leak memory" --repo session-buddy --priority high',
    shape=nouns.RECORD,
)  # fmt: skip
UPDATE = nouns.updater(
    ISSUE,
    {**_FIELDS, "status": "status"},
    [
        Option("--status", "STATUS", "Where it stands.", short="-s", complete="status"),
        options.PRIORITY, _SEVERITY, _TITLE, options.DESCRIPTION, options.ASSIGNEE, options.TARGET,
        Option("--add-repo", "REPO", "Add a repository.", multiple=True, complete="repo"),
        Option("--remove-repo", "REPO", "Remove a repository.", multiple=True, complete="repo"),
        Option("--add-blocker", "ID", "Add a record to wait for.", multiple=True, complete="id"),
        Option("--remove-blocker", "ID", "Wait for it no longer.", multiple=True, complete="id"),
    ],
    "coord issue update ISSUE-001 --status in_progress --add-label async",
    lambda run: [
        write.with_items("repos", run["add_repo"], run["remove_repo"]),
        write.with_items("dependencies", run["add_blocker"], run["remove_blocker"]),
    ],
)  # fmt: skip
CLOSE = Command(
    _close,
    arguments=[Argument("ID", "The issues.", multiple=True, complete="id")],
    options=[Option("--reason", "TEXT", "Why, for the audit trail."), options.NO_COMMIT],
    description="An issue that waits for open work is not closed; drop the link first.",
    example='coord issue close ISSUE-045 --reason "fixed in oneiric 0.4.1"',
    shape=nouns.RECORDS,
)
REOPEN = Command(
    _reopen,
    arguments=[Argument("ID", "The issue.", complete="id")],
    options=[options.NO_COMMIT],
    example="coord issue reopen ISSUE-001",
    shape=nouns.RECORD,
)
