"""The command reference, docs/cli.md, from the table of commands and their declarations."""

from __future__ import annotations

from gitcoord.cli import help as pages
from gitcoord.cli import table

_HEAD = """\
# Commands

Generated from the program's own declarations; `coord COMMAND --help` shows the same.
"""


def build() -> str:
    """Return the text of docs/cli.md."""
    parts = [_HEAD, f"\n```text\n{pages.program()}```\n"]
    parts += [
        f"\n## coord {name}\n\n```text\n{pages.command(name, table.load(name))}```\n"
        for name in sorted(table.COMMANDS)
    ]
    parts.append("\n## Other names\n\n| name | command |\n|---|---|\n")
    parts += [f"| `coord {alias}` | `coord {name}` |\n" for alias, name in table.ALIASES.items()]
    return "".join(parts)
