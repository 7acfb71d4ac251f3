"""`coord embed`."""

from __future__ import annotations

import sys

from gitcoord.api import embedding
from gitcoord.cli import surroundings, text
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _embed(run: Run) -> int:
    done = embedding.embed(
        run.workspace, surroundings.models(), progress(run), commits=run["all"],
        runtime=run["runtime"] or "light",
    )  # fmt: skip
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    if run.json:
        run.out(jsontext.dumps({one.name: one.as_dict() for one in done}))
    else:
        for one in done:
            taken = f", {one.taken:,} taken from beside their records" if one.taken else ""
            run.out(
                f"{one.name}: {text.count(one.embedded, 'vector')} computed{taken},"
                f" {one.unchanged:,} unchanged"
            )
    missing = sum(one.missing for one in done)
    if missing:
        run.note(f"{missing:,} could not be kept; can the git directory be written?")
    return 1 if missing else 0


class progress:  # noqa: N801 - called like a function
    """Tells on a terminal how far the work is, in one line that is written over."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __call__(self, told: str) -> None:
        """Show one line."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{text.inert(told)}")
            sys.stderr.flush()


EMBED = Command(
    _embed,
    options=[
        Option("--all", help="Those of the repositories' commits as well."),
        Option("--runtime", "NAME", "What computes: light needs numpy alone; reference is"
               " sentence-transformers.", choices=("light", "reference")),
    ],
    description=(
        "Only what is new or has changed is computed. A record's vector lies beside it, as\n"
        "ISSUE-001.npy, which git ignores; those of commits below .git/coord/search/."
    ),
    example="coord embed --all",
    shape="{records: {embedded, taken, unchanged, missing}, commits: the same, with --all}",
)  # fmt: skip
