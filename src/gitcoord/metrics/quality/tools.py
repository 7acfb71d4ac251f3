"""Programs that measure: which one is taken, what version it is, and how it ended.

The repository's own environment goes first, then the one coord is installed in, then
PATH. Nothing is installed. A program that is missing, hangs, floods or talks nonsense is a
reason why something is not measured.
"""

from __future__ import annotations

import os
import re
import sys
from typing import NamedTuple

from gitcoord.metrics.quality.measure import UnmeasuredError, shown
from gitcoord.running import command
from gitcoord.running.surroundings import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.metrics.quality.place import Place
    from gitcoord.running.command import Ended

REPOSITORY, OWN, PATH = "repository", "coord", "path"
"""Whose a program is: in the repository's environment, beside coord, or found in PATH."""

_VERSION_SECONDS = 60
_MOST = 16 << 20
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_BARE = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
    "FORCE_COLOR": "",
    "RUFF_NO_CACHE": "true",
}
"""Nothing is left behind in the repository, not even bytecode of its plugins."""


class Tool(NamedTuple):
    """A program that answered as itself: where it is, its version, and whose it is."""

    name: str
    program: str
    version: str
    source: str


def find(place: Place, name: str, *, static: bool) -> Tool:
    """Return the program of that name to measure a repository with; raise `UnmeasuredError`.

    With `static` nothing that lies in the repository is run.
    """
    program, source = _program(place, name, static)
    ended = command.run_program(
        [program, "--version"], place.folder, timeout=_VERSION_SECONDS, more=_BARE
    )
    said = re.search(rf"^{re.escape(name)}(?:,? version)? v?(\d[\w.+-]*)", ended.output, re.M)
    if ended.how != "exit" or ended.code or said is None:
        raise UnmeasuredError(f"{_whose(name, source)} does not answer as {name}: {why(ended)}",
                              _mend(name, source))  # fmt: skip
    return Tool(name, program, said[1], source)


def run(tool: Tool, words: list[str], place: Place, timeout: float) -> Ended:
    """Run a tool in the repository; raise `UnmeasuredError` when it did not come to its own end."""
    ended = command.run_program([tool.program, *words], place.folder, timeout=timeout, most=_MOST,
                                avoid=place.folder, more=_BARE)  # fmt: skip
    if ended.how != "exit" or ended.code is None or ended.code < 0:
        hint = (
            "`quality: {timeout: SECONDS}` in coord.yaml gives it more time."
            if ended.how == "timeout"
            else None
        )
        raise UnmeasuredError(f"{tool.name} {why(ended)}", hint)
    return ended


def why(ended: Ended) -> str:
    """Return in a few words how a program ended, with what it said last of its reasons."""
    told = {
        "gone": f"it cannot be started: {ended.trouble}",
        "timeout": f"was stopped after {ended.seconds:.0f} seconds",
        "flood": "printed too much and was stopped",
        "lost": ended.trouble,
        "orphaned": "was interrupted",
    }
    if ended.how in told:
        return told[ended.how]
    lines = [_ESCAPES.sub("", line).strip() for line in ended.output[:100_000].splitlines()]
    lines = [line for line in lines if line]
    first = next((i for i, line in enumerate(lines) if re.search(r"error|failed", line, re.I)), 0)
    return (
        f"ended with {ended.code}: {shown(' '.join(lines[first : first + 3]) or 'it said nothing')}"
    )


def _program(place: Place, name: str, static: bool) -> tuple[str, str]:
    if place.environment and not static:
        path = os.path.join(place.folder, place.environment, "bin", name)
        if os.path.lexists(path):
            return path, REPOSITORY
    path = os.path.join(os.path.dirname(sys.executable), name)
    if os.access(path, os.X_OK):
        return path, OWN
    for folder in os.environ.get("PATH", "").split(":"):
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and not inside(folder, place.folder) and os.access(path, os.X_OK):
            return path, PATH
    raise UnmeasuredError(f"{name} is not installed", f"pip install {name}")


def _whose(name: str, source: str) -> str:
    return {
        REPOSITORY: f"{name} in the repository's environment",
        OWN: f"{name} beside coord",
        PATH: f"{name} in PATH",
    }[source]


def _mend(name: str, source: str) -> str:
    where = ".venv/bin/python -m pip" if source == REPOSITORY else "pip"
    return f"{where} install --force-reinstall {name}"
