"""Todos: list, read, create, begin, change, complete."""

from __future__ import annotations

from gitcoord.api import completing, read, work, write
from gitcoord.mcp import filters, writing
from gitcoord.mcp.answer import LIST, RECORD, Answer, line
from gitcoord.mcp.parameters import choice, day, hours, text, texts
from gitcoord.mcp.tool import ADDS, SETS, Tool
from gitcoord.model.kinds import TODO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.mcp.call import Call

_ID = text("id", example="TODO-001").needed()
_NEW = ("task", "repo", "description", "priority", "assignee", "target", "estimated_hours",
        "issue", "plan", "blocked_by", "labels")  # fmt: skip
_FIELDS = ("task", "status", "priority", "description", "assignee", "target", "estimated_hours",
           "issue", "plan")  # fmt: skip


def _list(call: Call) -> Answer:
    return filters.records(
        call, "todo", "todos", "status", "priority", "repo", "assignee", "issue", "plan"
    )


def _get(call: Call) -> Answer:
    return writing.show(call, call["id"], "todo")


def _create(call: Call) -> Answer:
    data = call.given(*_NEW)
    if call["criteria"]:
        data["acceptance_criteria"] = call["criteria"]
    return writing.create(call, TODO, data, [call["repo"]])


def _start(call: Call) -> Answer:
    id = read.get(call.workspace, call["id"], "todo").id
    work.take(call.workspace, id, assignee=call["assignee"] or call.workspace.signature)
    return writing.changed(read.get(call.workspace, id, "todo"), "begun")


def _update(call: Call) -> Answer:
    fields = write.with_fields(TODO, call.given(*_FIELDS))
    more = writing.lists(call, labels="labels", blockers="blocked_by")
    criteria = write.with_items("acceptance_criteria", call["add_criteria"] or [], [])
    return writing.change(call, TODO, fields, *more, criteria)


def _complete(call: Call) -> Answer:
    id = read.get(call.workspace, call["id"], "todo").id
    _, outcomes = completing.complete(
        call.workspace, id, hours=call["hours"],
        before=lambda one: call.step(0, 1, f"runs the check {one.check.command}"),
    )  # fmt: skip
    left = [one for one in outcomes if one.verdict != "passed"]
    notes = [line(f"{one.field} {one.verdict}: {one.reason or one.command}") for one in left]
    return writing.changed(read.get(call.workspace, id, "todo"), "completed", notes)


LIST_TODOS = Tool(
    "coord_list_todos",
    _list,
    "List todos, by id.",
    [
        filters.status("todo"), filters.PRIORITY, filters.REPO, text("assignee"), text("issue"),
        text("plan"), filters.QUERY, *filters.PAGE,
    ],
    shape=LIST,
)  # fmt: skip
GET_TODO = Tool("coord_get_todo", _get, "Read a todo with all its fields.", [_ID], shape=RECORD)
CREATE_TODO = Tool(
    "coord_create_todo",
    _create,
    "Create a todo: a piece of work in one repository.",
    [
        text("task").needed(), text("repo").needed(), text("description"), filters.PRIORITY,
        text("assignee"), day("target"), hours("estimated_hours"), text("issue"), text("plan"),
        texts("blocked_by"), texts("criteria", "Acceptance criteria"), texts("labels"),
    ],
    shape=RECORD,
    does=ADDS,
)  # fmt: skip
COMPLETE_TODO = Tool(
    "coord_complete_todo",
    _complete,
    "Complete a todo; refused while open work blocks it. Its trusted checks are run.",
    [_ID, hours("hours", "Hours it took")],
    shape=RECORD,
    does=SETS,
    slow=True,
)
START_TODO = Tool(
    "coord_start_todo",
    _start,
    "Begin a todo: in_progress, and yours unless another is named. Refused if somebody else has it.",
    [_ID, text("assignee")],
    shape=RECORD,
    does=SETS,
)
UPDATE_TODO = Tool(
    "coord_update_todo",
    _update,
    "Change fields of a todo; an empty text clears one.",
    [
        _ID, text("task"), choice("status", TODO.statuses), filters.PRIORITY, text("description"),
        text("assignee"), day("target"), hours("estimated_hours"), text("issue"), text("plan"),
        texts("add_labels"), texts("remove_labels"), texts("add_blockers"),
        texts("remove_blockers"), texts("add_criteria"), text("comment"),
    ],
    shape=RECORD,
    does=SETS,
)  # fmt: skip
