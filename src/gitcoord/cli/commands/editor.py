"""`coord editor setup`."""

from __future__ import annotations

from gitcoord.api import editors
from gitcoord.cli.spec import Argument, Command
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _setup(run: Run) -> None:
    done = editors.setup(run.workspace, run["editor"] or "vscode")
    if run.json:
        run.out(jsontext.dumps({"written": done.written, "snippet": done.snippet}))
        return
    for path in done.written:
        run.out(f"Wrote {path}.")
    if done.snippet:
        run.out(done.snippet)


SETUP = Command(
    _setup,
    arguments=[
        Argument(
            "EDITOR",
            "vscode (writes .vscode/settings.json), or neovim, emacs, helix (prints what to add).",
            required=False,
            complete="editor",
        )
    ],
    description=(
        "Files that coord writes carry a modeline, so an editor with yaml-language-server completes and\n"
        "checks them as they are. This is for files written by hand, which have none."
    ),
    example="coord editor setup vscode",
    shape="{written: [paths], snippet}",
)
