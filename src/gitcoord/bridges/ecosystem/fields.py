"""One item of the document to the data of one record, with nothing lost.

Fields that are called otherwise are renamed by the table in `words`, values are brought
into our form, and keys that we have no field for move to `metadata` under their own name.
An item that is in our form already comes back untouched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gitcoord.bridges.ecosystem import values, words
from gitcoord.bridges.ecosystem.values import Unreadable
from gitcoord.model.kinds import BY_NAME
from gitcoord.model.suggest import with_article

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitcoord.bridges.ecosystem.notes import Ledger

_WORDS = frozenset({"status", "priority", "type"})
_TIMES = frozenset({"created", "updated"})
_DAYS = frozenset({"target", "due"})
_NUMBERS = frozenset({"estimated_hours", "actual_hours"})
_LISTS = frozenset(
    {"repos", "labels", "dependencies", "blocking", "blocked_by", "issues", "todos", "gates",
     "milestones", "acceptance_criteria", "comments", "tags", "nicknames",
     "completion_criteria", "deliverables"}
)  # fmt: skip
_FREE = frozenset({"id", "metadata", "validation"})
_MILESTONE = ("id", "name", "due", "status", "dependencies", "completion_criteria", "deliverables")
PLACE = "todo.repo"
"""Where a todo is done is known only when its issue is: `placing` looks there first."""
_BEGINS = frozenset({"issue", "plan", "todo"})


class Converter:
    """Turns the items of one document into record data, telling a ledger what it does.

    `mapping` is what the user says about words that the tables do not know, and about
    required fields that are absent: `status.paused` or `todo.repo`.
    """

    def __init__(self, mapping: Mapping[str, str], ledger: Ledger) -> None:
        self._mapping = mapping
        self._ledger = ledger

    def convert(self, kind: str, item: dict[str, Any], label: str) -> dict[str, Any]:
        """Return the data of a record of a kind; `label` names it in notes."""
        fields = BY_NAME[kind].fields
        data = self._renamed(kind, fields, item, label)
        for field in list(data):
            if field in fields and data[field] is not None:
                self._value(kind, field, data, label)
        if kind == "plan" and isinstance(data.get("milestones"), list):
            data["milestones"] = [
                self._milestone(milestone, label) if isinstance(milestone, dict) else milestone
                for milestone in data["milestones"]
            ]
            self._number(data["milestones"], label)
        if kind in _BEGINS and data.get("status") is None:
            data["status"] = BY_NAME[kind].start
            message = f"The file says none; a {kind} begins as {data['status']}."
            self._ledger.say(label, "status", message)
        self._supplied(kind, data, label)
        if data == item:
            return data
        kept = {key: value for key, value in data.items() if value is not None and value != []}
        if kept.get("metadata") == {}:
            del kept["metadata"]
        return {field: kept[field] for field in fields if field in kept}

    def _milestone(self, item: dict[str, Any], label: str) -> dict[str, Any]:
        names = words.FIELD["milestone"]
        data: dict[str, Any] = {}
        for key, value in item.items():
            ours = names.get(key, key)
            data[ours if ours == key or ours not in item else key] = value
        for field in list(data):
            if field in _MILESTONE and data[field] is not None:
                self._value("milestone", field, data, label)
        return data

    def _number(self, milestones: list[Any], label: str) -> None:
        """Give milestones that have none an id that no other one of the plan has."""
        mappings = [one for one in milestones if isinstance(one, dict)]
        taken = {one.get("id") for one in mappings}
        for position, one in enumerate(milestones, 1):
            if isinstance(one, dict) and one.get("id") is None:
                id = next(
                    f"M{n}"
                    for n in range(position, 2 * position + len(taken) + 1)
                    if f"M{n}" not in taken
                )
                taken.add(id)
                one["id"] = id
                self._ledger.say(
                    label,
                    "milestones",
                    f"The file gives {one.get('name')!r:.80} no id; it is {id} here.",
                )

    def _renamed(
        self, kind: str, fields: tuple[str, ...], item: dict[str, Any], label: str
    ) -> dict[str, Any]:
        """Return the item under our names, the keys that we have no field for in metadata."""
        plural = BY_NAME[kind].plural
        data = {key: value for key, value in item.items() if key in fields}
        for key, value in item.items():
            if key in fields:
                continue
            ours = words.FIELD[kind].get(key)
            if ours == "nicknames":
                self._join(data, value)
                self._ledger.share(plural, key, "Joined nicknames.")
            elif ours is not None and data.get(ours) in (None, []):
                data[ours] = value
                self._ledger.share(plural, key, f"Read as {ours}.")
            else:
                self._keep(data, key, value, label)
                self._ledger.share(plural, key, "No field here; kept under metadata.")
        return data

    @staticmethod
    def _join(data: dict[str, Any], value: Any) -> None:
        had = data.get("nicknames")
        had = had if isinstance(had, list) else [] if had is None else [had]
        more = value if isinstance(value, list) else [] if value is None else [value]
        data["nicknames"] = [*had, *(name for name in more if name not in had)]

    def _keep(self, data: dict[str, Any], key: str, value: Any, label: str) -> None:
        """Put a value into metadata under a key, beside what is there."""
        had = data.get("metadata")
        if had is None:
            had = {}
        metadata = dict(had) if isinstance(had, dict) else {"metadata": had}
        if key in metadata and metadata[key] != value:
            message = f"metadata has its own {key}; this one is metadata.ecosystem_{key}."
            self._ledger.say(label, key, message)
            key = f"ecosystem_{key}"
        metadata[key] = value
        data["metadata"] = metadata

    def _value(self, kind: str, field: str, data: dict[str, Any], label: str) -> None:
        """Bring one value into our form; one that cannot be read moves to metadata."""
        value = data[field]
        try:
            if field in _WORDS:
                data[field] = self._word(kind, field, values.text(value), label)
            elif field in _TIMES or field in _DAYS:
                read = values.moment if field in _TIMES else values.day
                data[field], naive = read(values.text(value))
                if naive:
                    self._ledger.say(label, field, f"{value} names no offset; read as UTC.")
            elif field in _NUMBERS:
                data[field] = values.number(value)
            elif field in _LISTS:
                if not isinstance(value, list):
                    data[field] = [values.text(value)]
            elif field not in _FREE:
                data[field] = values.text(value)
        except Unreadable:
            del data[field]
            self._keep(data, field, value, label)
            message = f"{value!r:.80} means nothing here; kept as metadata.{field}."
            self._ledger.say(label, field, message)

    def _word(self, kind: str, field: str, value: str, label: str) -> str:
        ours = values.word(kind, field, value, self._mapping)
        if ours is None:
            choice = ", ".join(words.known(kind, field))
            self._ledger.refuse(
                f"{label}: {field} {value!r} is no {field} of {with_article(kind)} ({choice}).",
                f"Say what it means with --map {field}.{value}=ONE_OF_THESE.",
            )
            return value
        if ours != value:
            self._ledger.say(label, field, f"{value} is called {ours} here.")
        return ours

    def _supplied(self, kind: str, data: dict[str, Any], label: str) -> None:
        """Fill in absent fields that the user gave a value for: `--map todo.repo=NAME`."""
        for key, value in self._mapping.items():
            its_kind, _, field = key.partition(".")
            if key == PLACE or its_kind != kind or field not in BY_NAME[kind].fields:
                continue
            if data.get(field) is None:
                data[field] = [value] if field in _LISTS else value
                self._ledger.say(label, field, f"The file says none; {value} was given for it.")
