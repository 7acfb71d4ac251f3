"""From the bytes of one file to the rows that the index holds of it.

A file that cannot be read gives findings and no record; one with faults in single
fields gives both, so that one bad field hides nothing else.
"""

from __future__ import annotations

from gitcoord.codec import jsontext
from gitcoord.codec.read import MAX_BYTES, Malformed, parse
from gitcoord.git.objects import blob_id
from gitcoord.index.shown import json_of
from gitcoord.model import links
from gitcoord.model.findings import ERROR, Fault, Finding
from gitcoord.model.fine import fine
from gitcoord.model.kinds import DEPENDENCY, PRIORITIES, REPO, title_of
from gitcoord.model.moments import UTC, date, datetime
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gitcoord.model.kinds import Kind
    from gitcoord.store.layout import Place

_RANK = {name: rank for rank, name in enumerate(PRIORITIES)}
_TEXTS = frozenset(
    {"status", "priority", "severity", "assignee", "created", "updated", "target", "issue", "plan",
     "milestone", "type", "title", "task", "name", "repo", "role", "consumer", "provider",
     "version_constraint"}
)  # fmt: skip
_LISTS = frozenset(
    {
        "repos",
        "labels",
        "tags",
        "nicknames",
        "blocked_by",
        "dependencies",
        "blocking",
        "issues",
        "todos",
    }
)
_NUMBERS = frozenset({"estimated_hours", "actual_hours"})
_by_entries: list[Callable[[Kind, str, bytes], tuple[dict[str, Any], str] | None]] = []
_ORDER = {"issue": "1", "todo": "2", "plan": "3", "dependency": "4", "repo": "5"}


class Rows:
    """What the index holds of one file; plain tuples, so that they can cross processes."""

    __slots__ = ("digest", "findings", "links", "path", "record", "values")

    def __init__(self, path: str, digest: str) -> None:
        self.path = path
        self.digest = digest
        self.record: tuple[Any, ...] | None = None
        self.values: list[tuple[str, str]] = []
        self.links: list[tuple[str, str, str, str]] = []
        self.findings: list[tuple[Any, ...]] = []

    def pack(self) -> tuple[Any, ...]:
        """Return all of it as one tuple of plain values."""
        return (
            self.path, self.digest, self.record, self.values, self.links, self.findings
        )  # fmt: skip


def rows_of(path: str, raw: bytes) -> Rows:
    """Return the rows for a record file."""
    rows = Rows(path, blob_id(raw))
    place = layout.place(path)
    if place is None:
        rows.findings.append(_misplaced(path))
        return rows
    if len(raw) > MAX_BYTES:
        return too_large(path)
    read = _by_entries[0](place.kind, place.id, raw) if _by_entries else None
    if read is not None:
        _fill(rows, place, read[0], read[1])
        return rows
    try:
        data = parse(raw)
    except Malformed as fault:
        found = Finding(path=path, line=fault.line, column=fault.column, id=place.id,
            code=fault.code, message=fault.message, hint=fault.hint)  # fmt: skip
        rows.findings.append(_row(found))
        return rows
    faults = _faults(place.kind.name, data) + _displaced(place, data)
    if faults:
        from gitcoord.index.places import located  # few files have faults

        rows.findings = [_row(f) for f in located(path, raw, place.id, faults)]
    _fill(rows, place, _sane(data, faults), json_of(place.kind, place.id, data))
    return rows


def _faults(kind: str, data: dict[str, Any]) -> list[Fault]:
    """Return the faults of a record's data; mostly there are none, and what names them stays unloaded."""
    if fine(kind, data):
        return []
    from gitcoord.model.validate import check

    return check(kind, data)


def _displaced(place: Place, data: dict[str, Any]) -> list[Fault]:
    """Return the fault of a record that does not bear the name of its file."""
    if data.get("name" if place.kind is REPO else "id") == place.id:
        return []
    from gitcoord.model.validate import check_place

    return check_place(place.kind.name, place.id, data)


def read_quickly() -> None:
    """Read files in the quicker ways from now on; the rows are the same."""
    from gitcoord.codec import read
    from gitcoord.index import entries  # only for many files

    read.read_quickly()
    _by_entries[:] = [entries.read]


def rows_of_data(path: str, place: Place, data: dict[str, Any]) -> Rows:
    """Return the rows for a record whose data is known already; `path` only has to be its own."""
    rows = Rows(path, "")
    faults = _faults(place.kind.name, data)
    _fill(rows, place, _sane(data, faults), json_of(place.kind, place.id, data))
    return rows


