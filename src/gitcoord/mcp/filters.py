"""From the flat parameters of a list to a query of the tracker."""

from __future__ import annotations

from gitcoord.api import paging
from gitcoord.mcp import parameters
from gitcoord.mcp.answer import Answer, line, listed
from gitcoord.model.kinds import BY_NAME, PRIORITIES
from gitcoord.model.query import parse
from gitcoord.model.query.nodes import is_bare, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.mcp.call import Call
    from gitcoord.mcp.parameters import Parameter
    from gitcoord.model.query.nodes import Query

PAGE = (parameters.count("limit", 200, 20), parameters.text("cursor"))
QUERY = parameters.text("query", "Words or conditions", example="is:overdue updated<7d")
PRIORITY = parameters.choice("priority", PRIORITIES)
REPO = parameters.text("repo")


def status(kind: str) -> Parameter:
    """Return the parameter that narrows a list to a status, or to all that are open or done."""
    return parameters.choice("status", ("open", "done", *BY_NAME[kind].statuses))


def records(call: Call, kind: str, what: str, *names: str) -> Answer:
    """Return the page of records of a kind that the named parameters ask for."""
    return found(call, narrowed(call, call.values.get("query") or "", {"kind": kind}, *names), what)


def found(call: Call, query: Query, what: str, *, waits: bool = False) -> Answer:
    """Return a page of what a query finds; where that is nothing, the names nobody bears.

    `waits` shows what each record waits for.
    """
    page = paging.page(call.workspace, query, limit=call["limit"], after=call.after())
    answer = listed(call, page, what, waits=waits)
    if not page.total:
        _tell_misnamed(call, query, answer)
    return answer


def _tell_misnamed(call: Call, query: Query, answer: Answer) -> None:
    from gitcoord.api.misnamed import misnamed  # only where nothing was found

    notes = [one.told() for one in misnamed(call.workspace, query)]
    if notes:
        answer.data["notes"] = notes
        answer.text = "\n".join([answer.text, *(f"Note: {line(note)}" for note in notes)])


def narrowed(call: Call, text: str, fixed: dict[str, str], *names: str) -> Query:
    """Return a query of a text, of some fixed conditions and of those that parameters give."""
    query = parse(text, saved=call.workspace.settings.queries)
    wanted = fixed | {name: call[name] for name in names if call.values.get(name)}
    for name, value in wanted.items():
        term = parse(f"{name}:{_word(value)}", saved={}).where
        if term is not None:
            query = query.with_terms(term)
    return query


def _word(value: str) -> str:
    return value if is_bare(value) else quoted(value)
