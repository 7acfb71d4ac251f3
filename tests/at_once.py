"""Ten processes at the same thing."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SOON = 0.02


def ten(work: Callable[[int], object], *, apart: float) -> set[int]:
    """Let ten processes do work, each some seconds after the one before; return how they ended."""
    start, children = time.time() + _SOON, []
    for number in range(10):
        child = os.fork()
        if not child:
            code = 1
            try:
                while time.time() < start + number * apart:
                    pass
                work(number)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    return {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children}
