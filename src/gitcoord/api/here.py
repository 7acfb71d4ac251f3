"""The repositories that a question is about, each with its folder or why it has none."""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.api import vouching, whereabouts
from gitcoord.api.chosen import selected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.workspace import Workspace


class Here(NamedTuple):
    """A repository of the registry; `folder` is None where it is not on this machine."""

    name: str
    folder: str | None
    reason: str = ""


MISSING = "is not on this machine"


def chosen(
    workspace: Workspace, repos: Sequence[str] = (), roles: Sequence[str] = ()
) -> list[Here]:
    """Return the repositories of these names or nicknames, and of these roles; without any, all."""
    names = selected(workspace, repos, roles)
    places = whereabouts.folders_of(workspace, names)
    # git runs what a repository's own configuration names, such as drivers that merge.
    strange = vouching.foreign(workspace, [name for name in names if places[name]])
    return [
        Here(name, None, strange[name])
        if name in strange
        else Here(name, places[name], "" if places[name] else MISSING)
        for name in names
    ]
