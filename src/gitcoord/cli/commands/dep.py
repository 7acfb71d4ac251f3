"""Dependencies between repositories, as they are recorded."""

from __future__ import annotations

from gitcoord.api import write
from gitcoord.cli import nouns, options
from gitcoord.cli.commands import showing
from gitcoord.cli.spec import Command, Option
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
    showing.show_created(run, made, [data["consumer"], data["provider"]], None)


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
