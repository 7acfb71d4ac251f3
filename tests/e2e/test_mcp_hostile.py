"""What may come at a server: hostile words, hostile files, a disk that refuses, a client that goes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from tests.e2e.conftest import PROGRAM
from tests.e2e.mcp_client import run, said, stdio, text, wrong

from gitcoord.store.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mcp.client import Client
    from tests.e2e.conftest import Hub


class Pipe:
    """A server spoken to line by line, as no client of the SDK would."""

    def __init__(self, hub: Path, *words: str, **env: str) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, "mcp", *words], cwd=hub, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **env},
        )  # fmt: skip
        self.end_of_patience = threading.Timer(60, self.process.kill)
        self.end_of_patience.start()
        self.number = 0
        hello = {"protocolVersion": "2025-11-25", "capabilities": {},
                 "clientInfo": {"name": "evil\nSigned-off-by: x\x1b[31m" * 9, "version": "1"}}  # fmt: skip
        assert "result" in self.ask("initialize", hello)
        self.tell(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')

    def tell(self, line: bytes) -> None:
        """Send a line."""
        assert self.process.stdin
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """Return the next message."""
        assert self.process.stdout
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send a request and return its answer."""
        self.number += 1
        asked = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}
        self.tell(json.dumps(asked).encode())
        while True:
            answer = self.hear()
            if answer.get("id") == self.number:
                return answer

    def call(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool."""
        return self.ask("tools/call", {"name": name, "arguments": arguments})

    def end(self) -> tuple[int, bytes]:
        """Close the pipe as a client that goes does; return the exit code and what was complained of."""
        _, err = self.process.communicate(timeout=30)
        self.end_of_patience.cancel()
        return self.process.returncode, err


@pytest.fixture
def pipe(hub: Hub) -> Iterator[Pipe]:
    """A server that has been greeted."""
    found = Pipe(hub.root, "--toolsets", "all")
    yield found
    found.process.kill()
    found.end()


def test_a_client_that_goes_ends_the_server_without_a_complaint(pipe: Pipe) -> None:
    assert pipe.end() == (0, b"")


@pytest.mark.parametrize("line", [
    b"", b"nonsense", b"{}", b"[]", b"\xff\xfe", b'{"jsonrpc":"2.0"}', b"[" * 5000,
    b'{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"coord_create_issue","arguments":{"title":"\\ud800"}}}',
    b'{"jsonrpc":"2.0","id":9,"method":"tools/call"}', b'{"jsonrpc":"2.0","id":9,"method":"nope"}',
    b'{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":1}}',
    b'{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"coord_ready","arguments":[]}}',
    b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}',
])  # fmt: skip
def test_a_line_that_is_no_request_leaves_the_server_at_work(pipe: Pipe, line: bytes) -> None:
    pipe.tell(line)

    assert pipe.call("coord_ready")["result"]["structuredContent"]["total"] == 1


@pytest.mark.parametrize(
    "title",
    ["a\x00b", "a\nb", "\x1b[31m", "\u202e", "🤖" * 100, "x: [", "---", "!!python"],
)
def test_a_strange_title_is_kept_or_refused_and_never_breaks_a_record(
    hub: Hub, pipe: Pipe, title: str
) -> None:
    answer = pipe.call("coord_create_issue", title=title)

    assert "result" in answer, answer
    assert pipe.call("coord_ready")["result"].get("isError") in (None, False)
    assert hub.json("check") == []
    if not answer["result"].get("isError"):
        assert hub.json("show", "ISSUE-003")["title"] == title.strip()


def test_the_name_of_a_client_cannot_forge_a_message(hub: Hub, pipe: Pipe) -> None:
    pipe.call("coord_comment", id="ISSUE-001", text="x")

    message = hub.git("log", "-1", "--format=%B").strip().splitlines()
    assert message[:2] == ["ISSUE-001: comment", ""]
    assert len(message) == 3
    assert message[2].startswith("Agent: evil Signed-off-by: x")
    assert "\x1b" not in message[2]
    assert len(message[2]) < 100


@pytest.mark.parametrize(
    "id", ["../../x", "ISSUE-001/../../x", "", "\x00", "ISSUE-001\n", "-h", "a" * 5000, "issue-001"]
)
def test_an_id_is_never_a_path(hub: Hub, pipe: Pipe, id: str) -> None:
    before = hub.commits()

    for name in ("coord_get_issue", "coord_close_issue"):
        result = pipe.call(name, id=id)["result"]
        assert id == "issue-001" or result["isError"], result

    assert hub.commits() == before + (id == "issue-001")


def test_hostile_files_hide_no_record(hub: Hub, pipe: Pipe) -> None:
    hub.write("issues/ISSUE-010.yaml", b"\xff\xfe")
    hub.write("issues/ISSUE-011.yaml", "a: &a [*a]\n")
    hub.write("issues/ISSUE-012.yaml", "[" * 10_000)
    hub.write("issues/ISSUE-013.yaml", "id: ISSUE-013\r\ntitle: CRLF\r\nstatus: pending\r\n")
    (hub.root / "coord/issues/ISSUE-014.yaml").symlink_to("/etc/passwd")

    items = pipe.call("coord_list_issues")["result"]["structuredContent"]["items"]

    assert {"ISSUE-001", "ISSUE-002", "ISSUE-013"} <= {one["id"] for one in items}
    assert "root:" not in json.dumps(pipe.call("coord_get_issue", id="ISSUE-014"))
    assert pipe.call("coord_check")["result"]["structuredContent"]["total"] >= 4
    assert not pipe.call("coord_update_issue", id="ISSUE-013", priority="low")["result"].get(
        "isError"
    )
    assert b"priority: low\r\n" in (hub.root / "coord/issues/ISSUE-013.yaml").read_bytes()
    assert pipe.call("coord_update_issue", id="ISSUE-011", priority="low")["result"]["isError"]


def test_a_git_that_does_not_know_who_writes_is_told_of_and_nothing_is_written(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nobody = tmp_path / "nobody"
    nobody.mkdir()
    (nobody / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")

    pipe = Pipe(hub.root, HOME=str(nobody))
    result = pipe.call("coord_create_issue", title="x")["result"]

    assert "git does not know who you are" in result["content"][0]["text"]
    assert pipe.call("coord_ready")["result"]["structuredContent"]["total"] == 1
    pipe.end()
    assert hub.git("status", "--porcelain") == ""


def test_a_hub_that_goes_away_and_comes_back_is_served_again(hub: Hub, pipe: Pipe) -> None:
    away = hub.root.with_name("away")
    hub.root.rename(away)
    assert pipe.call("coord_ready")["result"]["isError"]
    away.rename(hub.root)

    assert pipe.call("coord_ready")["result"]["structuredContent"]["total"] == 1


def test_a_branch_switch_is_seen_by_the_next_call(hub: Hub) -> None:
    async def question() -> None:
        async with stdio(hub.root) as client:
            hub.git("checkout", "--quiet", "-b", "other")
            hub.ok("issue", "create", "--title", "There")
            assert (await said(client, "coord_list_issues"))["total"] == 3
            hub.git("checkout", "--quiet", "main")
            assert (await said(client, "coord_list_issues"))["total"] == 2
            assert "not-found" in await wrong(client, "coord_get_issue", id="ISSUE-003")

    run(question)


def test_calls_that_are_cancelled_leave_the_others_alone(hub: Hub) -> None:
    async def question() -> None:
        async with stdio(hub.root, "--toolsets", "all") as client:

            async def hasty(number: int) -> None:
                with anyio.move_on_after(0.002 * number):
                    await client.call_tool("coord_create_issue", {"title": f"{number}"})
                with anyio.move_on_after(0.001 * number):
                    await client.call_tool("coord_get_trend", {})

            async with anyio.create_task_group() as tasks:
                for number in range(20):
                    tasks.start_soon(hasty, number)
            assert text(await client.call_tool("coord_ready", {}))

    run(question)
    titles = [one["title"] for one in hub.json("list", "kind:issue")]
    assert len(titles) == len(set(titles))
    assert hub.json("check") == []
    assert hub.git("status", "--porcelain") == ""


def test_a_write_that_waits_for_another_process_keeps_no_reader_waiting(hub: Hub) -> None:
    async def question() -> None:
        async with stdio(hub.root) as client:
            lock = Lock(str(hub.root / ".git"))
            lock.__enter__()
            try:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(_create, client)
                    with anyio.fail_after(20):
                        assert (await said(client, "coord_ready"))["total"] == 1
                        assert (await said(client, "coord_list_issues"))["total"] == 2
                    lock.__exit__()
            finally:
                lock.__exit__()
            assert (await said(client, "coord_list_issues"))["total"] == 3

    run(question)


async def _create(client: Client) -> None:
    await said(client, "coord_create_issue", title="x")


def test_times_carry_their_zone(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe(hub.root, "--toolsets", "all", TZ="America/St_Johns")
    created = pipe.call("coord_create_issue", title="x")["result"]["structuredContent"]["created"]
    event = pipe.call("coord_get_log", id="ISSUE-003")["result"]["structuredContent"]["items"][0]

    assert created[-6:] in ("-03:30", "-02:30")
    assert event["time"].endswith("+00:00")
    pipe.end()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_disk_that_refuses_is_told_of(hub: Hub, pipe: Pipe) -> None:
    folder = hub.root / "coord/issues"
    folder.chmod(0o555)
    try:
        result = pipe.call("coord_create_issue", title="x")["result"]
        assert result["isError"]
        assert "Permission denied" in result["content"][0]["text"]
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize(("name", "parameter"), [
    ("coord_get_issue", "id"), ("coord_get_metrics", "role"), ("coord_get_metric", "repo"),
    ("coord_create_issue", "priority"), ("coord_get_log", "since"), ("coord_list_issues", "query"),
    ("coord_get_diff", "base"), ("coord_record_outcome", "run"), ("coord_get_impact", "repo"),
])  # fmt: skip
def test_an_error_quotes_no_control_character_and_no_flood(
    pipe: Pipe, name: str, parameter: str
) -> None:
    more: dict[str, Any] = {"title": "x"} if name == "coord_create_issue" else {}
    more |= {"worked": True} if name == "coord_record_outcome" else {}
    evil = "is:\x1b[31m\x00\u202e" + "a" * 90_000

    result = pipe.call(name, **more, **{parameter: evil})["result"]

    assert result["isError"]
    told = json.dumps(result, ensure_ascii=False)
    assert len(told) < 6_000
    assert not [sign for sign in ("\\u001b", "\\u0000", "\x1b", "\u202e") if sign in told]


def test_a_client_that_goes_in_the_middle_of_writing_leaves_a_whole_hub(hub: Hub) -> None:
    before = hub.commits()

    for answers in (0, 1, 5):
        pipe = Pipe(hub.root)
        for number in range(12):
            params = {
                "name": "coord_create_issue",
                "arguments": {"title": f"{answers} {number}"},
            }
            asked = {"jsonrpc": "2.0", "id": 100 + number, "method": "tools/call", "params": params}
            pipe.tell(json.dumps(asked).encode())
        for _ in range(answers):
            pipe.hear()
        assert pipe.process.stdout
        pipe.process.stdout.close()
        assert pipe.process.stdin
        pipe.process.stdin.close()
        pipe.process.wait(timeout=30)
        pipe.end_of_patience.cancel()
        assert pipe.process.stderr
        pipe.process.stderr.close()

    made = len(hub.json("list", "kind:issue", "--limit", "0")) - 2
    assert made >= 6
    assert hub.commits() == before + made
    assert hub.json("check") == []
    assert hub.git("status", "--porcelain") == ""


def test_in_a_large_hub_no_answer_is_a_flood(hub: Hub, pipe: Pipe) -> None:
    base = hub.git("rev-parse", "HEAD").strip()
    for number in range(100, 700):
        hub.write(f"issues/ISSUE-{number}.yaml",
                  f"id: ISSUE-{number}\ntitle: {'A long title ' * 20}\nstatus: pending\nrepos: [oneiric]\n"
                  f"blocked_by: [ISSUE-{number - 1 if number % 7 else '001'}]\n")  # fmt: skip
    hub.git("add", "--all")
    hub.git("commit", "--quiet", "--message", "Many")

    for name, arguments in (
        ("coord_get_repo_status", {"repo": "oneiric"}), ("coord_get_repo_status", {}),
        ("coord_get_graph", {}), ("coord_get_graph", {"ids": ["ISSUE-001"]}),
        ("coord_review", {"base": base}), ("coord_check", {}), ("coord_get_diff", {"base": base}),
        ("coord_get_blocking_issues", {"repo": "oneiric"}), ("coord_get_log", {}),
        ("coord_search", {"text": "long title"}),
    ):  # fmt: skip
        result = pipe.call(name, **arguments)["result"]
        assert not result.get("isError"), result
        assert len(result["content"][0]["text"]) < 35_000, name
        assert len(json.dumps(result)) < 150_000, name

    status = pipe.call("coord_get_repo_status", repo="oneiric")["result"]
    assert status["structuredContent"]["totals"]["issues"] == 602
    assert "more" in status["content"][0]["text"]
    assert (
        pipe.call("coord_get_graph")["result"]["structuredContent"]["total"] == 600
    )  # ISSUE-100 names nobody
