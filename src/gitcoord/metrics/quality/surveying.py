"""A repository's Python files, parsed once for all measures that need it, in a process of its own."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, NamedTuple

from gitcoord.metrics.quality import tools
from gitcoord.metrics.quality.measure import UnmeasuredError, shown
from gitcoord.running import command, scratch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.metrics.quality.place import Place

VERSION = 1
"""Raised when the same files give another answer, so that two series are not compared."""

_PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "survey.py")
_MOST = 512 << 20


class Survey(NamedTuple):
    """What the files hold: by path the public names and the imports; and what cannot be parsed."""

    names: dict[str, list[list[Any]]]
    imports: dict[str, list[list[Any]]]
    unreadable: dict[str, str]

    @property
    def doubt(self) -> str | None:
        """What the files that cannot be parsed leave open."""
        if not self.unreadable:
            return None
        first = min(self.unreadable)
        more = f" and {len(self.unreadable) - 1} more" if len(self.unreadable) > 1 else ""
        return f"{shown(first, 80)}{more} cannot be parsed ({shown(self.unreadable[first], 120)})"


def survey(place: Place, timeout: float) -> Survey:
    """Return what a repository's Python files hold; raise `UnmeasuredError`."""
    if not place.python:
        raise UnmeasuredError("there is no Python file")
    packages = sorted({os.path.dirname(path) for path in place.python
                       if os.path.basename(path) == "__init__.py"})  # fmt: skip
    with scratch.folder() as folder:
        asked, answer = os.path.join(folder, "asked"), os.path.join(folder, "answer")
        with open(asked, "w", encoding="utf-8", errors="surrogateescape") as file:
            json.dump({"folder": place.folder, "paths": place.python, "packages": packages}, file)
        ended = command.run_program(
            [sys.executable, "-I", "-S", _PROGRAM, asked, answer], "/", timeout=timeout
        )
        if ended.how != "exit" or ended.code:
            raise UnmeasuredError(f"parsing the Python files {tools.why(ended)}")
        if os.path.getsize(answer) > _MOST:
            raise UnmeasuredError("the Python files hold too much")
        with open(answer, encoding="utf-8", errors="surrogateescape") as file:
            found = json.load(file)
    good = {path: one for path, one in found.items() if not isinstance(one, str)}
    return Survey(
        {path: one[0] for path, one in good.items()},
        {path: one[1] for path, one in good.items()},
        {path: one for path, one in found.items() if isinstance(one, str)},
    )
