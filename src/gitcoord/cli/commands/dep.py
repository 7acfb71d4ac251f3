"""Dependencies between repositories, as they are recorded."""

from __future__ import annotations

from gitcoord.api import dependencies, write
from gitcoord.cli import nouns, options, text
from gitcoord.cli.commands import showing
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError
from gitcoord.model.kinds import DEPENDENCY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run

_CONSUMER = Option("--consumer", "REPO", "The repository that needs.", complete="repo")
_PROVIDER = Option("--provider", "REPO", "The repository that is needed.", complete="repo")
_VERSION = Option("--version", "SPEC", "Which versions will do, such as `>=0.3.12`.")
_NOTES = Option("--notes", "TEXT", "Anything worth knowing.")
_FIELDS = {
    "consumer": "consumer",
    "provider": "provider",
    "type": "type",
    "version": "version_constraint",
    "notes": "notes",
}


def _create(run: Run) -> None:
    for name in ("consumer", "provider", "type"):
        if not run[name]:
            raise UsageError(f"A dependency needs --{name}.", hint="`coord dep create --help`")
    data = nouns.fields_of(run, {**_FIELDS, "label": "labels", "status": "status"})
    made = write.create(run.workspace, DEPENDENCY, data, commit=not run["no_commit"])
    showing.show_created(run, made, [data["consumer"], data["provider"]])


def _check(run: Run) -> int:
    run.travel()
    found = dependencies.check(run.workspace, consumer=run["consumer"], provider=run["provider"])
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one.as_dict()) for one in found]))
    else:
        rows = [(one.id, one.verdict, f"{one.consumer} → {one.provider}", one.constraint or "any", one.reason)
                for one in found]  # fmt: skip
        style = {"satisfied": "green", "unsatisfied": "red", "unknown": "yellow"}
        styles = [["bold", style[one.verdict], "", "", "dim"] for one in found]
        if rows:
            run.out(text.table(rows, styles=styles, flexible=4))
    failing = {word for given in run["fail_on"] for word in given.split(",")}
    return 1 if any(one.verdict in failing for one in found) else 0


CREATE = Command(
    _create,
    options=[
        _CONSUMER, _PROVIDER, options.TYPE, _VERSION, _NOTES,
        Option("--status", "STATUS", "What is known of it.", choices=DEPENDENCY.statuses),
        options.LABEL, options.NO_COMMIT,
    ],
    example='coord dep create --consumer fastblocks --provider oneiric --type runtime --version ">=0.3.12"',
    shape=nouns.RECORD,
)  # fmt: skip
UPDATE = nouns.updater(
    DEPENDENCY,
    {**_FIELDS, "status": "status"},
    [
        Option("--status", "STATUS", "What is known of it.", short="-s", complete="status"),
        _CONSUMER, _PROVIDER, options.TYPE, _VERSION, _NOTES,
    ],
    "coord dep update DEP-001 --status satisfied",
)  # fmt: skip
CHECK = Command(
    _check,
    options=[
        Option("--consumer", "REPO", "Only what this repository needs.", complete="repo"),
        Option("--provider", "REPO", "Only what needs this repository.", complete="repo"),
        Option(
            "--fail-on",
            "VERDICT",
            "Exit with 1 when a dependency is unsatisfied or unknown.",
            multiple=True,
        ),
        options.AT,
    ],
    description=(
        "The verdict is the recorded status, and unknown where none is recorded; versions that the\n"
        "repositories really ship are not read."
    ),
    example="coord dep check --consumer fastblocks --fail-on unsatisfied",
    shape="an array of {id, consumer, provider, constraint, provider_version, verdict, reason, file, line}",
)
