"""How far a command is: one line on the terminal that is written over, and nothing elsewhere."""

from __future__ import annotations

import sys

from gitcoord.cli import text


class Progress:
    """Tells of each repository that is done, of how many; `end` takes the line away."""

    __slots__ = ("_shown",)

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, name: str, done: int, count: int) -> None:
        """Show how many are done."""
        if count > 1 and sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K[{done}/{count}] {text.inert(name)}")
            sys.stderr.flush()
            self._shown = True

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
