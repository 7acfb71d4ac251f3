"""What an agent writes: signed, limited, on a branch for review; many at once, killed at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import anyio
import pytest
from tests.e2e.conftest import PROGRAM
from tests.e2e.mcp_client import MODES, run, said, stdio, wrong

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub

ALL = ("--toolsets", "all")


def _writes(hub: Hub, *words: str, mode: str = "auto", reads: Path | None = None) -> None:
    async def question() -> None:
        async with stdio(reads or hub.root, *words, mode=mode) as client:
            await said(client, "coord_update_issue", id="ISSUE-001", priority="low", comment="Hi")

    run(question)


@pytest.mark.parametrize("mode", MODES)
def test_a_write_carries_the_name_of_the_client_in_a_trailer(hub: Hub, mode: str) -> None:
    _writes(hub, mode=mode)

    assert hub.git("log", "-1", "--format=%an|%cn") == "Lena|Lena\n"
    agent = hub.git("log", "-1", "--format=%(trailers:key=Agent,valueonly)").strip()
    assert agent.startswith("mcp ")
    assert hub.json("show", "ISSUE-001")["comments"][0]["author"] == f"Lena ({agent})"


def test_an_agent_can_be_named_and_be_the_author(hub: Hub) -> None:
    _writes(hub, "--agent", "triage\n\nSigned-off-by: x", "--author", "Bot <bot@example.org>")

    assert hub.git("log", "-1", "--format=%an|%ae|%cn|%ce").strip() == (
        "Bot|bot@example.org|Lena|lena@example.org"
    )
    assert hub.git("log", "-1", "--format=%(trailers)").strip() == "Agent: triage Signed-off-by: x"
    assert hub.json("log", "ISSUE-001")[-1]["author"] == "Bot"
    assert hub.json("show", "ISSUE-001")["comments"][0]["author"] == "Bot"


def test_what_a_person_left_uncommitted_stays_theirs(hub: Hub) -> None:
    hub.write("issues/ISSUE-050.yaml", "id: ISSUE-050\ntitle: By hand\nstatus: pending\n")

    async def question() -> None:
        async with stdio(hub.root, "--author", "Bot <bot@example.org>") as client:
            await said(client, "coord_update_issue", id="ISSUE-050", priority="low")

    run(question)
    assert hub.git("log", "-2", "--format=%an %s").splitlines() == [
        "Bot ISSUE-050: priority none → low", "Lena ISSUE-050: add as written by hand",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "author", ["Bot", "<a@b>", "Bot <>", "Bot <a@b", "B\nt <a@b>", "B <a@b> <c@d>"]
)
def test_a_wrong_author_is_refused_before_anything_is_served(hub: Hub, author: str) -> None:
    answer = hub("mcp", "--author", author)

    assert answer.code == 2
    assert "is no author" in answer.err


@pytest.mark.parametrize(("words", "part"), [
    (("--allow-kinds", "isue"), "did you mean issue"), (("--toolsets", "hystory"), "did you mean history"),
    (("--http", "0.0.0.0:1"), "other machines"), (("--http", "127.0.0.1"), "HOST:PORT"),
    (("--branch", "a..b"), "cannot name a branch"), (("--branch", "main"), "checked out"),
])  # fmt: skip
def test_a_wrong_option_is_refused_with_what_would_be_right(
    hub: Hub, words: tuple[str, ...], part: str
) -> None:
    answer = hub("mcp", *words)

    assert answer.code in (2, 5)
    assert part in answer.err


def test_kinds_and_repositories_can_be_limited(hub: Hub) -> None:
    hub.ok("todo", "create", "--task", "t", "--repo", "oneiric")
    before = hub.commits()

    async def question() -> None:
        async with stdio(
            hub.root, *ALL, "--allow-kinds", "issue", "--allow-repos", "oneiric"
        ) as client:
            assert "Allowed: issue" in await wrong(client, "coord_start_todo", id="TODO-001")
            for name, arguments in (
                ("coord_comment", {"id": "ISSUE-002", "text": "x"}),
                ("coord_update_issue", {"id": "ISSUE-002", "remove_repos": ["fastblocks"]}),
                ("coord_update_issue", {"id": "ISSUE-001", "add_repos": ["fastblocks"]}),
                ("coord_update_issue", {"id": "ISSUE-001", "remove_repos": ["oneiric"]}),
                ("coord_create_issue", {"title": "x", "repos": ["fastblocks"]}),
                ("coord_create_issue", {"title": "x"}),
            ):
                told = await wrong(client, name, **arguments)
                assert told.startswith("not-allowed:"), told
                assert "oneiric" in told
            await said(client, "coord_create_issue", title="Allowed", repos=["one"])
            await said(client, "coord_close_issue", id="ISSUE-001")

    run(question)
    assert hub.commits() == before + 2
    assert hub.json("show", "ISSUE-003")["repos"] == ["oneiric"]


def test_a_branch_for_review_leaves_what_is_checked_out_alone(hub: Hub) -> None:
    hub.write(
        "issues/ISSUE-001.yaml",
        hub.root.joinpath("coord/issues/ISSUE-001.yaml").read_text() + "# mine\n",
    )
    (hub.root / "README 🤖.md").write_text("text")
    hub.git("add", "README 🤖.md")
    before = (hub.git("rev-parse", "HEAD"), hub.git("status", "--porcelain"))
    branch = ("--branch", "agents/triage")

    async def question() -> None:
        async with stdio(hub.root, *branch) as client:
            made = await said(client, "coord_create_issue", title="Proposed", repos=["oneiric"])
            assert (await said(client, "coord_get_issue", id=made["id"]))["title"] == "Proposed"
        async with stdio(hub.root, *branch) as client:
            await said(client, "coord_close_issue", id="ISSUE-003")

    run(question)
    assert (hub.git("rev-parse", "HEAD"), hub.git("status", "--porcelain")) == before
    assert hub("show", "ISSUE-003").code == 4
    assert hub.git("log", "--format=%s", "main..agents/triage").splitlines() == [
        "ISSUE-003: status pending → closed", "ISSUE-003: create issue: Proposed",
    ]  # fmt: skip
    changes = hub.json("review", "--base", "main", "--head", "agents/triage")["changes"]
    assert [one["id"] for one in changes] == ["ISSUE-003"]
    hub.git("merge", "--quiet", "agents/triage")
    assert hub.json("show", "ISSUE-003")["status"] == "closed"


def test_a_branch_with_nothing_of_its_own_follows_and_a_deleted_tree_is_made_anew(hub: Hub) -> None:
    _writes(hub, "--branch", "agents")
    hub.git("merge", "--quiet", "agents")
    hub.ok("issue", "create", "--title", "Later")
    subprocess.run(["rm", "-rf", str(hub.root / ".git/coord/trees")], check=True)

    _writes(hub, "--branch", "agents")

    assert hub.git("log", "--format=%s", "main..agents") == "ISSUE-001: comment\n"


def test_a_linked_work_tree_serves_what_it_has(hub: Hub, tmp_path: Path) -> None:
    tree = tmp_path / "a tree 🌲"
    hub.git("worktree", "add", "--quiet", "-b", "other", str(tree))

    _writes(hub, reads=tree)

    assert hub.git("log", "-1", "--format=%s", "other").startswith("ISSUE-001: priority high → low")
    assert hub.json("show", "ISSUE-001")["priority"] == "high"


def test_a_detached_head_is_written_to_as_by_a_command(hub: Hub) -> None:
    hub.git("checkout", "--quiet", "--detach")

    _writes(hub)

    assert hub.git("log", "-1", "--format=%s").startswith("ISSUE-001: priority high → low")


def test_a_hub_without_a_commit_is_written_to(
    empty_hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = tmp_path / "fresh"
    subprocess.run(["git", "init", "--quiet", str(fresh)], check=True)
    monkeypatch.chdir(fresh)
    empty_hub.ok("init", "--no-commit")

    async def question() -> None:
        async with stdio(fresh) as client:
            assert (await said(client, "coord_create_issue", title="First"))["id"] == "ISSUE-001"

    assert "no commit yet" in empty_hub("mcp", "--branch", "x").err
    run(question)


def test_of_two_who_begin_a_todo_one_has_it(hub: Hub) -> None:
    hub.ok("todo", "create", "--task", "t", "--repo", "oneiric")

    async def question() -> None:
        async with (
            stdio(hub.root, *ALL, "--agent", "one") as one,
            stdio(hub.root, *ALL, "--agent", "two") as two,
        ):
            found = []

            async def begin(client: object) -> None:
                found.append(await client.call_tool("coord_start_todo", {"id": "TODO-001"}))  # type: ignore[attr-defined]

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(begin, one)
                tasks.start_soon(begin, two)
            assert sorted(answer.is_error for answer in found) == [False, True]

    run(question)
    assert hub.json("show", "TODO-001")["assignee"] in ("Lena (one)", "Lena (two)")


def test_four_servers_and_a_person_at_once_lose_nothing(hub: Hub) -> None:
    before = hub.commits()

    async def question() -> None:
        async def agent(name: str) -> None:
            async with stdio(hub.root, *ALL, "--agent", name) as client:
                for number in range(5):
                    await said(
                        client, "coord_create_issue", title=f"{name} {number}", repos=["oneiric"]
                    )
                    await said(client, "coord_comment", id="ISSUE-001", text=f"{name} {number}")
                    await said(client, "coord_ready")

        async with anyio.create_task_group() as tasks:
            for name in ("a", "b", "c", "d"):
                tasks.start_soon(agent, name)
            await anyio.to_thread.run_sync(hub.process, "comment", "ISSUE-001", "a person")

    run(question)
    comments = [one["text"] for one in hub.json("show", "ISSUE-001")["comments"]]
    wanted = {f"{name} {number}" for name in "abcd" for number in range(5)}
    assert set(comments) == {*wanted, "a person"}
    assert {one["title"] for one in hub.json("list", "kind:issue")} >= wanted
    assert hub.commits() == before + 41
    assert hub.git("status", "--porcelain") == ""
    assert hub.json("check") == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_killed_leaves_a_whole_hub(hub: Hub, how: signal.Signals) -> None:
    for answers in (0, 1, 4):  # then the next write is somewhere under way
        server = subprocess.Popen(
            [*PROGRAM, "mcp"], cwd=hub.root, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert server.stdin
        assert server.stdout
        hello = (
            b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",'
            b'"capabilities":{},"clientInfo":{"name":"k","version":"1"}}}\n'
        )
        server.stdin.write(hello)
        server.stdin.flush()
        server.stdout.readline()
        server.stdin.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
        for number in range(20):
            server.stdin.write(
                b'{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"coord_create_issue",'
                b'"arguments":{"title":"t"}}}\n' % (number + 2)
            )
        server.stdin.flush()
        for _ in range(answers):
            server.stdout.readline()
        server.send_signal(how)
        assert server.wait(timeout=20) == -how
        server.stdin.close()
        server.stdout.close()

        assert hub.json("check") == []
        assert hub.git("status", "--porcelain") == ""
        hub.git("fsck", "--strict")
