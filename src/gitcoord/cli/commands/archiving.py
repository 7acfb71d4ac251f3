"""`coord archive`, `unarchive` and `delete`."""

from __future__ import annotations

from gitcoord.api import archive, read
from gitcoord.cli import options, text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError
from gitcoord.model.query import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.entry import Entry
    from gitcoord.cli.run import Run

_IDS = Argument("ID", "The records.", required=False, multiple=True, complete="id")
# A repository without a status, or a dependency that holds, is in use and not finished.
_FINISHED = (
    "(kind:issue,todo,plan is:closed"
    " or kind:dependency status:deprecated or kind:repo status:archived)"
)
_QUERY = Option("--query", "QUERY", "All records that match.", short="-q", complete="query")


def _chosen(run: Run, extra: str) -> list[Entry]:
    if run["query"]:
        query = parse(f"({run['query']}) {extra}", saved=run.workspace.settings.queries)
        return read.select(run.workspace, query).entries
    if not run["id"]:
        raise UsageError(
            "Name records, or a --query.", hint="coord archive --query 'status:closed updated>90d'"
        )
    return [read.get(run.workspace, id) for id in run["id"]]


def _archive(run: Run) -> None:
    found = _chosen(run, _FINISHED)
    _tell(run, "Archived", archive.archive(run.workspace, found, commit=not run["no_commit"]))


def _unarchive(run: Run) -> None:
    found = _chosen(run, "is:archived")
    _tell(run, "Brought back", archive.unarchive(run.workspace, found, commit=not run["no_commit"]))


def _tell(run: Run, verb: str, ids: list[str]) -> None:
    if run.json:
        run.out(jsontext.lines([read.get(run.workspace, id).json() for id in ids]))
    else:
        run.out(f"{verb} {', '.join(ids)}." if ids else "Nothing to do.")


def _delete(run: Run) -> int:
    entry = read.get(run.workspace, run["id"])
    if not run["yes"] and not run.json:
        question = f"Delete {entry.id} ({text.inert(entry.title or '')})?"
        if not run.ask(question):
            run.note("nothing was deleted; --yes deletes without asking.")
            return 1
    id = archive.delete(run.workspace, entry.id, force=run["force"], commit=not run["no_commit"])
    run.out(jsontext.dumps({"deleted": id}) if run.json else f"Deleted {id}.")
    return 0


ARCHIVE = Command(
    _archive,
    arguments=[_IDS],
    options=[_QUERY, options.NO_COMMIT],
    description=(
        "Archived records stay in coord/archive/, can be shown and linked to, and are left out of\n"
        "lists unless a query asks for `is:archived`. Of what a --query matches, only finished work\n"
        "is archived (and dependencies that are deprecated, repositories whose status says archived)."
    ),
    example="coord archive --query 'kind:issue,todo updated>90d'",
    shape="an array of records",
)
UNARCHIVE = Command(
    _unarchive,
    arguments=[_IDS],
    options=[_QUERY, options.NO_COMMIT],
    example="coord unarchive ISSUE-001",
    shape="an array of records",
)
DELETE = Command(
    _delete,
    arguments=[options.ID],
    options=[
        Option("--yes", help="Do not ask.", short="-y"),
        Option("--force", help="Even when other records name it."),
        options.NO_COMMIT,
    ],
    description="The file stays in git's history, and its id is never used again.",
    example="coord delete ISSUE-046 --yes",
    shape="{deleted}",
)
