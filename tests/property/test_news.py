"""What two looks differ in: whoever adds it to the first knows the second."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gitcoord.model import news
from gitcoord.model.findings import Finding

FINDINGS = st.lists(
    st.builds(
        Finding,
        path=st.sampled_from(["a", "b"]),
        code=st.sampled_from(["x", "y"]),
        message=st.sampled_from(["m", "n"]),
        line=st.sampled_from([None, 1, 2, 3]),
        column=st.just(1),
    ),
    max_size=8,
)


def _ordered(found: list[Finding]) -> list[str]:
    return sorted(str(one.as_dict()) for one in found)


@given(FINDINGS, FINDINGS)
def test_the_first_look_and_the_news_give_the_second(
    before: list[Finding], after: list[Finding]
) -> None:
    found = news.between(before, after)

    known = [one for one in before if not any(one is gone for gone in found.mended)]
    for one, (line, column) in found.moved:
        was = {**one.as_dict(), "line": line, "column": column}
        known.remove(next(old for old in known if old.as_dict() == was))
    known += [one for one, _ in found.moved] + found.new
    assert _ordered(known) == _ordered(after)


@given(FINDINGS)
def test_two_looks_at_the_same_have_no_news(found: list[Finding]) -> None:
    difference = news.between(found, list(found))

    assert not difference
    assert difference.moved == []


def test_a_fault_that_stands_lower_down_is_neither_new_nor_mended() -> None:
    before = [Finding(path="a", code="x", message="m", line=3, column=1)]
    after = [Finding(path="a", code="x", message="m", line=4, column=1)]

    difference = news.between(before, after)

    assert not difference
    assert difference.moved == [(after[0], (3, 1))]


def test_of_two_equal_faults_one_that_stays_is_not_the_one_that_is_mended() -> None:
    before = [Finding(path="a", code="x", message="m", line=line, column=1) for line in (3, 9)]
    after = [Finding(path="a", code="x", message="m", line=9, column=1)]

    difference = news.between(before, after)

    assert difference.mended == [before[0]]
    assert difference.moved == []
    assert difference.new == []


def test_another_hint_is_passed_on_though_the_fault_is_the_same() -> None:
    before = [Finding(path="a", code="x", message="m", line=3, column=1, hint="one")]
    after = [Finding(path="a", code="x", message="m", line=3, column=1, hint="two")]

    difference = news.between(before, after)

    assert not difference
    assert difference.moved == [(after[0], (3, 1))]
