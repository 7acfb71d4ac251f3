"""Complete a todo, after the checks in its acceptance criteria."""

from __future__ import annotations

from gitcoord.api import read, work
from gitcoord.errors import InvalidError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.validation import Outcome, Told
    from gitcoord.api.workspace import Workspace


def complete(
    workspace: Workspace,
    id: str,
    *,
    hours: float | None,
    commit: bool = True,
    require: bool = False,
    execute: bool = True,
    before: Told | None = None,
) -> tuple[str, list[Outcome]]:
    """Complete a todo and return its id and what came of its trusted checks.

    With `require` a check that did not pass, or was not run, leaves the todo as it is.
    Without `execute` no check is run.
    """
    work.refuse_blocked(workspace, id, "completed")
    entry = read.get(workspace, id, "todo")
    outcomes: list[Outcome] = []
    if '"check":' in entry.json() or '"command":' in entry.json():
        from gitcoord.api import validation  # most todos hold no command

        run = validation.run_of(workspace, [entry], before=before) if execute else None
        outcomes = validation.left_out(workspace, [entry]) if run is None else run
    left = [one for one in outcomes if one.verdict != "passed"]
    if left and require:
        listed = ", ".join(f"{one.field} {one.verdict}" for one in left)
        raise InvalidError(
            f"{entry.id} is not completed: {listed}.",
            hint=f"`coord todo check {entry.id}` shows why.",
        )
    return work.complete(workspace, id, hours=hours, commit=commit), outcomes
