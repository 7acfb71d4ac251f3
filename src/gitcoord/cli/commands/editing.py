"""`coord edit`: a record in the user's editor, checked before it is taken."""

from __future__ import annotations

import os

from gitcoord.api import editing, read
from gitcoord.cli import composing, options, text
from gitcoord.cli.commands import showing
from gitcoord.cli.spec import Command
from gitcoord.errors import InvalidError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _edit(run: Run) -> int:
    entry = read.get(run.workspace, run["id"])
    before = editing.text_of(run.workspace, entry)
    path = editing.scratch(run.workspace, entry, before)
    try:
        while True:
            composing.open_editor(run, path)
            with open(path, "rb") as file:
                after = file.read()
            if after == before:
                run.note("nothing changed.")
                return 0
            try:
                editing.take(run.workspace, entry, before, after, commit=not run["no_commit"])
                break
            except InvalidError as error:
                run.note(text.inert(error.message))
                if not run.ask("Edit again?"):
                    kept = path
                    path = ""
                    raise InvalidError(
                        error.message, hint=f"Your text is kept in {kept}."
                    ) from None
    finally:
        if path:
            os.unlink(path)
    showing.show_changed(run, entry.id)
    return 0


EDIT = Command(
    _edit,
    arguments=[options.ID],
    options=[options.NO_COMMIT],
    description=(
        "Opens the file in the editor that git uses. What you save is checked first; a fault\n"
        "is shown, and you can edit again."
    ),
    example="coord edit ISSUE-001",
    shape="the record",
)
