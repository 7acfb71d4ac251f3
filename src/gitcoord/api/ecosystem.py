"""Bring an `ecosystem.yaml` in, and write the hub out as one."""

from __future__ import annotations

import gc
import os

from gitcoord.api import setup, write
from gitcoord.bridges.ecosystem import export, reading, words
from gitcoord.codec import edit, emit
from gitcoord.codec.read import Malformed, parse
from gitcoord.errors import InvalidError, UsageError
from gitcoord.git import objects
from gitcoord.model.kinds import BY_NAME, KINDS, REPO
from gitcoord.store import files, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.bridges.ecosystem.notes import Note
    from gitcoord.store.transaction import Transaction

_LIMIT = 1 << 20


class Done:
    """What an import did: numbers of records, and a note for every decision."""

    __slots__ = ("created", "notes", "unchanged", "updated")

    def __init__(self, notes: list[Note]) -> None:
        self.created = 0
        self.updated = 0
        self.unchanged = 0
        self.notes = notes

    def as_dict(self) -> dict[str, Any]:
        """Return the result in its documented JSON shape."""
        notes = [
            {"record": note.record, "field": note.field or None, "message": note.message}
            for note in self.notes
        ]
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "notes": notes,
        }


def bring_in(
    workspace: Workspace,
    raw: bytes,
    name: str,
    *,
    maps: Sequence[str] = (),
    apply: bool = True,
    commit: bool = True,
) -> Done:
    """Import a document in one transaction; with `apply` false only say what would happen.

    `maps` are texts `KIND.STATUS=STATUS`. Raises `InvalidError`, and writes nothing, when
    something in the document needs a decision that only the user can make.
    """
    collecting = gc.isenabled()
    gc.disable()  # plain data has no cycles, and looking for them takes a quarter of the time
    try:
        return _bring_in(workspace, raw, name, maps, apply=apply, commit=commit)
    finally:
        if collecting:
            gc.enable()


def _bring_in(
    workspace: Workspace, raw: bytes, name: str, maps: Sequence[str], *, apply: bool, commit: bool
) -> Done:
    with write.transaction(workspace, commit=commit) as tx:
        known = _known(workspace, tx)
        imported = reading.read(
            raw,
            known,
            roles=_list(tx, layout.ROLES, "roles"),
            settings=_mapping(tx, layout.SETTINGS),
            mapping=_maps(maps),
            name=name,
            allocate=lambda kind, prefix: tx.new_id(BY_NAME[kind], prefix),
        )
        done = Done(imported.notes)
        by_id = {
            kind: {data.get("name" if kind == "repo" else "id"): data for data in held}
            for kind, held in known.items()
        }
        for kind, data in imported.records:
            _record(tx, kind, data, by_id[kind], done, apply=apply)
        if apply:
            _shared(tx, imported)
            count = done.created + done.updated
            tx.message = f"Import {count} records from {os.path.basename(name)}"
    workspace.changed()
    return done


def _record(
    tx: Transaction,
    kind: str,
    data: dict[str, Any],
    known: dict[Any, dict[str, Any]],
    done: Done,
    *,
    apply: bool,
) -> None:
    id = data["name" if kind == REPO.name else "id"]
    before = known.get(id)
    if before == data:
        done.unchanged += 1
    elif before is not None:
        done.updated += 1
        if apply:
            tx.put(tx.get(BY_NAME[kind], id), data)
    else:
        done.created += 1
        if apply:
            tx.create(BY_NAME[kind], data)


def _shared(tx: Transaction, imported: reading.Imported) -> None:
    """Write roles.yaml and coord.yaml where the import changed them."""
    if imported.roles != _list(tx, layout.ROLES, "roles"):
        tx.write(layout.ROLES, setup.roles_text(imported.roles).encode())
    before = _mapping(tx, layout.SETTINGS)
    changes = edit.diff_changes(before, imported.settings)
    if changes:
        text = tx.read(layout.SETTINGS)
        if text is None:
            tx.write(layout.SETTINGS, emit.dump(imported.settings, ()).encode())
        else:
            tx.write(layout.SETTINGS, edit.apply(text, changes, ()))


