"""What makes git see other parents than the commits name: shallow, grafts, replaced."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository


def state(repo: Repository) -> str:
    """Return a text that changes whenever the same commits would show another history."""
    plain = ("shallow", os.path.join("info", "grafts"))
    found = [_text(os.path.join(repo.common_dir, name)) for name in plain]
    folder = os.path.join(repo.common_dir, "refs", "replace")
    if os.path.isdir(folder):
        names = sorted(os.listdir(folder))
        found += [f"{name} {_text(os.path.join(folder, name))}" for name in names]
    packed = _text(os.path.join(repo.common_dir, "packed-refs"))
    if " refs/replace/" in packed:
        found += [line for line in packed.split("\n") if " refs/replace/" in line]
    return "\n".join(found).strip()


def shallow(repo: Repository) -> frozenset[str]:
    """Return the commits whose parents a shallow clone has left out."""
    return frozenset(_text(os.path.join(repo.common_dir, "shallow")).split())


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""
