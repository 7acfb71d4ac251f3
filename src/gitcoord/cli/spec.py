"""What a command takes, declared once: parsing, help, completion and the reference read it.

The parser follows GNU and git: options anywhere, `--name value` and `--name=value`,
short flags, `--` ends options, an unambiguous beginning of an option's name is enough.
"""

from __future__ import annotations

from gitcoord.errors import UsageError
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gitcoord.cli.run import Run


class Option:
    """One option; without a `metavar` it is a flag.

    `choices` are the words it takes, `complete` names a source of words for completion
    (`id`, `repo`, `label`, `kind`, `file`, ...), `convert` turns the text into a value.
    """

    __slots__ = ("choices", "complete", "convert", "help", "metavar", "multiple", "name", "short")

    def __init__(
        self,
        name: str,
        metavar: str = "",
        help: str = "",
        *,
        short: str = "",
        multiple: bool = False,
        choices: tuple[str, ...] = (),
        complete: str = "",
        convert: Callable[[str], Any] | None = None,
    ) -> None:
        self.name = name
        self.metavar = metavar
        self.help = help
        self.short = short
        self.multiple = multiple
        self.choices = choices
        self.complete = complete
        self.convert = convert

    @property
    def key(self) -> str:
        """The name under which the value reaches the command."""
        return self.name[2:].replace("-", "_")


class Argument:
    """One positional argument."""

    __slots__ = ("complete", "help", "metavar", "multiple", "required")

    def __init__(
        self,
        metavar: str,
        help: str = "",
        *,
        required: bool = True,
        multiple: bool = False,
        complete: str = "",
    ) -> None:
        self.metavar = metavar
        self.help = help
        self.required = required
        self.multiple = multiple
        self.complete = complete

    @property
    def key(self) -> str:
        """The name under which the value reaches the command."""
        return self.metavar.lower().replace("-", "_").replace("|", "_")


HUB = Option(
    "--hub",
    "DIR",
    "The hub, if not $COORD_HUB or the one around the current directory.",
    complete="dir",
)
JSON = Option("--json", help="Print JSON.")
HELP = Option("--help", help="Show this help.", short="-h")
COMMON = (HUB, JSON, HELP)


class Command:
    """One command: what it takes, what it does, and an example of it."""

    __slots__ = ("arguments", "description", "example", "options", "run", "shape")

    def __init__(
        self,
        run: Callable[[Run], int | None],
        *,
        arguments: Sequence[Argument] = (),
        options: Sequence[Option] = (),
        description: str = "",
        example: str,
        shape: str,
    ) -> None:
        self.run = run
        self.arguments = tuple(arguments)
        self.options = tuple(options)
        self.description = description
        self.example = example
        self.shape = shape


class Values:
    """The values of one call, by the keys of options and arguments."""

    __slots__ = ("_found",)

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found

    def __getitem__(self, key: str) -> Any:
        return self._found[key]

    def given(self, key: str) -> bool:
        """Whether the option was given, with any value."""
        return self._found.get(key) not in (None, False, [])


def parse(command: Command, words: Sequence[str], name: str) -> Values:
    """Return the values in the words after the command's name; raise `UsageError`."""
    options = (*command.options, *COMMON)
    found: dict[str, Any] = {
        option.key: [] if option.multiple else (None if option.metavar else False)
        for option in options
    }
    free: list[str] = []
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if word == "--":
            free += words[position:]
            break
        if not word.startswith("-") or word == "-" or _negative(word, command):
            free.append(word)
            continue
        position = _option(options, words, position, found, name)
    if not found["help"]:
        _positional(command, free, found, name)
    return Values(found)


def _option(
    options: Sequence[Option], words: Sequence[str], position: int, found: dict[str, Any], name: str
) -> int:
    word, equals, value = words[position - 1].partition("=")
    option = _find(options, word, name)
    if option is None:  # several short flags in one word, or a short option with its value
        option = _find(options, word[:2], name) if not word.startswith("--") else None
        if option is None or (not option.metavar and equals):
            raise _unknown(options, word, name)
        rest = words[position - 1][2:]
        if option.metavar:
            equals, value = "=", rest.removeprefix("=")
        else:
            found[option.key] = True
            return _option(
                options,
                [*words[: position - 1], "-" + rest, *words[position:]],
                position,
                found,
                name,
            )
    if not option.metavar:
        if equals:
            raise UsageError(f"{option.name} takes no value.", hint=f"coord {name} {option.name}")
        found[option.key] = True
        return position
    if not equals:
        if position >= len(words):
            raise UsageError(
                f"{option.name} needs a value: {option.name} {option.metavar}.", hint=_see(name)
            )
        value = words[position]
        position += 1
    _set(option, value, found)
    return position


def _set(option: Option, text: str, found: dict[str, Any]) -> None:
    if option.choices and text not in option.choices:
        close = nearest(text, option.choices)
        raise UsageError(
            f"{option.name} does not take {text!r}"
            + (f"; did you mean {close}?" if close else "."),
            hint=f"It takes {', '.join(option.choices)}.",
        )
    value: Any = text
    if option.convert is not None:
        try:
            value = option.convert(text)
        except ValueError as error:
            raise UsageError(f"{option.name} does not take {text!r}: {error}.") from None
    if option.multiple:
        found[option.key].append(value)
    else:
        found[option.key] = value


def _find(options: Sequence[Option], word: str, name: str) -> Option | None:
    for option in options:
        if word in (option.name, option.short):
            return option
    if not word.startswith("--") or len(word) < 5:  # two letters mean too many things
        return None
    close = [option for option in options if option.name.startswith(word)]
    if len(close) > 1:
        names = ", ".join(option.name for option in close)
        raise UsageError(f"{word} is the beginning of several options: {names}.", hint=_see(name))
    return close[0] if close else None


def _unknown(options: Sequence[Option], word: str, name: str) -> UsageError:
    close = nearest(word, [option.name for option in options])
    return UsageError(
        f"`coord {name}` has no option {word}" + (f"; did you mean {close}?" if close else "."),
        hint=_see(name),
    )


def _negative(word: str, command: Command) -> bool:
    """Whether a word with a leading dash is a term of a query and no option."""
    if any(argument.metavar == "QUERY" for argument in command.arguments):
        return not word.startswith("--") and (":" in word or len(word) > 2)
    return False


def _positional(command: Command, free: list[str], found: dict[str, Any], name: str) -> None:
    left = list(free)
    for argument in command.arguments:
        if argument.multiple:
            found[argument.key], left = left, []
            missing = not found[argument.key]
        else:
            found[argument.key] = left.pop(0) if left else None
            missing = found[argument.key] is None
        if missing and argument.required:
            raise UsageError(f"`coord {name}` needs {argument.metavar}.", hint=_see(name))
    if left:
        hint = _see(name)
        if not command.arguments and command.options and command.options[0].metavar == "TEXT":
            from shlex import quote  # only for trouble

            hint = f"Say which field it is: {command.options[0].name} {quote(left[0])}. {hint}"
        raise UsageError(f"`coord {name}` does not take {left[0]!r}.", hint=hint)


def _see(name: str) -> str:
    return f"`coord {name} --help` shows what it takes."
