"""What one record says about others.

A link is written once, on the record that waits; `blocking` written on the other end
joins the same graph. `waits` links decide what is blocked; `part` links say that a todo
belongs to an issue or a plan and block nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WAITS = "waits"
PART = "part"


class Link:
    """One typed relation: `src` waits for, or is a part of, `dst`; `field` says where it stands."""

    __slots__ = ("dst", "field", "src", "type")

    def __init__(self, src: str, dst: str, type: str, field: str) -> None:
        self.src = src
        self.dst = dst
        self.type = type
        self.field = field


def links_of(kind: str, id: str, data: dict[str, Any]) -> list[Link]:
    """Return the links a record declares, in the order it declares them."""
    return [Link(*one) for one in rows_of(kind, id, data)]


def rows_of(kind: str, id: str, data: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return `src`, `dst`, `type` and `field` of each link, for where there are very many."""
    found: list[tuple[str, str, str, str]] = []
    if kind in ("issue", "plan", "todo"):
        for field in ("blocked_by", "dependencies"):
            if field in data:
                found += [(id, other, WAITS, field) for other in _ids(data[field])]
        if "blocking" in data:
            found += [(other, id, WAITS, "blocking") for other in _ids(data["blocking"])]
        for field in ("issue", "plan"):
            if isinstance(data.get(field), str):
                found.append((id, data[field], PART, field))
    if kind == "plan":
        for field in ("issues", "todos"):
            found += [(other, id, PART, field) for other in _ids(data.get(field))]
    return found


def _ids(value: Any) -> list[str]:
    if not isinstance(value, list):
        return []
    return list(dict.fromkeys([item for item in value if isinstance(item, str)]))
