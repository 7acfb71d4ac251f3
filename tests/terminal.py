"""What a program shows on a terminal, read from the other end of it."""

from __future__ import annotations

import os


def read_all(ours: int) -> str:
    """Return all that is written to a terminal until nobody holds it open any more."""
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        said += part
    return said.decode()
