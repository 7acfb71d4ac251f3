"""What to try where nothing is known yet, by the sort of trouble.

These are starting points, not measurements; an answer that rests on one says so. A hub
sets its own in coord.yaml (`learning.defaults`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_TYPE = {
    "formatting": "autofix", "format": "autofix", "lint": "autofix", "style": "autofix",
    "import": "autofix", "imports": "autofix", "unused": "autofix",
    "type": "add-annotation", "type_error": "add-annotation", "typing": "add-annotation",
    "test": "fix-code", "test_failure": "fix-code", "import_error": "install-dependency",
    "dependency": "update-dependency", "security": "update-dependency",
    "complexity": "refactor", "dead_code": "remove-code", "documentation": "write-docs",
}  # fmt: skip
_CODES = {
    "autofix": ("E1", "E2", "E3", "W1", "W2", "W3", "I0", "F401", "UP", "C4", "Q0", "COM", "PIE"),
    "refactor": ("C901", "PLR09"),
    "write-docs": ("D1", "D2", "D4"),
    "add-annotation": ("ANN",),
}
LAST = "manual"


def strategy(type: str | None, own: Mapping[str, str]) -> str:
    """Return the strategy to begin with for a type of trouble."""
    if type is None:
        return own.get("*", LAST)
    plain = type.casefold().replace("-", "_").replace(" ", "_")
    if type in own or plain in own:
        return own.get(type) or own[plain]
    if plain in _BY_TYPE:
        return _BY_TYPE[plain]
    for name, codes in _CODES.items():
        if type.startswith(codes) and type[-1:].isdigit():
            return name
    return own.get("*", LAST)
