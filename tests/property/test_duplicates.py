"""Titles that are alike are found by their rarest words as by comparing each with each."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gitcoord.api.nearest_titles import Title, nearest
from gitcoord.search.terms import alike

STEMS = st.frozensets(st.sampled_from("abcdefghijklmnop"), max_size=12)


def by_comparing_all(added: list[Title], listed: list[Title]) -> dict[Title, Title]:
    found = {}
    for one in added:
        others = [
            (alike(one.stems, other.stems), other.id, other)
            for other in listed
            if other.id != one.id and other.kind == one.kind and len(one.stems & other.stems) >= 3
        ]
        shared, _, other = max(others, key=lambda rank: rank[:2], default=(0.0, "", one))
        if shared > 0.6:
            found[one] = other
    return found


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(["issue", "todo"]), STEMS), max_size=24), st.data())
def test_the_nearest_title_is_that_of_comparing_each_with_each(
    told: list[tuple[str, frozenset[str]]], data: st.DataObject
) -> None:
    listed = [
        Title(f"X-{number:02}", kind, "", " ".join(sorted(stems)), stems)
        for number, (kind, stems) in enumerate(told)
    ]
    if data.draw(st.booleans()):  # then words are looked up in pairs
        long = frozenset(str(number) for number in range(30))
        listed.append(Title("Y", "issue", "", "", long))
    added = [one for one in listed if data.draw(st.booleans())]

    assert nearest(added, listed) == by_comparing_all(added, listed)
