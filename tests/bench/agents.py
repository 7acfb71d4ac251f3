"""The server for agents: from its start to the first answer, and one list while it runs.

Held against a server on the same SDK that does nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from tests.bench.cases import Figure
from tests.bench.clock import COORD, environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROUNDS = 7
_ASKED = 30
_NOTHING = """
import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import CallToolResult, ListToolsResult, TextContent, Tool

async def listed(ctx, params):
    return ListToolsResult(tools=[Tool(name="x", input_schema={"type": "object"})])

async def called(ctx, params):
    return CallToolResult(content=[TextContent(text="x")])

async def main():
    server = Server("nothing", on_list_tools=listed, on_call_tool=called)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())

anyio.run(main)
"""
_HELLO = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "b", "version": "1"},
}


def answers(root: str, count: int) -> Iterator[Figure]:
    """Time the first answer and later ones, in turn with a server that does nothing."""
    first: dict[str, list[float]] = {"coord": [], "nothing": []}
    later: list[float] = []
    ready: list[float] = []
    for _ in range(_ROUNDS):
        seconds, _ = _asked([sys.executable, "-c", _NOTHING], root, "x")
        first["nothing"].append(seconds)
        seconds, each = _asked([COORD, "mcp", "--hub", root], root, "coord_list_issues")
        first["coord"].append(seconds)
        later += each
        ready += _asked([COORD, "mcp", "--hub", root], root, "coord_ready")[1]
    ours, theirs = min(first["coord"]), min(first["nothing"])
    yield Figure(f"{count:,}: mcp, start to first answer", ours / theirs, "x nothing", 1.3,
                 f"{ours * 1000:.0f} ms")  # fmt: skip
    for what, each in (("a list of 20", later), ("what is ready, 20 of it", ready)):
        yield Figure(f"{count:,}: mcp, {what}", sorted(each)[len(each) // 2] * 1000, "ms", None)


def _asked(argv: Sequence[str], root: str, tool: str) -> tuple[float, list[float]]:
    """Return the seconds from the start of a server to its first answer, and of later ones."""
    begun = time.perf_counter()
    server = subprocess.Popen(
        argv, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    )
    try:
        _ask(server, 0, "initialize", _HELLO)
        _ask(server, 1, "tools/call", {"name": tool, "arguments": {}})
        first = time.perf_counter() - begun
        each = []
        for number in range(_ASKED):
            before = time.perf_counter()
            _ask(server, number + 2, "tools/call", {"name": tool, "arguments": {}})
            each.append(time.perf_counter() - before)
        return first, each
    finally:
        server.kill()
        server.wait()


def _ask(server: subprocess.Popen[bytes], id: int, method: str, params: dict[str, Any]) -> None:
    assert server.stdin
    assert server.stdout
    asked = {"jsonrpc": "2.0", "id": id, "method": method, "params": params}
    server.stdin.write(json.dumps(asked).encode() + b"\n")
    server.stdin.flush()
    answer = json.loads(server.stdout.readline())
    if "error" in answer or answer["result"].get("isError"):
        raise SystemExit(f"{method}: {answer}")
    if method == "initialize":
        server.stdin.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
        server.stdin.flush()
