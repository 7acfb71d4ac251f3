"""`coord fix record`, `list`, `outcome` and `effectiveness`."""

from __future__ import annotations

import os
from datetime import datetime

from gitcoord.api import fixes, journal
from gitcoord.cli import options, text
from gitcoord.cli.commands.journal import moment, whole_commit
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.cli.values import local
from gitcoord.codec import jsontext
from gitcoord.errors import InvalidError, NoHubError, UsageError
from gitcoord.git import repository
from gitcoord.model.ids import is_repo_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.cli.run import Run

ATTEMPT = (
    "{id, repo, time, commit, type, message, file, line, stage, agent, strategy, success,\n"
    "duration, session, run, recommended, variant, tool, confirmed}"
)
_GIVEN = ("type", "message", "file", "line", "stage", "agent", "strategy", "duration", "session",
          "run", "recommended", "repo", "commit", "time")  # fmt: skip


def here(run: Run, workspace: Workspace) -> str | None:
    """Return the repository that `--repo` names, else the one around the current folder, else the hub."""
    if run["repo"]:
        return str(run["repo"])
    folder = os.getcwd()
    try:
        found = repository.bare(folder) or repository.discover(folder)
    except NoHubError:  # somewhere inside a bare one
        found = None
    common = (found or workspace.repo).common_dir
    # A linked work tree has a name of its own, but its repository is the first one's.
    root = os.path.dirname(common) if os.path.basename(common) == ".git" else common
    name = os.path.basename(root).removesuffix(".git")
    return name if is_repo_name(name) else None


def _record(run: Run) -> None:
    if run["stdin"]:
        said = [f"--{name}" for name in _GIVEN if name != "repo" and run.values.given(name)]
        if said or run["success"] or run["failed"]:
            raise UsageError(
                "With --stdin each line says everything itself.",
                hint="Only --repo may stand beside.",
            )
        given = list(_lines((options.body("-") or "").removeprefix("\ufeff")))
    else:
        given = [_one(run)]
    workspace = run.journal
    found = fixes.record(workspace, given, repo=here(run, workspace))
    if run.json:
        told = [jsontext.dumps(one) for one in found]
        run.out(jsontext.lines(told) if run["stdin"] else told[0])
    elif run["stdin"]:
        run.out(f"Recorded {text.count(len(found), 'attempt')}.")
    else:
        run.out(f"Recorded {found[0]['id']}.")


def _one(run: Run) -> dict[str, Any]:
    success = judged(run, "success")
    return {name: run[name] for name in _GIVEN if run[name] is not None} | (
        {} if success is None else {"success": success}
    )


def judged(run: Run, good: str, bad: str = "failed") -> bool | None:
    """Return what the two flags of an outcome say together."""
    if run[good] and run[bad]:
        raise UsageError(f"--{good} and --{bad} contradict each other.", hint="Choose one of them.")
    return True if run[good] else False if run[bad] else None


def _lines(said: str) -> list[dict[str, Any]]:
    import json  # only for many attempts at once

    found = []
    for number, line in enumerate(said.split("\n"), 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InvalidError(
                f"Line {number} is no JSON: {error}.",
                hint="One object a line; nothing was written.",
            ) from None
        if not isinstance(one, dict):
            raise InvalidError(f"Line {number} is no JSON object.", hint="Nothing was written.")
        found.append(one)
    return found


def _list(run: Run) -> None:
    workspace, limit = run.journal, options.limit_of(run)
    found, more = fixes.attempts(
        workspace, filters(run), worked=judged(run, "worked"), limit=limit, since=since(run, workspace)
    )  # fmt: skip
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in found]))
    elif found:
        rows = [
            (local(int(datetime.fromisoformat(one["time"]).timestamp())), one["repo"], one["strategy"] or "-",
             outcome_of(one), one["message"].partition("\n")[0][:200], one["id"])
            for one in found
        ]  # fmt: skip
        run.out(text.table(rows, flexible=4))
    else:
        run.note("no attempts.")
    if more:
        run.note(f"these are the latest {limit}; --limit 0 shows all.")


def filters(run: Run) -> dict[str, str | None]:
    """Return which attempts are asked for."""
    return {name: run[name] for name in ("repo", "type", "strategy", "agent", "session")}


