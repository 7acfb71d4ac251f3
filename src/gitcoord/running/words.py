"""A command's text as the words it is run with: there is no shell, so none is imitated.

What a shell would act upon (pipes, redirections, variables, wildcards, several commands)
is refused instead of being passed on as plain words, which nobody who wrote it meant.
"""

from __future__ import annotations

from gitcoord.errors import InvalidError

_MOST = 4096
_EVERYWHERE = "|&;<>()`$\\"
_BARE = "*?[]{}~#!"
_HINT = "A command is run without a shell: put what needs one into a script of the repository."


def split(text: str) -> list[str]:
    """Return the words of a command; raise `InvalidError` for what only a shell understands."""
    import shlex  # brings `re`; only for what is run

    stripped = text.strip()
    _refuse_odd(stripped)
    met = shell_sign(stripped)
    if met is not None:
        raise InvalidError(
            f"The command holds {met!r}, which only a shell understands.", hint=_HINT
        )
    try:
        words = shlex.split(stripped)
    except ValueError as error:
        raise InvalidError(
            f"The command cannot be read: {error}.", hint="Close every quotation mark."
        ) from None
    if not words or not words[0]:
        raise InvalidError("The command is empty.", hint="Write one, or remove the field.")
    if "=" in words[0] or words[0].startswith("-"):
        raise InvalidError(f"{words[0]!r} is no program.", hint=_HINT)
    return words


def _refuse_odd(text: str) -> None:
    if len(text) > _MOST:
        raise InvalidError(
            f"The command has {len(text)} characters; {_MOST} are the most.", hint=_HINT
        )
    odd = next((ch for ch in text if not ch.isprintable()), None)
    if odd is not None:  # a line end hides a second command, a direction mark hides the first
        raise InvalidError(
            f"The command holds the invisible character U+{ord(odd):04X}.",
            hint="Write it in one line of plain characters.",
        )


def shell_sign(text: str) -> str | None:
    """Return the first character that a shell would act upon, quotes taken into account."""
    quote = ""
    for position, ch in enumerate(text):
        if quote:
            if ch == quote:
                quote = ""
            elif quote == '"' and ch in "$`\\":
                return ch
        elif ch in "'\"":
            quote = ch
        elif ch in _EVERYWHERE or (ch in _BARE and _acts(text, position)):
            return ch
    return None


def _acts(text: str, position: int) -> bool:
    """Whether a shell looks at a bare character here: some count only where a word begins."""
    if text[position] in "~#!":
        return position == 0 or text[position - 1].isspace()
    return True
