"""What coord.yaml says of learning from attempts; what it does not say has its default.

Read apart from the other settings, because no write and no list needs it.
"""

from __future__ import annotations

import os

from gitcoord.codec import plain
from gitcoord.config import settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HALF_LIFE = 90.0
_MOST = 1 << 20
SIMILARITY = 0.3
_RANGES = {"half_life": (0.01, 36_500.0), "prior": (0.1, 1_000.0), "similarity": (0.05, 1.0)}


class Learning:
    """The numbers of the recommender, its variants by name, and where clicks may go."""

    __slots__ = ("defaults", "half_life", "prior", "shared", "similarity", "variants")

    def __init__(self, data: dict[str, Any]) -> None:
        self.half_life = _number(data, "half_life") or HALF_LIFE
        self.prior = _number(data, "prior")
        self.similarity = _number(data, "similarity") or SIMILARITY
        self.shared = data.get("feedback") == "journal"
        self.defaults = _texts(data.get("defaults"))
        found = data.get("variants")
        self.variants: dict[str, dict[str, float | None]] = {
            name: {key: _number(own, key) or getattr(self, key) for key in _RANGES}
            for name, own in (found.items() if isinstance(found, dict) else ())
            if isinstance(name, str) and name and isinstance(own or {}, dict)
            for own in [own or {}]
        }

    def of(self, variant: str | None) -> dict[str, Any]:
        """Return the numbers of a variant, or those of the hub; `prior` is None where it is learnt."""
        base = {key: getattr(self, key) for key in _RANGES}
        return base | (self.variants.get(variant, {}) if variant is not None else {})


def load(root: str) -> Learning:
    """Return what a hub says; a file that cannot be read says nothing."""
    path = os.path.join(root, settings.FILE)
    said = b"learning" in (plain.read(path, _MOST) or b"")
    found = settings.read(path).get("learning") if said else None
    return Learning(found if isinstance(found, dict) else {})


def _number(data: dict[str, Any], name: str) -> float | None:
    """Return a number that lies in its range; None for anything else."""
    value = data.get(name)
    low, high = _RANGES[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        return None
    return float(value)


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {
        key: text for key, text in value.items() if isinstance(key, str) and isinstance(text, str)
    }
