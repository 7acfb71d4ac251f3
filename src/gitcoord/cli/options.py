"""Options that several commands share, and what they mean."""

from __future__ import annotations

from gitcoord.cli.spec import Argument, Option
from gitcoord.errors import UsageError
from gitcoord.model.kinds import DEPENDENCY_TYPES, PRIORITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gitcoord.cli.run import Run
    from gitcoord.cli.spec import Values
    from gitcoord.model.query.nodes import Query

DEFAULT_LIMIT = 50


def count(text: str) -> int:
    """Read a number of records, 0 for all."""
    if not text.isascii() or not text.isdigit():
        raise ValueError("it takes a number, 0 for all")
    return int(text)


def hours(text: str) -> float:
    """Read a number of hours."""
    try:
        found = float(text)
    except ValueError:
        raise ValueError("it takes a number of hours") from None
    if not 0 <= found < 1e6:
        raise ValueError("it takes a number of hours from 0")
    return int(found) if found == int(found) else found


def duration(text: str) -> int:
    """Read how long something may take, such as 90s, 30m or 2h; return seconds."""
    number, unit = (text[:-1], text[-1]) if text and not text[-1].isdigit() else (text, "s")
    factor = {"s": 1, "m": 60, "h": 3600}.get(unit)
    if factor is None or not number.isascii() or not number.isdigit() or len(number) > 6:
        raise ValueError("it takes a time such as 90s, 30m or 2h")
    if not 1 <= int(number) * factor <= 86_400:
        raise ValueError("it takes from 1s to 24h")
    return int(number) * factor


ID = Argument("ID", "The record's id.", complete="id")
PATHS = Argument(
    "PATH", "Files or folders; everything without.", required=False, multiple=True, complete="file"
)
AT = Option("--at", "REV|DATE", "Answer as of a revision or a date.", complete="ref")
LIMIT = Option(
    "--limit",
    "N",
    f"How many at most; 0 for all (default {DEFAULT_LIMIT}).",
    short="-n",
    convert=count,
)
QUERY = Argument("QUERY", "Words and conditions; `docs/queries.md` has them all.", required=False,
                 multiple=True, complete="query")  # fmt: skip
KIND = Option(
    "--kind", "KIND", "Only this kind.", choices=("issue", "todo", "plan", "dependency", "repo")
)
NO_COMMIT = Option("--no-commit", help="Write the file, leave the commit to you.")
SORT = Option("--sort", "FIELD", "Sort by a field; -FIELD for the other way round.")
GROUP = Option(
    "--group", "FIELD", "Group by repo, role, status, assignee, priority, plan, kind or label."
)

STATUS_FILTER = Option(
    "--status",
    "STATUS",
    "Only this status (open and done mean all of them).",
    short="-s",
    multiple=True,
    complete="status",
)
PRIORITY_FILTER = Option(
    "--priority", "PRIORITY", "Only this priority.", multiple=True, complete="priority"
)
SEVERITY_FILTER = Option("--severity", "SEVERITY", "Only this severity.", multiple=True)
REPO_FILTER = Option(
    "--repo", "REPO", "Only this repository.", short="-r", multiple=True, complete="repo"
)
ASSIGNEE_FILTER = Option(
    "--assignee", "NAME", "Only what this person has; me for yours.", short="-a", multiple=True
)
LABEL_FILTER = Option(
    "--label",
    "LABEL",
    "Only with this label; several mean all of them.",
    short="-l",
    multiple=True,
    complete="label",
)
ROLE_FILTER = Option(
    "--role", "ROLE", "Only repositories of this role.", multiple=True, complete="role"
)
LISTING = (SORT, GROUP, LIMIT, AT)

PRIORITY = Option("--priority", "PRIORITY", "How urgent.", short="-p", choices=PRIORITIES)
TYPE = Option("--type", "TYPE", "What the dependency is for.", choices=DEPENDENCY_TYPES)
LABEL = Option("--label", "LABEL", "A label.", short="-l", multiple=True, complete="label")
ADD_LABEL = Option("--add-label", "LABEL", "Add a label.", multiple=True, complete="label")
REMOVE_LABEL = Option("--remove-label", "LABEL", "Remove a label.", multiple=True, complete="label")
SET = Option(
    "--set", "FIELD=VALUE", "Set any field; `a.b=value` sets below metadata.", multiple=True
)
ASSIGNEE = Option("--assignee", "NAME", "Who does it.", short="-a")
TARGET = Option("--target", "DATE", "The day it is due, as YYYY-MM-DD.")
DESCRIPTION = Option("--description", "TEXT", "More about it; - reads standard input.", short="-d")
BLOCKED_BY = Option(
    "--blocked-by", "ID", "A record that has to be finished before.", multiple=True, complete="id"
)
TEMPLATE = Option("--template", "NAME", "Start from a template.", complete="template")

_FILTERS = ("status", "priority", "severity", "assignee", "role", "type", "consumer", "provider",
            "issue", "plan", "milestone", "tag", "kind")  # fmt: skip


def query_of(
    run: Run, words: Mapping[str, str] | None = None, *, text: list[str] | None = None
) -> Query:
    """Return the query of a listing: its words, and its filter options as further conditions."""
    from gitcoord.model.query import parse  # only lists take queries

    query = parse(" ".join(text or ()), saved=run.workspace.settings.queries if text else {})
    terms = []
    for field, value in (words or {}).items():
        terms.append(_term(field, [value]))
    for field in _FILTERS:
        given = _given(run.values, field)
        if given:
            terms.append(_term(field, given))
    if _given(run.values, "repo"):
        terms.append(_term("repo", _given(run.values, "repo")))
    terms += [_term("label", [label]) for label in _given(run.values, "label")]
    query = query.with_terms(*[term for term in terms if term is not None])
    for field in ("sort", "group"):
        if run.values.given(field):
            extra = parse(f"{field}:{run[field]}", saved={})
            query.sort = extra.sort or query.sort
            query.group = extra.group or query.group
    return query


def _given(values: Values, key: str) -> list[str]:
    if not values.given(key):
        return []
    found: Any = values[key]
    return found if isinstance(found, list) else [found]


def _term(field: str, values: list[str]) -> Any:
    from gitcoord.model.query import parse  # only lists take queries
    from gitcoord.model.query.nodes import both, is_bare, quoted

    written = [value if is_bare(value.replace(",", "")) else quoted(value) for value in values]
    return both([node for node in [parse(f"{field}:{','.join(written)}", saved={}).where] if node])


def limit_of(run: Run) -> int:
    """Return how many records to show at most; 0 for all."""
    return DEFAULT_LIMIT if run["limit"] is None else int(run["limit"])


def body(text: str | None) -> str | None:
    """Return a longer text as it was given, or standard input for `-`."""
    if text != "-":
        return text
    import sys

    try:
        return sys.stdin.read()
    except UnicodeDecodeError:
        raise UsageError("Standard input is not UTF-8.", hint="Convert it first.") from None
