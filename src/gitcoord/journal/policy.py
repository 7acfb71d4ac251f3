"""What the journal no longer keeps: a rule in a file of its own, not just files that went.

A peer that was away brings back what it still has. So a journal says what was pruned
(`journal.yaml` at its top), and whoever merges applies that to the union: of states older
than `before` the last of a day stays, facts of a dropped kind older than its day go. The
rule gives the same answer wherever and however often it is applied. Of a past that was
left behind it names the first commits (`roots`), by which a line that still has it is
known, and the last (`tips`), which tell what was known of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gitcoord.codec import emit
from gitcoord.codec.read import Malformed, parse
from gitcoord.journal import paths
from gitcoord.journal.facts import is_commit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_FIELDS = ("before", "dropped", "roots", "tips")
_MOST = 1000
_DAY = 86_400


class Policy:
    """The rule of one journal; times are days of UTC, as `YYYY-MM-DD`."""

    __slots__ = ("before", "dropped", "roots", "tips")

    def __init__(
        self,
        before: str = "",
        dropped: dict[str, str] | None = None,
        roots: Iterable[str] = (),
        tips: Iterable[str] = (),
    ) -> None:
        self.before = before
        self.dropped = dropped or {}
        self.roots = frozenset(roots)
        self.tips = frozenset(tips)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self.before)

    def _key(self) -> tuple[Any, ...]:
        return self.before, self.dropped, self.roots, self.tips

    def content(self) -> bytes:
        """Return the file that says so."""
        data: dict[str, Any] = {"before": self.before or None, "dropped": self.dropped}
        data |= {"roots": sorted(self.roots), "tips": sorted(self.tips)}
        head = "# What was pruned from this journal; see docs/journal.md.\n"
        return emit.dump(data, _FIELDS, header=head).encode()

    def left_behind(self, roots: Iterable[str], tip: str) -> Policy:
        """Return the rule of a journal that leaves a past behind."""
        return Policy(self.before, self.dropped, self.roots.union(roots), self.tips | {tip})


def read(content: bytes | None) -> Policy:
    """Return the rule in a file; none at all where there is no file, or none that can be read."""
    try:
        data = parse(content) if content is not None else {}
    except Malformed:
        data = {}
    dropped = data.get("dropped")
    days = dropped.items() if isinstance(dropped, dict) else ()
    return Policy(
        _day(data.get("before")),
        {kind: _day(day) for kind, day in days if kind in paths.BY_KIND and _day(day)},
        _commits(data.get("roots")),
        _commits(data.get("tips")),
    )


def joined(one: Policy, other: Policy) -> Policy:
    """Return the rule of two journals that become one: what either has pruned stays pruned."""
    dropped = {
        kind: max(one.dropped.get(kind, ""), other.dropped.get(kind, ""))
        for kind in sorted(one.dropped.keys() | other.dropped.keys())
    }
    before = max(one.before, other.before)
    return Policy(before, dropped, one.roots | other.roots, one.tips | other.tips)


def pruned(all_paths: Iterable[str], rule: Policy, now: datetime) -> list[str]:
    """Return the paths that a rule does not keep, sorted.

    No rule reaches beyond yesterday, whoever wrote it: what is being measured today stays.
    """
    latest = _start(day_of(now))
    before = min(_start(rule.before), latest)
    dropped = {kind: min(_start(day), latest) for kind, day in rule.dropped.items()}
    kept: dict[tuple[str, str, int], tuple[int, str]] = {}
    gone = []
    for path in all_paths:
        place = paths.place(path)
        if place is None:
            continue
        if place.second < dropped.get(place.sort.kind, 0):
            gone.append(path)
        elif place.sort.state and place.second < before:
            key = (place.sort.kind, place.subject, place.second // _DAY)
            last = kept.get(key)
            mine = (place.second, path)
            if last is None or mine > last:
                kept[key] = mine
            if last is not None:
                gone.append(min(last, mine)[1])
    return sorted(gone)


def day_of(moment: datetime) -> str:
    """Return the day of UTC in which a moment lies."""
    return moment.astimezone(UTC).date().isoformat()


def _start(day: str) -> int:
    if not day:
        return 0
    return int((datetime.fromisoformat(day).replace(tzinfo=UTC)).timestamp())


def _day(text: object) -> str:
    if not isinstance(text, str) or len(text) != 10 or not text.isascii():
        return ""
    try:
        datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        return ""
    return text


def _commits(found: object) -> list[str]:
    return [one for one in found[:_MOST] if is_commit(one)] if isinstance(found, list) else []
