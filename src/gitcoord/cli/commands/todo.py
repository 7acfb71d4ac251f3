"""Todos."""

from __future__ import annotations

from gitcoord.api import completing, duplicates, read, templates, work, write
from gitcoord.cli import nouns, options
from gitcoord.cli.commands import showing
from gitcoord.cli.show_records import show_list
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.errors import UsageError
from gitcoord.model.kinds import TODO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run

_TASK = Option("--task", "TEXT", "What is to be done.", short="-t")
_REPO = Option("--repo", "REPO", "The repository it is done in.", short="-r", complete="repo")
_ESTIMATE = Option("--estimate", "HOURS", "How many hours it will take.", convert=options.hours)
_ISSUE = Option("--issue", "ID", "The issue it belongs to.", complete="id")
_PLAN = Option("--plan", "ID", "The plan it belongs to.", complete="id")
_MILESTONE = Option("--milestone", "ID", "The milestone of the plan.")
_FIELDS = {
    "task": "task",
    "description": "description",
    "repo": "repo",
    "priority": "priority",
    "assignee": "assignee",
    "target": "target",
    "estimate": "estimated_hours",
    "issue": "issue",
    "plan": "plan",
    "milestone": "milestone",
}


def _create(run: Run) -> None:
    data = templates.start(run.workspace, TODO, run["template"])
    data |= nouns.fields_of(
        run,
        {
            **_FIELDS,
            "label": "labels",
            "blocked_by": "blocked_by",
            "criterion": "acceptance_criteria",
        },
    )
    if run["description"] is not None:
        data["description"] = options.body(run["description"])
    if run["for_each_repo"]:
        if run["repo"]:
            raise UsageError(
                "--for-each-repo and --repo exclude each other.", hint="Leave one out."
            )
        made = work.todo_for_each_repo(
            run.workspace, run["for_each_repo"], data, commit=not run["no_commit"]
        )
        show_list(run, [read.get(run.workspace, id) for id in made])
        if not made:
            run.note("every repository has its todo already.")
        return
    data.setdefault("task", "")
    data.setdefault("repo", "")
    if not data["task"] or not data["repo"]:
        raise UsageError("A todo needs --task and --repo.", hint="`coord todo create --help`")
    look = duplicates.Looking(run.workspace)
    entry = write.create(run.workspace, TODO, data, commit=not run["no_commit"], look=look)
    showing.show_created(run, entry, [data["repo"]], look)


def _start(run: Run) -> None:
    assignee = run["assignee"] or run.workspace.me
    id = work.start(run.workspace, run["id"], assignee=assignee, commit=not run["no_commit"])
    showing.show_changed(run, id)


def _complete(run: Run) -> None:
    from gitcoord.cli import outcomes  # loaded only where a todo ends

    id, found = completing.complete(
        run.workspace, run["id"], hours=run["hours"], commit=not run["no_commit"],
        require=run["require_checks"], execute=not run["no_checks"], before=outcomes.teller(run),
    )  # fmt: skip
    showing.show_changed(run, id)
    for one in found:
        if one.verdict != "passed":
            run.note(outcomes.line(one))


CREATE = Command(
    _create,
    options=[
        _TASK, _REPO, options.DESCRIPTION, options.PRIORITY, options.ASSIGNEE, options.TARGET,
        _ESTIMATE, _ISSUE, _PLAN, _MILESTONE, options.BLOCKED_BY,
        Option("--criterion", "TEXT", "An acceptance criterion.", multiple=True), options.LABEL,
        Option("--for-each-repo", "ISSUE", "One todo for every repository of an issue.", complete="id"),
        options.TEMPLATE, options.NO_COMMIT,
    ],
    example='coord todo create --task "Pin oneiric" --repo fastblocks --estimate 2\n'
    "coord todo create --for-each-repo ISSUE-001",
    shape="the record; an array of records with --for-each-repo",
)  # fmt: skip
UPDATE = nouns.updater(
    TODO,
    {**_FIELDS, "status": "status", "hours": "actual_hours"},
    [
        Option("--status", "STATUS", "Where it stands.", short="-s", complete="status"),
        options.PRIORITY, _TASK, options.DESCRIPTION, _REPO, options.ASSIGNEE, options.TARGET,
        _ESTIMATE, Option("--hours", "HOURS", "How many hours it took.", convert=options.hours),
        _ISSUE, _PLAN, _MILESTONE,
        Option("--add-blocker", "ID", "Add a record to wait for.", multiple=True, complete="id"),
        Option("--remove-blocker", "ID", "Wait for it no longer.", multiple=True, complete="id"),
        Option("--criterion", "TEXT", "Add an acceptance criterion.", multiple=True),
    ],
    "coord todo update TODO-001 --priority high --assignee lena",
    lambda run: [
        write.with_items("blocked_by", run["add_blocker"], run["remove_blocker"]),
        write.with_items("acceptance_criteria", run["criterion"], []),
    ],
)  # fmt: skip
START = Command(
    _start,
    arguments=[Argument("ID", "The todo.", complete="id")],
    options=[options.ASSIGNEE, options.NO_COMMIT],
    description="Sets the status to in_progress and, unless told otherwise, the assignee to you.",
    example="coord todo start TODO-001",
    shape=nouns.RECORD,
)
COMPLETE = Command(
    _complete,
    arguments=[Argument("ID", "The todo.", complete="id")],
    options=[
        Option("--hours", "HOURS", "How many hours it took.", convert=options.hours),
        Option("--require-checks", help="Only if every check of the criteria passes."),
        Option("--no-checks", help="Run no check."),
        options.NO_COMMIT,
    ],
    description=(
        "A todo that waits for open work is not completed; drop the link first. The trusted checks\n"
        "in its acceptance criteria are run; those that did not pass or were not run are told."
    ),
    example="coord todo complete TODO-001 --hours 3.5",
    shape=nouns.RECORD,
)
