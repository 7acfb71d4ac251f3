"""A snapshot after a commit: what is cheap and incremental, of that repository alone.

It runs last, in the background and at a low priority. One at a time measures a repository;
who finds one under way leaves, for that one looks again before it ends.
"""

from __future__ import annotations

import os

from gitcoord.api import registry
from gitcoord.errors import ConflictError, CoordError
from gitcoord.git import configuration, refs
from gitcoord.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.hooks.call import Call

SETTING = "coord.snapshots"
CHEAP = ("git", "coverage")
_OFF = frozenset({"off", "false", "no", "0"})
_ROUNDS = 3
_QUIET = 10


def take(call: Call, hub: Workspace) -> None:
    """Collect figures of the repository that was committed to, unless that is switched off."""
    name = registry.name_of(hub, call.repo)
    if name is None or is_off(call.repo.root) or is_off(hub.repo.root):
        return
    os.nice(_QUIET)
    try:
        with Lock(hub.repo.common_dir, f"snapshot-{name}.lock", patience=0.0):
            _measure(call, hub, name)
    except ConflictError:  # one is under way, or the journal is busy: the next commit catches up
        return
    except CoordError as error:
        call.say(f"coord: no snapshot of {name}: {error}")


def is_off(where: str) -> bool:
    """Whether git config there says that no snapshots are to be taken."""
    return (configuration.get(where, SETTING) or "").lower() in _OFF


def _measure(call: Call, hub: Workspace, name: str) -> None:
    """Measure, and again where more was committed meanwhile; note what went wrong."""
    from gitcoord.api import alerts, journal, measuring  # only here, in the background

    for _ in range(_ROUNDS):
        head = refs.head(call.repo)
        measuring.collect(hub, repos=[name], only=CHEAP, at_once=1)
        if refs.head(call.repo) == head:
            break
    alerts.check(hub, repos=[name], since=journal.moment("90d", hub))
