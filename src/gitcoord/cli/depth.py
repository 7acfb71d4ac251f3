"""What a person has to know where only the newest part of the history is here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def tell_shallow(run: Run, consequence: str) -> None:
    """Say on stderr what follows from a shallow clone, if this is one."""
    from gitcoord.api import log  # by now most of it is loaded, and at the start it costs

    if log.is_shallow(run.workspace):
        run.note(f"this clone is shallow: {consequence}; `git fetch --unshallow` brings it.")
