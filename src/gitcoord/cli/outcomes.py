"""What came of the checks of records, for people or as JSON."""

from __future__ import annotations

from gitcoord.cli import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.validation import Outcome, Told
    from gitcoord.api.verdicts import Judged
    from gitcoord.cli.run import Run

_STYLES = {"passed": "green", "failed": "red", "unknown": "yellow"}
_SHOWN_LINES = 20


def teller(run: Run) -> Told | None:
    """Return what names each check that is about to run; nobody where JSON is asked for."""

    def tell(one: Judged) -> None:
        command = text.inert(one.check.command)
        run.note(f"{one.check.id}: running {command} in {text.inert(one.ground.folder or '')}")

    return None if run.json else tell


def show(run: Run, found: Sequence[Outcome]) -> None:
    """Print what came of checks."""
    if run.json:
        from gitcoord.codec import jsontext  # only for JSON

        run.out(jsontext.lines([jsontext.dumps(one._asdict()) for one in found]))
        return
    for one in found:
        run.out(line(one))
        if one.verdict != "passed" and one.output:
            kept = text.lines(one.output.rstrip("\n"))[-_SHOWN_LINES:]
            run.out("\n".join(f"    {part}" for part in kept))
    if not found:
        run.note("there is no command to run.")


def line(one: Outcome) -> str:
    """Return what came of one check in a line."""
    verdict = text.style(one.verdict, _STYLES[one.verdict])
    took = "" if one.seconds is None else f" ({one.seconds:.1f} s)"
    reason = f": {text.inert(one.reason)}" if one.reason else ""
    return f"{text.style(one.id, 'bold')}  {verdict}  {text.inert(one.command)}{took}{reason}"
