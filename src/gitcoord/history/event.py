"""One change of one record, read from one commit; never stored as truth."""

from __future__ import annotations

from typing import Any, NamedTuple


class Event(NamedTuple):
    """One field of one record that one commit changed, or the record's coming or going.

    `event` is `created`, `removed`, `changed`, `moved` (archived, restored or renamed),
    `renumbered`, or what a change of status means: `closed`, `completed`, `reopened`,
    `validated`. `created` carries the whole record in `new`, `removed` in `old`; both have
    no `field`. A commit's events say what it changed against its parent; a merge has events
    only for what it took from neither side. `time` is the committer's, in seconds since
    1970.
    """

    id: str
    kind: str
    event: str
    field: str | None
    old: Any
    new: Any
    author: str
    time: int
    commit: str
