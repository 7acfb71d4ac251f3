"""The reference of the tools that agents are offered, from their table; and the registry's card."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitcoord import __version__
from gitcoord.mcp import table
from gitcoord.mcp.tool import ADDS, READS, SETS

if TYPE_CHECKING:
    from gitcoord.mcp.parameters import Parameter
    from gitcoord.mcp.tool import Tool

_DOES = {READS: "Reads.", ADDS: "Writes; adds each time.", SETS: "Writes; the same when repeated."}
_DESCRIPTION = "Issues, plans, todos and dependencies across many git repositories, kept in git."


def build() -> str:
    """Return the text of docs/mcp-tools.md."""
    lines = [
        "# Tools for agents",
        "",
        "Generated from the table of tools; docs/mcp.md tells how to use them.",
    ]
    for name in table.TOOLSETS:
        found = table.tools([name])
        lines += ["", f"## {name}", "", table.TOOLSETS[name][0]]
        for tool in found:
            lines += _section(tool)
    return "\n".join(lines) + "\n"


def _section(tool: Tool) -> list[str]:
    lines = ["", f"### {tool.name}", "", f"{tool.told} {_DOES[tool.does]}"]
    if tool.parameters:
        lines += ["", "| parameter | takes |", "|---|---|"]
        lines += [f"| {_name(one)} | {_takes(one)} |" for one in tool.parameters]
    return lines


def _name(one: Parameter) -> str:
    return f"**{one.name}**" if one.required else one.name


def _takes(one: Parameter) -> str:
    schema = one.schema
    words = {"string": "text", "array": "list of texts", "boolean": "true or false"}
    kind = "day" if "format" in schema else words.get(schema["type"], schema["type"])
    if "enum" in schema:
        kind = " · ".join(f"`{word}`" for word in schema["enum"])
    if "maximum" in schema:
        kind += (
            f" from {schema['minimum']} to {schema['maximum']}, {schema['default']} unless given"
        )
    told = f": {schema['description']}" if "description" in schema else ""
    example = f", such as `{schema['examples'][0]}`" if "examples" in schema else ""
    return kind + told + example


def card() -> str:
    """Return the text of server.json, the card for registries of servers."""
    found = {
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": "io.github.gitcoord/coord",
        "title": "coord",
        "description": _DESCRIPTION,
        "version": __version__,
        "packages": [
            {
                "registryType": "pypi",
                "identifier": "gitcoord",
                "version": __version__,
                "runtimeHint": "uvx",
                "runtimeArguments": [
                    {"type": "named", "name": "--from", "value": f"gitcoord[mcp]=={__version__}"},
                    {"type": "positional", "value": "coord"},
                ],
                "packageArguments": [
                    {"type": "positional", "value": "mcp"},
                    {
                        "type": "named",
                        "name": "--hub",
                        "format": "filepath",
                        "description": "The hub; the one around the current directory without.",
                    },
                    {"type": "named", "name": "--toolsets", "default": "core",
                     "description": "Sets of tools, with commas; all for all."},
                ],
                "transport": {"type": "stdio"},
            }
        ],
    }  # fmt: skip
    return json.dumps(found, indent=2) + "\n"
