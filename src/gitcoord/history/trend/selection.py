"""Which facts a trend counts, and under which heading of a grouping."""

from __future__ import annotations

from gitcoord.history.trend import facts as of
from gitcoord.history.trend.facts import WORK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gitcoord.history.trend.facts import Facts
    from gitcoord.history.trend.tape import Tape

_PLACES = {
    "kind": of.KIND, "repo": of.REPOS, "role": of.ROLES, "label": of.LABELS, "plan": of.PLANS,
    "assignee": of.ASSIGNEE, "severity": of.SEVERITY,
}  # fmt: skip
GROUPS = tuple(_PLACES)
"""What a trend can be grouped and filtered by."""

NONE = "none"
"""The heading of what has no value, and the word that asks for it."""


def words_of(field: str, facts: Facts) -> tuple[str, ...]:
    """Return the values that a record has in a field."""
    found = facts[_PLACES[field]]
    if isinstance(found, tuple):
        return found
    return (found,) if isinstance(found, str) else ()


def chosen(tape: Tape, wanted: Mapping[str, Sequence[str]]) -> Sequence[bool]:
    """Say of each facts of a tape whether they fulfil all conditions.

    Several words for one field mean any of them, several labels all of them, as in lists.
    """
    if not any(wanted.values()):
        return tape.plain
    tests = [_test(field, words) for field, words in wanted.items() if words]
    if not wanted.get("kind"):
        tests.append(lambda facts: facts[of.KIND] in WORK)
    return [bool(facts[of.HIT]) and all([test(facts) for test in tests]) for facts in tape.facts]


def _test(field: str, words: Sequence[str]) -> Callable[[Facts], bool]:
    asked = {word.casefold() for word in words}
    whole = field == "label"
    place = _PLACES[field]
    known: dict[object, bool] = {}  # ten thousand records share some hundred values

    def test(facts: Facts) -> bool:
        value = facts[place]
        found = known.get(value)
        if found is None:
            held = {word.casefold() for word in words_of(field, facts)} or {NONE}
            found = known[value] = asked <= held if whole else not asked.isdisjoint(held)
        return found

    return test


def grouped(
    tape: Tape, picked: Sequence[bool], by: str | None
) -> tuple[list[str], list[tuple[int, ...]]]:
    """Return the headings, in order, and for each facts the numbers of those it stands under."""
    if by is None:
        return [""], [(0,) if yes else () for yes in picked]
    place = _PLACES[by]
    values = {facts[place]: facts for facts, yes in zip(tape.facts, picked, strict=True) if yes}
    words = {value: words_of(by, facts) or (NONE,) for value, facts in values.items()}
    headings = sorted({word for some in words.values() for word in some}, key=_none_last)
    number = {word: place for place, word in enumerate(headings)}
    numbers = {value: tuple([number[word] for word in some]) for value, some in words.items()}
    return headings, [
        numbers[facts[place]] if yes else () for facts, yes in zip(tape.facts, picked, strict=True)
    ]


def _none_last(word: str) -> tuple[bool, str]:
    return word == NONE, word
