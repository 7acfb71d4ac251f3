"""Runs on file: each has a folder below the git directory, and in it all that is known of it.

`run.json` is written whole or not at all, and before each step that it tells of, so that
whoever comes after a killed process knows where it was. Beside it lie the prompt, what the
driver printed, and `cancel` once somebody wants it to end.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import NamedTuple

from gitcoord.errors import NotFoundError
from gitcoord.execution import leases
from gitcoord.execution.outcome import LOST
from gitcoord.model.ids import is_id, random_id
from gitcoord.model.moments import datetime
from gitcoord.model.suggest import nearest
from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RUNNING = "running"
_LARGEST = 1 << 22
_PREFIX = "RUN"


class Run(NamedTuple):
    """One execution of a todo.

    `outcome` is None until it has ended, and `settled` says whether the todo has been told.
    `base` is the commit that the worktree began at, `tip` the one it ended at. What is not known is None.
    """

    id: str
    todo: str
    repo: str
    pool: str
    attempt: int
    started: str
    hub: str
    folder: str
    pid: int
    ended: str | None = None
    outcome: str | None = None
    reason: str | None = None
    exit_code: int | None = None
    seconds: float | None = None
    worktree: str | None = None
    git_dir: str | None = None
    branch: str | None = None
    base: str | None = None
    tip: str | None = None
    commits: int | None = None
    uncommitted: int | None = None
    checks: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    settled: bool = False
    status: str | None = None
    commit: str | None = None


def new_id() -> str:
    """Return the id of a new run; nobody ever has the same."""
    return random_id(_PREFIX, os.urandom(8))


def home_of(common_dir: str) -> str:
    """Return the folder that holds the runs of a hub."""
    return os.path.join(common_dir, "coord", "runs")


def place_of(common_dir: str, id: str, name: str = "") -> str:
    """Return the folder of a run, or a file in it."""
    return os.path.join(home_of(common_dir), id, name)


def write(common_dir: str, run: Run) -> Run:
    """Keep what is known of a run."""
    path = place_of(common_dir, run.id, "run.json")
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        files.replace(path, json.dumps(run._asdict(), indent=1).encode())
    except OSError as error:
        raise files.refused(path, error) from None
    return run


def every(common_dir: str) -> list[Run]:
    """Return all runs, the latest first; what cannot be read is none."""
    try:
        names = os.listdir(home_of(common_dir))
    except OSError:
        return []
    found = [_read(common_dir, name) for name in names if is_id(name)]
    return sorted(
        (run for run in found if run), key=lambda run: (run.started, run.id), reverse=True
    )


def _read(common_dir: str, id: str) -> Run | None:
    raw = files.read(place_of(common_dir, id, "run.json"), _LARGEST)
    if not raw:
        return None
    try:
        found = json.loads(raw)
        known = {name: found[name] for name in Run._fields if name in found}
        run = Run(**{**known, "checks": tuple(known.get("checks") or ()),
                     "notes": tuple(known.get("notes") or ())})  # fmt: skip
        datetime.fromisoformat(run.started)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return run if run.id == id and is_id(run.todo) else None


def get(common_dir: str, id: str) -> Run:
    """Return a run by its id, or by an unambiguous end of it; raise `NotFoundError`."""
    found = every(common_dir)
    wanted = id.casefold()
    same = [run for run in found if run.id.casefold() == wanted]
    same = same or [run for run in found if run.id.casefold() == f"run-{wanted}"]
    if same:
        return same[0]
    close = nearest(id, [run.id for run in found])
    raise NotFoundError(
        f"There is no run {id!r}.",
        hint=f"Did you mean {close}?" if close else "`coord run list` shows all.",
    )


def state_of(common_dir: str, run: Run) -> str:
    """Return the outcome of a run, `running` while it has none, `lost` if nobody is at work on it."""
    if run.outcome is not None:
        return run.outcome
    return RUNNING if leases.is_held(common_dir, run.todo) else LOST


def ask_to_end(common_dir: str, run: Run) -> None:
    """Tell whoever runs it that it shall end."""
    path = place_of(common_dir, run.id, "cancel")
    try:
        files.replace(path, b"")
    except OSError as error:
        raise files.refused(path, error) from None


def shall_end(common_dir: str, run: Run) -> bool:
    """Whether somebody wants a run to end."""
    return os.path.exists(place_of(common_dir, run.id, "cancel"))


def forget(common_dir: str, run: Run) -> None:
    """Delete what is known of a run."""
    shutil.rmtree(place_of(common_dir, run.id), ignore_errors=True)
