"""Refuse data that would break a rule, in words that say which and how to mend it."""

from __future__ import annotations

from gitcoord.errors import InvalidError
from gitcoord.model.findings import ERROR
from gitcoord.model.fine import fine
from gitcoord.model.kinds import REPO
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.model.findings import Fault
    from gitcoord.model.kinds import Kind


def refuse(
    kind: Kind, id: str, data: dict[str, Any], *, before: dict[str, Any] | None = None
) -> None:
    """Raise `InvalidError` for data that breaks a rule; faults that were there before may stay."""
    if fine(kind.name, data) and data.get("name" if kind is REPO else "id") == id:
        return
    from gitcoord.model.validate import check, check_place  # only to say what is wrong

    faults = [*check(kind.name, data), *check_place(kind.name, id, data)]
    bad = [fault for fault in faults if fault.severity == ERROR]
    if bad and before is not None:
        old = {str(fault) for fault in check(kind.name, before)}
        bad = [fault for fault in bad if str(fault) not in old]
    if bad:
        raise InvalidError(
            f"{id}: " + "; ".join(_said(fault) for fault in bad),
            hint="\n".join(fault.hint for fault in bad if fault.hint),
        )


def _said(fault: Fault) -> str:
    where = ".".join(str(step) for step in fault.where)
    return f"{where}: {fault.message}" if where else fault.message


def refuse_id(kind: Kind, key: str, id: Any) -> None:
    """Raise `InvalidError` for what cannot name a record of a kind."""
    if not isinstance(id, str) or not layout.fits(kind, id):
        raise InvalidError(f"{id!r} cannot be the {key} of a {kind.name}.", hint=_id_hint(kind))


def _id_hint(kind: Kind) -> str:
    if kind is REPO:
        return "Letters, digits, `.`, `_` and `-`, beginning with a letter or digit."
    return f"An id is a prefix, a dash and a number or word, such as {kind.prefix}-001."
