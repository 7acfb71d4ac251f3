"""Issues: list, read, create, change, close."""

from __future__ import annotations

from gitcoord.api import read, work, write
from gitcoord.mcp import filters, writing
from gitcoord.mcp.answer import LIST, RECORD, Answer
from gitcoord.mcp.parameters import choice, day, text, texts
from gitcoord.mcp.tool import ADDS, SETS, Tool
from gitcoord.model.kinds import ISSUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.mcp.call import Call

ID = text("id", example="ISSUE-001").needed()
_FIELDS = ("title", "description", "priority", "severity", "assignee", "target", "status")


def _list(call: Call) -> Answer:
    return filters.records(
        call, "issue", "issues", "status", "priority", "severity", "repo", "assignee", "label"
    )


def _get(call: Call) -> Answer:
    return writing.show(call, call["id"], "issue")


def _create(call: Call) -> Answer:
    data = call.given("title", "description", "priority", "severity", "assignee", "target")
    data |= call.given("repos", "labels")
    if call["blocked_by"]:
        data["dependencies"] = call["blocked_by"]
    return writing.create(call, ISSUE, data, call["repos"] or [])


def _update(call: Call) -> Answer:
    return writing.change(
        call,
        ISSUE,
        write.with_fields(ISSUE, call.given(*_FIELDS)),
        *writing.lists(call, labels="labels", repos="repos", blockers="dependencies"),
    )


def _close(call: Call) -> Answer:
    id = read.get(call.workspace, call["id"], "issue").id
    work.close(call.workspace, [id], reason=call["reason"])
    return writing.changed(read.get(call.workspace, id, "issue"), "closed")


LIST_ISSUES = Tool(
    "coord_list_issues",
    _list,
    "List issues, by id.",
    [
        filters.status("issue"), filters.PRIORITY, text("severity", example="bug"), filters.REPO,
        text("assignee", "A name, or me"), text("label"), filters.QUERY, *filters.PAGE,
    ],
    shape=LIST,
)  # fmt: skip
GET_ISSUE = Tool("coord_get_issue", _get, "Read an issue with all its fields.", [ID], shape=RECORD)
CREATE_ISSUE = Tool(
    "coord_create_issue",
    _create,
    "Create an issue that concerns one or more repositories. Search first: it may exist.",
    [
        text("title").needed(), text("description"), texts("repos"), filters.PRIORITY,
        text("severity", example="bug"), texts("labels"), text("assignee"), day("target", "Due day"),
        texts("blocked_by", "Ids it waits for"),
    ],
    shape=RECORD,
    does=ADDS,
)  # fmt: skip
UPDATE_ISSUE = Tool(
    "coord_update_issue",
    _update,
    "Change fields of an issue; an empty text clears one.",
    [
        ID, choice("status", ISSUE.statuses), filters.PRIORITY, text("severity"), text("title"),
        text("description"), text("assignee"), day("target"), texts("add_labels"),
        texts("remove_labels"), texts("add_repos"), texts("remove_repos"),
        texts("add_blockers", "Ids it waits for"), texts("remove_blockers"), text("comment"),
    ],
    shape=RECORD,
    does=SETS,
)  # fmt: skip
CLOSE_ISSUE = Tool(
    "coord_close_issue",
    _close,
    "Close an issue; refused while open work blocks it.",
    [ID, text("reason", "For the audit trail")],
    shape=RECORD,
    does=SETS,
)
