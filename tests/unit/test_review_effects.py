"""What a change of the records means for the work."""

from __future__ import annotations

from gitcoord.review.effects import Effect, Facts, effects


def record(id: str, **more: object) -> Facts:
    plain: dict[str, object] = {
        "kind": "issue", "title": "", "status": "pending", "open": True, "blocked": False,
        "blockers": (), "cyclic": False, "overdue": False,
    }  # fmt: skip
    return Facts(id, **{**plain, **more})  # type: ignore[arg-type]


def meaning(before: list[Facts], after: list[Facts]) -> list[tuple[str, str, tuple[str, ...]]]:
    found = effects({one.id: one for one in before}, {one.id: one for one in after})
    return [(one.id, one.effect, one.by) for one in found]


def test_the_same_records_mean_nothing() -> None:
    records = [record("A-1"), record("A-2", blocked=True, blockers=("A-1",))]

    assert meaning(records, records) == []


def test_a_new_blocker_is_named() -> None:
    assert meaning(
        [record("A-1"), record("A-2")],
        [record("A-1"), record("A-2", blocked=True, blockers=("A-1",))],
    ) == [("A-2", "blocked", ("A-1",))]


def test_what_a_finished_record_frees_is_told() -> None:
    assert meaning(
        [record("A-1"), record("A-2", blocked=True, blockers=("A-1",))],
        [record("A-1", open=False, status="closed"), record("A-2")],
    ) == [("A-2", "unblocked", ("A-1",)), ("A-1", "finished", ())]


def test_a_new_record_is_told_only_when_it_is_late_or_in_a_cycle() -> None:
    assert meaning([], [record("A-1", blocked=True, blockers=("A-2",)), record("A-2")]) == []
    assert meaning([], [record("A-1", overdue=True)]) == [("A-1", "overdue", ())]


def test_a_cycle_comes_first_and_names_the_others() -> None:
    loop = [
        record("A-1", blocked=True, blockers=("A-2", "GONE-1"), cyclic=True),
        record("A-2", blocked=True, blockers=("A-1",), cyclic=True),
    ]

    assert meaning([record("A-1"), record("A-2")], loop)[:2] == [
        ("A-1", "cycle", ("A-2",)),
        ("A-2", "cycle", ("A-1",)),
    ]


def test_reopening_and_beginning_are_told() -> None:
    assert effects(
        {"A-1": record("A-1", open=False, status="closed"), "A-2": record("A-2")},
        {"A-1": record("A-1"), "A-2": record("A-2", status="in_progress")},
    ) == [Effect("A-1", "issue", "reopened", "", ()), Effect("A-2", "issue", "started", "", ())]
