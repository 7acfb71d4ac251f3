"""`coord gate check`."""

from __future__ import annotations

from gitcoord.api import gates
from gitcoord.cli import text, which
from gitcoord.cli.spec import Command
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run


def _check(run: Run) -> int:
    found = gates.check(run.workspace, repos=which.repos(run), roles=run["role"])
    for plan, told in found.unread:
        run.note(f"{plan}: {text.inert(told)!r} is for a person to judge")
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in found.results]))
    elif found.results:
        rows = [
            (one["repo"], "passed" if one["passed"] else "failed", one["gate"],
             _number(one["value"]), _missed(one), one["reason"] or one["origin"])
            for one in found.results
        ]  # fmt: skip
        styles = [
            ["bold", "green" if one["passed"] else "red", "", "", "red", "dim"]
            for one in found.results
        ]
        run.out(text.table(rows, styles=styles, flexible=5))
    else:
        run.note("no gate is declared: `gates:` in coord/coord.yaml, or in a plan")
    return 0 if all(one["passed"] for one in found.results) else 1


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}" if isinstance(value, float) else f"{value:,}"


def _missed(one: dict[str, Any]) -> str:
    """Return by how much a figure misses a gate, never as nothing where it does."""
    missed = one["missed_by"]
    if one["passed"] or missed is None:
        return ""
    return f"by {missed:.1f}" if missed >= 0.05 else f"by {missed:.2g}" if missed else "just"


CHECK = Command(
    _check,
    options=[which.REPO, which.ROLE],
    description=(
        "Gates stand in `gates:` of coord.yaml and of open plans, and are held against what was\n"
        "collected last. What is not known, or was measured in part, does not pass. Exits with 1 when\n"
        "a gate is not passed."
    ),
    example="coord gate check --repo oneiric",
    shape="an array of {gate, repo, value, wanted, passed, missed_by, reason, origin}",
)  # fmt: skip
