"""A server over real HTTP: the token, Host and Origin; many clients; notices of changes."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import anyio
import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.subscriptions import ResourceUpdated
from mcp_types import ResourceUpdatedNotification
from tests.e2e.conftest import PROGRAM
from tests.e2e.mcp_client import MODES, run, said, stdio, wrong

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.e2e.conftest import Hub


class Served(NamedTuple):
    """A server that runs."""

    url: str
    token: str

    def client(self, mode: str, **more: Any) -> AbstractAsyncContextManager[Client]:
        """Return a client that shows the token."""
        return _dialled(self, mode, more)


@asynccontextmanager
async def _dialled(served: Served, mode: str, more: dict[str, Any]) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {served.token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as dialled,
        Client(
            streamable_http_client(served.url, http_client=dialled), mode=mode, **more
        ) as client,
    ):
        yield client


@contextmanager
def serving(hub: Path, *words: str) -> Iterator[Served]:
    """Serve a hub on a free port until the block ends."""
    process = subprocess.Popen(
        [*PROGRAM, "mcp", "--http", "127.0.0.1:0", "--json", *words], cwd=hub, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    try:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        with open(told["token_file"], encoding="ascii") as file:
            yield Served(told["url"], file.read().strip())
    finally:
        process.terminate()
        process.wait(timeout=20)
        assert process.stdout
        process.stdout.close()


def _asked(served: Served, headers: dict[str, str], method: str = "POST") -> int:
    where = urlsplit(served.url)
    connection = http.client.HTTPConnection(where.netloc, timeout=20)
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
    usual = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    connection.request(method, where.path, body, {**usual, **headers})
    status = connection.getresponse().status
    connection.close()
    return status


def test_only_who_has_the_token_and_comes_from_here_is_heard(hub: Hub) -> None:
    with serving(hub.root) as served:
        right = {"Authorization": f"Bearer {served.token}"}
        for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": served.token}):
            for method in ("POST", "GET", "DELETE", "OPTIONS"):
                assert _asked(served, headers, method) == 401
        assert _asked(served, {**right, "Host": "evil.example"}) == 421
        assert _asked(served, {**right, "Origin": "http://evil.example"}) == 403
        assert _asked(served, {**right, "Origin": "http://127.0.0.1.evil.example:1"}) == 403
        assert _asked(served, right) not in (401, 403, 421)
    kept = hub.root / ".git/coord/mcp.token"
    assert kept.stat().st_mode & 0o777 == 0o600
    with serving(hub.root) as again:
        assert again.token == served.token


@pytest.mark.parametrize("mode", MODES)
def test_the_tools_are_those_of_the_pipe(hub: Hub, mode: str) -> None:
    async def question() -> None:
        async with served.client(mode) as over_http, stdio(hub.root, mode=mode) as over_pipe:
            there = (await over_http.list_tools()).tools
            assert there == (await over_pipe.list_tools()).tools
            assert (await said(over_http, "coord_ready"))["total"] == 1
            assert "did you mean" in await wrong(over_http, "coord_list_issues", staus="x")

    with serving(hub.root) as served:
        run(question)


def test_thirty_two_clients_that_read_and_write_lose_nothing(hub: Hub) -> None:
    before = hub.commits()

    async def question() -> None:
        async def agent(number: int) -> None:
            async with served.client(MODES[number % 2]) as client:
                for step in range(3):
                    made = await said(client, "coord_create_issue", title=f"{number} {step}")
                    assert (await said(client, "coord_get_issue", id=made["id"]))[
                        "title"
                    ] == f"{number} {step}"
                    await said(
                        client,
                        "coord_update_issue",
                        id="ISSUE-001",
                        add_labels=[f"l{number}-{step}"],
                    )
                    await said(client, "coord_ready")

        async with anyio.create_task_group() as tasks:
            for number in range(32):
                tasks.start_soon(agent, number)

    with serving(hub.root) as served:
        run(question)
    wanted = {f"{number} {step}" for number in range(32) for step in range(3)}
    titles = [one["title"] for one in hub.json("list", "kind:issue", "--limit", "0")]
    assert sorted(set(titles) & wanted) == sorted(wanted)
    assert len(titles) == 2 + 96
    labels = set(hub.json("show", "ISSUE-001")["labels"])
    assert labels == {"async", *(f"l{number}-{step}" for number in range(32) for step in range(3))}
    assert hub.commits() == before + 2 * 96
    assert hub.json("check") == []


@pytest.mark.filterwarnings("ignore:resources/(un)?subscribe is removed")
@pytest.mark.parametrize("over", ["pipe", "http"])
def test_a_session_that_subscribed_is_told_of_a_change_by_anybody(hub: Hub, over: str) -> None:
    async def question() -> None:
        send, receive = anyio.create_memory_object_stream[str](10)

        async def heard(message: object) -> None:
            if isinstance(message, ResourceUpdatedNotification):
                await send.send(message.params.uri)

        with serving(hub.root) as served:
            dialled = (
                served.client("legacy", message_handler=heard)
                if over == "http"
                else stdio(hub.root, mode="legacy", message_handler=heard)
            )
            async with dialled as client, send, receive:
                uri = "coord://issue/ISSUE-001"
                await client.subscribe_resource(uri)
                await client.subscribe_resource("coord://overview")
                hub.process("comment", "ISSUE-001", "by a person")
                assert await receive.receive() == uri
                hub.process("todo", "create", "--task", "t", "--repo", "oneiric")
                assert await receive.receive() == "coord://overview"
                await client.unsubscribe_resource("coord://overview")
                await said(client, "coord_close_issue", id="ISSUE-001")
                assert await receive.receive() == uri

    run(question)


@pytest.mark.parametrize("over", ["pipe", "http"])
def test_a_stream_that_listens_is_told_of_a_change_by_anybody(hub: Hub, over: str) -> None:
    async def question() -> None:
        with serving(hub.root) as served:
            dialled = served.client("auto") if over == "http" else stdio(hub.root)
            async with dialled as client:
                uri = "coord://issue/ISSUE-001"
                async with client.listen(
                    resource_subscriptions=[uri, "coord://issue/NOPE-1"]
                ) as events:
                    hub.process("comment", "ISSUE-001", "by a person")
                    assert (await anext(events)) == ResourceUpdated(uri=uri)
                    await said(client, "coord_close_issue", id="ISSUE-001")
                    assert (await anext(events)) == ResourceUpdated(uri=uri)
                assert (await said(client, "coord_ready"))["total"] == 1

    run(question)


@pytest.mark.parametrize("mode", MODES)
def test_a_long_call_tells_how_far_it_is_and_can_be_cancelled(hub: Hub, mode: str) -> None:
    async def question() -> None:
        told: list[tuple[float, float | None, str | None]] = []

        async def heard(progress: float, total: float | None, message: str | None) -> None:
            told.append((progress, total, message))

        async with stdio(hub.root, "--toolsets", "all", mode=mode) as client:
            await client.call_tool("coord_check_dependencies", {}, progress_callback=heard)
            assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
            assert told[0][2] == "reads manifests"
            assert told[-1][0] == told[-1][1]
            with anyio.move_on_after(0.001):
                await client.call_tool("coord_get_log", {})
            assert (await said(client, "coord_ready"))["total"] == 1

    run(question)
