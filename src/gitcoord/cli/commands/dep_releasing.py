"""`coord dep impact` and `dep outdated`: what a release breaks, and who has not followed one."""

from __future__ import annotations

from gitcoord.api import dependency_graph, dependency_impact
from gitcoord.cli import blocks, text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run

_STYLE = {"breaks": "red", "reached": "yellow", "unknown": "yellow", "holds": "green"}


def _impact(run: Run) -> None:
    needs = dependency_graph.needs(run.workspace)
    found = dependency_impact.impact(
        run.workspace, needs, run["repo"], run["to"], package=run["package"]
    )
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in found]))
        return
    rows = [
        (one["effect"], " → ".join(one["path"]), _asked(one), one["type"], _place(one))
        for one in found
    ]
    if not rows:
        run.note(f"no repository is known to need {text.inert(run['repo'])}.")
    else:
        styles = [[_STYLE[row[0]], "bold", "", "", "dim"] for row in rows]
        run.out(blocks.table(rows, styles=styles, flexible=1))


def _asked(one: dict[str, Any]) -> str:
    """Return what is asked for, with the package where it has another name than its repository."""
    wanted = one["constraint"] or "any"
    return wanted if one["package"] in (None, one["path"][-2]) else f"{one['package']} {wanted}"


def _outdated(run: Run) -> None:
    found = dependency_impact.outdated(dependency_graph.needs(run.workspace))
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in found]))
        return
    rows = [
        (
            f"{one['consumer']} → {one['provider']}",
            one["state"],
            one["locked"] or "-",
            one["newest"],
            f"{one['constraint'] or 'any'} ({_place(one)})",
        )
        for one in found
    ]
    if not rows:
        run.note(
            "no constraint excludes the newest release, and no lock is behind it, as far as is known."
        )
    else:
        styles = [["bold", "yellow", "", "", "dim"] for _ in rows]
        run.out(blocks.table(rows, styles=styles, flexible=4))


def _place(one: dict[str, Any]) -> str:
    return f"{one['file']}:{one['line']}" if one["line"] else str(one["file"])


IMPACT = Command(
    _impact,
    arguments=[Argument("REPO", "The repository that is released.", complete="repo")],
    options=[
        Option("--to", "VERSION", "The version it would be."),
        Option("--package", "NAME", "Which package, where the repository ships several."),
    ],
    description=(
        "Each declaration is judged by itself. With --to, a consumer breaks when its constraint excludes\n"
        "that version; who needs a broken one to run is reached. Without --to, everybody who needs it\n"
        "directly or through others."
    ),
    example="coord dep impact oneiric --to 1.0.0",
    shape="an array of {repo, effect, direct, path, package, constraint, type, file, line}; effect is breaks, holds,"
    " unknown or reached",
)
OUTDATED = Command(
    _outdated,
    description=(
        "A constraint that excludes the newest release, or a lock file that pins one before it."
    ),
    example="coord dep outdated",
    shape="an array of {consumer, provider, type, constraint, file, line, id, state, locked, newest}",
)
