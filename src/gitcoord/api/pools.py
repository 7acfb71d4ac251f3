"""The pools of a hub, and whether their commands are trusted."""

from __future__ import annotations

import os

from gitcoord.codec.read import MAX_BYTES, Malformed, parse
from gitcoord.config import settings
from gitcoord.errors import InvalidError, NotAllowedError
from gitcoord.execution import pools
from gitcoord.execution.pools import Pool
from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.verdicts import Court
    from gitcoord.api.workspace import Workspace


def configured(workspace: Workspace) -> dict[str, Pool]:
    """Return the pools of coord.yaml; raise `InvalidError` where there is none, or a wrong one."""
    found = pools.read(_settings(os.path.join(workspace.repo.root, settings.FILE)))
    if not found:
        raise InvalidError(
            "coord/coord.yaml declares no pool, so nothing says how a todo is run.",
            hint=f"For example:\n\n{pools.LINES}\n\nThen trust it: coord trust pools.local",
        )
    return found


def _settings(path: str) -> dict[str, Any]:
    """Return what coord.yaml says; raise `InvalidError` for one that cannot be read at all."""
    raw = files.read(path, MAX_BYTES)
    try:
        return parse(raw) if raw else {}
    except Malformed as fault:
        raise InvalidError(
            f"{settings.FILE}:{fault.line}:{fault.column}: {fault.message}", hint=fault.hint
        ) from None


def untrusted(court: Court, wanted: Sequence[Pool]) -> dict[str, str]:
    """Return by name why the command of a pool is not trusted; raise where that of none is."""
    judged = {one.check.id: one for one in court.judge_pools()}
    reasons = {}
    for pool in wanted:
        one = judged.get(f"pools.{pool.name}")
        if one is None or not one.trust.runs:
            reasons[pool.name] = one.trust.reason if one is not None else "it cannot be read"
    if len(reasons) == len(wanted):
        told = "; ".join(f"pool {name}: {why}" for name, why in reasons.items())
        raise NotAllowedError(
            f"No pool can be used: {told}.",
            hint=f"Look at its command and approve it: coord trust pools.{wanted[0].name}",
        )
    return reasons
