"""The SDK's own client, put to a server that runs as a process, and the words of its answers."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from tests.e2e.conftest import PROGRAM

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from mcp_types import CallToolResult

MODES = ("legacy", "auto")
"""The protocol with sessions, and the one without."""


@asynccontextmanager
async def stdio(hub: Path, *words: str, mode: str = "auto", **more: Any) -> AsyncIterator[Client]:
    """A client of a server that serves a hub over real pipes."""
    server = StdioServerParameters(
        command=sys.executable, args=[*PROGRAM[1:], "mcp", "--hub", str(hub), *words], env={"COORD_WATCH": "0"}
    )  # fmt: skip
    async with Client(stdio_client(server), mode=mode, **more) as client:
        yield client


async def said(client: Client, name: str, **arguments: Any) -> Any:
    """Return the data of a call that has to succeed."""
    found = await client.call_tool(name, arguments)
    assert not found.is_error, text(found)
    return found.structured_content


async def wrong(client: Client, name: str, **arguments: Any) -> str:
    """Return the text of a call that has to fail."""
    found = await client.call_tool(name, arguments)
    assert found.is_error, text(found)
    assert found.structured_content is None
    assert found.meta is not None
    assert text(found).startswith(found.meta["coord/error"]["code"])
    return text(found)


def text(found: CallToolResult) -> str:
    """Return the text of an answer."""
    (part,) = found.content
    assert part.type == "text"
    return part.text


def run(question: Callable[[], Awaitable[None]]) -> None:
    """Run a test that waits, and give up on one that waits forever."""

    async def bounded() -> None:
        with anyio.fail_after(60):
            await question()

    anyio.run(bounded)
