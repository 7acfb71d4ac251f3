"""Serve a hub over standard input and output, or over HTTP on this machine alone.

Over HTTP every request shows a token, and its Host and Origin are those of this server: a web
page that the user visits can reach the port, but has neither.
"""

from __future__ import annotations

import hmac
import os
import secrets
import signal

import anyio

from gitcoord.errors import NoHubError, UsageError
from gitcoord.mcp.hub import Hub
from gitcoord.mcp.server import build

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.mcp.hub import Options

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

PATH = "/mcp"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def stdio(open: Callable[[], Workspace], options: Options) -> None:
    """Serve one client over standard input and output until it goes."""
    anyio.run(_stdio, open, options)


async def _stdio(open: Callable[[], Workspace], options: Options) -> None:
    from mcp.server.stdio import stdio_server

    # A thread that waits for a line cannot be called off, so a signal ends the process at once:
    # a write that was under way has happened or has not, and the next command sees to the rest.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    server = build(Hub(open, options))
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def address(text: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT`; raise `UsageError` for one that others can reach."""
    host, colon, port = text.rpartition(":")
    host = host.strip("[]")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"{text!r} is not HOST:PORT.", hint="For example 127.0.0.1:8765.")
    if host not in _LOOPBACK:
        raise UsageError(
            f"{host or 'Every address'} can be reached from other machines; coord serves only this one.",
            hint="Use 127.0.0.1, and a tunnel (ssh -L) from elsewhere.",
        )
    return host, int(port)


def token(path: str) -> str:
    """Return the token kept in a file that only the user can read; make one where there is none."""
    try:
        with open(path, encoding="ascii") as file:
            kept = file.read().strip()
        if len(kept) >= 32:
            return kept
    except (FileNotFoundError, UnicodeDecodeError):
        kept = ""
    made = secrets.token_urlsafe(32)
    passing = f"{path}.{os.getpid()}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(made + "\n")
    os.rename(passing, path)
    return made


def http(
    open: Callable[[], Workspace],
    options: Options,
    where: tuple[str, int],
    secret: str,
    told: Callable[[str], None],
) -> None:
    """Serve clients over HTTP until a signal comes; `told` gets the address."""
    import uvicorn  # only over HTTP

    app = guarded(open, options, where[0], secret)
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on")
    config.load()
    listening = _listen(*where)
    host = f"[{where[0]}]" if ":" in where[0] else where[0]
    told(f"http://{host}:{listening.getsockname()[1]}{PATH}")
    uvicorn.Server(config).run(sockets=[listening])


def guarded(open: Callable[[], Workspace], options: Options, host: str, secret: str) -> App:
    """Return the application: the SDK's own, behind the token."""
    inner = build(Hub(open, options)).streamable_http_app(streamable_http_path=PATH, host=host)
    wanted = f"Bearer {secret}".encode()

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            shown = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(shown, wanted):
                await _refuse(send)
                return
        await inner(scope, receive, send)

    return app


async def _refuse(send: Send) -> None:
    body = b'{"error": "This server wants its token: Authorization: Bearer TOKEN."}'
    headers = [(b"content-type", b"application/json"), (b"www-authenticate", b"Bearer")]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _listen(host: str, port: int) -> socket.socket:
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as refusal:
        found.close()
        raise NoHubError(
            f"{host}:{port} cannot be used: {refusal.strerror}.",
            hint="Choose another port; 0 takes a free one.",
        ) from None
    found.listen(128)
    return found
