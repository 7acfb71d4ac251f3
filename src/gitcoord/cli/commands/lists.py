"""`coord NOUN list` and `coord NOUN show`, which are asked most often and load least."""

from __future__ import annotations

from gitcoord.api import read
from gitcoord.cli import options
from gitcoord.cli.commands import listing
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.model.kinds import BY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.cli.run import Run


def _lister(kind: str, filters: Sequence[Option], example: str) -> Command:
    def run_it(run: Run) -> None:
        listing.show_query(run, options.query_of(run, {"kind": kind}, text=run["query"]))

    return Command(
        run_it,
        arguments=[options.QUERY],
        options=[*filters, *options.LISTING],
        example=example,
        shape="an array of records",
    )


def _shower(kind: str, metavar: str = "ID") -> Command:
    def run_it(run: Run) -> None:
        from gitcoord.cli.commands import showing  # a list shows none

        run.travel()
        showing.show_entry(run, read.get(run.workspace, run[metavar.lower()], kind))

    noun = "dep" if kind == "dependency" else kind
    example = "oneiric" if kind == "repo" else f"{BY_NAME[kind].prefix}-001"
    return Command(
        run_it,
        arguments=[Argument(metavar, "Which one.", complete="repo" if kind == "repo" else "id")],
        options=[options.AT],
        example=f"coord {noun} show {example}",
        shape="the record",
    )


def _only(name: str, what: str, complete: str = "") -> Option:
    metavar = name.upper()
    return Option(f"--{name}", metavar, f"Only {what}.", multiple=True, complete=complete)


ISSUES = _lister(
    "issue",
    [
        options.STATUS_FILTER,
        options.PRIORITY_FILTER,
        options.SEVERITY_FILTER,
        options.REPO_FILTER,
        options.ASSIGNEE_FILTER,
        options.LABEL_FILTER,
        options.ROLE_FILTER,
    ],
    "coord issue list --status pending --repo oneiric",
)
TODOS = _lister(
    "todo",
    [
        options.STATUS_FILTER,
        options.PRIORITY_FILTER,
        options.REPO_FILTER,
        options.ASSIGNEE_FILTER,
        options.LABEL_FILTER,
        options.ROLE_FILTER,
        _only("issue", "those of an issue", "id"),
        _only("plan", "those of a plan", "id"),
    ],
    "coord todo list --repo oneiric --status pending",
)
PLANS = _lister(
    "plan",
    [
        options.STATUS_FILTER,
        options.REPO_FILTER,
        options.ASSIGNEE_FILTER,
        options.LABEL_FILTER,
        options.ROLE_FILTER,
    ],
    "coord plan list --status active",
)
DEPENDENCIES = _lister(
    "dependency",
    [
        options.STATUS_FILTER,
        options.REPO_FILTER,
        options.LABEL_FILTER,
        _only("consumer", "what this repository needs", "repo"),
        _only("provider", "what needs this repository", "repo"),
        _only("type", "this type", "type"),
    ],
    "coord dep list --consumer fastblocks",
)
REPOS = _lister(
    "repo",
    [
        options.STATUS_FILTER,
        options.ROLE_FILTER,
        options.LABEL_FILTER,
        _only("tag", "those with a tag"),
    ],
    "coord repo list --role foundation",
)
ISSUE = _shower("issue")
TODO = _shower("todo")
PLAN = _shower("plan")
DEPENDENCY = _shower("dependency")
REPO = _shower("repo", "NAME")
