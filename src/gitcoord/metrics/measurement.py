"""What a collector is given, and what it gives back: figures with where they come from.

A figure that is not known is None, with the reason beside it; it is never 0. The counts
behind a figure are kept, so that any formula can be shown later, and what defines the
series (tool, mode, configuration) has a digest, so that a change of the definition is
told apart from a fall.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FRAME = ("source", "tool", "version", "commit", "measured_at", "files", "partial", "stale",
         "reason", "definition", "others")  # fmt: skip
"""The fields that say where figures come from; all else in a section is a figure."""


class Subject(NamedTuple):
    """One repository to measure.

    `folder` is its work tree, or the repository itself where `bare`; `head` the commit
    that is checked out, None before the first one. `before` is the section that the
    collector made last time, {} when there is none, and `scratch` an empty folder that
    is gone afterwards. `settings` is the collector's part of `metrics:` in coord.yaml, with
    what it has to know besides; `hub` the hub's shared git directory, where what is derived
    may be remembered.
    """

    name: str
    folder: str
    bare: bool
    head: str | None
    now: str
    scratch: str
    before: dict[str, Any]
    settings: dict[str, Any]
    hub: str = ""


class Measurement(NamedTuple):
    """What one collector found out about one repository.

    `figures` are the numbers by name; the other fields say where they come from.
    `commit` is the one that was measured, which may be older than the head: then the
    figures are `stale` where what was measured has changed since. `partial` says that
    not everything was measured. `others` are sources that said something else.
    """

    figures: Mapping[str, Any]
    source: str | None = None
    tool: str | None = None
    version: str | None = None
    commit: str | None = None
    measured_at: str | None = None
    files: int | None = None
    partial: bool = False
    stale: bool = False
    reason: str | None = None
    definition: str | None = None
    others: tuple[Mapping[str, Any], ...] = ()

    def section(self) -> dict[str, Any]:
        """Return the measurement as plain data, as it stands in a snapshot."""
        frame = {name: getattr(self, name) for name in FRAME}
        frame["others"] = [dict(one) for one in self.others]
        return {**self.figures, **frame}


def digest(*parts: object) -> str:
    """Return a short digest of values, equal for equal ones."""
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
