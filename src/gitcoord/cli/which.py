"""Which repositories a command is told of, where `.` is the one around the current directory."""

from __future__ import annotations

import os

from gitcoord.cli.spec import Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run

REPO = Option(
    "--repo", "REPO", "Only this repository; . is the one you are in.", short="-r", multiple=True,
    complete="repo",
)  # fmt: skip
ROLE = Option("--role", "ROLE", "Only repositories of this role.", multiple=True, complete="role")


def tell_place(run: Run) -> None:
    """Say how a repository that is not here is found."""
    run.note("`git config coord.repo.NAME.path FOLDER` in the hub says where a repository lies.")


def repos(run: Run) -> list[str]:
    """Return the names that were given."""
    if "." not in run["repo"]:
        return list(run["repo"])
    from gitcoord.api import registry  # only for `.`
    from gitcoord.git.repository import discover

    here = discover(os.getcwd())
    name = registry.name_of(run.workspace, here) if here is not None else None
    return [name or "." if one == "." else one for one in run["repo"]]
