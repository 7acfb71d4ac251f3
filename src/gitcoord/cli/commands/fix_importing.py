"""`coord fix import`."""

from __future__ import annotations

import os

from gitcoord.api import importing_fixes
from gitcoord.cli import text
from gitcoord.cli.commands import fix
from gitcoord.cli.commands.journal import moment, whole_commit
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run

_AROUND = ("strategy", "agent", "session", "stage", "run", "duration", "commit", "time")


def _import(run: Run) -> None:
    if not run["strategy"]:
        raise UsageError(
            "Say what was tried between the reports.", hint="As in --strategy autofix."
        )
    around = {name: run[name] for name in _AROUND if run[name] is not None}
    workspace, content = run.journal, _content(run["file"])
    repo, folder = fix.here(run, workspace), os.getcwd()
    if run["before"]:
        before = _content(run["before"])
        found = importing_fixes.compare(
            workspace, before, content, around, repo=repo, folder=folder
        )
    else:
        found = importing_fixes.outcome(workspace, content, around, repo=repo, folder=folder)
    worked = sum(one["success"] for one in found)
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in found]))
    else:
        told = f"{worked} worked, {len(found) - worked} failed"
        run.out(f"Recorded {text.count(len(found), 'attempt')}: {told}.")


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", hint="Name a file.") from None


IMPORT = Command(
    _import,
    arguments=[
        Argument("FILE", "The tool's report after the fix was tried.", complete="file"),
    ],
    options=[
        Option("--before", "FILE", "Its report from before.", complete="file"),
        Option("--strategy", "STRATEGY", "What was tried.", short="-s"),
        Option("--agent", "AGENT", "Who tried."),
        Option("--repo", "REPO", "The repository, if not the one here.", short="-r", complete="repo"),
        Option("--session", "SESSION", "The session it was part of."),
        Option("--stage", "STAGE", "Where it turned up, if not as the tool says."),
        Option("--run", "RUN", "The run that `coord fix recommend` printed."),
        Option("--duration", "SECONDS", "How long it took.", convert=fix.seconds),
        Option("--commit", "SHA", "The commit it was tried on.", convert=whole_commit),
        Option("--time", "TIME", "When it was, if not now.", convert=moment),
    ],
    description=(
        "Reads ruff check --output-format json, mypy --output json, pytest --junit-xml and the\n"
        "result of crackerjack (schema version 1). Of the troubles in --before, those that are gone\n"
        "worked, those still reported failed. Without --before everything reported is what the\n"
        "strategy did not mend."
    ),
    example="coord fix import after.json --before before.json --strategy autofix --agent ruff",
    shape=f"an array of {fix.ATTEMPT}",
)  # fmt: skip
