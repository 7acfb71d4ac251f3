"""The pages that `--help` prints, all from the table and the declarations."""

from __future__ import annotations

from gitcoord.cli import table
from gitcoord.cli.spec import COMMON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.spec import Argument, Command, Option

_SECTIONS = (
    (
        "Look",
        ("list", "show", "search", "similar", "ready", "blocked", "blocking", "status", "graph"),
    ),
    ("Look back", ("log", "blame", "diff", "trend", "burndown")),
    ("Change", ("edit", "comment", "bulk", "undo", "archive", "unarchive", "delete")),
    ("Work together", ("review", "merge", "resolve", "renumber", "sync")),
    ("For agents", ("prime", "mcp")),
    (
        "Keep in order",
        ("init", "check", "watch", "validate", "quality", "embed", "doctor", "completion"),
    ),
)


def program() -> str:
    """Return the page of the program."""
    parts = [
        "Coordinate work across many repositories, in git.\n\nUsage: coord COMMAND [OPTIONS]\n"
    ]
    for title, names in _SECTIONS:
        parts.append(f"\n{title}:\n" + _listed([(name, table.COMMANDS[name][1]) for name in names]))
    told = {name for _, names in _SECTIONS for name in names}
    nouns = [(name, line) for name, line in table.GROUPS.items() if name not in told]
    parts.append("\nBy noun:\n" + _listed(nouns))
    parts.append(
        "\n`coord COMMAND --help` tells more; the flat names (`coord list-issues`) work as well.\n"
    )
    return "".join(parts)


def group(name: str) -> str:
    """Return the page of one noun."""
    rows = [
        (command, line)
        for command, (_, line) in table.COMMANDS.items()
        if command.startswith(name + " ")
    ]
    return f"{table.GROUPS[name]}\n\nUsage: coord {name} COMMAND [OPTIONS]\n\nCommands:\n{_listed(rows)}"


def command(name: str, declared: Command) -> str:
    """Return the page of one command."""
    parts = [table.COMMANDS[name][1], f"\n\nUsage: coord {name}{_usage(declared)}\n"]
    if declared.description:
        parts.append("\n" + declared.description.strip() + "\n")
    rows = [(argument.metavar, argument.help) for argument in declared.arguments if argument.help]
    if rows:
        parts.append("\nArguments:\n" + _listed(rows))
    options = (*declared.options, *COMMON)
    parts.append("\nOptions:\n" + _listed([(_names(option), _told(option)) for option in options]))
    flat = sorted(
        alias for alias, target in table.ALIASES.items() if target == name and " " not in alias
    )
    parts.append("\nExample:\n  " + declared.example.strip().replace("\n", "\n  ") + "\n")
    parts.append(f"\nWith --json: {declared.shape}\n")
    if flat:
        parts.append(f"\nAlso: {', '.join(f'coord {alias}' for alias in flat)}\n")
    return "".join(parts)


def _usage(declared: Command) -> str:
    return "".join(" " + _placed(argument) for argument in declared.arguments) + " [OPTIONS]"


def _placed(argument: Argument) -> str:
    name = argument.metavar + ("…" if argument.multiple else "")
    return name if argument.required else f"[{name}]"


def _names(option: Option) -> str:
    names = f"{option.short}, {option.name}" if option.short else option.name
    return f"{names} {option.metavar}".rstrip() + ("…" if option.multiple else "")


def _told(option: Option) -> str:
    if option.choices:
        return f"{option.help} One of: {', '.join(option.choices)}."
    return option.help


def _listed(rows: list[tuple[str, str]]) -> str:
    if not rows:
        return ""
    room = min(max(len(name) for name, _ in rows), 28)
    found = []
    for name, line in rows:
        if len(name) > room:
            found.append(f"  {name}\n  {'':{room}}  {line}\n")
        else:
            found.append(f"  {name:{room}}  {line}\n")
    return "".join(found)
