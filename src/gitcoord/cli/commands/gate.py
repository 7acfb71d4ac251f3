"""`coord gate check`."""

from __future__ import annotations

from gitcoord.api import gates
from gitcoord.cli import text, which
from gitcoord.cli.metrics_text import percent
from gitcoord.cli.spec import Command
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
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
             percent(one["value"]), one["reason"] or one["origin"])
            for one in found.results
        ]  # fmt: skip
        styles = [
            ["bold", "green" if one["passed"] else "red", "", "", "dim"] for one in found.results
        ]
        run.out(text.table(rows, styles=styles, flexible=4))
    else:
        run.note("no gate is declared: `gates:` in coord/coord.yaml, or in a plan")
    return 0 if all(one["passed"] for one in found.results) else 1


CHECK = Command(
    _check,
    options=[which.REPO, which.ROLE],
    description=(
        "Gates stand in `gates:` of coord.yaml and of open plans, and are held against what was\n"
        "collected last. What is not known, or was measured in part, does not pass. Exits with 1 when\n"
        "a gate is not passed."
    ),
    example="coord gate check --repo oneiric",
    shape="an array of {gate, repo, value, wanted, passed, reason, origin}",
)  # fmt: skip
