"""What differs between two versions of a record."""

from __future__ import annotations

from typing import Any

import pytest

from gitcoord.model.compare import Change, compare, flatten


@pytest.mark.parametrize(("old", "new", "changes"), [
    ({"status": "a"}, {"status": "b"}, [("status", "a", "b")]),
    ({"a": 1}, {"a": 1, "b": 2}, [("b", None, 2)]),
    ({"labels": ["x"]}, {"labels": ["x", "y"]}, [("labels", ["x"], ["x", "y"])]),
    ({"metadata": {"x": {"y": 1}}}, {"metadata": {"x": {"y": 2}}}, [("metadata.x.y", 1, 2)]),
    ({"metadata": {"x": 1}}, {}, [("metadata.x", 1, None)]),
    ({"metadata": {"x": {"y": 1}}}, {"metadata": {"x": 3}}, [("metadata.x", {"y": 1}, 3)]),
    ({"milestones": [{"id": "M1", "status": "pending"}]},
     {"milestones": [{"id": "M1", "status": "completed"}]},
     [("milestones.M1.status", "pending", "completed")]),
    ({}, {"comments": [{"id": "c", "text": "t"}]}, [("comments.c", None, {"id": "c", "text": "t"})]),
    ({"comments": [{"id": "c", "text": "t"}]}, {}, [("comments.c", {"id": "c", "text": "t"}, None)]),
])  # fmt: skip
def test_fields_that_differ_carry_both_values(
    old: dict[str, Any], new: dict[str, Any], changes: list[Any]
) -> None:
    assert compare(old, new) == [Change(*one) for one in changes]


@pytest.mark.parametrize(("old", "new"), [
    ({"labels": []}, {}), ({"metadata": {}}, {"metadata": None}), ({"a": 1}, {"a": 1}),
    ({"labels": []}, {"labels": None}), ({"hours": 1}, {"hours": 1.0}),
])  # fmt: skip
def test_blank_equals_blank_and_a_number_itself(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert compare(old, new) == []


def test_true_is_not_one() -> None:
    assert compare({"a": [1]}, {"a": [True]}) == [Change("a", [1], [True])]


def test_empty_text_is_a_value() -> None:
    assert compare({"a": ""}, {}) == [Change("a", "", None)]


@pytest.mark.parametrize("new", [
    [{"id": "b"}, {"id": "a"}], [{"id": "a"}, {"text": "no id"}], [{"id": "a"}, {"id": "a"}],
    [{"id": "c"}, {"id": "a"}, {"id": "b"}], "text", [{"id": ""}],
])  # fmt: skip
def test_a_list_that_cannot_be_told_by_ids_in_order_differs_as_a_whole(new: Any) -> None:
    old = [{"id": "a"}, {"id": "b"}]

    assert compare({"milestones": old}, {"milestones": new}) == [Change("milestones", old, new)]


def test_flatten_names_values_as_compare_does() -> None:
    data = {
        "id": "X-1", "labels": ["a"], "metadata": {"x": {"y": 1}, "z": {}},
        "comments": [{"id": "c", "text": "t"}], "gates": [{"name": "n"}],
    }  # fmt: skip

    assert flatten(data) == {
        "id": "X-1", "labels": ["a"], "metadata.x.y": 1, "comments.c.id": "c",
        "comments.c.text": "t", "gates": [{"name": "n"}],
    }  # fmt: skip


def test_endless_nesting_ends() -> None:
    deep: dict[str, Any] = {"x": 1}
    other: dict[str, Any] = {"x": 2}
    for _ in range(300):
        deep, other = {"a": deep}, {"a": other}

    assert len(compare(deep, other)) == 1
    assert len(flatten(deep)) == 1
