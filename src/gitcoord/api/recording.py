"""Dependency records made of what manifests declare, in one transaction.

A record that a person made is left alone, and so is every field of a scanned record that
a person has changed since: a field is only touched while it still holds what the scan
wrote. One whose declaration has gone becomes `deprecated`, a status that lists and
checks already know, and gets its former status back when the declaration returns.
Nothing is taken for gone while a manifest of the consumer cannot be read.
"""

from __future__ import annotations

import json

from gitcoord.api import dependencies, write
from gitcoord.api.verdict import Recorded
from gitcoord.model.kinds import DEPENDENCY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.matching import Edge
    from gitcoord.api.scanning import Scan
    from gitcoord.api.workspace import Workspace
    from gitcoord.store.transaction import Transaction

    Key = tuple[str, str, str]

_FOLLOWED = ("version_constraint", "type")


class Done:
    """What a scan changed: ids of records that are new, changed, gone, and back."""

    __slots__ = ("changed", "created", "kept", "vanished")

    def __init__(self) -> None:
        self.created: list[str] = []
        self.changed: list[str] = []
        self.vanished: list[str] = []
        self.kept = 0

    def summary(self) -> str:
        """Return it as one line."""
        if not (self.created or self.changed or self.vanished):
            return "the records are up to date."
        return (
            f"{len(self.created)} dependencies created, {len(self.changed)} updated,"
            f" {len(self.vanished)} gone, {self.kept} as they were."
        )


def record(workspace: Workspace, scan: Scan, *, commit: bool = True) -> Done:
    """Write what a scan found; records of consumers that were not read stay as they are."""
    done = Done()
    groups = _groups(scan.edges)
    with write.transaction(workspace, commit=commit) as tx:
        # Under the lock, so that two scans at once do not both create.
        recorded = dependencies.records(workspace, {})
        by_key: dict[Key, list[Recorded]] = {}
        for one in recorded:
            by_key.setdefault(_origin(one), []).append(one)
        for key, edges in sorted(groups.items()):
            held = by_key.pop(key, [])
            if held:
                _update(tx, held[0], edges, done)
            else:
                done.created.append(_create(workspace, tx, key, edges))
        for held in by_key.values():
            for one in held:
                _leave(tx, scan, one, done)
        tx.message = f"Scan dependencies: {done.summary()}"
    workspace.changed()
    return done


def _groups(edges: list[Edge]) -> dict[Key, list[Edge]]:
    """Return the declarations by consumer, provider and type: one record each."""
    groups: dict[Key, list[Edge]] = {}
    for edge in edges:
        if edge.need.unreadable:  # nobody knows what it asks for, so nothing is written of it
            continue
        groups.setdefault((edge.consumer, edge.provider, edge.need.type), []).append(edge)
    for found in groups.values():  # the plainest declaration speaks for the record
        found.sort(key=lambda one: (one.need.optional, one.need.marker or "", one.file))
    return groups


def _origin(one: Recorded) -> Key:
    """Return what a record stands for, a scanned one by what it was made of."""
    consumer, provider, type = one.key
    return consumer, provider, str(_scanned(one.data).get("type") or type)


def _scanned(data: dict[str, Any]) -> dict[str, Any]:
    found = (data.get("metadata") or {}).get("scanned")
    return found if isinstance(found, dict) else {}


def _facts(edges: list[Edge]) -> dict[str, Any]:
    """Return what is remembered of a declaration, to tell later what a person has changed."""
    first = edges[0]
    facts = {
        "package": first.need.package,
        "ecosystem": first.ecosystem,
        "file": first.file,
        "version_constraint": first.need.constraint,
        "type": first.need.type,
        "extra": first.need.extra,
        "marker": first.need.marker,
        "commit": first.commit,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _create(workspace: Workspace, tx: Transaction, key: Key, edges: list[Edge]) -> str:
    consumer, provider, type = key
    data = {
        "consumer": consumer,
        "provider": provider,
        "type": type,
        "version_constraint": edges[0].need.constraint,
        "metadata": {"scanned": _facts(edges)},
    }
    return tx.create(DEPENDENCY, write.prepared(workspace, DEPENDENCY, data))


def _update(tx: Transaction, one: Recorded, edges: list[Edge], done: Done) -> None:
    stored = tx.get(DEPENDENCY, one.id)
    before = _scanned(stored.data)
    if not before:
        done.kept += 1
        return
    data = json.loads(json.dumps(stored.data))
    facts = _facts(edges)
    if data.get("status") == "deprecated" and before.get("vanished"):
        data["status"] = before.get("status", "unknown")
    for field in _FOLLOWED:
        if data.get(field) == before.get(field):
            _set(data, field, facts.get(field))
    said = {name: value for name, value in before.items() if name not in ("commit", "vanished", "status")}  # fmt: skip
    if said == {name: value for name, value in facts.items() if name != "commit"}:
        facts["commit"] = before.get("commit")  # a new commit alone is no news
    data["metadata"]["scanned"] = {name: value for name, value in facts.items() if value is not None}  # fmt: skip
    if tx.put(stored, data):
        done.changed.append(one.id)
    else:
        done.kept += 1


def _set(data: dict[str, Any], field: str, value: Any) -> None:
    if value is None:
        data.pop(field, None)
    else:
        data[field] = value


def _leave(tx: Transaction, scan: Scan, one: Recorded, done: Done) -> None:
    """Mark a scanned record whose declaration is gone, if its consumer was read whole."""
    stored = tx.get(DEPENDENCY, one.id)
    before = _scanned(stored.data)
    consumer = scan.surveyed.get(one.key[0])
    read = consumer is not None and consumer.sound and one.key[0] in scan.consumers
    if not before or before.get("vanished") or not read:
        done.kept += 1
        return
    data = json.loads(json.dumps(stored.data))
    data["metadata"]["scanned"] = {**before, "vanished": True, "status": data.get("status") or "unknown"}  # fmt: skip
    data["status"] = "deprecated"
    tx.put(stored, data)
    done.vanished.append(one.id)
