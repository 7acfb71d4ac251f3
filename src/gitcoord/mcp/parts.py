"""Parts of coord that a tool rests on and that need not be there: loaded when it is called."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def part(name: str) -> Any:
    """Return a module of `api` by its full name."""
    return import_module(name)
