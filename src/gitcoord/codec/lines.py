"""Where lines begin and end in a text, and which of them belong to a value."""

from __future__ import annotations


def line_start(text: str, at: int) -> int:
    """Return where the line around an offset begins."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """Return the offset behind the line end that follows an offset."""
    return _break(text, at)[1]


def content_end(text: str, at: int) -> int:
    """Return the offset of the line end that follows an offset."""
    return _break(text, at)[0]


def _break(text: str, at: int) -> tuple[int, int]:
    """Return where the first line end begins and ends that follows an offset, else the text's end."""
    # Without `re`, whose import costs the merge driver more than its work.
    newline = text.find("\n", at)
    end = newline if newline >= 0 else len(text)
    alone = text.find("\r", at, end)
    if alone < 0:
        return end, end + (newline >= 0)
    return alone, alone + (2 if text[alone + 1 : alone + 2] == "\n" else 1)


def column(text: str, at: int) -> int:
    """Return how many characters stand before an offset in its line."""
    return at - line_start(text, at)


def ends_line(text: str, at: int) -> bool:
    """Say whether an offset follows a line end directly."""
    return at > 0 and text[at - 1] in "\r\n"


def line_break(text: str, at: int) -> str:
    """Return the line end of the nearest line before or at an offset, else of the file."""
    if ends_line(text, at):
        at -= 1
        at -= text[at - 1 : at + 1] == "\r\n"
    for where in (line_start(text, at), 0):
        begin, end = _break(text, where)
        if begin < end:
            return text[begin:end]
    return "\n"


def owned_end(text: str, end: int, indent: int) -> int:
    """Return where the lines of a value end that itself ends at `end`.

    Comments below it that are indented deeper than its key or dash are part of it.
    """
    end = end if ends_line(text, end) else line_end(text, end)
    at = end
    while at < len(text):
        following = line_end(text, at)
        content = text[at:following].strip()
        if content:
            depth = len(text[at:following]) - len(text[at:following].lstrip(" \t"))
            if content[0] != "#" or depth <= indent:
                break
            end = following
        at = following
    return end


def is_blank_before(text: str, at: int) -> bool:
    """Say whether an offset is the first thing in its line."""
    return not text[line_start(text, at) : at].strip(" \t")
