"""Plans: list, read with their progress, create, change, burn down."""

from __future__ import annotations

from gitcoord.api import plans, read, write
from gitcoord.mcp import filters, writing
from gitcoord.mcp.answer import ANY, LIST, RECORD, Answer, line, told
from gitcoord.mcp.parameters import choice, day, text, texts
from gitcoord.mcp.tool import ADDS, SETS, Tool
from gitcoord.model.kinds import PLAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.mcp.call import Call

_ID = text("id", example="PLAN-001").needed()
_LEFT_OUT = ("id", "title", "milestones")


def _list(call: Call) -> Answer:
    return filters.records(call, "plan", "plans", "status", "repo", "assignee")


def _get(call: Call) -> Answer:
    id = read.get(call.workspace, call["id"], "plan").id
    found = writing.show(call, id, "plan").data
    state = plans.progress(call.workspace, id, plans.load(call.workspace, id)).as_dict()
    found["progress"] = {name: value for name, value in state.items() if name not in _LEFT_OUT}
    found["members"] = [one.id for one in plans.members(call.workspace, id)]
    return told(found)


def _create(call: Call) -> Answer:
    data = call.given("title", "description", "repos", "target", "issues", "todos")
    return writing.create(call, PLAN, data, call["repos"] or [])


def _update(call: Call) -> Answer:
    fields = call.given("title", "status", "description", "target", "assignee")
    more = writing.lists(call, issues="issues", todos="todos", repos="repos")
    return writing.change(call, PLAN, write.with_fields(PLAN, fields), *more)


def _burndown(call: Call) -> Answer:
    from gitcoord.api import burndown  # loads the history

    found = burndown.burndown(
        call.workspace, call["id"], since=call["since"], until=None, every=call["every"] or "week"
    ).as_dict()
    rows = [f"{row['date']} {row['remaining']} left, {row['done']} done" for row in found["series"]]
    end = found["forecast"] or found["reason"]
    head = f"{found['plan']} {line(found['title'])}; forecast: {end}"
    return Answer("\n".join([head, *rows[-12:]]), found)


LIST_PLANS = Tool(
    "coord_list_plans",
    _list,
    "List plans, by id.",
    [filters.status("plan"), filters.REPO, text("assignee"), filters.QUERY, *filters.PAGE],
    shape=LIST,
)
GET_PLAN = Tool(
    "coord_get_plan",
    _get,
    "Read a plan: milestones, members, how far it is and what endangers it.",
    [_ID],
    shape=RECORD,
)
CREATE_PLAN = Tool(
    "coord_create_plan",
    _create,
    "Create a plan that gathers issues and todos.",
    [
        text("title").needed(), texts("repos"), text("description"), day("target"),
        texts("issues"), texts("todos"),
    ],
    shape=RECORD,
    does=ADDS,
)  # fmt: skip
UPDATE_PLAN = Tool(
    "coord_update_plan",
    _update,
    "Change a plan; an empty text clears a field.",
    [
        _ID, text("title"), choice("status", PLAN.statuses), text("description"), day("target"),
        text("assignee"), texts("add_issues"), texts("remove_issues"), texts("add_todos"),
        texts("remove_todos"), texts("add_repos"), texts("remove_repos"), text("comment"),
    ],
    shape=RECORD,
    does=SETS,
)  # fmt: skip
BURNDOWN = Tool(
    "coord_get_burndown",
    _burndown,
    "Tell what remains of a plan over time, with a forecast where history allows one.",
    [_ID, text("since", example="3m"), choice("every", ("day", "week", "month"))],
    shape=ANY,
    slow=True,
)
