"""Which repositories' uses of skills are read: those that the user has registered, nobody else.

Kept in the hub's own git configuration as `coord.repo.NAME.skills`, beside where a repository lies:
it is the user's word on this machine, no pull request can say it, and it outlives what is derived
below `.git/coord/`. Its value is the folder that the user meant, so a record that names another
one later has nothing else read.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from gitcoord.api import whereabouts
from gitcoord.api.chosen import selected
from gitcoord.errors import NotFoundError
from gitcoord.git import configuration
from gitcoord.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace

_PATTERN = r"^coord\.repo\..*\.skills$"
_FLOOR = "coord.skills.before"
_ORIGIN = "coord.skills.origin"


class Registered(NamedTuple):
    """A registered repository; `folder` is None where it cannot be read, for a `reason`."""

    repo: str
    folder: str | None
    reason: str = ""


def key_of(repo: str) -> str:
    """Return the name of the setting that registers a repository."""
    return f"coord.repo.{repo}.skills"


def register(
    workspace: Workspace, repos: Sequence[str], *, all: bool = False
) -> list[dict[str, Any]]:
    """Register repositories that are on this machine; return what became of each."""
    names = selected(workspace, () if all else repos, ())
    places = whereabouts.folders_of(workspace, names)
    before = known(workspace)
    absent = [name for name in names if places[name] is None]
    if absent and not all:
        raise NotFoundError(
            f"{absent[0]} is not on this machine, so it cannot be read.",
            hint=f"`git config coord.repo.{absent[0]}.path DIR` tells where it lies.",
        )
    found = []
    for name in names:
        place = places[name]
        if place is None:
            found.append({"repo": name, "state": "absent", "folder": None})
            continue
        if before.get(name) != place:
            with _alone(workspace):
                configuration.put(workspace.repo.root, {key_of(name): place})
        state = "unchanged" if before.get(name) == place else "registered"
        found.append({"repo": name, "state": state, "folder": place})
    return found


def unregister(
    workspace: Workspace, repos: Sequence[str], *, all: bool = False, forget: bool = False
) -> list[dict[str, Any]]:
    """Read repositories no more; `forget` also deletes what was collected of them."""
    before = known(workspace)
    names = list(before) if all else [_meant(workspace, name, before) for name in repos]
    found = []
    for name in names:
        if name in before:
            with _alone(workspace):
                configuration.drop(workspace.repo.root, key_of(name))
        gone = False
        if forget:
            from gitcoord.skills import collecting  # only where something is deleted

            gone = collecting.forget(workspace.repo.common_dir, name)
        state = "unregistered" if name in before else "not registered"
        found.append({"repo": name, "state": state, "forgotten": gone})
    return found


def _alone(workspace: Workspace) -> Lock:
    """Return the lock of those who change these settings: git refuses, where two do at once."""
    return Lock(workspace.repo.common_dir, "registering.lock")


def _meant(workspace: Workspace, name: str, before: dict[str, str]) -> str:
    """Return the name of a repository, also of one that the registry no longer has."""
    from gitcoord.skills import store

    if name in before or name in store.kept(store.base(workspace.repo.common_dir)):
        return name
    return selected(workspace, [name], ())[0]


def known(workspace: Workspace) -> dict[str, str]:
    """Return the registered repositories, each with the folder that the user meant."""
    told = configuration.matching(workspace.repo.root, _PATTERN, local=True)
    found = {}
    for key, value in told.items():
        found[key[len("coord.repo.") : -len(".skills")]] = value
    return dict(sorted(found.items()))


def chosen(
    workspace: Workspace, repos: Sequence[str] = (), roles: Sequence[str] = ()
) -> list[Registered]:
    """Return the registered repositories that are meant, each with its folder or why there is none."""
    registered = known(workspace)
    meant = selected(workspace, repos, roles)
    for name in repos:
        whole = selected(workspace, [name], ())[0]
        if whole not in registered:
            raise NotFoundError(
                f"{whole} is not registered, so none of its uses of skills are read.",
                hint=f"`coord skill register {whole}` allows it.",
            )
    names = [name for name in meant if name in registered]
    places = whereabouts.folders_of(workspace, names)
    return [_placed(name, registered[name], places[name]) for name in names]


def _placed(name: str, meant: str, place: str | None) -> Registered:
    if place is None:
        return Registered(name, None, "it is not on this machine")
    if os.path.realpath(place) != os.path.realpath(meant):
        why = f"it was registered in another folder; `coord skill register {name}` allows this one"
        return Registered(name, None, why)
    if not whereabouts.is_clone(place):
        return Registered(name, None, "it is bare, and has no work tree")
    return Registered(name, place)


def floor(workspace: Workspace) -> str | None:
    """Return the time before which nothing is kept in this hub, on the clock of who wrote it."""
    from datetime import datetime  # few commands ask

    told = configuration.matching(workspace.repo.root, r"^coord\.skills\.before$", local=True)
    try:
        found = datetime.fromisoformat(told.get(_FLOOR, ""))
    except ValueError:
        return None
    return found.replace(tzinfo=None).isoformat(sep=" ")


def raise_floor(workspace: Workspace, moment: str) -> str:
    """Keep nothing from before a time from now on; a later one that holds already stays."""
    with _alone(workspace):
        found = max(moment, floor(workspace) or moment)
        configuration.put(workspace.repo.root, {_FLOOR: found})
    return found


def origin(workspace: Workspace, *, make: bool) -> str | None:
    """Return the random mark of this clone of the hub, by which its roll-ups are told from others'."""
    told = configuration.matching(workspace.repo.root, r"^coord\.skills\.origin$", local=True)
    found = told.get(_ORIGIN)
    if found is None and make:
        found = os.urandom(4).hex()
        with _alone(workspace):
            configuration.put(workspace.repo.root, {_ORIGIN: found})
    return found
