"""Create, update, close, comment: each one transaction, checked first and committed last."""

from __future__ import annotations

from gitcoord.api import links, read
from gitcoord.api.entry import Entry
from gitcoord.errors import InvalidError, UsageError
from gitcoord.model.kinds import BY_NAME, PRIORITIES, REPO, title_of
from gitcoord.store import layout
from gitcoord.store.transaction import Transaction
from gitcoord.store.workset import Stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Any

    from gitcoord.api.duplicates import Looking
    from gitcoord.api.workspace import Workspace
    from gitcoord.model.kinds import Kind

    Change = Callable[[dict[str, Any]], dict[str, Any]]

_TOLD = ("status", "priority", "assignee", "target")


def transaction(
    workspace: Workspace,
    message: str = "",
    *,
    commit: bool = True,
    gently: bool = False,
    reads: bool = False,
) -> Transaction:
    """Begin a transaction on a hub; only functions of `api` do so.

    A gentle one happens only while no git command of the user is at work in the hub. One that
    `reads` writes nothing: it sees the files as no writer leaves them half done.
    """
    workspace.changed()
    return Transaction(
        workspace.repo, workspace.settings, message,
        commit=commit, agent=workspace.agent, gently=gently, reads=reads,
    )  # fmt: skip


def create(
    workspace: Workspace,
    kind: Kind,
    data: dict[str, Any],
    *,
    commit: bool = True,
    look: Looking | None = None,
) -> Entry:
    """Add a record and return it.

    `look` looks for what it repeats while git is at work. Status, time of creation and (for
    work) priority are filled in. Raises `InvalidError` when the data breaks a rule
    or names a record that is not there.
    """
    with transaction(workspace, commit=commit) as tx:
        if kind is not REPO:
            tx.expect_new()
        if look is not None:
            look.get_ready()
        full = prepared(workspace, kind, data)
        links.refuse_unknown(workspace, kind, full)
        links.refuse_itself(kind, full)
        id = tx.create(kind, full)
        if look is not None:
            tx.meanwhile = look.about(kind.name, id, title_of(kind, full) or "")
        tx.message = f"{id}: create {kind.name}: {subject(kind, full)}"
    workspace.changed()
    if any(links.outgoing(kind, full).values()):
        return read.get(workspace, id, kind.name)
    return fresh(kind, id, full, workspace.now)


def fresh(kind: Kind, id: str, data: dict[str, Any], now: datetime) -> Entry:
    """Return a record that was just created and has no links, without asking the index."""
    status = data.get("status")
    is_open = "priority" in kind.fields and status not in kind.done
    repos = data.get("repos") or [data[name] for name in ("repo",) if name in data]
    path = layout.path_of(kind, id)
    rank = PRIORITIES.index(data["priority"]) if data.get("priority") else None

    def shown() -> str:
        from gitcoord.index.shown import json_of  # only for JSON

        return json_of(kind, id, {"name" if kind is REPO else "id": id, **data})

    return Entry(
        (id, kind.name, path, title_of(kind, data), status, rank, data.get("assignee"),
         data.get("target"), ", ".join(repos), int(now.timestamp()), int(status in kind.ready),
         int(is_open and status == "blocked"), "[]", int(is_open), 0, 0,
         shown)
    )  # fmt: skip


