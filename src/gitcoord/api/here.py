"""The repositories that a question is about, each with its folder or why it has none."""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.api import vouching, whereabouts
from gitcoord.api.chosen import selected
from gitcoord.git import forked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace

    Told = Callable[[str, int, int], None]
    """Hears of each repository that is done: its name, how many are done, and of how many."""


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


def each(
    chosen: Sequence[Here], question: Callable[[Here], Any], told: Told | None = None
) -> list[Any]:
    """Return what a question gives of each repository, some asked at once; it gives plain data."""

    def done(number: int, count: int) -> None:
        if told is not None:
            told(chosen[number].name, count, len(chosen))

    return forked.ask(len(chosen), lambda number: question(chosen[number]), done)
