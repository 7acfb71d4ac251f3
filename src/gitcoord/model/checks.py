"""The commands that records carry: where each stands, and what running it would mean.

A check is everything that decides what would happen: the exact text, the pattern that
its output is held against, how long it may take, and the repository it runs in. Two
checks are the same one only if all of that is the same, so a change of any of it, of a
single space even, makes a check that nobody has trusted yet.
"""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TIMEOUT = 60
MAX_TIMEOUT = 600
SETTINGS, POOL = "settings", "pool"
"""What coord.yaml is called among the kinds of files that hold commands, and what holds one there."""
_WORDS = ("check", "command")


class Check(NamedTuple):
    """One command of a record.

    `slot` is the field without positions: criteria that change their order stay what
    they are. `field` tells which one it is now. `fault` says what is malformed about it: such a
    check is never run, for without that part it would be another one than what is written.
    `passes` names the environment variables that the command of a pool is given.
    """

    kind: str
    id: str
    slot: str
    field: str
    command: str
    pattern: str | None
    timeout: int | None
    repo: str | None
    fault: str = ""
    passes: str = ""

    @property
    def sameness(self) -> tuple[str, ...]:
        """Return what makes it this check and no other."""
        what = (self.kind, self.id, self.slot, self.command, repr(self.pattern),
                repr(self.timeout), repr(self.repo))  # fmt: skip
        return (*what, self.passes) if self.passes else what


def checks_of(kind: str, id: str, data: dict[str, Any]) -> list[Check]:
    """Return the commands of a record in the order of its file; what is malformed is none."""
    if kind == "dependency":
        part = data.get("validation")
        found = _one(part, "validation", "validation", ("command",))
        return _whole(kind, id, _text(data.get("consumer")), found)
    if kind == "todo":
        listed = _listed(data.get("acceptance_criteria"), "acceptance_criteria")
        return _whole(kind, id, _text(data.get("repo")), listed)
    if kind == "plan":
        return _whole(kind, id, _only(data.get("repos")), _milestones(data.get("milestones")))
    if kind == SETTINGS:
        pools = data.get("pools")
        return [check for name, pool in (pools.items() if isinstance(pools, dict) else ())
                for check in _of_pool(str(name), pool)]  # fmt: skip
    return []


def _of_pool(name: str, pool: Any) -> list[Check]:
    """Return the command of a pool: its words as one text, from which the same words are read."""
    words = pool.get("command") if isinstance(pool, dict) else None
    if not isinstance(words, list) or not words or not all(isinstance(one, str) for one in words):
        return []
    from shlex import join  # brings `re`; only for what is run

    passes, fault = pool.get("environment") or [], ""
    if not isinstance(passes, list) or not all(isinstance(one, str) for one in passes):
        passes, fault = [], "its environment is no list of names"
    return [Check(POOL, f"pools.{name}", f"pools.{name}.command", f"pools.{name}.command",
                  join(words), None, None, None, fault, " ".join(sorted(set(passes))))]  # fmt: skip


_Found = list[tuple[str, str, str, str | None, int | None, str]]


def _whole(kind: str, id: str, repo: str | None, found: _Found) -> list[Check]:
    return [Check(kind, id, slot, field, command, pattern, timeout, repo, fault)
            for slot, field, command, pattern, timeout, fault in found]  # fmt: skip


def _milestones(value: Any) -> _Found:
    found: _Found = []
    for position, item in enumerate(value if isinstance(value, list) else ()):
        if not isinstance(item, dict):
            continue
        name = _text(item.get("id")) or str(position)
        where = f"milestones[{name}].completion_criteria"
        found += _listed(item.get("completion_criteria"), where)
    return found


def _listed(value: Any, where: str) -> _Found:
    found: _Found = []
    for position, item in enumerate(value if isinstance(value, list) else ()):
        found += _one(item, where, f"{where}[{position}]", _WORDS)
    return found


def _one(part: Any, slot: str, field: str, words: tuple[str, ...]) -> _Found:
    if not isinstance(part, dict):
        return []
    pattern, timeout, fault = part.get("expected_pattern"), part.get("timeout"), ""
    if not (pattern is None or isinstance(pattern, str)):
        pattern, fault = None, "its expected_pattern is no text"
    if not (timeout is None or (type(timeout) is int and timeout > 0)):
        timeout, fault = None, "its timeout is no number of seconds"
    return [(f"{slot}.{word}", f"{field}.{word}", part[word], pattern, timeout, fault)
            for word in words if _text(part.get(word))]  # fmt: skip


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _only(value: Any) -> str | None:
    """Return the one repository that a plan names; with several nobody can say which is meant."""
    return _text(value[0]) if isinstance(value, list) and len(value) == 1 else None
