"""Change all records of a query at once, after showing what would change."""

from __future__ import annotations

from gitcoord.api import read, write
from gitcoord.errors import InvalidError
from gitcoord.model.kinds import BY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.model.query.nodes import Query


class Planned:
    """What a bulk edit does to one record: the commit message's line, and both data."""

    __slots__ = ("after", "before", "id", "line")

    def __init__(self, id: str, line: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        self.id = id
        self.line = line
        self.before = before
        self.after = after

    def as_dict(self) -> dict[str, Any]:
        """Return the change as field → [old, new]."""
        fields = {
            name: [self.before.get(name), self.after.get(name)]
            for name in dict.fromkeys([*self.before, *self.after])
            if self.before.get(name) != self.after.get(name)
        }
        return {"id": self.id, "fields": fields}


def bulk(
    workspace: Workspace,
    query: Query,
    fields: dict[str, Any],
    changes: list[write.Change],
    *,
    apply: bool,
    commit: bool = True,
) -> list[Planned]:
    """Change every record of a query in one commit; only say what would change unless `apply`.

    Raises `InvalidError`, and writes nothing, when one record cannot take the change.
    """
    found = read.select(workspace, query).entries
    planned = []
    with write.transaction(workspace, commit=commit) as tx:
        for entry in found:
            kind = BY_NAME[entry.kind]
            strange = [name for name in fields if name not in kind.fields]
            if strange:
                raise InvalidError(
                    f"{entry.id} is a {kind.name} and has no field {strange[0]}.",
                    hint=f"Narrow the query, for example with kind:{_having(strange[0])}.",
                )
            stored = write.locate(tx, entry.kind, entry.id)
            how = write.chained(write.with_fields(kind, fields), *changes)
            data = how(dict(stored.data))
            write.refuse_links(workspace, stored, data)
            if data != stored.data:
                planned.append(
                    Planned(entry.id, write.message(entry.id, stored.data, data), stored.data, data)
                )
                if apply:
                    tx.put(stored, data)
                else:
                    tx.check(stored, data)
        if planned:
            tx.message = write.several([one.line for one in planned])
    workspace.changed()
    return planned


def _having(field: str) -> str:
    return ",".join(kind.name for kind in BY_NAME.values() if field in kind.fields) or "issue"
