"""The demo's story ends in a hub that is sound and has something of everything to show."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gitcoord.codec.read import parse
from gitcoord.demo.history import Commit
from gitcoord.demo.story import commits
from gitcoord.demo.workdays import LAST, Workdays
from gitcoord.model import graph
from gitcoord.model.findings import ERROR
from gitcoord.model.kinds import BY_NAME, MILESTONE_DONE, PRIORITIES, Kind
from gitcoord.model.links import WAITS, links_of
from gitcoord.model.validate import check, check_place
from gitcoord.store import layout

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
Records = dict[str, tuple[Kind, dict[str, Any]]]


@pytest.fixture(scope="module")
def story() -> list[Commit]:
    return list(commits(NOW, header=lambda kind: f"# a {kind}\n"))


def records(story: list[Commit]) -> Records:
    files: dict[str, str | None] = {}
    for commit in story:
        files.update(commit.files)
    found = {}
    for path, text in files.items():
        place = layout.place(path)
        if place is not None and text is not None:
            found[place.id] = (place.kind, parse(text.encode()))
    return found


@pytest.fixture(scope="module")
def end(story: list[Commit]) -> Records:
    return records(story)


def is_open(end: Records, id: str) -> bool:
    kind, data = end[id]
    return data.get("status") not in kind.done


def waits(end: Records) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id, (kind, data) in end.items():
        for link in links_of(kind.name, id, data):
            if link.type == WAITS:
                found.setdefault(link.src, []).append(link.dst)
    return found


def test_the_same_moment_and_seed_give_the_same_story(story: list[Commit]) -> None:
    assert list(commits(NOW, header=lambda kind: f"# a {kind}\n")) == story
    assert list(commits(NOW, seed=2)) != story


def test_commits_are_in_order_over_half_a_year_and_end_yesterday(story: list[Commit]) -> None:
    times = [commit.time for commit in story]

    assert times == sorted(times)
    assert times[-1].astimezone(UTC).date() == NOW.date() - timedelta(days=1)
    assert 170 <= (times[-1] - times[0]).days <= 190
    assert len(story) >= 250
    assert len({commit.author_email for commit in story}) == 5


def test_people_work_on_weekdays_and_by_day(story: list[Commit]) -> None:
    assert {commit.time.weekday() for commit in story} <= {0, 1, 2, 3, 4}
    by_day = [commit for commit in story if 8 <= commit.time.hour < 19]
    assert len(by_day) >= 0.9 * len(story)


@pytest.mark.parametrize("hours", [0, 12, 48, 96])
def test_no_commit_lies_in_the_future_on_any_day(hours: int) -> None:
    now = NOW.replace(hour=0) + timedelta(hours=hours)

    assert max(commit.time for commit in commits(now)) < now


def test_every_state_of_every_record_obeys_the_rules(story: list[Commit]) -> None:
    for commit in story:
        for path, text in commit.files.items():
            place = layout.place(path)
            if place is None or text is None:
                continue
            data = parse(text.encode())
            name = place.kind.name
            faults = [*check(name, data), *check_place(name, place.id, data)]
            assert [fault for fault in faults if fault.severity == ERROR] == [], path


def test_no_record_names_one_that_comes_later(story: list[Commit]) -> None:
    known: set[str] = set()
    for commit in story:
        fresh = [layout.place(path) for path in commit.files]
        known |= {place.id for place in fresh if place is not None}
        for path, text in commit.files.items():
            place = layout.place(path)
            if place is not None and text is not None:
                links = links_of(place.kind.name, place.id, parse(text.encode()))
                assert {link.dst for link in links} | {link.src for link in links} <= known


def test_there_is_enough_of_everything(end: Records) -> None:
    count = Counter(kind.name for kind, _ in end.values())

    assert count["repo"] == 24
    assert count["issue"] >= 36
    assert count["plan"] >= 4
    assert count["todo"] >= 40
    assert count["dependency"] >= 20
    assert all(data.get("role") for kind, data in end.values() if kind.name == "repo")
    repos = {id for id, (kind, _) in end.items() if kind.name == "repo"}
    for kind, data in end.values():
        named = [data.get("repo"), data.get("consumer"), data.get("provider")]
        named += data.get("repos", []) if kind.name != "repo" else []
        assert {name for name in named if name} <= repos


def test_work_of_every_priority_is_ready(end: Records) -> None:
    edges = waits(end)
    ready = Counter(
        data["priority"]
        for id, (kind, data) in end.items()
        if data.get("priority")
        and data["status"] in kind.ready
        and not any(is_open(end, other) for other in edges.get(id, []))
    )

    assert all(ready[priority] >= 3 for priority in PRIORITIES)


def test_chains_of_blocked_work_cross_repositories_and_no_circle_exists(end: Records) -> None:
    edges = waits(end)

    def depth(id: str) -> int:
        return 1 + max(
            (depth(other) for other in edges.get(id, []) if is_open(end, other)), default=0
        )

    assert graph.components(edges) == []
    assert sum(depth(id) >= 3 for id in end if is_open(end, id)) >= 6
    assert any(
        set(end[id][1].get("repos", [])) != set(end[other][1].get("repos", []))
        for id, others in edges.items()
        for other in others
    )


def test_a_milestone_is_overdue_and_another_soon_due(end: Records) -> None:
    due = [
        milestone["due"]
        for _, data in end.values()
        for milestone in data.get("milestones", [])
        if milestone["status"] not in MILESTONE_DONE
    ]

    today = NOW.date()
    assert any(text < today.isoformat() for text in due)
    assert any(today.isoformat() < text < (today + timedelta(days=14)).isoformat() for text in due)


def test_records_were_reopened_and_unblocked(story: list[Commit]) -> None:
    said = " ".join(commit.message for commit in story)

    assert said.count("resolved → in_progress") + said.count("closed → in_progress") >= 3
    assert said.count("blocked → in_progress") >= 5
    assert said.count(": comment") >= 30


def test_files_of_the_caller_join_the_first_commit() -> None:
    first = next(iter(commits(NOW, files={"coord/coord.yaml": "ids: sequential\n"})))

    assert first.files["coord/coord.yaml"] == "ids: sequential\n"
    assert "coord/roles.yaml" in first.files
    assert first.files["coord/repos/mahavishnu.yaml"] is not None


def test_days_count_weekdays_back_from_yesterday_and_on_into_the_future() -> None:
    days = Workdays(datetime(2026, 11, 23, 1, tzinfo=UTC), 1)

    assert days.day(LAST).isoformat() == "2026-11-22"
    assert days.day(LAST - 1).isoformat() == "2026-11-20"
    assert days.day(LAST - 6).isoformat() == "2026-11-13"
    assert days.day(LAST + 1).isoformat() == "2026-11-23"


def test_fields_of_the_story_are_fields_of_records() -> None:
    told: dict[str, Any] = parse((layout_root() / "demo" / "data" / "story.yaml").read_bytes())
    for name in ("issue", "plan", "todo", "dependency"):
        for spec in told[BY_NAME[name].plural].values():
            assert set(spec) - {"life", "of"} <= set(BY_NAME[name].fields)


def layout_root() -> Any:
    from importlib.resources import files

    return files("gitcoord")
