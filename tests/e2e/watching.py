"""`coord watch --json` as a process, and what somebody knows who reads all it says."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from typing import TYPE_CHECKING, Any, Self

from tests.e2e.conftest import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

PATIENCE = 120
"""After so many seconds nothing is coming any more, however slow the machine is."""
_PLACE = ("line", "column", "hint")
WITHOUT_EXTRA = "import sys; sys.modules['watchfiles'] = None; "


class Watching:
    """A process that watches; `state` is what follows from the lines it has printed so far."""

    def __init__(
        self, root: Path, *words: str, before: str = "", program: Sequence[str] = ()
    ) -> None:
        code = (PROGRAM[0], "-c", before + PROGRAM[2])
        self.process = subprocess.Popen(
            [*program, *code, "watch", "--json", *words],
            cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.said: list[dict[str, Any]] = []
        self.state: list[dict[str, Any]] = []
        self.next()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def next(self) -> dict[str, Any]:
        """Wait for the next line, and return it."""
        line = self._lines.get(timeout=PATIENCE)
        assert line, self.process.communicate()[1]
        found: dict[str, Any] = json.loads(line)
        self.said.append(found)
        for one in found["mended"]:
            self.state.remove(one)
        for one in found["moved"]:
            was = one.pop("was")
            old = [known for known in self.state if _same(known, {**one, **was})]
            self.state.remove(old[0])
        self.state += found["findings"] + found["moved"]
        if found["errors"] is not None:
            errors = sum(one["severity"] == "error" for one in self.state)
            assert (found["errors"], found["warnings"]) == (errors, len(self.state) - errors)
        return found

    def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read on until a line is what is waited for."""
        while True:
            found = self.next()
            if holds(found):
                return found

    def until_it_says(self, check: Callable[[], list[dict[str, Any]]]) -> None:
        """Read on until all that is known is what a check says."""
        while ordered(self.state) != ordered(check()):
            self.next()

    def end(self) -> None:
        """Stop the process."""
        self.process.terminate()
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return {**one, "hint": ""} == {**other, "hint": ""}


def ordered(found: list[dict[str, Any]]) -> list[str]:
    """Return findings in an order that says nothing."""
    return sorted(json.dumps(one, sort_keys=True) for one in found)


def codes(found: list[dict[str, Any]]) -> list[str]:
    """Return the codes of findings."""
    return sorted(one["code"] for one in found)
