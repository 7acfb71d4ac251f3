"""Faults of the files that are no records but have a schema: coord.yaml and roles.yaml."""

from __future__ import annotations

from gitcoord.model.findings import Finding
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.between_records import Read


def findings(read: Read) -> list[Finding]:
    """Return what is wrong in coord.yaml and roles.yaml; `read` gives the text of a file."""
    found = []
    for path, kind in ((layout.SETTINGS, "settings"), (layout.ROLES, "roles")):
        found += whole_file(path, kind, read(path) or b"")
    return found or _gates(read(layout.SETTINGS) or b"")


def _gates(raw: bytes) -> list[Finding]:
    """Report gates that say no condition; a gate that nobody can read would never fail."""
    if b"gates" not in raw:
        return []
    from gitcoord.codec import marks  # most hubs have no gates
    from gitcoord.codec.read import parse
    from gitcoord.metrics import gates

    found = []
    for number, one in enumerate(parse(raw).get("gates") or ()):
        text = one["check"] if isinstance(one, dict) else one
        if gates.parse(text) is None:
            line, column = marks.locate(raw, ("gates", number), at_key=False)
            found.append(
                Finding(path=layout.SETTINGS, line=line, column=column, field=f"gates.{number}",
                        code="bad-gate", message=f"{text!r} is no gate.", hint=gates.HINT)
            )  # fmt: skip
    return found


def whole_file(path: str, kind: str, raw: bytes) -> list[Finding]:
    """Check a file that is no record but has a schema; an empty one is fine."""
    from gitcoord.codec import marks  # only for `coord check`
    from gitcoord.codec.read import Malformed, parse
    from gitcoord.model.validate import check as check_data

    if not raw.strip():
        return []
    try:
        data = parse(raw)
    except Malformed as fault:
        return [Finding(path=path, line=fault.line, column=fault.column, code=fault.code,
                        message=fault.message, hint=fault.hint)]  # fmt: skip
    found = []
    for one in check_data(kind, data):
        line, column = marks.locate(raw, one.where, at_key=one.at_key)
        found.append(
            Finding(path=path, line=line, column=column, code=one.code, message=one.message,
                    hint=one.hint, severity=one.severity,
                    field=".".join(map(str, one.where)) or None)
        )  # fmt: skip
    return found