def _known(workspace: Workspace, tx: Transaction) -> dict[str, list[dict[str, Any]]]:
    known: dict[str, list[dict[str, Any]]] = {kind.name: [] for kind in KINDS}
    for folder in layout.FOLDERS:
        held = layout.folder_kind(folder)
        full = os.path.join(workspace.repo.root, folder)
        if held is None or not os.path.isdir(full):
            continue
        for name in sorted(os.listdir(full)):
            path = f"{folder}/{name}"
            if layout.place(path) is None:
                continue
            raw = files.read(os.path.join(full, name), _LIMIT)
            try:
                known[held[0].name].append(parse(raw or b""))
            except Malformed as fault:
                raise InvalidError(
                    f"{path}:{fault.line}:{fault.column}: {fault.message}",
                    hint="Mend the hub's own records first; `coord check` lists all faults.",
                ) from None
    return known


def _mapping(tx: Transaction, path: str) -> dict[str, Any]:
    raw = tx.read(path)
    if raw is None or not raw.strip():
        return {}
    try:
        return parse(raw)
    except Malformed as fault:
        raise InvalidError(
            f"{path}:{fault.line}:{fault.column}: {fault.message}", hint=fault.hint
        ) from None


def _list(tx: Transaction, path: str, key: str) -> list[dict[str, Any]]:
    found = _mapping(tx, path).get(key)
    return found if isinstance(found, list) else []


def _maps(texts: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        word, equals, ours = text.partition("=")
        if not equals:
            raise UsageError(
                f"{text!r} is not WORD=OURS.", hint="For example --map status.wip=active."
            )
        why = words.refusal(word, ours)
        if why is not None:
            raise UsageError(
                f"--map {text}: {why}.",
                hint="It takes status.WORD=OURS, KIND.status.WORD=OURS, priority.WORD=OURS,"
                " type.WORD=OURS, or KIND.FIELD=VALUE for a field that is missing.",
            )
        found[word] = ours
    return found


def mapping() -> list[tuple[str, str, str]]:
    """Return how other dialects are read: where it applies, their word, ours."""
    return words.rows()


def take_out(workspace: Workspace) -> str:
    """Return the hub as one YAML document that imports back to the same records."""
    if workspace.at is not None:
        return _taken_out(_at_commit(workspace, workspace.at))
    with write.transaction(workspace, reads=True) as tx:
        known = _known(workspace, tx)
        roles, settings = _list(tx, layout.ROLES, "roles"), _mapping(tx, layout.SETTINGS)
    return export.export(known, roles, settings)


def _at_commit(workspace: Workspace, commit: str) -> dict[str, dict[str, Any]]:
    """Return the data of every file of the store in a commit, by path."""
    entries = objects.tree(workspace.repo, commit, layout.ROOT)
    wanted = [one for one in entries if one.path.endswith(".yaml") and one.mode != "120000"]
    found = {}
    for entry, raw in zip(
        wanted, objects.blobs(workspace.repo, [one.blob for one in wanted]), strict=True
    ):
        try:
            found[entry.path] = parse(raw or b"")
        except Malformed as fault:
            raise InvalidError(
                f"{entry.path}:{fault.line}:{fault.column}: {fault.message}",
                hint="That commit holds a record that cannot be read.",
            ) from None
    return found


def _taken_out(held: dict[str, dict[str, Any]]) -> str:
    known: dict[str, list[dict[str, Any]]] = {kind.name: [] for kind in KINDS}
    for path, data in held.items():
        place = layout.place(path)
        if place is not None:
            known[place.kind.name].append(data)
    roles = held.get(layout.ROLES, {}).get("roles")
    return export.export(
        known, roles if isinstance(roles, list) else [], held.get(layout.SETTINGS, {})
    )
