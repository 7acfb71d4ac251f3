"""What a commit of a repository says about records: `Refs`, `Closes` and `Fixes` in its trailers.

Closing ends an issue, fixing resolves it and leaves closing to whoever looks at it; a todo
is completed by both. Other kinds are only referred to.
"""

from __future__ import annotations

from gitcoord.model.ids import is_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

REFS, CLOSES, FIXES = "refs", "closes", "fixes"
KEYS = (REFS, CLOSES, FIXES)

_GOALS = {
    (CLOSES, "issue"): "closed",
    (FIXES, "issue"): "resolved",
    (CLOSES, "todo"): "completed",
    (FIXES, "todo"): "completed",
}
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-")


def goal(key: str, kind: str) -> str | None:
    """Return the status to which a trailer moves a record of a kind; None where it moves nothing."""
    return _GOALS.get((key, kind))


def parse(lines: str) -> list[tuple[str, str]]:
    """Return key and id for each id in trailer lines, `Key: value` each, in their order.

    Values that are no ids (`#12`, a commit's hash) belong to others and are left out.
    """
    found = []
    for line in lines.split("\n"):
        key, colon, value = line.partition(":")
        key = key.strip().lower()
        if colon and key in KEYS:
            found += [(key, id) for id in ids_in(value)]
    return list(dict.fromkeys(found))


def ids_in(text: str) -> list[str]:
    """Return the words of a text that can be ids, each once."""
    found = []
    word = ""
    for ch in text + " ":
        if ch in _PLAIN:
            word += ch
            continue
        # What follows `#` or `@` is somebody else's number.
        if word and is_id(word):
            found.append(word)
        word = "" if ch not in "#@_" else ch
    return list(dict.fromkeys(found))


def mentioned(text: str, prefixes: Collection[str]) -> list[str]:
    """Return the ids that a text mentions: words with a prefix that ids of the hub have."""
    return [id for id in ids_in(text) if id.rpartition("-")[0] in prefixes]
