"""Plans and their milestones."""

from __future__ import annotations

from gitcoord.api import duplicates, plans, templates, write
from gitcoord.cli import nouns, options, text
from gitcoord.cli.commands import showing
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import NotFoundError, UsageError
from gitcoord.model.kinds import MILESTONE_STATUSES, PLAN
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run

_TITLE = Option("--title", "TEXT", "What it is about.", short="-t")
_REPO = Option(
    "--repo", "REPO", "A repository it concerns.", short="-r", multiple=True, complete="repo"
)
_MILESTONE = Option("--milestone", "NAME:DATE", "A milestone and the day it is due.", multiple=True)
_ISSUE = Option("--issue", "ID", "An issue of the plan.", multiple=True, complete="id")
_TODO = Option("--todo", "ID", "A todo of the plan.", multiple=True, complete="id")
_FIELDS = {
    "title": "title",
    "description": "description",
    "target": "target",
    "assignee": "assignee",
}


def _create(run: Run) -> None:
    data = templates.start(run.workspace, PLAN, run["template"])
    data |= nouns.fields_of(
        run, {**_FIELDS, "repo": "repos", "label": "labels", "issue": "issues", "todo": "todos",
              "blocked_by": "dependencies"}
    )  # fmt: skip
    for word in run["milestone"]:
        data.setdefault("milestones", []).append(_stone(data.get("milestones") or [], word))
    if "title" not in data:
        raise UsageError("A plan needs --title.", hint="`coord plan create --help`")
    look = duplicates.Looking(run.workspace)
    made = write.create(run.workspace, PLAN, data, commit=not run["no_commit"], look=look)
    showing.show_created(run, made, data.get("repos") or [], look)


def _stone(others: list[Any], word: str) -> dict[str, Any]:
    name, colon, due = word.rpartition(":")
    if not colon or due[:1].isspace():  # a name may hold a colon: "Faces: web and MCP"
        name, due = word, ""
    taken = {item.get("id") for item in others if isinstance(item, dict)}
    number = len(others) + 1
    while f"M{number}" in taken:
        number += 1
    stone: dict[str, Any] = {"id": f"M{number}", "name": name.strip(), "status": "pending"}
    if due.strip():
        stone["due"] = due.strip()
    return stone


def _milestone(run: Run) -> None:
    wanted = run["milestone"]
    fields = {field: run[field] for field in ("name", "due", "status") if run.values.given(field)}
    lists = {"completion_criteria": run["criterion"], "deliverables": run["deliverable"],
             "dependencies": run["after"]}  # fmt: skip

    def how(data: dict[str, Any]) -> dict[str, Any]:
        stones = [
            dict(item) if isinstance(item, dict) else item for item in data.get("milestones") or []
        ]
        for stone in stones:
            if isinstance(stone, dict) and wanted in (stone.get("id"), stone.get("name")):
                break
        else:
            stone = _stone(stones, wanted)
            if "due" not in stone and "due" not in fields:
                raise _no_milestone(run["id"], stones, wanted)
            stones.append(stone)
        stone.update(fields)
        for field, items in lists.items():
            if items:
                stone[field] = [*(stone.get(field) or []), *items]
        return {**data, "milestones": stones}

    id = write.change(run.workspace, "plan", run["id"], how, commit=not run["no_commit"])
    showing.show_changed(run, id)


def _no_milestone(id: str, stones: list[Any], wanted: str) -> NotFoundError:
    """Return the error for a milestone that is neither there nor new, which has a day."""
    names = [
        str(one[key])
        for one in stones
        if isinstance(one, dict)
        for key in ("id", "name")
        if key in one
    ]
    close = nearest(wanted, names)
    hint = f"Did you mean {close}?" if close else f"A new one has a day: {wanted}:2026-12-31."
    return NotFoundError(f"{id} has no milestone {wanted!r}.", hint=hint)


