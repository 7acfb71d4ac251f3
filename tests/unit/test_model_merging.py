"""How three versions of a record's data merge, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from gitcoord.model import diff3, merging
from gitcoord.model.merging import merge

BASE: dict[str, Any] = {"title": "t", "status": "pending", "labels": ["a", "b"]}


def both(ours: dict[str, Any], theirs: dict[str, Any], base: dict[str, Any] = BASE) -> Any:
    merged = merge(base, {**base, **ours}, {**base, **theirs})
    assert merged.clashes == [], merged.clashes
    return merged.data


@pytest.mark.parametrize(("ours", "theirs", "result"), [
    (["a", "b", "x"], ["a", "b", "y"], ["a", "b", "x", "y"]),
    (["x", "a", "b"], ["a", "y", "b"], ["x", "a", "y", "b"]),
    (["b"], ["a", "b", "y"], ["b", "y"]),
    (["b", "a"], ["a", "b", "y"], ["b", "a", "y"]),
    (["a", "b"], ["b", "a"], ["b", "a"]),
    ([], ["a", "b", "y"], ["y"]),
    (None, ["a", "b", "y"], ["y"]),
    (["a", "b", "x"], ["a", "b", "x"], ["a", "b", "x"]),
    (["a"], ["b"], []),
])  # fmt: skip
def test_lists_of_words_merge_as_sets_that_keep_their_order(
    ours: Any, theirs: Any, result: list[str]
) -> None:
    assert both({"labels": ours}, {"labels": theirs})["labels"] == result


def test_each_side_may_change_fields_of_its_own() -> None:
    assert both({"status": "closed"}, {"title": "T", "new": 1}) == {
        "title": "T", "status": "closed", "labels": ["a", "b"], "new": 1,
    }  # fmt: skip


def test_the_same_change_on_both_sides_is_no_clash() -> None:
    assert both({"status": "closed"}, {"status": "closed"})["status"] == "closed"


@pytest.mark.parametrize(("ours", "theirs"), [(4, 4.0), (None, []), ({}, None)])
def test_values_that_differ_in_form_only_do_not_clash(ours: Any, theirs: Any) -> None:
    assert both({"x": ours}, {"x": theirs})["x"] == ours


def test_true_and_1_are_different_values() -> None:
    assert merge({"x": 0}, {"x": True}, {"x": 1}).clashes[0].field == "x"


def test_a_field_changed_to_two_values_clashes_and_both_are_told() -> None:
    merged = merge(BASE, BASE | {"status": "closed"}, BASE | {"status": "resolved"})

    (clash,) = merged.clashes
    assert (clash.field, clash.ours, clash.theirs) == ("status", "closed", "resolved")
    assert merged.data["status"] == "closed"


def test_a_field_removed_here_and_changed_there_clashes() -> None:
    (clash,) = merge({"x": "1"}, {}, {"x": "2"}).clashes

    assert (clash.ours, clash.theirs) == (None, "2")


def test_milestones_merge_by_id_and_field() -> None:
    one, two = {"id": "M1", "name": "n", "due": "2026-01-01"}, {"id": "M2", "name": "m"}
    base = {"milestones": [one, two]}

    merged = merge(
        base,
        {"milestones": [one | {"status": "completed"}, two]},
        {"milestones": [{"id": "M0", "name": "z"}, one | {"due": "2026-02-02"}]},
    )

    assert merged.clashes == []
    assert merged.data["milestones"] == [
        {"id": "M0", "name": "z"}, one | {"status": "completed", "due": "2026-02-02"},
    ]  # fmt: skip


def test_a_milestone_removed_here_and_changed_there_clashes_as_a_whole() -> None:
    one = {"id": "M1", "name": "n"}

    (clash,) = merge(
        {"milestones": [one]}, {"milestones": []}, {"milestones": [one | {"due": "2026-01-01"}]}
    ).clashes

    assert (clash.field, clash.ours) == ("milestones.M1", None)
    assert clash.theirs == one | {"due": "2026-01-01"}


def test_a_criterion_in_words_may_become_one_with_a_check() -> None:
    base = {"acceptance_criteria": ["tests pass", "docs"]}
    ours = {"acceptance_criteria": [{"text": "tests pass", "done": True}, "docs"]}
    theirs = {"acceptance_criteria": ["tests pass", "docs", "released"]}

    assert merge(base, ours, theirs).data["acceptance_criteria"] == [
        {"text": "tests pass", "done": True}, "docs", "released",
    ]  # fmt: skip


def test_equal_remarks_of_two_people_are_two_remarks() -> None:
    one = {"author": "lena", "created": "2026-01-01", "text": "+1"}
    other = {"author": "omar", "created": "2026-01-01", "text": "+1"}

    merged = merge({}, {"comments": [one]}, {"comments": [other]})

    assert merged.data["comments"] == [one, other]


def test_metadata_merges_by_key_at_every_depth() -> None:
    base = {"metadata": {"a": {"b": 1, "c": 2}, "d": 3}}
    ours = {"metadata": {"a": {"b": 9, "c": 2}, "d": 3}}
    theirs = {"metadata": {"a": {"b": 1}, "d": 3, "e": 4}}

    assert merge(base, ours, theirs).data == {"metadata": {"a": {"b": 9}, "d": 3, "e": 4}}


def test_the_later_of_two_times_of_change_is_kept() -> None:
    times = ("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-02-01T00:00:00Z")

    merged = merge(*({"updated": time} for time in times))

    assert (merged.data["updated"], merged.clashes) == (times[1], [])


@pytest.mark.parametrize(("ours", "theirs", "result"), [
    ("A\nb\nc", "a\nb\nC", "A\nb\nC"),
    ("A\nb\nc", "a\nB\nc", "A\nB\nc"),
    ("x\na\nb\nc", "a\nb\nc\ny", "x\na\nb\nc\ny"),
    ("b\nc", "a\nb\nC", "b\nC"),
])  # fmt: skip
def test_texts_merge_by_line(ours: str, theirs: str, result: str) -> None:
    merged = merge({"description": "a\nb\nc"}, {"description": ours}, {"description": theirs})

    assert (merged.data["description"], merged.clashes) == (result, [])


def test_only_the_lines_that_overlap_differ_in_a_clash_of_texts() -> None:
    base = {"description": "a\nb\nc\nd\ne\n"}

    (clash,) = merge(
        base, {"description": "A\nb\nX\nd\ne\n"}, {"description": "a\nb\nY\nd\nE\n"}
    ).clashes

    assert (clash.ours, clash.theirs) == ("A\nb\nX\nd\nE\n", "A\nb\nY\nd\nE\n")


def test_an_ancestor_that_is_made_up_takes_the_value_before_a_clash() -> None:
    merged = merge({"x": "0"}, {"x": "1"}, {"x": "2"}, winner="base")

    assert merged.data == {"x": "0"}


def test_one_clash_may_go_to_their_side() -> None:
    merged = merge(
        {"a": "0", "b": "0"}, {"a": "1", "b": "1"}, {"a": "2", "b": "2"}, theirs_at={("b",)}
    )

    assert merged.data == {"a": "1", "b": "2"}


def test_a_named_value_is_found_by_its_position() -> None:
    data = {"milestones": [{"id": "M1"}, {"id": "M2", "due": "x"}]}

    assert merging.place(data, ("milestones", "M2", "due")) == ("milestones", 1, "due")
    assert [one.field for one in merging.differences(data, {"milestones": [{"id": "M1"}]})] == [
        "milestones.M2"
    ]


def test_insertions_at_one_place_are_handed_back_from_both_sides() -> None:
    found = [one for one in diff3.merge(["a"], ["a", "x"], ["a", "y"]) if not one.agreed]

    assert [(one.base, one.ours, one.theirs) for one in found] == [([], ["x"], ["y"])]
