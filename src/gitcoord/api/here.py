"""The repositories that a question is about, each with its folder or why it has none."""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.api import read, whereabouts
from gitcoord.errors import NotFoundError
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.workspace import Workspace


class Here(NamedTuple):
    """A repository of the registry; `folder` is None where it is not on this machine."""

    name: str
    roles: list[str]
    folder: str | None


MISSING = "is not on this machine"


def chosen(
    workspace: Workspace, repos: Sequence[str] = (), roles: Sequence[str] = ()
) -> list[Here]:
    """Return the repositories of these names or nicknames, and of these roles; without any, all."""
    names = [str(read.get(workspace, name, "repo").id) for name in repos]
    rows = workspace.view().execute(
        "SELECT id, v.value FROM record r LEFT JOIN value v ON v.n = r.n AND v.field = 'role'"
        " WHERE r.kind = 'repo' AND r.archived = 0 ORDER BY r.sort"
    )
    known: dict[str, list[str]] = {}
    for name, role in rows:
        known.setdefault(name, []).extend([role] if role else [])
    _check(roles, {role for some in known.values() for role in some})
    wanted = [
        name
        for name, its in known.items()
        if (not names or name in names) and (not roles or set(roles) & set(its))
    ]
    places = whereabouts.folders_of(workspace, wanted)
    return [Here(name, known[name], places[name]) for name in wanted]


def _check(roles: Sequence[str], known: set[str]) -> None:
    for role in roles:
        if role not in known:
            close = nearest(role, sorted(known))
            raise NotFoundError(
                f"No repository has the role {role!r}"
                + (f"; did you mean {close}?" if close else "."),
                hint="`coord role list` lists the roles.",
            )