def _validate(run: Run) -> int:
    run.travel()
    ids = [run["id"]] if run["id"] else _open_plans(run)
    found = [plans.progress(run.workspace, id, plans.load(run.workspace, id)) for id in ids]
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one.as_dict()) for one in found]))
    for one in () if run.json else found:
        percent = "nothing to do" if one.percent is None else f"{one.percent:g} % done"
        of = f"{one.done} of {one.total} milestones, issues and todos"
        run.out(f"{text.style(one.id, 'bold')}  {text.inert(one.title)}: {percent} ({of})")
        for fault in one.faults:
            run.out(f"  {text.style('!', 'yellow')} {text.inert(fault)}")
    return 1 if any(one.faults for one in found) else 0


def _open_plans(run: Run) -> list[str]:
    rows = run.workspace.view().execute(
        "SELECT id FROM record WHERE kind = 'plan' AND open = 1 ORDER BY sort"
    )
    return [row[0] for row in rows]


def _further(run: Run) -> list[write.Change]:
    if run["milestone"]:
        raise UsageError(
            "Milestones have a command of their own.", hint="coord plan milestone ID NAME:DATE"
        )
    return [
        write.with_items("repos", run["add_repo"], run["remove_repo"]),
        write.with_items("issues", run["add_issue"], run["remove_issue"]),
        write.with_items("todos", run["add_todo"], run["remove_todo"]),
    ]


CREATE = Command(
    _create,
    options=[
        _TITLE, options.DESCRIPTION, _REPO, options.TARGET, _MILESTONE, _ISSUE, _TODO,
        options.ASSIGNEE, options.LABEL, options.BLOCKED_BY, options.TEMPLATE, options.NO_COMMIT,
    ],
    example='coord plan create --title "Oneiric 1.0" --repo oneiric --milestone "API frozen:2026-12-15"',
    shape=nouns.RECORD,
)  # fmt: skip
UPDATE = nouns.updater(
    PLAN,
    {**_FIELDS, "status": "status"},
    [
        Option("--status", "STATUS", "Where it stands.", short="-s", complete="status"),
        _TITLE, options.DESCRIPTION, options.TARGET, options.ASSIGNEE, _MILESTONE,
        Option("--add-repo", "REPO", "Add a repository.", multiple=True, complete="repo"),
        Option("--remove-repo", "REPO", "Remove a repository.", multiple=True, complete="repo"),
        Option("--add-issue", "ID", "Add an issue.", multiple=True, complete="id"),
        Option("--remove-issue", "ID", "Remove an issue.", multiple=True, complete="id"),
        Option("--add-todo", "ID", "Add a todo.", multiple=True, complete="id"),
        Option("--remove-todo", "ID", "Remove a todo.", multiple=True, complete="id"),
    ],
    "coord plan update PLAN-001 --status active --add-issue ISSUE-001",
    _further,
)  # fmt: skip
MILESTONE = Command(
    _milestone,
    arguments=[
        Argument("ID", "The plan.", complete="id"),
        Argument("MILESTONE", "The milestone's id or name; a new one as NAME:DATE."),
    ],
    options=[
        Option("--name", "TEXT", "Its name."),
        Option("--due", "DATE", "The day it is due."),
        Option("--status", "STATUS", "Where it stands.", choices=MILESTONE_STATUSES),
        Option("--criterion", "TEXT", "Add a completion criterion.", multiple=True),
        Option("--deliverable", "TEXT", "Add a deliverable.", multiple=True),
        Option("--after", "MILESTONE", "A milestone that comes before.", multiple=True),
        options.NO_COMMIT,
    ],
    example="coord plan milestone PLAN-006 M3 --status completed",
    shape=nouns.RECORD,
)
VALIDATE = Command(
    _validate,
    arguments=[Argument("ID", "The plan; all open ones without.", required=False, complete="id")],
    options=[options.AT],
    description="Exits with 1 when a plan is late, about to be, or not whole.",
    example="coord plan validate PLAN-001",
    shape="an array of {id, title, percent, done, total, milestones, overdue, at_risk, faults}",
)
