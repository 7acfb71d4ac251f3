"""A commit message that cannot steer the terminal that `git log` prints it on."""

from __future__ import annotations


def inert(message: str) -> str:
    """Return a message whose control and direction marks are visible; its lines stay."""
    return "".join(ch if ch == "\n" or ch.isprintable() else _visible(ch) for ch in message)


def _visible(ch: str) -> str:
    if ch == "\t":
        return " "
    return f"\\x{ord(ch):02x}" if ord(ch) < 256 else f"\\u{ord(ch):04x}"
