"""All records of a hub as one `ecosystem.yaml` that reads back to the same records.

It is written as records are, so programs that read YAML 1.1 understand it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gitcoord.bridges.ecosystem import sections
from gitcoord.codec.emit import dump

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEAD = ("version", "last_updated", "maintainer", "description")
_TAIL = ("repos", "roles", "coordination")


def export(
    records: Mapping[str, Sequence[Mapping[str, Any]]],
    roles: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
) -> str:
    """Return one YAML document of the records by kind, the roles, and what imports kept."""
    kept = sections.kept_before(settings)
    more = kept.pop("coordination", None)
    document: dict[str, Any] = {"version": sections.VERSION, **kept}
    document["repos"] = [dict(data) for data in records.get("repo", ())]
    document["roles"] = [dict(role) for role in roles]
    document["coordination"] = {
        name: [dict(data) for data in records.get(kind, ())]
        for name, kind in sections.LISTS.items()
    } | (more if isinstance(more, dict) else {})
    middle = [key for key in kept if key not in _HEAD]
    return dump(document, (*_HEAD, *middle, *_TAIL))
