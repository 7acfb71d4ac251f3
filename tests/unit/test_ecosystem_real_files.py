"""The three real registries: every value is found again, and importing twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gitcoord.bridges.ecosystem.document import parsed
from gitcoord.bridges.ecosystem.export import export
from gitcoord.bridges.ecosystem.reading import Imported, read
from gitcoord.bridges.ecosystem.values import instant
from gitcoord.model.findings import ERROR
from gitcoord.model.validate import check, check_place

DATA = Path(__file__).parent.parent / "data" / "ecosystem"
FILES = ("ecosystem.yaml", "ecosystem-24-repos.yaml", "repos.yaml")
LISTS = {"issues": "issue", "plans": "plan", "todos": "todo", "dependencies": "dependency"}


class Hub:
    """What a hub holds after some imports, as plain data."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.roles: list[dict[str, Any]] = []
        self.settings: dict[str, Any] = {}

    def by_kind(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for (kind, _), data in self.records.items():
            found.setdefault(kind, []).append(data)
        return found

    def take(self, raw: bytes, **options: Any) -> tuple[Imported, int]:
        got = read(raw, self.by_kind(), roles=self.roles, settings=self.settings, **options)
        changed = (got.roles != self.roles) + (got.settings != self.settings)
        for kind, data in got.records:
            key = (kind, data.get("id") or data["name"])
            changed += self.records.get(key) != data
            self.records[key] = data
        self.roles, self.settings = got.roles, got.settings
        return got, changed


def leaves(value: Any) -> Iterator[str]:
    """Every value that says something, times as instants and words as text."""
    if isinstance(value, dict):
        for held in value.values():
            yield from leaves(held)
    elif isinstance(value, list):
        for held in value:
            yield from leaves(held)
    elif value is not None:
        moment = instant(value)
        yield str(moment.timestamp()) if moment else str(value)


def items(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from (("repo", item) for item in document.get("repos") or [])
    coordination = document.get("coordination") or {}
    for name, kind in LISTS.items():
        yield from ((kind, item) for item in coordination.get(name) or [])


@pytest.mark.parametrize("name", FILES)
def test_every_value_of_an_item_is_in_its_record_or_named_in_a_note_about_it(name: str) -> None:
    raw = (DATA / name).read_bytes()

    got, _ = Hub().take(raw)

    found = list(items(parsed(raw)))
    assert [kind for kind, _ in found] == [kind for kind, _ in got.records]
    for (_, item), (_, record) in zip(found, got.records, strict=True):
        label = item.get("id", item.get("name"))
        told = " ".join(note.message for note in got.notes if note.record == label)
        there = set(leaves(record))
        lost = [leaf for leaf in leaves(item) if leaf not in there and leaf not in told]
        assert lost == [], label


@pytest.mark.parametrize("name", FILES)
def test_all_that_is_no_record_is_kept_whole(name: str) -> None:
    raw = (DATA / name).read_bytes()
    document = parsed(raw)

    got, _ = Hub().take(raw)

    rest = {k: v for k, v in document.items() if k not in ("repos", "roles", "coordination")}
    assert got.settings.get("metadata", {}).get("ecosystem", {}) == rest
    assert got.roles == document.get("roles", [])


@pytest.mark.parametrize("name", FILES)
def test_every_record_obeys_the_rules(name: str) -> None:
    got, _ = Hub().take((DATA / name).read_bytes())

    for kind, data in got.records:
        id = data.get("id") or data["name"]
        faults = [*check(kind, data), *check_place(kind, id, data)]
        assert [fault for fault in faults if fault.severity == ERROR] == [], id


def test_importing_again_changes_nothing_in_any_order() -> None:
    hub = Hub()
    raws = [(DATA / name).read_bytes() for name in FILES]
    for raw in raws:
        hub.take(raw)

    changes = [hub.take(raw)[1] for raw in (raws[2], raws[0], raws[1], raws[0], raws[2])]

    assert changes == [0, 0, 0, 0, 0]


def test_the_older_file_does_not_overrule_the_newer_one() -> None:
    hub = Hub()
    hub.take((DATA / "ecosystem.yaml").read_bytes())

    got, _ = hub.take((DATA / "ecosystem-24-repos.yaml").read_bytes())

    assert hub.records["repo", "akosha"]["role"] == "seer"
    assert "knowledge-graph" in hub.records["repo", "akosha"]["tags"]
    assert any(
        note.record == "akosha" and note.field == "role" and "'aggregator'" in note.message
        for note in got.notes
    )


def test_two_records_under_one_id_are_both_kept() -> None:
    hub = Hub()
    hub.take((DATA / "ecosystem-24-repos.yaml").read_bytes())

    got, _ = hub.take((DATA / "ecosystem.yaml").read_bytes())

    assert hub.records["todo", "TODO-001"]["task"] == "Create CoordinationManager class"
    assert hub.records["todo", "TODO-006"]["task"].startswith("Add shutdown event to resilience")
    assert hub.records["todo", "TODO-006"]["metadata"]["imported"]["id"] == "TODO-001"
    assert (
        "TODO-001",
        "id",
        "TODO-001 is another record; this todo is TODO-006 here.",
    ) in got.notes


def test_an_export_of_all_three_reads_back_to_the_same_hub() -> None:
    hub = Hub()
    for name in FILES:
        hub.take((DATA / name).read_bytes())

    again = Hub()
    got, _ = again.take(export(hub.by_kind(), hub.roles, hub.settings).encode())

    assert again.records == hub.records
    assert again.roles == hub.roles
    assert again.settings == hub.settings
    assert {note.record for note in got.notes} <= {"coord.yaml"}


def test_notes_come_in_the_same_order_each_time() -> None:
    raw = (DATA / "ecosystem.yaml").read_bytes()

    assert read(raw, {}).notes == read(raw, {}).notes