def too_large(path: str) -> Rows:
    """Return the rows for a file that is too large to be read."""
    rows = Rows(path, "")
    place = layout.place(path)
    found = Finding(
        path=path,
        code="too-large",
        message=f"The file is larger than {MAX_BYTES:,} bytes.",
        line=1,
        column=1,
        id=place.id if place else None,
        hint="Keep large texts in files of their own, and name them in the record.",
    )
    rows.findings.append(_row(found))
    return rows


def _misplaced(path: str) -> tuple[Any, ...]:
    name = path.rpartition("/")[2]
    hint = "Rename it to the record's id with the ending .yaml."
    if not name.endswith(".yaml"):
        hint = "Records end in .yaml; move other files out of the record folders."
    return _row(
        Finding(path=path, line=1, column=1, code="bad-file-name", hint=hint,
                message=f"{_shown(name)} is no name for a record.")
    )  # fmt: skip


def _shown(name: str) -> str:
    return jsontext.quote(name.encode("utf-8", "replace").decode())


def _row(finding: Finding) -> tuple[Any, ...]:
    return (
        finding.path.encode("utf-8", "replace").decode(), finding.line, finding.column, finding.id,
        finding.field, finding.code, finding.severity, finding.message, finding.hint,
    )  # fmt: skip


def _sane(data: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """Return the fields that have no fault, and are of the form that rows are made of.

    An unknown field is no more than a warning, whatever stands in it.
    """
    if not faults:
        return data
    bad = {fault.where[0] for fault in faults if fault.severity == ERROR and fault.where}
    good = {key: value for key, value in data.items() if key not in bad}
    for name in good.keys() & _LISTS:
        held = good[name] if isinstance(good[name], list) else ()
        good[name] = [item for item in held if isinstance(item, str)]
    for name in good.keys() & _TEXTS:
        good[name] = _text(good[name])
    for name in good.keys() & _NUMBERS:
        good[name] = _number(good[name])
    return good


def _fill(rows: Rows, place: Place, good: dict[str, Any], json: str) -> None:
    """Add the record, its values and links; `good` are its fields without faults."""
    kind, name, id, get = place.kind, place.kind.name, place.id, good.get
    status = get("status")
    is_work = kind is not REPO and kind is not DEPENDENCY
    rows.values = values = _values(name, id, good)
    rows.links = links.rows_of(name, id, good)
    rows.record = (
        id, name, rows.path, title_of(kind, good), status, _RANK.get(get("priority") or ""),
        get("severity"), get("assignee"), moment(get("created")), moment(get("updated")),
        day(get("target")) or (_due(get("milestones")) if "milestones" in good else None),
        get("issue"), get("plan"), get("milestone"), get("type"),
        get("estimated_hours"), get("actual_hours"),
        int(is_work and status not in kind.done and not place.archived), int(place.archived),
        ", ".join([value for field, value in values if field == "repo"]),
        _ORDER[name] + _natural(id), json,
    )  # fmt: skip


def _natural(id: str) -> str:
    """Return a text that sorts as people count: ISSUE-9 before ISSUE-10."""
    prefix, _, tail = id.rpartition("-")
    return f"{prefix}-{tail:>012}" if tail.isdigit() else id


def _values(kind: str, id: str, data: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    if kind == "repo":
        found.append(("repo", id))
        found += [("nickname", name) for name in data.get("nicknames") or ()]
        if data.get("role"):
            found.append(("role", data["role"]))
    elif kind == "dependency":
        for field in ("consumer", "provider"):
            if data.get(field):
                found += [(field, data[field]), ("repo", data[field])]
    else:
        if data.get("repos"):
            found = [("repo", name) for name in data["repos"]]
        if data.get("repo"):
            found.append(("repo", data["repo"]))
    if data.get("labels"):
        found += [("label", text) for text in data["labels"]]
    if data.get("tags"):
        found += [("tag", text) for text in data["tags"]]
    return found if len(set(found)) == len(found) else list(dict.fromkeys(found))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _due(milestones: Any) -> str | None:
    """Return the day of the first unfinished milestone."""
    days = [
        found
        for item in milestones or ()
        if isinstance(item, dict) and item.get("status") not in ("completed", "cancelled")
        if (found := day(item.get("due")))
    ]
    return min(days, default=None)


def moment(value: Any) -> int | None:
    """Return a time as epoch seconds; one without an offset is read as UTC."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def day(value: Any) -> str | None:
    """Return the day of a date or time as YYYY-MM-DD."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        return None
