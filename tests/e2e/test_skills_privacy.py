"""What leaves the machine of the use of skills: counts of plain names, and only when told to."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests import skill_files
from tests.e2e.conftest import make_repo
from tests.e2e.mcp_client import run, said, stdio, text
from tests.skill_files import habits, invocation

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub, Repo

SECRETS = {
    "session": "planted-session-77",
    "query": "planted query about the merger",
    "workflow": "/home/planted/workflow.md",
    "error": "PlantedError",
    "follow": "planted follow-up",
    "path skill": "/home/planted/skill",
    "token skill": "ghp_plantedplantedplanted12345",
    "other": "planted alternative",
}
START = datetime.now().replace(microsecond=123457) - timedelta(weeks=6)


@pytest.fixture
def planted(hub: Hub, oneiric: Repo) -> list[str]:
    """A collected repository with secrets in every text; returns what must not be found."""
    rows = []
    for number, row in enumerate(habits(200, start=START)):
        rows.append(row | {
            "session_id": SECRETS["session"], "user_query": SECRETS["query"], "workflow_path": SECRETS["workflow"],
            "follow_up_actions": [SECRETS["follow"]], "alternatives_considered": [SECRETS["other"]],
            "error_type": SECRETS["error"] if number % 9 == 0 else None,
        })  # fmt: skip
    for name in (SECRETS["path skill"], SECRETS["token skill"]):
        rows += [invocation(name, START + timedelta(minutes=at)) for at in range(20)]
    skill_files.write(oneiric.root, skill_files.listed(rows))
    hub.ok("skill", "register", "oneiric")
    hub.ok("skill", "collect")
    times = [row["invoked_at"][11:] for row in rows[:50]]
    return [*SECRETS.values(), *times, str(oneiric.root)]


def _objects(root: Path) -> bytes:
    """Return the contents of every object there is, reachable or not."""
    done = subprocess.run(
        ["git", "cat-file", "--batch-all-objects", "--batch"], cwd=root, capture_output=True, check=True
    )  # fmt: skip
    return done.stdout


def test_collecting_writes_nothing_to_git(hub: Hub, oneiric: Repo) -> None:
    before = _objects(hub.root)
    skill_files.write(oneiric.root, skill_files.listed(habits(50, start=START)))

    hub.ok("skill", "register", "oneiric")
    for words in (
        ["collect"],
        ["report"],
        ["recommend"],
        ["next", "plan"],
        ["check"],
        ["share", "--dry-run"],
    ):
        hub.ok("skill", *words)

    assert _objects(hub.root) == before
    assert hub.git("status", "--porcelain") == ""


def test_what_is_shared_is_counts_of_plain_names(hub: Hub, planted: list[str]) -> None:
    found = hub.json("skill", "share")

    held = _objects(hub.root)
    for secret in planted:
        assert secret.encode() not in held, secret
    (row,) = found["repos"]
    assert row["outcome"] == "shared"
    names = {name for of in row["data"]["counts"].values() for name in of}
    assert names == {"plan", "build", "test", "commit", "(withheld)"}
    assert row["withheld"] == 40
    uses = sum(of["uses"] for week in row["data"]["counts"].values() for of in week.values())
    assert uses == 240
    (fact,) = hub.json("journal", "log", "--kind", "skills")
    assert fact["data"] == row["data"]
    assert all(
        datetime.fromisoformat(day).weekday() == 0 and len(day) == 10
        for day in row["data"]["counts"]
    )


def test_sharing_again_adds_nothing(hub: Hub, planted: list[str]) -> None:
    hub.ok("skill", "share")
    before = hub.git("rev-parse", "coord-journal")

    assert hub.json("skill", "share")["repos"][0]["outcome"] == "unchanged"
    assert hub.git("rev-parse", "coord-journal") == before


def test_what_is_kept_has_no_text_but_names(hub: Hub, planted: list[str]) -> None:
    kept = b"".join(
        path.read_bytes()
        for path in (hub.root / ".git/coord/skills").rglob("*") if path.is_file()
    )  # fmt: skip

    for name in ("session", "query", "error", "follow", "other"):
        assert SECRETS[name].encode() not in kept
    assert (hub.root / ".git/coord/skills").stat().st_mode & 0o077 == 0


def test_agents_are_told_counts_of_plain_names(hub: Hub, planted: list[str]) -> None:
    answers: list[str] = []

    async def question() -> None:
        async with stdio(hub.root, "--toolsets", "skills", "--read-only") as client:
            for name, words in (("coord_get_skills", {}), ("coord_get_skills", {"since": "90d", "repo": "one"}),
                                ("coord_recommend_skill", {"repo": "oneiric", "after": ["plan"]}),
                                ("coord_recommend_skill", {"after": ["ghp_plantedplantedplanted1234"]}),
                                ("coord_recommend_skill", {"after": ["/home/planted/skil"]}),
                                ("coord_recommend_skill", {"after": ["plam"]})):  # fmt: skip
                found = await client.call_tool(name, words)
                answers.append(text(found) + json.dumps(found.structured_content))
            skills = await said(client, "coord_get_skills")
            assert {row["skill"] for row in skills["items"]} == {"plan", "build", "test", "commit"}
            assert skills["withheld"] == 2
            advice = await said(client, "coord_recommend_skill", repo="oneiric", after=["plan"])
            assert advice["use"][0]["skill"] == "build"

    run(question)
    for answer in answers:
        assert len(answer) < 12_000
        for secret in planted:
            assert secret not in answer
    assert "did you mean plan?" in answers[-1]


def test_two_machines_exchange_roll_ups_and_nothing_else(
    hub: Hub, planted: list[str], tmp_path: Path
) -> None:
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    hub.git("remote", "add", "origin", str(remote))
    hub.ok("skill", "share")
    hub.ok("sync", "origin")

    held = _objects(remote)

    assert b"uses: " in held
    for secret in planted:
        assert secret.encode() not in held, secret


def test_a_registration_by_others_counts_for_nothing(hub: Hub, tmp_path: Path) -> None:
    make_repo(tmp_path / "fastblocks")
    (hub.root / "planted.cfg").write_text(
        f'[coord "repo.fastblocks"]\n\tskills = {tmp_path / "fastblocks"}\n'
    )
    hub.git("config", "include.path", "../planted.cfg")

    assert hub("skill", "report").code == 6
