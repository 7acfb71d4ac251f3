"""One `ecosystem.yaml` to the records, roles and settings that a hub has after importing it.

Every repository, issue, plan, todo and dependency becomes one record. Nothing is lost,
nothing is guessed unsaid: each decision is a note, and what only the user can decide
stops the import before anything is written. The same file again changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from gitcoord.bridges.ecosystem import merging, sections
from gitcoord.bridges.ecosystem.document import parsed
from gitcoord.bridges.ecosystem.fields import PLACE, Converter
from gitcoord.bridges.ecosystem.notes import Ledger, Note
from gitcoord.bridges.ecosystem.origin import Ids, follow, imported
from gitcoord.bridges.ecosystem.placing import Item, place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Known = Mapping[str, Sequence[Mapping[str, Any]]]

_LINKS = ("dependencies", "blocking", "blocked_by", "issues", "todos")


class Imported(NamedTuple):
    """What the hub holds after the import, of all that the file speaks of.

    `records` are pairs of kind and complete data, whether new, changed or as before;
    `roles` and `settings` are the whole content of their files.
    """

    records: list[tuple[str, dict[str, Any]]]
    roles: list[dict[str, Any]]
    settings: dict[str, Any]
    notes: list[Note]


def read(
    raw: bytes,
    known: Known,
    *,
    roles: Sequence[Mapping[str, Any]] = (),
    settings: Mapping[str, Any] | None = None,
    mapping: Mapping[str, str] | None = None,
    allocate: Callable[[str, str], str] | None = None,
    name: str = "",
) -> Imported:
    """Map a file onto what the hub knows; nothing is written.

    `known` are the hub's records by kind, archived ones included, `roles` and `settings`
    the content of roles.yaml and coord.yaml. `mapping` is what `--map` says.
    `allocate(kind, prefix)` gives an id that was never used; without it the next number
    after those known here is taken. `name` is what a fault in the YAML calls the file. Raises `InvalidError`.
    """
    ledger = Ledger()
    document = parsed(raw, name)
    now = sections.kept(document)
    file_wins = not sections.is_older(sections.kept_before(settings or {}), now)
    items = _items(document, Converter(mapping or {}, ledger), ledger)
    place(items, known, ledger, (mapping or {}).get(PLACE))
    ledger.check()
    _identify(items, known, allocate, ledger)
    records = [(item.kind, _record(item, ledger, file_wins=file_wins)) for item in items]
    _tell_loose_ends(records, known, ledger)
    joined_roles = sections.roles(roles, document.get("roles"), ledger, file_wins=file_wins)
    joined = sections.settled(settings or {}, now, ledger, file_wins=file_wins)
    ledger.check()
    return Imported(records, joined_roles, joined, ledger.notes())


def _items(document: Mapping[str, Any], converter: Converter, ledger: Ledger) -> list[Item]:
    """Return the items of all lists, converted, in the order of the file."""
    coordination = document.get("coordination")
    if coordination is not None and not isinstance(coordination, dict):
        ledger.refuse("coordination is no mapping.", "It holds lists: issues, plans, todos.")
    lists = [("repos", "repo", document.get("repos"))]
    if isinstance(coordination, dict):
        lists += [(name, kind, coordination.get(name)) for name, kind in sections.LISTS.items()]
    items = []
    for name, kind, held in lists:
        if held is not None and not isinstance(held, list):
            ledger.refuse(f"{name} is no list.", "Write each record as an item: `- id: …`.")
            continue
        for position, raw in enumerate(held or []):
            if not isinstance(raw, dict):
                message = f"{name}[{position}] is no mapping."
                ledger.refuse(message, "Write its fields as `key: value`.")
                continue
            label = str(raw.get("name" if kind == "repo" else "id") or f"{name}[{position}]")
            items.append(Item(kind, label, raw, converter.convert(kind, raw, label)))
    return items


def _identify(
    items: list[Item],
    known: Known,
    allocate: Callable[[str, str], str] | None,
    ledger: Ledger,
) -> None:
    """Give every item its id and its record in the hub, and let links follow."""
    repos = {str(data.get("name")): data for data in known.get("repo", ())}
    ids = Ids(known, allocate, ledger)
    ids.reserve(item.data.get("id") for item in items)
    renamed: dict[str, dict[str, str]] = {}
    for item in items:
        if item.kind == "repo":
            item.known = repos.get(item.data["name"])
            continue
        wanted = item.data.get("id")
        id, item.known = ids.assign(item.kind, item.data, item.digest)
        if isinstance(wanted, str):
            renamed.setdefault(item.kind, {}).setdefault(wanted, id)
        if id != wanted:
            item.data = {"id": id, **{k: v for k, v in item.data.items() if k != "id"}}
            item.data = merging.remember(item.data, [], id=wanted)
    for item in items:
        follow(item.kind, item.data, renamed)


def _record(item: Item, ledger: Ledger, *, file_wins: bool) -> dict[str, Any]:
    """Return the record that the hub has after the import."""
    seen = item.digest
    if item.known is None:
        return item.data if item.data == item.raw else merging.remember(item.data, [seen])
    before = imported(item.known).get("seen")
    before = before if isinstance(before, list) else []
    if seen in before:
        if merging.differs(item.known, item.data):
            message = "Changed in the hub since this was imported; the hub's record stayed."
            ledger.say(item.label, "", message)
        return dict(item.known)
    wins = file_wins or item.kind != "repo"
    joined = merging.join(item.known, item.data, item.label, ledger, file_wins=wins)
    if joined == item.known:
        return joined
    # Several catalogues describe one repository; any other record has one source.
    return merging.remember(joined, [*before, seen] if item.kind == "repo" else [seen])


def _tell_loose_ends(
    records: list[tuple[str, dict[str, Any]]], known: Known, ledger: Ledger
) -> None:
    """Note links to records that neither the file nor the hub has."""
    there = {data.get("id", data.get("name")) for _, data in records}
    for held in known.values():
        there.update(data.get("id", data.get("name")) for data in held)
    for kind, data in records:
        if kind == "repo":
            continue
        named = {field: data.get(field) for field in _LINKS}
        named |= {field: [data.get(field)] for field in ("issue", "plan") if data.get(field)}
        for field, ids in named.items():
            for id in ids if isinstance(ids, list) else []:
                if isinstance(id, str) and id not in there:
                    ledger.say(data["id"], field, f"There is no {id}, in the file or in the hub.")
