"""What an import decides about single items, and what it refuses to decide."""

from __future__ import annotations

from typing import Any

import pytest

from gitcoord.bridges.ecosystem import words
from gitcoord.bridges.ecosystem.reading import Imported, read
from gitcoord.codec.emit import dump
from gitcoord.errors import InvalidError
from gitcoord.model.kinds import BY_NAME

ISSUE: dict[str, Any] = {"id": "ISSUE-001", "title": "Slow start", "status": "pending"}
TODO: dict[str, Any] = {"id": "TODO-001", "task": "Measure", "status": "pending"}


def document(**lists: Any) -> bytes:
    repos = lists.pop("repos", [{"name": "engine"}])
    return dump({"repos": repos, "coordination": lists}, ()).encode()


def only(got: Imported, kind: str) -> dict[str, Any]:
    (found,) = [data for its_kind, data in got.records if its_kind == kind]
    return found


def test_an_unknown_status_stops_the_import_and_says_how_to_map_it() -> None:
    raw = document(issues=[{**ISSUE, "status": "paused"}, {**ISSUE, "id": "I-2", "status": "odd"}])

    with pytest.raises(InvalidError, match=r"(?s)'paused'.*'odd'") as caught:
        read(raw, {})

    assert "--map status.paused=" in caught.value.hint


def test_a_mapping_of_the_user_answers_for_an_unknown_status() -> None:
    raw = document(issues=[{**ISSUE, "status": "paused"}])

    got = read(raw, {}, mapping={"status.paused": "blocked"})

    assert only(got, "issue")["status"] == "blocked"


def test_a_mapping_to_a_word_that_is_not_ours_is_refused() -> None:
    raw = document(issues=[{**ISSUE, "status": "paused"}])

    with pytest.raises(InvalidError, match="'paused'"):
        read(raw, {}, mapping={"status.paused": "sleeping"})


@pytest.mark.parametrize("written", ["In Progress", "IN-PROGRESS", "in_progress"])
def test_the_spelling_of_a_status_does_not_matter(written: str) -> None:
    got = read(document(issues=[{**ISSUE, "status": written}]), {})

    assert only(got, "issue")["status"] == "in_progress"


def test_every_word_of_the_tables_maps_to_one_of_ours() -> None:
    for kind, table in words.STATUS.items():
        assert set(table.values()) <= set(words.known(kind, "status"))
        assert not set(table) & set(words.known(kind, "status"))
    for kind, names in words.FIELD.items():
        if kind != "milestone":
            assert set(names.values()) <= set(BY_NAME[kind].fields)
            assert not set(names) & set(BY_NAME[kind].fields)


def test_a_todo_without_a_repo_takes_the_one_of_its_issue() -> None:
    raw = document(
        issues=[{**ISSUE, "repos": ["engine"]}], todos=[{**TODO, "issue_id": "ISSUE-001"}]
    )

    got = read(raw, {})

    assert only(got, "todo")["repo"] == "engine"
    assert any(note.field == "repo" and note.record == "TODO-001" for note in got.notes)


def test_a_todo_whose_issue_names_two_repos_is_refused_unless_told() -> None:
    raw = document(
        issues=[{**ISSUE, "repos": ["engine", "body"]}], todos=[{**TODO, "issue": "ISSUE-001"}]
    )

    with pytest.raises(InvalidError, match="TODO-001: a todo needs a repo"):
        read(raw, {})
    got = read(raw, {}, mapping={"todo.repo": "engine"})

    assert only(got, "todo")["repo"] == "engine"


def test_an_issue_takes_its_repo_from_files_only_when_all_lie_in_one_package() -> None:
    repos = [{"name": "engine", "package": "engine"}, {"name": "body", "package": "body"}]
    one = {**ISSUE, "affected_files": ["engine/a.py", "engine/b.py"]}
    two = {**ISSUE, "id": "ISSUE-002", "affected_files": ["engine/a.py", "body/b.py"]}

    got = read(document(repos=repos, issues=[one, two]), {})

    assert [data.get("repos") for kind, data in got.records if kind == "issue"] == [
        ["engine"],
        None,
    ]


def test_a_nickname_or_package_becomes_the_name_of_the_repository() -> None:
    repos = [{"name": "my-engine", "package": "my_engine", "nickname": "on"}]

    got = read(document(repos=repos, todos=[{**TODO, "repo": "on"}]), {})

    assert only(got, "todo")["repo"] == "my-engine"
    assert only(got, "repo")["nicknames"] == ["on"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-02-20 12:00:00+00:00", "2026-02-20T12:00:00+00:00"),
        ("2026-02-20T12:00:00Z", "2026-02-20T12:00:00Z"),
        ("2026-02-20T12:00:00.5", "2026-02-20T12:00:00.500000+00:00"),
        ("2026-02-20", "2026-02-20T00:00:00+00:00"),
    ],
)
def test_a_time_of_creation_gets_an_offset(written: str, kept: str) -> None:
    got = read(document(issues=[{**ISSUE, "created_at": written}]), {})

    assert only(got, "issue")["created"] == kept


def test_a_value_that_means_nothing_for_its_field_is_kept_in_metadata() -> None:
    got = read(document(issues=[{**ISSUE, "created": "yesterday", "target": "2026-02-30"}]), {})

    issue = only(got, "issue")
    assert "created" not in issue
    assert issue["metadata"]["created"] == "yesterday"
    assert issue["metadata"]["target"] == "2026-02-30"


def test_a_key_that_metadata_has_already_does_not_replace_it() -> None:
    got = read(document(issues=[{**ISSUE, "pool": "python", "metadata": {"pool": "perf"}}]), {})

    metadata = only(got, "issue")["metadata"]
    assert (metadata["pool"], metadata["ecosystem_pool"]) == ("perf", "python")


