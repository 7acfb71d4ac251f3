"""What searches showed and what was opened: kept here, shared only if allowed, learnt from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gitcoord.api import feedback
from gitcoord.api.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

HITS = [("ISSUE-009", 0.9), ("ISSUE-002", 0.8), ("ISSUE-001", 0.79)]


def _workspace(hub: Hub, age: float = 0) -> Workspace:
    return open_workspace(str(hub.root), datetime.now(UTC) - timedelta(seconds=age), watch=False)


def test_showing_a_hit_after_a_search_is_remembered_once(hub: Hub) -> None:
    feedback.searched(_workspace(hub), "session leak", HITS)

    hub.ok("show", "ISSUE-001")
    hub.ok("show", "ISSUE-001")
    (search,) = feedback.searches(_workspace(hub))

    assert search.opened == (3,)
    assert feedback.lifts(_workspace(hub), "leaks in session")["ISSUE-001"] > 0
    assert hub.json("learn", "evaluate", "--search")["opened"] == 1
    assert "coord-journal" not in hub.git("branch", "--list")


def test_showing_what_no_search_showed_says_nothing(hub: Hub) -> None:
    hub.ok("show", "ISSUE-001")
    feedback.searched(_workspace(hub), "x", HITS[:2])
    hub.ok("show", "ISSUE-001")

    assert [one.opened for one in feedback.searches(_workspace(hub))] == [()]


def test_an_old_search_has_nothing_to_do_with_it(hub: Hub) -> None:
    feedback.searched(_workspace(hub, age=7200), "x", HITS)

    assert not feedback.opened(_workspace(hub), "ISSUE-001")


def test_what_is_allowed_goes_to_the_journal_without_secrets(hub: Hub) -> None:
    hub.write("coord.yaml", "learning:\n  feedback: journal\n")
    feedback.searched(_workspace(hub), "password=hunter2x leak", HITS)
    hub.ok("show", "ISSUE-002")
    own = feedback.searches(_workspace(hub))

    for path in (hub.root / ".git/coord/learning").iterdir():
        path.unlink()
    (shared,) = feedback.searches(_workspace(hub))

    assert len(own) == 1
    assert (shared.opened, [id for id, _ in shared.hits]) == ((2,), [id for id, _ in HITS])
    assert "hunter2x" not in hub.git("log", "-p", "coord-journal")


def test_what_cannot_be_remembered_stops_nothing(hub: Hub) -> None:
    (hub.root / ".git/coord/learning").write_text("in the way")

    assert feedback.searched(_workspace(hub), "x", HITS) is None
    hub.ok("show", "ISSUE-001")


def test_torn_and_strange_lines_are_passed_over(hub: Hub) -> None:
    feedback.searched(_workspace(hub), "x", HITS)
    with (hub.root / ".git/coord/learning/searched.jsonl").open("a") as file:
        file.write(
            '{"search": "s", "ti\n[]\n3\n{"search": 3}\n{"search": "s", "query": "q", "hits": 5}\n'
        )

    assert len(feedback.searches(_workspace(hub))) == 2
    hub.ok("show", "ISSUE-001")
