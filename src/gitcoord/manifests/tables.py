"""Small questions about a parsed document, whatever it turns out to hold."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def table(data: Any, *names: str) -> dict[str, Any]:
    """Return a table below others; {} where there is none."""
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def strings(value: Any) -> list[str]:
    """Return the texts of a list."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """Return a text, None for anything else."""
    return value if isinstance(value, str) else None


def source_of(declared: Any) -> str | None:
    """Return the path or the URL that a requirement's table takes the package from."""
    one = declared[0] if isinstance(declared, list) and declared else declared
    if not isinstance(one, dict):
        return None
    if one.get("workspace") is True:
        return "workspace"
    for kind in ("path", "url"):
        if isinstance(one.get(kind), str):
            return str(one[kind])
    git = text(one.get("git"))
    if git is None:
        return None
    at = next(filter(None, (text(one.get(key)) for key in ("tag", "rev", "branch"))), None)
    return f"git+{git}@{at}" if at else f"git+{git}"