def test_links_follow_a_record_that_gets_another_id() -> None:
    known = {"issue": [{**ISSUE, "title": "Another", "created": "2025-01-01T00:00:00+00:00"}]}
    raw = document(
        issues=[
            {**ISSUE, "created": "2026-01-01T00:00:00+00:00"},
            {**ISSUE, "id": "ISSUE-002", "title": "B", "depends_on": ["ISSUE-001"]},
        ],
        todos=[{**TODO, "repo": "engine", "issue": "ISSUE-001", "blocked_by": ["ISSUE-001"]}],
        plans=[{"id": "PLAN-001", "title": "P", "status": "draft", "issues": ["ISSUE-001"],
                "milestones": [{"id": "M1", "name": "m", "dependencies": ["ISSUE-001"]}]}],
    )  # fmt: skip

    got = read(raw, known)

    issues = [data for kind, data in got.records if kind == "issue"]
    assert issues[0]["id"] == "ISSUE-003"
    assert issues[1]["dependencies"] == ["ISSUE-003"]
    assert only(got, "todo")["issue"] == "ISSUE-003"
    assert only(got, "todo")["blocked_by"] == ["ISSUE-003"]
    assert only(got, "plan")["issues"] == ["ISSUE-003"]
    assert only(got, "plan")["milestones"][0]["dependencies"] == ["ISSUE-003"]


def test_one_id_twice_in_one_file_gives_two_records() -> None:
    got = read(document(issues=[ISSUE, {**ISSUE, "title": "Other"}]), {})

    assert [data["id"] for kind, data in got.records if kind == "issue"] == [
        "ISSUE-001",
        "ISSUE-002",
    ]


@pytest.mark.parametrize("bad", ["../../x", "no id", 7, None])
def test_an_id_that_can_be_none_is_replaced_and_found_again(bad: Any) -> None:
    raw = document(issues=[{**ISSUE, "id": bad}])

    first = only(read(raw, {}), "issue")
    again = only(read(raw, {"issue": [first]}), "issue")

    assert first["id"] == "ISSUE-001"
    assert again == first


def test_new_ids_are_asked_for_with_the_prefix_of_the_file() -> None:
    known = {"issue": [{"id": "MHV-001", "title": "Another", "status": "pending"}]}
    asked: list[tuple[str, str]] = []

    def allocate(kind: str, prefix: str) -> str:
        asked.append((kind, prefix))
        return f"MHV-{40 + len(asked):03d}"

    got = read(document(issues=[{**ISSUE, "id": "MHV-001"}]), known, allocate=allocate)

    assert only(got, "issue")["id"] == "MHV-041"
    assert asked == [("issue", "MHV")]


def test_what_people_did_in_the_hub_survives_the_same_file() -> None:
    raw = document(issues=[{**ISSUE, "priority": "P0"}])
    edited = {**only(read(raw, {}), "issue"), "status": "closed", "title": "Slow start on ARM"}

    got = read(raw, {"issue": [edited]})

    assert only(got, "issue") == edited
    assert any("stayed" in note.message for note in got.notes)


def test_a_changed_item_changes_its_fields_and_keeps_comments() -> None:
    before = {**ISSUE, "created": "2026-01-01T00:00:00+00:00", "priority": "P0"}
    record = only(read(document(issues=[before]), {}), "issue")
    record["comments"] = [{"id": "a", "author": "Ann", "text": "Seen."}]
    record["labels"] = ["kept"]

    got = read(document(issues=[{**before, "status": "fixed"}]), {"issue": [record]})

    issue = only(got, "issue")
    assert (issue["status"], issue["labels"]) == ("resolved", ["kept"])
    assert issue["comments"] == record["comments"]
    assert any("'resolved' replaced 'pending'" in note.message for note in got.notes)


def test_an_item_in_our_form_comes_through_untouched() -> None:
    issue = {**ISSUE, "target": None, "labels": [], "created": "2026-01-01T00:00:00+01:00"}

    got = read(document(issues=[issue]), {})

    assert only(got, "issue") == issue
    assert got.notes == []


def test_a_link_to_nothing_is_told_and_kept() -> None:
    got = read(document(issues=[{**ISSUE, "dependencies": ["ISSUE-099"]}]), {})

    assert only(got, "issue")["dependencies"] == ["ISSUE-099"]
    assert ("ISSUE-001", "dependencies", "There is no ISSUE-099, in the file or in the hub.") in (
        got.notes
    )


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"- a\n", "line 1, column 1"),
        (b"repos: 5\n", "repos is no list"),
        (b"coordination: []\n", "coordination is no mapping"),
        (b"repos: [5]\n", r"repos\[0\] is no mapping"),
        (b"repos: [{name: ../x}]\n", "cannot be the name"),
        (b"roles: [{tags: []}]\n", r"roles\[0\] has no name"),
        (b"a: 1\na: 2\n", "line 2"),
        (b"\xff", "line 1"),
    ],
)
def test_a_file_that_is_no_registry_is_refused(raw: bytes, message: str) -> None:
    with pytest.raises(InvalidError, match=message):
        read(raw, {})


def test_a_file_larger_than_a_record_may_be_is_read() -> None:
    issues = [{**ISSUE, "id": f"ISSUE-{n:04d}", "title": "x" * 500} for n in range(1, 2501)]

    got = read(document(issues=issues), {})

    assert len(got.records) == 2501


def test_sections_that_would_choke_the_settings_are_refused() -> None:
    raw = dump({"skills": ["x" * 1000] * 600}, ()).encode()

    with pytest.raises(InvalidError, match=r"coord\.yaml keeps") as caught:
        read(raw, {})

    assert "skills" in caught.value.hint
