"""The verdicts on dependencies, with what their own validation commands say of them."""

from __future__ import annotations

from gitcoord.api import validation
from gitcoord.api.fitting import SATISFIED, UNKNOWN, UNSATISFIED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gitcoord.api.validation import Outcome
    from gitcoord.api.verdict import Verdict
    from gitcoord.api.verdicts import Judged
    from gitcoord.api.workspace import Workspace


def join(
    workspace: Workspace,
    found: Sequence[Verdict],
    *,
    before: Callable[[Judged], None] | None = None,
) -> None:
    """Run the trusted validations of the records among some verdicts, and change these by them.

    A validation that fails makes its dependency unsatisfied; one that passes makes it
    satisfied where nothing else is known. One that is not run changes nothing but the
    reason, which says so. `before` is called with each that is about to run.
    """
    ids = [one.id for one in found if one.id is not None]
    if not ids:
        return
    outcomes = {one.id: one for one in validation.run(workspace, ids, before=before)}
    for one in found:
        if one.id in outcomes:
            _join(one, outcomes[one.id])


def _join(verdict: Verdict, outcome: Outcome) -> None:
    if outcome.verdict == validation.PASSED:
        if verdict.verdict == UNKNOWN:
            verdict.verdict = SATISFIED
        verdict.reason += "; its validation passed"
    elif outcome.verdict == validation.FAILED:
        verdict.verdict = UNSATISFIED
        verdict.reason = f"its validation failed: {outcome.reason}; {verdict.reason}"
    else:
        verdict.reason += f"; its validation is unknown: {outcome.reason}"
