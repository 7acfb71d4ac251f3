"""What the words of a commit say: its type and scope, and whether it breaks something.

A subject is conventional when it begins with one of the types of commitlint's conventional
configuration, in any case, an optional scope in parentheses, an optional `!`, a colon and
a space (conventionalcommits.org, version 1.0.0).
"""

from __future__ import annotations

import re

TYPES = (
    "build",
    "chore",
    "ci",
    "docs",
    "feat",
    "fix",
    "perf",
    "refactor",
    "revert",
    "style",
    "test",
)
_SUBJECT = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(?:\(([^\r\n]+?)\))?(!?): +\S")
_FOOTER = re.compile(r"^BREAKING[ -]CHANGE(?:\([^)\n]*\))?:", re.MULTILINE)


class Said:
    """What a message says; `kind` is None where the subject is not conventional."""

    __slots__ = ("breaking", "kind", "scope")

    def __init__(self, kind: str | None, scope: str | None, *, breaking: bool) -> None:
        self.kind = kind
        self.scope = scope
        self.breaking = breaking


def read(subject: str, body: str) -> Said:
    """Read a message; `!` counts after any word, `BREAKING CHANGE:` at the start of any line."""
    found = _SUBJECT.match(subject)
    loud = bool(found and found[3])
    footer = "BREAKING" in body or "BREAKING" in subject
    breaking = loud or (footer and bool(_FOOTER.search(body) or _FOOTER.match(subject)))
    if found is None or found[1].lower() not in TYPES:
        return Said(None, None, breaking=breaking)
    return Said(found[1].lower(), found[2], breaking=breaking)
