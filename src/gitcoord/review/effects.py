"""What follows for the work when one state of the hub becomes another.

A difference says which fields change; an effect says what that means: this can start
now, that has to wait, this is late. Pure: two sets of facts in, effects out.
"""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ORDER = ("cycle", "blocked", "overdue", "unblocked", "finished", "reopened", "started")
"""The effects, what needs attention first."""


class Facts(NamedTuple):
    """What is known of one record in one state of the hub."""

    id: str
    kind: str
    title: str
    status: str | None
    open: bool
    blocked: bool
    blockers: tuple[str, ...]
    cyclic: bool
    overdue: bool


class Effect(NamedTuple):
    """What a change means for one record; `by` are the records that cause it."""

    id: str
    kind: str
    effect: str
    title: str
    by: tuple[str, ...]


def effects(before: Mapping[str, Facts], after: Mapping[str, Facts]) -> list[Effect]:
    """Return what it means that `before` becomes `after`, what needs attention first."""
    found = []
    for id, now in after.items():
        was = before.get(id)
        if was == now:
            continue
        found += [
            Effect(id, now.kind, name, now.title, by) for name, by in _meanings(was, now, after)
        ]
    return sorted(found, key=lambda one: (ORDER.index(one.effect), one.id))


def _meanings(
    was: Facts | None, now: Facts, after: Mapping[str, Facts]
) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    if now.cyclic and not (was and was.cyclic):
        loop = (other for other in now.blockers if other in after and after[other].cyclic)
        found.append(("cycle", tuple(loop)))
    if now.overdue and not (was and was.overdue):
        found.append(("overdue", ()))
    if was is None:
        return found
    if now.open and now.blocked and was.open and not was.blocked:
        fresh = tuple(other for other in now.blockers if other not in was.blockers)
        found.append(("blocked", fresh))
    if now.open and was.open and was.blocked and not now.blocked:
        found.append(("unblocked", was.blockers))
    if was.open and not now.open:
        found.append(("finished", ()))
    if now.open and not was.open:
        found.append(("reopened", ()))
    if now.status == "in_progress" and was.status != "in_progress" and was.open:
        found.append(("started", ()))
    return found
