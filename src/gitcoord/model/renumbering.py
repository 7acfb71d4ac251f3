"""Which record that came is one that went, under another id.

A record is recognised by what is said of it when it is made and hardly ever after: its
title and the moment it was created, or both ends of a dependency.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Key = tuple[str, str]
    """The name of a kind, and an id."""

_MADE_OF = {
    "issue": ("title", "created"),
    "plan": ("title", "created"),
    "todo": ("task", "created"),
    "dependency": ("consumer", "provider", "type", "created"),
}


def pairs(
    gone: Mapping[Key, dict[str, Any]],
    replaced: Mapping[Key, tuple[dict[str, Any], dict[str, Any] | None]],
    come: Mapping[Key, dict[str, Any]],
) -> dict[Key, Key]:
    """Return for each renumbered record, by its new key, the old key.

    `gone` are records that are no longer there, `come` those that were not there before,
    and `replaced` stand under their id still, but perhaps as another record: when two
    branches had given out one id, one of the two was renumbered and the other kept it.
    """
    known: dict[tuple[object, ...], list[Key]] = {}
    for key in sorted(gone):
        known.setdefault(_mark(key, gone[key]), []).append(key)
    for key in sorted(replaced):
        old, new = replaced[key]
        mark = _mark(key, old)
        # Without the moment it was made, a new title would look like another record.
        if old.get("created") and (new is None or mark != _mark(key, new)):
            known.setdefault(mark, []).append(key)
    found = {}
    for key in sorted(come):
        mark = _mark(key, come[key])
        if known.get(mark):
            found[key] = known[mark].pop(0)
    return found


def _mark(key: Key, data: dict[str, Any]) -> tuple[object, ...]:
    """Return what a record is recognised by."""
    fields = _MADE_OF.get(key[0])
    if fields is None:  # a repository: all but its name
        return key[0], repr(sorted((k, repr(v)) for k, v in data.items() if k != "name"))
    return (key[0], *(repr(data.get(field)) for field in fields))
