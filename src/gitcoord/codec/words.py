"""Change plain texts of a file (a status, a name, a title) without loading the editor.

Most edits are of this kind, and the editor takes longer to load than all else that an update
does. A text is changed where its line is plain beyond doubt, and what comes out is read again:
it must be exactly the changed data. In every other case this says nothing and the editor does it.
"""

from __future__ import annotations

from gitcoord.codec.change import Change, same
from gitcoord.codec.read import Malformed, parse
from gitcoord.codec.scalar import is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LONGEST = 200


def change(
    raw: bytes, old: dict[str, Any], new: dict[str, Any]
) -> tuple[list[Change], bytes] | None:
    """Return the changes from `old` to `new`, and the file after them; None where more than that differs."""
    if list(old) != list(new):
        return None
    changes = []
    text = f"\n{raw.decode()}"
    for key, value in new.items():
        if same(old[key], value):
            continue
        if not (_is_plain(old[key]) and _is_plain(value)):
            return None
        line = f"\n{key}: {old[key]}"
        at = text.find(line)
        end = at + len(line)
        # Alone on its line, and no second one that might be meant.
        if at < 0 or text[end : end + 1] not in ("\n", "\r", "") or text.find(line, end) >= 0:
            return None
        changes.append(Change((key,), value))
        text = f"{text[:at]}\n{key}: {value}{text[end:]}"
    changed = text[1:].encode()
    try:
        return (changes, changed) if same(parse(changed), new) else None
    except Malformed:
        return None


def _is_plain(value: object) -> bool:
    return type(value) is str and 0 < len(value) <= _LONGEST and is_plain(value)
