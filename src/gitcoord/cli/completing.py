"""What TAB offers: commands, options, ids, repositories, labels and fixed words.

The shells call `coord __complete WORD…`, whose last word is the one being typed, and get
one candidate a line, with its description after a tab. Nothing here may fail loudly.
"""

from __future__ import annotations

import os

from gitcoord.cli import table
from gitcoord.cli.run import may_watch, now
from gitcoord.cli.spec import COMMON
from gitcoord.errors import CoordError
from gitcoord.model.kinds import BY_NAME, DEPENDENCY, DEPENDENCY_TYPES, KINDS, PRIORITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.workspace import Workspace
    from gitcoord.cli.spec import Command, Option

_FIXED = {
    "status": [status for kind in KINDS for status in kind.statuses],
    "priority": list(PRIORITIES),
    "kind": [kind.name for kind in KINDS],
    "type": list(DEPENDENCY_TYPES),
    "shell": ["bash", "zsh", "fish"],
    "editor": ["vscode", "neovim", "emacs", "helix"],
}
_QUERIES = {
    "id": "SELECT id, title FROM record WHERE archived = 0 AND id LIKE ? ORDER BY open DESC, sort LIMIT 500",
    "repo": "SELECT id, title FROM record WHERE kind = 'repo' AND id LIKE ? ORDER BY sort LIMIT 500",
    "label": "SELECT DISTINCT value, '' FROM value WHERE field = 'label' AND value LIKE ? ORDER BY value LIMIT 500",
    "role": "SELECT DISTINCT value, '' FROM value WHERE field = 'role' AND value LIKE ? ORDER BY value LIMIT 500",
    "tag": "SELECT DISTINCT value, '' FROM value WHERE field = 'tag' AND value LIKE ? ORDER BY value LIMIT 500",
    "assignee": "SELECT DISTINCT assignee, '' FROM record WHERE assignee LIKE ? ORDER BY assignee LIMIT 500",
}


def complete(words: Sequence[str]) -> list[str]:
    """Return the candidates for the last word, each with its description after a tab."""
    typed = words[-1] if words else ""
    name, rest, before = table.find(words[:-1])
    if name is None:
        return ["__files__"] if before[-1:] == ["--hub"] else _commands(list(words[:-1]), typed)
    command = table.load(name)
    option = _option_waiting(command, rest)
    if option is not None:
        return _of_option(name, option, typed, words)
    if typed.startswith("--") and "=" in typed:
        return _after_sign(name, command, typed, words)
    if typed.startswith("-") and ":" not in typed:
        offered = [(o.name, o.help) for o in (*command.options, *COMMON)]
        return [f"{word}\t{line}" for word, line in offered if word.startswith(typed)]
    free = [word for word in rest if not word.startswith("-")]
    arguments = command.arguments
    if not arguments:
        return []
    argument = arguments[min(len(free), len(arguments) - 1)]
    return _of((), argument.complete, typed, words)


def _commands(before: list[str], typed: str) -> list[str]:
    lead = [word for word in before if not word.startswith("-")]
    if lead:
        return [
            f"{name.split(' ')[1]}\t{line}"
            for name, (_, line) in table.COMMANDS.items()
            if name.startswith(f"{lead[0]} ") and name.split(" ")[1].startswith(typed)
        ]
    single = [(name, line) for name, (_, line) in table.COMMANDS.items() if " " not in name]
    if "-" in typed:  # the flat names; before that they would bury the others
        single += [(flat, table.COMMANDS[name][1]) for flat, name in table.ALIASES.items()]
    return [
        f"{name}\t{line}"
        for name, line in [*single, *table.GROUPS.items()]
        if name.startswith(typed) and " " not in name
    ]


def _of_option(name: str, option: Option, typed: str, words: Sequence[str]) -> list[str]:
    """Return the values of an option; a status has to be one of the command's kind."""
    choices: Sequence[str] = option.choices
    noun = {"dep": DEPENDENCY.name}.get(name.partition(" ")[0], name.partition(" ")[0])
    if option.complete == "status" and noun in BY_NAME:
        choices = BY_NAME[noun].statuses
    return _of(choices, option.complete or option.key, typed, words)


def _after_sign(name: str, command: Command, typed: str, words: Sequence[str]) -> list[str]:
    """Return what goes on from `--option=`."""
    lead, _, value = typed.partition("=")
    option = _option_waiting(command, [lead])
    if option is None:
        return []
    found = _of_option(name, option, value, [*words[:-1], value])
    return found if found == ["__files__"] else [f"{lead}={one}" for one in found]


def _option_waiting(command: Command, rest: list[str]) -> Option | None:
    if not rest or not rest[-1].startswith("-"):
        return None
    for option in (*command.options, *COMMON):
        if rest[-1] in (option.name, option.short) and option.metavar:
            return option
    return None


def _of(choices: Sequence[str], source: str, typed: str, words: Sequence[str]) -> list[str]:
    fixed = list(choices) or _FIXED.get(source)
    if fixed is not None:
        return [word for word in dict.fromkeys(fixed) if word.startswith(typed)]
    if source in ("file", "dir", "hub"):
        return ["__files__"]
    if source == "query" and not typed.startswith("@"):
        from gitcoord.cli import completing_queries  # only where a query is typed

        return completing_queries.complete(typed, lambda of, part: _of((), of, part, words))
    return _from_hub(source, typed, words)


def _from_hub(source: str, typed: str, words: Sequence[str]) -> list[str]:
    from gitcoord.api.workspace import open_workspace  # only where the hub is asked

    folder = os.getcwd()
    if "--hub" in words[:-1]:
        folder = words[list(words).index("--hub") + 1]
    try:
        workspace = open_workspace(folder, now(), watch=may_watch())
    except CoordError:
        return []
    try:
        return _words_of(workspace, source, typed)
    except CoordError:
        return []
    finally:
        workspace.close()


def _words_of(workspace: Workspace, source: str, typed: str) -> list[str]:
    from gitcoord.api import templates  # only where the hub is asked
    from gitcoord.cli.text import inert

    if source == "template":
        return [name.partition("-")[2] for name in templates.names(workspace)]
    if source == "query":
        return [f"@{name}" for name in workspace.settings.queries if f"@{name}".startswith(typed)]
    query = _QUERIES.get(source)
    if query is None:
        return []
    like = typed.replace("%", "").replace("_", "") + "%"
    rows = workspace.view().execute(query, (like,))
    return [f"{word}\t{inert(line or '')}" if line else word for word, line in rows
            if word.isprintable()]  # fmt: skip
