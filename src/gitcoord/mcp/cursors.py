"""Where to go on in a list: opaque, and good only for the question that it answered."""

from __future__ import annotations

import base64
import binascii
import zlib

from gitcoord.errors import UsageError

_AGAIN = "Call again without cursor for the first page."


def write(question: str, number: int, name: str) -> str:
    """Return the cursor after the row of some number and name."""
    raw = f"{_mark(question)}.{number}.{name}".encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read(question: str, cursor: str) -> tuple[int, str]:
    """Return the number and the name in a cursor; raise `UsageError` for one of another question."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mark, number, name = raw.decode().split(".", 2)
        found = int(number), name
    except (ValueError, binascii.Error):
        raise UsageError("That is no cursor.", hint=_AGAIN) from None
    if mark != _mark(question) or not 0 < found[0] < 1 << 40:
        raise UsageError("The cursor belongs to another question.", hint=_AGAIN)
    return found


def _mark(question: str) -> str:
    return f"{zlib.crc32(question.encode()):08x}"
