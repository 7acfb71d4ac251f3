"""`coord doctor`."""

from __future__ import annotations

from gitcoord.api import doctor
from gitcoord.cli import text
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _doctor(run: Run) -> int:
    found = doctor.examine(run.workspace, mend=run["fix"])
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one.as_dict()) for one in found]))
    for one in () if run.json else found:
        mark = text.style("ok", "green") if one.ok else text.style("!!", "red")
        run.out(f"{mark}  {one.name}: {text.inert(one.message)}")
        if not one.ok:
            advice = "`coord doctor --fix` mends it." if one.mend else one.advice
            run.out(f"      {text.inert(advice)}")
    return 1 if any(not one.ok for one in found) else 0


DOCTOR = Command(
    _doctor,
    options=[Option("--fix", help="Mend what can be mended.")],
    description="Exits with 1 when something is left to mend.",
    example="coord doctor --fix",
    shape="an array of {name, ok, message, advice, mendable, mended}",
)