def prepared(workspace: Workspace, kind: Kind, data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a new record with its defaults filled in."""
    full: dict[str, Any] = {"status": kind.start, **data}
    if kind is not REPO:
        full.setdefault("created", workspace.now.isoformat(timespec="seconds"))
    if "priority" in kind.fields:
        full.setdefault("priority", PRIORITIES[2])
    full = links.spelled(workspace, kind, full, {})
    return {key: value for key, value in full.items() if value not in (None, [], {})}


def subject(kind: Kind, data: dict[str, Any]) -> str:
    """Return the one-line name of a record for a commit message."""
    text = title_of(kind, data) or str(data.get("name") or "")
    first = text.strip().split("\n", 1)[0]
    return first if len(first) <= 120 else first[:119] + "…"


def change(
    workspace: Workspace,
    kind_name: str | None,
    id: str,
    how: Change,
    *,
    commit: bool = True,
    why: str = "",
) -> str:
    """Change one record by a function from its data to new data; return its id.

    The function runs under the lock, on what lies on disk then. Nothing is written when
    the data stays the same.
    """
    return change_each(workspace, kind_name, [id], how, commit=commit, why=why)[0]


def change_each(
    workspace: Workspace,
    kind_name: str | None,
    ids: Sequence[str],
    how: Change,
    *,
    commit: bool = True,
    why: str = "",
) -> list[str]:
    """Change records the same way in one commit; where one refuses, none of them is changed."""
    found, told = [], []
    with transaction(workspace, commit=commit) as tx:
        for id in ids:
            stored = locate(tx, kind_name, id)
            found.append(stored.id)
            data = how(dict(stored.data))
            if data != stored.data:
                data = links.spelled(workspace, stored.kind, data, stored.data)
            refuse_links(workspace, stored, data)
            if tx.put(stored, data):
                told.append(message(stored.id, stored.data, data))
        if told:
            tx.message = several(told) + (f"\n\n{why}" if why else "")
    workspace.changed()
    return found


def several(told: Sequence[str]) -> str:
    """Return the commit message for the changes of some records, by the message of each."""
    if len(told) == 1:
        return told[0]
    return f"Change {len(told)} records\n\n" + "\n".join(told)


def locate(tx: Transaction, kind_name: str | None, id: str) -> Stored:
    """Return the stored record of an id, of one kind or of whichever kind has it."""
    if kind_name is not None:
        return tx.get(BY_NAME[kind_name], id)
    for kind in BY_NAME.values():
        found = tx.find(kind, id)
        if found is not None:
            return found
    return tx.get(BY_NAME["issue"], id)


def refuse_links(workspace: Workspace, stored: Stored, data: dict[str, Any]) -> None:
    """Refuse links that are new and lead nowhere, into a cycle, or to the record itself."""
    if data != stored.data:
        links.refuse_itself(stored.kind, data)
    before = links.outgoing(stored.kind, stored.data)
    after = links.outgoing(stored.kind, data)
    fresh = {name: after[name] - before.get(name, set()) for name in after}
    if any(fresh.values()):
        links.refuse_unknown(workspace, stored.kind, data, only=fresh)
        links.refuse_cycle(workspace, stored.kind, stored.id, data)


def message(id: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    """Return the commit message for a change: the telling fields with both values."""
    parts = []
    for field in dict.fromkeys([*_TOLD, *old, *new]):
        if old.get(field) == new.get(field):
            continue
        if field in _TOLD:
            parts.append(f"{field} {old.get(field) or 'none'} → {new.get(field) or 'none'}")
        elif isinstance(old.get(field, []), list) and isinstance(new.get(field, []), list):
            parts.append(_list_change(field, old.get(field) or [], new.get(field) or []))
        else:
            parts.append(f"change {field}" if field in old else f"set {field}")
    return f"{id}: {', '.join(parts)}".replace("\n", " ")


def _list_change(field: str, old: list[Any], new: list[Any]) -> str:
    if field == "comments":
        return "comment"
    added = [item for item in new if item not in old]
    removed = [item for item in old if item not in new]
    if not all(isinstance(item, str) for item in (*added, *removed)) or not (added or removed):
        return f"change {field}"
    signs = [f"+{item}" for item in added] + [f"-{item}" for item in removed]
    return f"{field} {' '.join(signs)}"


def with_fields(kind: Kind, changes: dict[str, Any]) -> Change:
    """Return the change that sets fields; None or an empty text removes one."""

    def how(data: dict[str, Any]) -> dict[str, Any]:
        for field, value in changes.items():
            if value is None or value == "":
                if field == kind.title or field == "status":
                    raise InvalidError(f"A {kind.name} needs its {field}.", hint="Give it a value.")
                data.pop(field, None)
            else:
                data[field] = value
        return data

    return how


def with_items(field: str, add: list[str], remove: list[str]) -> Change:
    """Return the change that adds to and removes from a list of words."""

    def how(data: dict[str, Any]) -> dict[str, Any]:
        had = data.get(field)
        if had is not None and not isinstance(had, list):
            raise InvalidError(
                f"{field} is no list.", hint="A list is written [a, b]; mend it with `coord edit`."
            )
        items = [item for item in had or [] if item not in remove]
        items += [item for item in dict.fromkeys(add) if item not in items]
        if items or had:
            data[field] = items
        return data

    return how


def chained(*changes: Change) -> Change:
    """Return the change that makes several, one after the other."""

    def how(data: dict[str, Any]) -> dict[str, Any]:
        for one in changes:
            data = one(data)
        return data

    return how


def parse_setting(text: str) -> tuple[str, Any]:
    """Read `FIELD=VALUE`; a value is a word, a number, true, false, null or `[a, b]`."""
    field, equals, value = text.partition("=")
    if not equals or not field:
        raise UsageError(
            f"{text!r} is not FIELD=VALUE.", hint="For example --set target=2026-12-31."
        )
    from gitcoord.codec.read import Malformed, parse  # only for --set

    try:
        return field, parse(f"value: {value}\n".encode())["value"]
    except Malformed:
        return field, value
