"""What differs between two sets of records, and which record was renumbered."""

from __future__ import annotations

from typing import Any

from gitcoord.model.difference import Difference, Version, between

A, B, C = ("issue", "ISSUE-1"), ("issue", "ISSUE-2"), ("issue", "ISSUE-10")


def one(id: str, **more: Any) -> Version:
    return Version({"id": id, "title": "t", "created": "2026-01-01", **more})


def test_records_come_go_and_change() -> None:
    old = {A: one("ISSUE-1", status="a"), B: one("ISSUE-2", title="gone")}
    new = {A: one("ISSUE-1", status="b"), C: one("ISSUE-10", title="new")}

    found = between(old, new)

    assert [(d.id, d.change) for d in found] == [
        ("ISSUE-1", "changed"), ("ISSUE-2", "removed"), ("ISSUE-10", "added"),
    ]  # fmt: skip
    assert found[0].fields == {"status": ("a", "b")}
    assert found[1].fields["title"] == ("gone", None)
    assert found[2].fields["title"] == (None, "new")


def test_what_is_the_same_is_no_difference() -> None:
    assert between({A: one("ISSUE-1", labels=[])}, {A: one("ISSUE-1")}) == []


def test_a_renumbered_record_is_one_difference_with_what_else_changed() -> None:
    found = between({A: one("ISSUE-1")}, {B: one("ISSUE-2", status="x")})

    fields = {"id": ("ISSUE-1", "ISSUE-2"), "status": (None, "x")}
    assert found == [Difference("ISSUE-2", "issue", "renumbered", fields)]


def test_the_record_that_kept_the_id_is_added_where_the_other_was_renumbered() -> None:
    found = between({A: one("ISSUE-1")}, {A: one("ISSUE-1", title="theirs"), B: one("ISSUE-2")})

    assert [(d.id, d.change) for d in found] == [("ISSUE-1", "added"), ("ISSUE-2", "renumbered")]


def test_a_copy_is_added_not_renumbered() -> None:
    found = between({A: one("ISSUE-1")}, {A: one("ISSUE-1", status="x"), B: one("ISSUE-2")})

    assert [(d.id, d.change) for d in found] == [("ISSUE-1", "changed"), ("ISSUE-2", "added")]


def test_a_new_title_without_a_creation_time_is_a_change() -> None:
    old = {A: Version({"title": "a"})}
    new = {A: Version({"title": "b"}), B: Version({"title": "a"})}

    assert [d.change for d in between(old, new)] == ["changed", "added"]


def test_a_repository_with_another_name_is_renumbered() -> None:
    old = {("repo", "one"): Version({"name": "one", "url": "u"})}
    new = {("repo", "two"): Version({"name": "two", "url": "u"})}

    (found,) = between(old, new)

    assert (found.change, found.fields) == ("renumbered", {"name": ("one", "two")})


def test_the_archive_is_a_field() -> None:
    (found,) = between({A: one("ISSUE-1")}, {A: Version(one("ISSUE-1").data, archived=True)})

    assert found.fields == {"archived": (False, True)}


def test_a_version_that_cannot_be_read_is_told_and_not_compared() -> None:
    (found,) = between({A: one("ISSUE-1")}, {A: Version(None)})

    assert (found.change, found.fields, found.unreadable) == ("changed", {}, True)


def test_the_order_is_by_kind_and_as_people_count() -> None:
    keys = [("todo", "TODO-1"), C, A, ("repo", "x"), B, ("issue", "ISSUE-k3x")]

    found = between({}, {key: Version({"title": key[1]}) for key in keys})

    assert [d.id for d in found] == ["ISSUE-1", "ISSUE-2", "ISSUE-10", "ISSUE-k3x", "TODO-1", "x"]
