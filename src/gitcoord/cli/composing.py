"""A text that is written in the user's editor, as git lets one write a message."""

from __future__ import annotations

import os
import subprocess
import sys

from gitcoord.errors import CoordError, UsageError
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run

_ON_TERMINALS = (
    "editor",
    "emacs",
    "hx",
    "joe",
    "mcedit",
    "micro",
    "nano",
    "nvim",
    "pico",
    "vi",
    "vim",
)
"""Editors that would wait for keys for ever where nobody can press one."""


def open_editor(run: Run, path: str) -> None:
    """Let the user edit a file; raise `CoordError` when the editor gives up."""
    said = process.run(run.workspace.repo.root, "var", "GIT_EDITOR")
    editor = said.out.decode().strip()
    if said.code or not editor:
        raise UsageError("No editor is set.", hint="Set EDITOR or `git config core.editor`.")
    if not sys.stdin.isatty() and os.path.basename(editor.split()[0]) in _ON_TERMINALS:
        raise UsageError(
            f"{editor} needs a terminal, and there is none.",
            hint="Set EDITOR to a program that needs none, or give the new values as options.",
        )
    # An editor's setting is a command line for the shell, as git takes it.
    done = subprocess.run(
        ["sh", "-c", f'{editor} "$@"', editor, path], check=False, stdin=sys.stdin
    )
    if done.returncode:
        raise CoordError(f"The editor ended with {done.returncode}.", hint="Nothing was changed.")


def compose(run: Run, name: str) -> str:
    """Return a text that the user writes into an empty file of this name."""
    folder = os.path.join(run.workspace.repo.git_dir, "coord", "edit")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    with open(path, "wb"):
        pass
    try:
        open_editor(run, path)
        with open(path, encoding="utf-8") as file:
            return file.read()
    except UnicodeDecodeError:
        raise UsageError("The text is not UTF-8.", hint="Save it in UTF-8.") from None
    finally:
        os.unlink(path)
