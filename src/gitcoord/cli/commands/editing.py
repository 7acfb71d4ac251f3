"""`coord edit`: a record in the user's editor, checked before it is taken."""

from __future__ import annotations

import os
import subprocess
import sys

from gitcoord.api import editing, read
from gitcoord.cli import options, text
from gitcoord.cli.commands import showing
from gitcoord.cli.spec import Command
from gitcoord.errors import CoordError, InvalidError, UsageError
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _edit(run: Run) -> int:
    entry = read.get(run.workspace, run["id"])
    before = editing.text_of(run.workspace, entry)
    path = editing.scratch(run.workspace, entry, before)
    try:
        while True:
            _open_editor(run, path)
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


def _open_editor(run: Run, path: str) -> None:
    said = process.run(run.workspace.repo.root, "var", "GIT_EDITOR")
    editor = said.out.decode().strip()
    if said.code or not editor:
        raise UsageError("No editor is set.", hint="Set EDITOR or `git config core.editor`.")
    # An editor's setting is a command line for the shell, as git takes it.
    done = subprocess.run(
        ["sh", "-c", f'{editor} "$@"', editor, path], check=False, stdin=sys.stdin
    )
    if done.returncode:
        raise CoordError(f"The editor ended with {done.returncode}.", hint="Nothing was changed.")


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
