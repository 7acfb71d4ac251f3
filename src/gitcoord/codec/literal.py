"""A text of several lines as a literal block, the only form in which a diff shows its lines."""

from __future__ import annotations

from gitcoord.codec.scalar import needs_escape


def chomping(text: str) -> str:
    """Return how the end of a block is told apart: one line end, none, or several."""
    if not text.endswith("\n"):
        return "-"
    return "+" if text.endswith("\n\n") else ""


def fits(text: str) -> bool:
    """Say whether a literal block can carry a text unharmed, through editors too."""
    if "\n" not in text:
        return False
    if not text.isprintable():
        for char in set(text):
            if not char.isprintable() and char not in "\n\t" and needs_escape(char):
                return False
    lines = text.split("\n")
    # Lines of nothing but blanks lose them in the next editor.
    return any(lines) and not any(line and not line.strip(" \t") for line in lines)


def needs_indicator(text: str) -> bool:
    """Say whether the first line begins with a blank, so that the indentation must be told."""
    return text.lstrip("\n")[:1] in (" ", "\t")


def body(text: str, indent: str) -> str:
    """Return the indented lines of a block, each with its line end."""
    lines = text.removesuffix("\n").split("\n")
    return "".join([f"{indent}{line}\n" if line else "\n" for line in lines])
