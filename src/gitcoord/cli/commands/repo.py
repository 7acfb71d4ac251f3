"""The repositories of the ecosystem."""

from __future__ import annotations

from gitcoord.api import write
from gitcoord.cli import nouns, options
from gitcoord.cli.commands import showing
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.model.kinds import REPO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run

_PACKAGE = Option("--package", "NAME", "The name of the package it ships.")
_ROLE = Option("--role", "ROLE", "The role it plays.", complete="role")
_URL = Option("--url", "URL", "Where it can be cloned from.")
_PATH = Option(
    "--path",
    "DIR",
    "Where it usually lies; git config coord.repo.NAME.path goes first.",
    complete="dir",
)
_TAG = Option("--tag", "TAG", "A tag.", multiple=True)
_NICKNAME = Option("--nickname", "NAME", "Another name for it.", multiple=True)
_FIELDS = {
    "description": "description",
    "package": "package",
    "role": "role",
    "url": "url",
    "path": "path",
}


def _create(run: Run) -> None:
    data = {"name": run["name"]} | nouns.fields_of(
        run, {**_FIELDS, "tag": "tags", "nickname": "nicknames", "label": "labels"}
    )
    made = write.create(run.workspace, REPO, data, commit=not run["no_commit"])
    showing.show_line(run, made)


CREATE = Command(
    _create,
    arguments=[Argument("NAME", "Its name: letters, digits, `.`, `_` and `-`.")],
    options=[
        options.DESCRIPTION, _PACKAGE, _ROLE, _URL, _PATH, _TAG, _NICKNAME, options.LABEL,
        options.NO_COMMIT,
    ],
    example="coord repo create oneiric --role resolver --package oneiric",
    shape=nouns.RECORD,
)  # fmt: skip
UPDATE = nouns.updater(
    REPO,
    {**_FIELDS, "status": "status"},
    [
        Option("--status", "STATUS", "Where it stands.", short="-s", complete="status"),
        options.DESCRIPTION, _PACKAGE, _ROLE, _URL, _PATH,
        Option("--add-tag", "TAG", "Add a tag.", multiple=True),
        Option("--remove-tag", "TAG", "Remove a tag.", multiple=True),
        Option("--add-nickname", "NAME", "Add a nickname.", multiple=True),
        Option("--remove-nickname", "NAME", "Remove a nickname.", multiple=True),
    ],
    "coord repo update oneiric --role resolver",
    lambda run: [
        write.with_items("tags", run["add_tag"], run["remove_tag"]),
        write.with_items("nicknames", run["add_nickname"], run["remove_nickname"]),
    ],
)  # fmt: skip
