"""`coord undo` after any command that commits to the hub's branch: the tree is what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub

ECOSYSTEM = """
coordination:
  issues:
    - {id: NEW-001, title: Brought in, status: pending, repos: [fastblocks], created: 2026-01-01}
    - {id: NEW-002, title: Brought in too, status: pending, repos: [oneiric], created: 2026-01-01}
"""
MANIFEST = '[project]\nname = "fastblocks"\nversion = "1.0"\ndependencies = ["oneiric>=1"]\n'
COMMANDS = [
    'issue create --title New --repo oneiric',
    "todo create --task New --repo oneiric",
    "todo create --for-each-repo ISSUE-900",
    "todo create --for-each-repo ISSUE-901",
    "plan create --title New --repo oneiric --milestone Alpha:2030-01-01",
    "dep create --consumer fastblocks --provider oneiric --type runtime --version >=1",
    "repo create third --role tool",
    "repo update oneiric --set tags=[\"a\"]",
    "issue update ISSUE-900 --status in_progress --add-label x",
    "issue close ISSUE-900 --reason done",
    "issue close ISSUE-900 ISSUE-901",
    "todo complete TODO-900 --hours 2",
    "comment ISSUE-900 Hello",
    "bulk kind:issue --priority low --yes",
    "archive ISSUE-902 ISSUE-903",
    "archive ISSUE-902",
    "delete ISSUE-901 --yes",
    "query save mine status:pending",
    "query delete hot",
    "template create usual ISSUE-900",
    "import ecosystem {eco}",
    "dep scan --write",
    "metrics collect --only coverage --create-issues --min-coverage 80 -q",
]  # fmt: skip


@pytest.fixture
def tried(hub: Hub) -> Hub:
    """A hub with two issues and a todo, and a repository that can be scanned."""
    for id, repos in (
        ("ISSUE-900", "  - oneiric\n  - fastblocks\n"),
        ("ISSUE-901", "  - oneiric\n"),
    ):
        hub.write(f"issues/{id}.yaml", f"id: {id}\ntitle: T\nstatus: pending\nrepos:\n{repos}")
    for id in ("ISSUE-902", "ISSUE-903"):
        hub.write(f"issues/{id}.yaml", f"id: {id}\ntitle: T\nstatus: closed\n")
    todo = "id: TODO-900\ntask: T\nrepo: oneiric\nstatus: pending\n"
    hub.write("todos/TODO-900.yaml", todo)
    hub.ok("query", "save", "hot", "priority:critical")
    hub.git("add", "--all")
    hub.git("commit", "-q", "-m", "By hand")
    return hub


def repositories(parent: Path, hub: Hub) -> None:
    """Make two repositories beside the hub: one needs the other, and has too little coverage."""
    for name, text in (
        ("fastblocks", MANIFEST),
        ("oneiric", MANIFEST.replace("fastblocks", "oneiric")),
    ):
        root = parent / name
        root.mkdir()
        (root / "pyproject.toml").write_text(text)
        (root / "lcov.info").write_text("SF:a.py\nDA:1,1\nDA:2,0\nend_of_record\n")
        (root / "a.py").write_text("a = 1\nb = 2\n")
        hub.git("-C", str(root), "init", "-q")
        hub.git("-C", str(root), "add", "--all")
        hub.git("-C", str(root), "commit", "-q", "-m", "Begin")


@pytest.mark.parametrize("command", COMMANDS)
def test_undo_takes_back_what_a_command_committed(tried: Hub, command: str) -> None:
    parent = tried.root.parent
    repositories(parent, tried)
    (parent / "eco.yaml").write_text(ECOSYSTEM)
    before = (tried.commits(), tried.git("rev-parse", "HEAD^{tree}"))
    words = [word.format(eco=parent / "eco.yaml") for word in command.split()]

    tried.ok(*words)
    after = tried.commits()
    tried.ok("undo")

    assert after == before[0] + 1
    assert tried.git("rev-parse", "HEAD^{tree}") == before[1]
    assert tried.git("status", "--porcelain") == ""


def test_of_several_issues_all_are_closed_or_none(tried: Hub) -> None:
    waiting = tried.json("issue", "create", "--title", "W", "--blocked-by", "ISSUE-901")["id"]
    commits = tried.commits()

    refused = tried("issue", "close", "ISSUE-900", waiting)

    assert refused.code == 6
    assert tried.json("show", "ISSUE-900")["status"] == "pending"
    assert tried.commits() == commits
    closed = tried.json("issue", "close", waiting, "ISSUE-901", "ISSUE-900", "--reason", "done")
    assert {one["status"] for one in closed} == {"closed"}
    assert tried.commits() == commits + 1


def test_of_several_records_all_are_updated_or_none(tried: Hub) -> None:
    commits = tried.commits()
    tried.ok("issue", "update", "ISSUE-901", "--set", 'blocked_by=["ISSUE-900"]')

    refused = tried(
        "issue", "update", "ISSUE-902", "ISSUE-900", "--set", 'blocked_by=["ISSUE-901"]'
    )

    assert refused.code == 6
    assert tried.commits() == commits + 1
    assert tried.json("show", "ISSUE-902")["blocked_by"] == []
    tried.ok("issue", "update", "ISSUE-900", "ISSUE-902", "--priority", "low")
    assert tried.commits() == commits + 2
