"""tmp"""

from __future__ import annotations

from typing import Any

from gitcoord.model.findings import Fault


def check(kind: str, data: dict[str, Any]) -> list[Fault]:
    return []


def check_place(kind: str, id: str, data: dict[str, Any]) -> list[Fault]:
    return []
