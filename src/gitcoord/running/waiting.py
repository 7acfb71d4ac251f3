"""Wait for threads, so that an interrupt is noticed at once.

Python acts on a signal between two of its own steps: one that comes just before its first
thread goes to sleep, until another thread is done, is noticed only when it wakes.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from typing import TypeVar

    T = TypeVar("T")

_LOOK = 0.1  # seconds between two looks


def completed(asked: Iterable[Future[T]]) -> Iterator[Future[T]]:
    """Yield what was asked for as it is done."""
    left = set(asked)
    while left:
        done, left = wait(left, timeout=_LOOK, return_when=FIRST_COMPLETED)
        yield from done
