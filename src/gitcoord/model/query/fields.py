"""The fields a query may name, and what sort of value each one takes."""

from __future__ import annotations

from gitcoord.model.kinds import DEPENDENCY, DEPENDENCY_TYPES, KINDS, PRIORITIES

WORD, MANY, CHOICE, RANK, NUMBER, MOMENT, DAY, TEXT, METADATA, FLAG, PRESENCE = (
    "word", "many", "choice", "rank", "number", "moment", "day", "text", "metadata", "flag",
    "presence",
)  # fmt: skip

SORT_OF = {
    "id": WORD,
    "title": WORD,
    "severity": WORD,
    "assignee": WORD,
    "issue": WORD,
    "plan": WORD,
    "milestone": WORD,
    "repo": MANY,
    "role": MANY,
    "label": MANY,
    "tag": MANY,
    "consumer": MANY,
    "provider": MANY,
    "kind": CHOICE,
    "status": CHOICE,
    "type": CHOICE,
    "priority": RANK,
    "estimated_hours": NUMBER,
    "actual_hours": NUMBER,
    "blocks": NUMBER,
    "created": MOMENT,
    "updated": MOMENT,
    "target": DAY,
    "text": TEXT,
    "metadata": METADATA,
    "is": FLAG,
    "archived": FLAG,
    "has": PRESENCE,
    "no": PRESENCE,
}

WHOLE = ("sort", "group", "limit")
"""Words that look like fields and speak of the answer as a whole."""

ORDERED = frozenset({RANK, NUMBER, MOMENT, DAY, METADATA})
"""The sorts of value that `<` and `>` can compare."""

ALIASES = {
    "due": "target",
    "repos": "repo",
    "labels": "label",
    "tags": "tag",
    "task": "title",
    "estimate": "estimated_hours",
}

STATUSES = tuple(dict.fromkeys([status for kind in KINDS for status in kind.statuses]))
DONE = tuple(status for status in STATUSES if any(status in kind.done for kind in KINDS))
"""States that end a life; a state that ends one kind's life never begins another's."""

CHOICES = {
    "kind": tuple(kind.name for kind in KINDS),
    "status": ("open", "done", *STATUSES),
    "type": DEPENDENCY_TYPES,
    "priority": PRIORITIES,
    "is": ("open", "closed", "ready", "blocked", "overdue", "archived", "assigned", "cyclic"),
    "archived": ("yes", "no"),
}

SPELLINGS = {
    "kind": {
        **{kind.plural: kind.name for kind in KINDS},
        "dep": DEPENDENCY.name,
        "deps": DEPENDENCY.name,
    },
    "is": {"done": "closed"},
    "archived": {"true": "yes", "false": "no"},
}
"""Other words for a choice, by field."""

GROUPS = ("repo", "role", "status", "assignee", "priority", "plan", "kind", "label")
SORTS = (
    *(name for name, sort in SORT_OF.items() if sort not in (TEXT, METADATA, FLAG, PRESENCE)),
    "worth",
)
PRESENT = tuple(name for name, sort in SORT_OF.items() if sort not in (TEXT, FLAG, PRESENCE))
"""Fields that `has:` and `no:` can ask for."""


def canonical(name: str) -> str | None:
    """Return a field's own name for the way it was written; None when there is no such field."""
    low = name.lower()
    if low.startswith("metadata."):
        keys = name.split(".")[1:]
        return ".".join(["metadata", *keys]) if all(keys) and _can_stand(name) else None
    low = ALIASES.get(low, low)
    return low if low in SORT_OF or low in WHOLE else None


def _can_stand(name: str) -> bool:
    """Say whether a key can be written before an operator, and quoted in a JSON path."""
    return (
        '"' not in name and "!=" not in name and not any(c.isspace() or c in _APART for c in name)
    )


_APART = frozenset("()\\:<>=")


def is_number(text: str) -> bool:
    """Say whether a text is a decimal number of a size that can be compared exactly."""
    digits = text.removeprefix("-").replace(".", "", 1)
    return len(text) <= 15 and digits.isascii() and digits.isdigit()


def sort_of(field: str) -> str:
    """Return the sort of value that a field takes."""
    return SORT_OF[field.partition(".")[0]]


def choice(field: str, word: str) -> str | None:
    """Return the choice of a field that a word means; None when it is none of them."""
    low = word.lower().replace("-", "_")
    low = SPELLINGS.get(field, {}).get(low, low)
    return low if low in CHOICES[field] else None


def statuses(kinds: list[str]) -> tuple[str, ...]:
    """Return the states that records of these kinds can be in; of all kinds when none is named."""
    if not kinds:
        return CHOICES["status"]
    found = [status for kind in KINDS if kind.name in kinds for status in kind.statuses]
    return ("open", "done", *dict.fromkeys(found))
