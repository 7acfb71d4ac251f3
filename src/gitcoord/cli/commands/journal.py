"""`coord journal`: the branch of machine-written facts."""

from __future__ import annotations

import os
import time
from datetime import datetime

from gitcoord.api import journal
from gitcoord.cli import options, text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import InvalidError, UsageError
from gitcoord.git import configuration
from gitcoord.git.repository import discover
from gitcoord.journal import facts
from gitcoord.journal.paths import BY_KIND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run
    from gitcoord.journal.facts import Fact

_KINDS = tuple(BY_KIND)
_SHORT = 100


def _add(run: Run) -> None:
    repo = run["repo"] or _here(run)
    if not repo:
        raise UsageError(
            "Say which repository the fact is about.", hint="coord journal add KIND --repo NAME"
        )
    if run["data"] is not None and run["stdin"]:
        raise UsageError("--data and --stdin both give the data.", hint="Leave one of them out.")
    given = run["data"]
    if run["stdin"]:
        given = options.body("-")
    added = journal.add(
        run.journal, run["kind"], repo, _data(given or "{}"), commit=run["commit"],
        time=run["time"],
    )  # fmt: skip
    if run.json:
        run.out(jsontext.dumps({"path": added.path, "commit": added.commit}))
    else:
        run.out(f"Added {added.path}.")


def _here(run: Run) -> str | None:
    """Return the name of the repository around the current directory, as its git config has it."""
    repo = discover(os.getcwd())
    return configuration.get(repo.root, "coord.name") if repo is not None else None


def _data(given: str) -> dict[str, Any]:
    import json  # costs as much as the rest of the command, and nothing else reads JSON

    try:
        found = json.loads(given, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"The data is no JSON: {error}.", hint='As in {"to": "main"}.') from None
    if not isinstance(found, dict):
        raise InvalidError("The data is no JSON object.", hint='As in {"to": "main"}.')
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def moment(word: str) -> datetime:
    """Read a time with an offset."""
    found = facts.moment(word)
    if found is None:
        raise ValueError("it takes a time with an offset, as 2026-01-31T12:00:00+01:00")
    return found


def whole_commit(word: str) -> str:
    """Read the full id of a commit."""
    if not facts.is_commit(word):
        raise ValueError("it takes the full id of a commit")
    return word


def _log(run: Run) -> None:
    workspace = run.journal
    limit = options.limit_of(run)
    page = journal.log(
        workspace, kind=run["kind"], repo=run["repo"], limit=limit,
        since=journal.moment(run["since"], workspace) if run["since"] else None,
        until=journal.moment(run["until"], workspace, end=True) if run["until"] else None,
    )  # fmt: skip
    if run.json:
        run.out(jsontext.lines([_as_json(path, fact) for path, fact in page.facts]))
    elif page.facts:
        rows = [
            (_when(fact.time), fact.kind, fact.repo, _brief(fact), path)
            for path, fact in page.facts
        ]
        run.out(text.table(rows, flexible=3))
    else:
        run.note("the journal has no such facts.")
    if page.more:
        run.note(f"these are the latest {limit}; --limit 0 shows all.")
    if page.findings:
        first = page.findings[0]
        told = f"{first.path}: {first.message}"
        run.note(f"{text.count(len(page.findings), 'file')} left out; {text.inert(told)}")


def _as_json(path: str, fact: Fact) -> str:
    return jsontext.dumps({"path": path} | fact.as_dict())


def _brief(fact: Fact) -> str:
    if fact.kind == "branch-switch":
        return f"{fact.data['from'] or 'detached'} → {fact.data['to'] or 'detached'}"
    if fact.kind == "alert" and isinstance(fact.data.get("why"), str):
        told = f"{fact.data.get('alert')} of {fact.data.get('metric')}: {fact.data['why']}"
        return text.clip(told, _SHORT)
    return text.clip(jsontext.dumps(fact.data), _SHORT)


def _when(moment: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(moment.timestamp()))


def _show(run: Run) -> None:
    found = journal.show(run.journal, run["path"])
    if run.json:
        content = found.content.decode("utf-8", "backslashreplace")
        fact = facts.read(found.path, found.content)
        wrong = None if isinstance(fact, facts.Fact) else fact.as_dict()
        body = {"path": found.path, "journal_commit": found.commit, "content": content,
                "fact": None if wrong else fact.as_dict(), "finding": wrong}  # fmt: skip
        run.out(jsontext.dumps(body))
        return
    shown = found.content.decode("utf-8", "backslashreplace").removesuffix("\n")
    run.out("\n".join(text.lines(shown)))


KIND = Option("--kind", "KIND", "Only this kind of fact.", choices=_KINDS)
REPO = Option("--repo", "NAME", "The repository.", short="-r", complete="repo")

ADD = Command(
    _add,
    arguments=[Argument("KIND", f"One of {', '.join(_KINDS)}.")],
    options=[
        Option("--repo", "NAME", "The repository it is about.", short="-r", complete="repo"),
        Option("--data", "JSON", "What there is to say, as a JSON object."),
        Option("--stdin", help="Read the JSON object from standard input."),
        Option("--commit", "SHA", "The commit it is about.", convert=whole_commit),
        Option("--time", "TIME", "When it was, if not now.", convert=moment),
    ],
    description="Meant for hooks and other programs. Neither work tree nor index is touched.",
    example="""coord journal add branch-switch --repo oneiric --data '{"from": "main", "to": "fix"}'""",
    shape="{path, commit}",
)
LOG = Command(
    _log,
    options=[
        KIND, REPO,
        Option("--since", "DATE", "From this day or so long ago on."),
        Option("--until", "DATE", "Up to the end of this day, or so long ago."),
        options.LIMIT,
    ],
    description="The latest first. A file that is no fact is left out, and stderr says so.",
    example="coord journal log --kind snapshot --repo oneiric --since 2w",
    shape="an array of {path, kind, repo, time, commit, data}",
)  # fmt: skip
SHOW = Command(
    _show,
    arguments=[Argument("PATH", "The path that `coord journal log` tells.")],
    example="coord journal show snapshots/oneiric/2026/11/21T071500Z-461ad11c.yaml",
    shape="{path, journal_commit, content, fact, finding}",
)