def since(run: Run, workspace: Workspace) -> Any:
    """Return the moment from which on attempts count."""
    return journal.moment(run["since"], workspace) if run["since"] else None


def outcome_of(one: dict[str, Any]) -> str:
    """Return what came of an attempt, in a word or two."""
    worked = one["success"] if one["confirmed"] is None else one["confirmed"]
    word = {None: "unknown", True: "worked", False: "failed"}[worked]
    return word if one["confirmed"] is None else f"{word} (confirmed)"


def share(rate: float | None) -> str:
    """Return a rate in per cent."""
    return "-" if rate is None else f"{rate * 100:.0f} %"


def between(interval: list[float] | None) -> str:
    """Return an interval in per cent."""
    return "" if interval is None else f"({interval[0] * 100:.0f} to {interval[1] * 100:.0f} %)"


def _line(word: str) -> int:
    if not word.isascii() or not word.isdigit() or len(word) > 8:
        raise ValueError("it takes the number of a line")
    return int(word)


def seconds(word: str) -> float:
    """Read a number of seconds."""
    try:
        found = float(word)
    except ValueError:
        raise ValueError("it takes a number of seconds") from None
    if not 0 <= found <= 1e9:
        raise ValueError("it takes a number of seconds from 0")
    return found


MESSAGE = Argument("MESSAGE", "What is wrong, as the tool put it.", multiple=True)
MODE = Option(
    "--mode", "MODE", "By words alone, or by meaning as well where a model is (the default).",
    choices=("fused", "lexical"),
)  # fmt: skip
TYPE = Option("--type", "TYPE", "What sort of trouble, as E501 or import_error.", short="-t")
_STRATEGY = Option("--strategy", "STRATEGY", "Only this strategy.")
FILTERS = [
    Option("--repo", "REPO", "Only this repository.", short="-r", complete="repo"),
    Option("--type", "TYPE", "Only this type of trouble.", short="-t"),
    _STRATEGY,
    Option("--agent", "AGENT", "Only by this agent."),
    Option("--session", "SESSION", "Only of this session."),
    Option("--since", "DATE", "From this day or so long ago on."),
]
RECORD = Command(
    _record,
    options=[
        TYPE,
        Option("--message", "TEXT", "What was wrong, as the tool put it.", short="-m"),
        Option("--file", "PATH", "The file it was in.", complete="file"),
        Option("--line", "N", "The line.", convert=_line),
        Option("--stage", "STAGE", "Where it turned up, as lint, test or build."),
        Option("--repo", "REPO", "The repository, if not the one here.", short="-r", complete="repo"),
        Option("--agent", "AGENT", "Who tried."),
        Option("--strategy", "STRATEGY", "How, as autofix or pin-version.", short="-s"),
        Option("--success", help="It worked."),
        Option("--failed", help="It did not."),
        Option("--duration", "SECONDS", "How long it took.", convert=seconds),
        Option("--session", "SESSION", "The session it was part of."),
        Option("--run", "RUN", "The run that `coord fix recommend` printed."),
        Option("--recommended", "STRATEGY", "What had been recommended, if not known from --run."),
        Option("--commit", "SHA", "The commit it was tried on.", convert=whole_commit),
        Option("--time", "TIME", "When it was, if not now.", convert=moment),
        Option("--stdin", help="Read attempts from standard input, one JSON object a line."),
    ],
    description=(
        "Written to the journal: offline, by any number of processes at once. Tokens, keys and\n"
        "passwords in it are masked first. With neither --success nor --failed the outcome is unknown."
    ),
    example="coord fix record --type F401 --message \"'os' imported but unused\""
    " --file app/main.py --line 3 --strategy autofix --agent ruff --success --repo oneiric",
    shape=f"{ATTEMPT};\nwith --stdin an array of them",
)  # fmt: skip
LIST = Command(
    _list,
    options=[
        *FILTERS,
        Option("--worked", help="Only what worked."),
        Option("--failed", help="Only what failed."),
        options.LIMIT,
    ],
    description="The latest first.",
    example="coord fix list --repo oneiric --failed --since 2w",
    shape=f"an array of {ATTEMPT}",
)
