"""Whether what is known of the use of skills is sound and up to date."""

from __future__ import annotations

from gitcoord.api import skill_registry
from gitcoord.skills import engine, source, store, troubles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.skill_registry import Registered
    from gitcoord.api.workspace import Workspace

OK, WARNING, ERROR = "ok", "warning", "error"


def check(workspace: Workspace) -> list[dict[str, Any]]:
    """Return a row for each repository that is registered or kept: its state, and what to do."""
    engine.require()
    where = store.base(workspace.repo.common_dir)
    chosen = skill_registry.chosen(workspace)
    registered = skill_registry.known(workspace)
    rows = [_row(where, one) for one in chosen]
    named = {one.repo for one in chosen}
    rows += [
        _said(name, ERROR, "it is registered, but the registry no longer has it",
              f"coord skill unregister {name} --forget")
        for name in registered if name not in named
    ]  # fmt: skip
    rows += [
        _said(name, WARNING, "it is no longer registered, and what was collected is still kept",
              f"coord skill unregister {name} --forget")
        for name in store.kept(where)
        if name not in registered and store.current(where, name) is not None
    ]  # fmt: skip
    return sorted(rows, key=lambda row: str(row["repo"]))


def _row(where: str, one: Registered) -> dict[str, Any]:
    held = store.current(where, one.repo)
    broken = store.damaged(held) if held is not None else []
    if broken:
        return _said(one.repo, ERROR, f"{', '.join(broken)} is damaged", "coord skill collect")
    if one.folder is None:
        return _said(one.repo, WARNING, one.reason, "", held)
    try:
        stamp = source.stamp(one.folder)
    except source.Unreadable as fault:
        level = WARNING if fault.absent else ERROR
        return _said(one.repo, level, fault.reason, "", held)
    trouble = troubles.noted(where, one.repo)
    if trouble is not None:
        return _said(one.repo, ERROR, f"it was not read: {trouble}", "coord skill collect", held)
    if held is None:
        return _said(one.repo, WARNING, "nothing of it was collected yet", "coord skill collect")
    if list(stamp) != held.meta["source"]["stamp"]:
        return _said(
            one.repo, OK, "its file has changed since it was collected", "coord skill collect", held
        )
    if held.meta["faulty"]:
        first = held.meta["faults"][0]
        why = f"{held.meta['faulty']} values could not be understood, as {first[0]}: {first[1]}"
        return _said(one.repo, WARNING, why, "", held)
    return _said(one.repo, OK, "", "", held)


def _said(
    repo: str, level: str, reason: str, mend: str, held: store.Generation | None = None
) -> dict[str, Any]:
    meta = held.meta if held is not None else {}
    return {"repo": repo, "state": level, "reason": reason, "mend": mend, "rows": meta.get("rows"),
            "collected_at": meta.get("collected_at")}  # fmt: skip
