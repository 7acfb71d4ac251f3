"""Lists: of a query, of what is ready, of what is blocked and what blocks."""

from __future__ import annotations

from itertools import chain

from gitcoord.api import read
from gitcoord.cli import grouping, options, text
from gitcoord.cli.show_records import show_all, show_json, show_list, warn_faulty
from gitcoord.cli.spec import Argument, Command
from gitcoord.model.kinds import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run
    from gitcoord.model.query.nodes import Query

_LISTS = {"repository": "repo", "role": "role", "plan": "plan", "issue": "issue"}


def show_query(run: Run, query: Query) -> None:
    """Print the records of a query, in groups where it asks for them."""
    run.travel()
    limit = options.limit_of(run) if query.limit is None else query.limit
    if not limit and not query.group:
        _show_all(run, query)
        return
    page = read.select(run.workspace, query, limit=limit)
    if query.group and not run.json:
        grouping.show(run, query.group, page)
    else:
        show_list(run, page.entries, more=page.more)
    if not page.entries:
        _tell_misnamed(run, query)


def _show_all(run: Run, query: Query) -> None:
    """Print every record, as many as there are, without holding more than a list shows."""
    found = read.stream(run.workspace, query, brief=not run.json)
    first = next(found, None)
    show = show_json if run.json else show_all
    show(run, () if first is None else chain((first,), found))
    warn_faulty(run)
    if first is None:
        _tell_misnamed(run, query)


def _tell_misnamed(run: Run, query: Query) -> None:
    """Say on stderr which names of a query that found nothing are nobody's."""
    if query.where is None:
        return
    from gitcoord.api.misnamed import misnamed  # only where nothing was found

    for one in misnamed(run.workspace, query):
        lists = "" if one.close else f"; `coord {_LISTS[one.noun]} list` shows all."
        run.note(text.inert(one.told()) + lists)


def _list(run: Run) -> None:
    words = {"kind": run["kind"]} if run["kind"] else {}
    show_query(run, options.query_of(run, words, text=run["query"]))
    _tell_of_nouns(run)


def _tell_of_nouns(run: Run) -> None:
    """Say where a lone word that is a kind was searched for as text."""
    word = run["query"][0] if len(run["query"]) == 1 else ""
    for kind in KINDS:
        if word in (kind.name, kind.plural):
            noun = "dep" if kind.name == "dependency" else kind.name
            run.note(
                f"that searched for the text {word!r}; `coord {noun} list` lists {kind.plural}."
            )


def _ready(run: Run) -> None:
    run.travel()
    _show(run, "ready")


def _blocked(run: Run) -> None:
    run.travel()
    _show(run, "blocked")


def _show(run: Run, word: str) -> None:
    limit = int(run["limit"] or 0)
    if not any(run.values.given(key) for key in ("query", "repo", "role", "assignee")):
        ask = read.ready if word == "ready" else read.blocked
        found = ask(run.workspace, brief=not run.json)
        page = read.Page(found[:limit] if limit else found, bool(limit) and len(found) > limit)
    else:
        from gitcoord.model.query import parse  # mostly nobody filters

        query = options.query_of(run, text=run["query"])
        terms = parse(f"is:{word} sort:worth", saved={})
        query = query.with_terms(*([terms.where] if terms.where else []))
        query.sort = query.sort or terms.sort
        page = read.select(run.workspace, query, limit=limit)
        if not page.entries:
            _tell_misnamed(run, query)
    show_list(run, page.entries, more=page.more, waits=word == "blocked")


def _blocking(run: Run) -> None:
    run.travel()
    show_list(run, read.blocking(run.workspace, run["repo"]))


_RECORDS = "an array of records"
_WORK = (
    options.REPO_FILTER,
    options.ROLE_FILTER,
    options.ASSIGNEE_FILTER,
    options.LIMIT,
    options.AT,
)

LIST = Command(
    _list,
    arguments=[options.QUERY],
    options=[
        options.KIND, options.STATUS_FILTER, options.PRIORITY_FILTER, options.REPO_FILTER,
        options.ASSIGNEE_FILTER, options.LABEL_FILTER, options.ROLE_FILTER, *options.LISTING,
    ],
    description=(
        "Conditions are FIELD:VALUE, combined with and, or, not and parentheses; other words are\n"
        'searched for in the text. `coord list status:open priority>=high repo:oneiric "free text"`.'
    ),
    example="coord list 'is:ready priority>=high updated<7d'",
    shape=_RECORDS,
)  # fmt: skip
READY = Command(
    _ready,
    arguments=[options.QUERY],
    options=_WORK,
    description=(
        "A record is ready when it is pending and nothing open stands before it. The order: the most\n"
        "urgent priority of the record and of what waits for it, the nearest due day, how many\n"
        "records wait for it, its age."
    ),
    example="coord ready --repo fastblocks",
    shape=_RECORDS,
)
BLOCKED = Command(
    _blocked,
    arguments=[options.QUERY],
    options=_WORK,
    example="coord blocked",
    shape="an array of records; `blocked_by_open` says what each one waits for",
)
BLOCKING = Command(
    _blocking,
    arguments=[Argument("REPO", "The repository.", complete="repo")],
    options=[options.AT],
    example="coord blocking fastblocks",
    shape="an array of records, in the order worth doing",
)
