"""Who follows a resource is forgotten when it goes, by what the SDK tells of its connections."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from mcp.client import Client
from mcp.server.lowlevel import Server
from tests.e2e.mcp_client import run

from gitcoord.api.workspace import Workspace, open_workspace
from gitcoord.mcp import hub as hubs
from gitcoord.mcp.following import Following
from gitcoord.store.agent import Agent

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub


@pytest.mark.filterwarnings("ignore:resources/(un)?subscribe is removed")
def test_the_session_of_a_client_that_goes_follows_nothing_any_more(hub: Hub) -> None:
    def opened() -> Workspace:
        return open_workspace(str(hub.root), datetime.now(UTC), watch=False)

    async def question() -> None:
        options = hubs.Options(Agent(), toolsets=["core"])
        following = Following(hubs.Hub(opened, options))
        server: Server[Any] = Server("x", on_subscribe_resource=following.subscribe)
        async with Client(server, mode="legacy") as client:
            await client.subscribe_resource("coord://issue/ISSUE-001")
            assert following.followed() == {"coord://issue/ISSUE-001"}
        with anyio.fail_after(10):
            while following.followed():
                await anyio.sleep(0.01)

    run(question)
