"""The changes between two versions of a record make the new one of the old one."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from gitcoord.model.compare import blank, compare, flatten, same

WORDS = st.text("ab", min_size=1, max_size=2)
SCALARS = st.none() | st.booleans() | st.integers(0, 2) | WORDS
THINGS = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("pqr")}, optional={"text": SCALARS}), max_size=3
)
VALUES = st.recursive(
    SCALARS | st.lists(WORDS, max_size=2) | THINGS,
    lambda inner: st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
RECORDS = st.fixed_dictionaries(
    {}, optional={"f": VALUES, "g": VALUES, "metadata": VALUES, "comments": THINGS | VALUES}
)


def applied(data: Any, steps: list[str], value: Any, depth: int = 0) -> Any:
    """Set a value that lies some steps below another one."""
    if not steps:
        return value
    key, rest = steps[0], steps[1:]
    if isinstance(data, list) and depth == 1:
        known = {item["id"]: item for item in data}
        known[key] = applied(known.get(key), rest, value, depth + 1)
        return [item for item in known.values() if item is not None]
    found = dict(data or {})
    found[key] = applied(found.get(key), rest, value, depth + 1)
    return found


def made_of(data: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    for field, _, new in compare(data, other):
        name, *rest = field.split(".")
        if rest and blank(data.get(name)):
            listed = name == "comments" and isinstance(other.get(name), list)
            data = {**data, name: [] if listed else None}
        data = applied(data, [name, *rest], new)
    return data


def plain(data: Any) -> Any:
    """Drop what is blank, at every level."""
    if isinstance(data, dict):
        return {key: kept for key, value in data.items() if not blank(kept := plain(value))}
    if isinstance(data, list):
        return [plain(item) for item in data]
    return data


@example({"g": []}, {"g": {"a": False}})
@given(RECORDS, RECORDS)
def test_the_changes_make_the_new_version_of_the_old_one(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert same(plain(made_of(old, new)), plain(new))


@given(RECORDS, RECORDS)
def test_there_is_a_change_just_where_versions_differ(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert compare(old, old) == []
    back = [(field, after, before) for field, before, after in compare(new, old)]
    assert sorted(map(repr, back)) == sorted(repr(tuple(one)) for one in compare(old, new))


@given(RECORDS)
def test_all_values_of_a_record_have_a_name(data: dict[str, Any]) -> None:
    assert bool(flatten(data)) == bool(compare({}, data))
