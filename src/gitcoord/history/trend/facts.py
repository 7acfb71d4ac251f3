"""What a trend knows of a record at one moment: its state, and what it can be filtered by.

Facts are plain tuples, so that ten thousand records with the same facts share one and
all of them can be written to a file and read back in a few milliseconds.
"""

from __future__ import annotations

from gitcoord.model.kinds import BY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    Facts = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...],
                  str | None, str | None, int | None, int]  # fmt: skip

ABSENT, WAITING, ACTIVE, DONE, DROPPED, SHELVED = range(6)
"""Not there, open, open and in progress, finished, given up, archived without being finished."""

OPEN = (False, True, True, False, False, False)
ENDED = (False, False, False, True, True, False)

KIND, REPOS, ROLES, LABELS, PLANS, ASSIGNEE, SEVERITY, HOURS, HIT = range(9)
"""Places in a tuple of facts; hours are in thousandths, `HIT` is not 0 where a query matches."""

WORK = ("issue", "todo", "plan")
"""The kinds that are open or closed; the others are counted only when they are asked for."""

FIELDS = frozenset(
    {"status", "repo", "repos", "role", "labels", "plan", "assignee", "severity", "created",
     "estimated_hours", "issues", "todos", "consumer", "provider"}
)  # fmt: skip
"""The fields of a record that its state and facts depend on."""

TOLD = frozenset({"path", "id", "name"})
"""The fields of events that tell of moves and renumberings."""

_UNDER_WAY = frozenset({"in_progress", "active"})
_GIVEN_UP = frozenset({"cancelled", "deprecated", "archived"})


def state_of(kind: str, data: Mapping[str, Any], archived: bool) -> int:
    """Return the state of a record that is there."""
    status = data.get("status")
    if not isinstance(status, str):
        status = ""
    if kind in BY_NAME and status in BY_NAME[kind].done:
        return DROPPED if status in _GIVEN_UP else DONE
    if archived:
        return SHELVED
    return ACTIVE if kind in WORK and status in _UNDER_WAY else WAITING


def repos_of(kind: str, id: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the repositories that a record concerns."""
    if kind == "repo":
        return (id,)
    if kind == "dependency":
        return tuple(dict.fromkeys(texts([data.get("consumer"), data.get("provider")])))
    return tuple(dict.fromkeys([*texts(data.get("repos")), *texts([data.get("repo")])]))


def hours_of(data: Mapping[str, Any]) -> int | None:
    """Return the estimate in thousandths of an hour, so that sums stay exact."""
    value = data.get("estimated_hours")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        return None
    return round(value * 1000)


def hours(facts: Facts) -> int | None:
    """Return the estimate among facts."""
    return facts[7]


def texts(values: Any) -> list[str]:
    """Return the texts in a list; a file can hold anything."""
    if not isinstance(values, list):
        return []
    return [value for value in values if isinstance(value, str) and value]


def text(value: Any) -> str | None:
    """Return a text, or None for anything else."""
    return value if isinstance(value, str) and value else None


def members_of(data: Mapping[str, Any]) -> Iterable[str]:
    """Return the ids that a plan lists as its own."""
    return [*texts(data.get("issues")), *texts(data.get("todos"))]
