"""Pools as coord.yaml declares them, and which of them a todo goes to.

A pool that names the todo's repository goes before one that names its role, and that
before one that serves all. Of those that are left the one with the smallest share of busy
workers is chosen, and of several the one that was chosen longest ago.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.errors import InvalidError, NotFoundError
from gitcoord.model.ids import is_repo_name
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

TIMEOUT = 3600
LINES = """\
pools:
  local:
    command: [my-agent, --task-file, '{prompt}']"""
"""What to write into coord.yaml for a first pool."""


class Pool(NamedTuple):
    """Workers of one sort; empty `roles` and `repos` serve every repository."""

    name: str
    command: tuple[str, ...]
    workers: int = 1
    timeout: int = TIMEOUT
    retries: int = 0
    roles: frozenset[str] = frozenset()
    repos: frozenset[str] = frozenset()
    environment: tuple[str, ...] = ()


def read(data: Mapping[str, Any]) -> dict[str, Pool]:
    """Return the pools of the settings by name; raise `InvalidError` for one that is wrong."""
    found = data.get("pools")
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _wrong("pools is no mapping from names to pools")
    return {name: _one(name, value) for name, value in found.items()}


def _one(name: str, value: Any) -> Pool:
    if not is_repo_name(name):
        raise _wrong(f"{name!r} cannot name a pool")
    if not isinstance(value, dict):
        raise _wrong(f"pools.{name} is no mapping")
    command = _words(name, value, "command")
    if not command:
        raise _wrong(f"pools.{name} has no command")
    if "/" in command[0] and not command[0].startswith("/"):
        raise InvalidError(
            f"coord/coord.yaml: the program of pool {name}, {command[0]}, would be a file of whatever"
            " is worked on.",
            hint="Name a program on PATH, or its absolute path.",
        )
    environment = _words(name, value, "environment")
    for variable in environment:
        if not variable.isidentifier():
            raise _wrong(f"{variable!r} in pools.{name}.environment is no name of a variable")
    return Pool(
        name, command, _number(name, value, "workers", 1, 1, 64),
        _number(name, value, "timeout", TIMEOUT, 1, 86_400), _number(name, value, "retries", 0, 0, 10),
        frozenset(_words(name, value, "roles")), frozenset(_words(name, value, "repos")), environment,
    )  # fmt: skip


def _words(name: str, value: dict[str, Any], field: str) -> tuple[str, ...]:
    found = value.get(field)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(one, str) and one for one in found):
        raise _wrong(f"pools.{name}.{field} is no list of words")
    return tuple(found)


def _number(
    name: str, value: dict[str, Any], field: str, default: int, least: int, most: int
) -> int:
    found = value.get(field)
    if found is None:
        return default
    if type(found) is not int or not least <= found <= most:
        raise _wrong(f"pools.{name}.{field} is no number from {least} to {most}")
    return found


def _wrong(what: str) -> InvalidError:
    return InvalidError(
        f"coord/coord.yaml: {what}.", hint="`coord check` tells the line and what it takes."
    )


def named(pools: Mapping[str, Pool], name: str) -> Pool:
    """Return a pool by its name; raise `NotFoundError` with the nearest there is."""
    if name in pools:
        return pools[name]
    close = nearest(name, list(pools))
    hint = f"Did you mean {close}?" if close else f"There are {', '.join(pools) or 'none'}."
    raise NotFoundError(f"There is no pool {name!r} in coord/coord.yaml.", hint=hint)


def serving(pools: Sequence[Pool], repo: str, role: str | None) -> list[Pool]:
    """Return the pools that a todo of a repository goes to: of those that serve it, the closest."""
    closeness = [(_closeness(pool, repo, role), pool) for pool in pools]
    best = max((how for how, _ in closeness), default=0)
    return [pool for how, pool in closeness if how == best and how > 0]


def _closeness(pool: Pool, repo: str, role: str | None) -> int:
    if repo in pool.repos:
        return 3
    if role is not None and role in pool.roles:
        return 2
    return 0 if pool.repos or pool.roles else 1


def choose(
    pools: Sequence[Pool], busy: Mapping[str, int], chosen: Sequence[str] = ()
) -> Pool | None:
    """Return the pool that takes the next todo, None while all workers are busy.

    `busy` counts the workers at work; `chosen` are the pools that were chosen before, the
    last one at its end.
    """
    last = {name: place for place, name in enumerate(chosen)}
    free = [pool for pool in pools if busy.get(pool.name, 0) < pool.workers]
    return min(
        free,
        key=lambda pool: (busy.get(pool.name, 0) / pool.workers, last.get(pool.name, -1)),
        default=None,
    )


def filled(command: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """Return the words of a command with `{name}` replaced, each word by itself and once."""
    found = []
    for word in command:
        pieces = word.split("{")
        whole = pieces[0]
        for piece in pieces[1:]:
            name, brace, rest = piece.partition("}")
            whole += values[name] + rest if brace and name in values else "{" + piece
        found.append(whole)
    return found
