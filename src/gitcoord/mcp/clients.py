"""The configuration of the programs that agents run in: what to write, and where.

What a file holds besides stays; a file that cannot be read as what it should be is left
alone, and the text is there to be pasted.
"""

from __future__ import annotations

import json
import os
import tomllib

from gitcoord.errors import ConflictError, UsageError
from gitcoord.model.suggest import nearest
from gitcoord.store import files
from gitcoord.store.lock import Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAME = "coord"
_MOST = 1 << 22


class Client:
    """One program: the file it reads, whether that is the user's or the project's, and its key."""

    __slots__ = ("key", "path", "title", "typed", "users")

    def __init__(
        self, title: str, path: str, key: str, *, users: bool = False, typed: bool = False
    ) -> None:
        self.title = title
        self.path = path
        self.key = key
        self.users = users
        self.typed = typed

    def file(self, project: str, home: str) -> str:
        """Return where the file lies."""
        return os.path.join(home if self.users else project, self.path)


CLIENTS = {
    "claude": Client("Claude Code", ".mcp.json", "mcpServers", typed=True),
    "codex": Client("Codex", ".codex/config.toml", "mcp_servers", users=True),
    "cursor": Client("Cursor", ".cursor/mcp.json", "mcpServers"),
    "gemini": Client("Gemini CLI", ".gemini/settings.json", "mcpServers"),
    "vscode": Client("VS Code", ".vscode/mcp.json", "servers", typed=True),
    "windsurf": Client("Windsurf", ".codeium/windsurf/mcp_config.json", "mcpServers", users=True),
}


def client(name: str) -> Client:
    """Return a program by its name; raise `UsageError` for one that is not known."""
    if name in CLIENTS:
        return CLIENTS[name]
    close = nearest(name, CLIENTS)
    raise UsageError(
        f"There is no client {name!r}" + (f"; did you mean {close}?" if close else "."),
        hint=f"There are {', '.join(CLIENTS)}; for another: command `coord`, argument `mcp`.",
    )


def entry(which: Client, command: str, arguments: list[str]) -> dict[str, Any]:
    """Return what the file says of the server."""
    found: dict[str, Any] = {"command": command, "args": arguments}
    return {"type": "stdio", **found} if which.typed else found


def text(which: Client, said: dict[str, Any]) -> str:
    """Return a whole file with nothing else in it."""
    if which.path.endswith(".toml"):
        return _toml(which, said)
    return json.dumps({which.key: {NAME: said}}, indent=2, ensure_ascii=False) + "\n"


def install(which: Client, path: str, said: dict[str, Any]) -> bool:
    """Write the entry into a file, beside what it holds; False when it is there already.

    Raises `ConflictError` for a file that is no plain JSON or TOML, or whose entry in TOML is
    another one: rewriting that would lose comments.
    """
    with Folder(os.path.dirname(path)):
        return _install(which, path, said)


def _install(which: Client, path: str, said: dict[str, Any]) -> bool:
    raw = files.read(path, _MOST)
    if os.path.islink(path) or (raw is not None and len(raw) > _MOST):
        raise _by_hand(path, "is a link, or too large")
    held = (raw or b"").decode("utf-8-sig", "replace")
    after = _in_toml(which, path, held, said) if path.endswith(".toml") else _in_json(
        which, path, held, said
    )  # fmt: skip
    if after is None:
        return False
    files.change(path, after.encode())
    return True


def _in_json(which: Client, path: str, held: str, said: dict[str, Any]) -> str | None:
    try:
        data = json.loads(held) if held.strip() else {}
    except (ValueError, RecursionError):
        raise _by_hand(path, "is no plain JSON (comments, perhaps)") from None
    servers = data.get(which.key, {}) if isinstance(data, dict) else None
    if not isinstance(servers, dict):
        raise _by_hand(path, f"has no mapping {which.key}")
    if servers.get(NAME) == said:
        return None
    data[which.key] = {**servers, NAME: said}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _in_toml(which: Client, path: str, held: str, said: dict[str, Any]) -> str | None:
    try:
        data = tomllib.loads(held)
    except tomllib.TOMLDecodeError:
        raise _by_hand(path, "is no TOML") from None
    servers = data.get(which.key, {})
    there = servers.get(NAME) if isinstance(servers, dict) else {}
    if there == said:
        return None
    if there is not None:
        raise _by_hand(path, f"has another entry {which.key}.{NAME}")
    gap = "" if not held else "\n" if held.endswith("\n") else "\n\n"
    return held + gap + _toml(which, said)


def _toml(which: Client, said: dict[str, Any]) -> str:
    lines = [f"[{which.key}.{NAME}]"]
    # A JSON string in ASCII is a basic string of TOML as well.
    lines += [f"{key} = {json.dumps(value)}" for key, value in said.items()]
    return "\n".join(lines) + "\n"


def _by_hand(path: str, why: str) -> ConflictError:
    return ConflictError(
        f"{path} {why}; it was left as it is.",
        hint="Leave out --install, and put what is printed there by hand.",
    )
