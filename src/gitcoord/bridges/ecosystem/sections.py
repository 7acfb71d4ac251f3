"""The parts of the document that are no records: kept whole, in the hub's own settings.

Everything beside `repos`, `roles` and the four lists of `coordination` lies under
`metadata.ecosystem` in coord.yaml, so that an export gives it back. Of two files that
were imported, the one with the later `last_updated` has the last word.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gitcoord.bridges.ecosystem.merging import join
from gitcoord.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitcoord.bridges.ecosystem.notes import Ledger

VERSION = "1.0"
LISTS = {"issues": "issue", "plans": "plan", "todos": "todo", "dependencies": "dependency"}
"""The lists of records under `coordination`, and the kinds they hold."""

_LARGEST = 1 << 19
_ROLE = ("name", "description", "tags", "capabilities", "duties", "metadata")


def kept(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a document is no record and no role."""
    rest = {key: value for key, value in document.items() if key not in ("repos", "roles")}
    coordination = rest.pop("coordination", None)
    if isinstance(coordination, dict):
        more = {key: value for key, value in coordination.items() if key not in LISTS}
        if more:
            rest["coordination"] = more
    if rest == {"version": VERSION}:
        return {}
    size = len(json.dumps(rest))
    if size > _LARGEST:
        raise InvalidError(
            f"The parts that are no records have {size:,} bytes; coord.yaml keeps {_LARGEST:,}.",
            hint="Take large sections out of the file first: "
            + ", ".join(sorted(rest, key=lambda key: -len(json.dumps(rest[key])))[:3]),
        )
    return rest


def kept_before(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what earlier imports left in the hub's settings."""
    metadata = settings.get("metadata")
    found = metadata.get("ecosystem") if isinstance(metadata, dict) else None
    return dict(found) if isinstance(found, dict) else {}


def is_older(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a document says that it is older than what was imported before it."""
    dates = (now.get("last_updated"), before.get("last_updated"))
    return isinstance(dates[0], str) and isinstance(dates[1], str) and dates[0] < dates[1]


def settled(
    settings: Mapping[str, Any], now: Mapping[str, Any], ledger: Ledger, *, file_wins: bool
) -> dict[str, Any]:
    """Return the hub's settings with the document's other parts kept in them."""
    before = kept_before(settings)
    if not now:
        return dict(settings)
    for key in now:
        if key not in before and key not in (
            "version",
            "last_updated",
            "maintainer",
            "description",
        ):
            message = "Not about records; kept in coord.yaml under metadata.ecosystem."
            ledger.say("coord.yaml", key, message)
    joined = join(before, now, "coord.yaml", ledger, file_wins=file_wins)
    metadata = settings.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    return {**settings, "metadata": {**metadata, "ecosystem": joined}}


def roles(
    known: Iterable[Mapping[str, Any]], items: Any, ledger: Ledger, *, file_wins: bool
) -> list[dict[str, Any]]:
    """Return the hub's roles with the document's joined to them."""
    found = {str(role.get("name")): dict(role) for role in known}
    for position, item in enumerate(items if isinstance(items, list) else []):
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            ledger.refuse(f"roles[{position}] has no name.", "Give each role a `name:`.")
            continue
        role = _role(item)
        name = role["name"]
        if name in found:
            role = join(found[name], role, f"role {name}", ledger, file_wins=file_wins)
        found[name] = role
    return list(found.values())


def _role(item: dict[str, Any]) -> dict[str, Any]:
    role = {key: value for key, value in item.items() if key in _ROLE}
    rest = {key: value for key, value in item.items() if key not in _ROLE}
    if rest:
        metadata = role.get("metadata")
        role["metadata"] = {**rest, **(metadata if isinstance(metadata, dict) else {})}
    return role
