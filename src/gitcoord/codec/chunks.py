"""Three versions of a file merged by stretches of text, so that what people wrote stays.

This is about form alone: comments, order, quotes. Which values come out is decided by
`model.merging`, and whoever calls this sets right what a merge of text gets wrong.
"""

from __future__ import annotations

from gitcoord.codec.lines import is_blank_before, line_start
from gitcoord.codec.read import Malformed, parse
from gitcoord.model import diff3

_TOP = ""


def by_lines(base: str, ours: str, theirs: str) -> str | None:
    """Return the texts merged line by line, None where both sides changed the same lines."""
    stretches = diff3.merge(*(text.split("\n") for text in (base, ours, theirs)))
    if not all(stretch.agreed for stretch in stretches):
        return None
    return "\n".join([line for stretch in stretches for line in stretch.ours])


def by_fields(base: str, ours: str, theirs: str) -> str:
    """Return our text with the fields that only they touched as they wrote them."""
    was, mine, other = cut(base), cut(ours), cut(theirs)
    if was is None or mine is None or other is None:
        return ours
    out: dict[str, str] = {}
    for name, text in mine.items():
        if name in other:
            out[name] = _one(name, was.get(name), text, other[name])
        elif name not in was or was[name] != text:
            out[name] = text
    names = list(out)
    before = _TOP
    for name in other:
        if name not in mine and (name not in was or was[name] != other[name]):
            out[name] = other[name]
            names.insert(names.index(before) + 1 if before in names else len(names), name)
        before = name if name in out else before
    last = names[-1] if names else _TOP
    return "".join([out[name] if name == last else _closed(out[name]) for name in names])


def cut(text: str) -> dict[str, str] | None:
    """Return the lines of each field by its name, comments above it included; None for `{…}`."""
    from gitcoord.codec.tree import grow  # loads the parser that knows positions

    root = grow(text)
    if root.flow or not root.keys:
        return None
    found: dict[str, str] = {}
    name, begin = _TOP, 0
    for key, start in zip(root.keys, root.starts, strict=True):
        if not is_blank_before(text, start):
            return None
        at = _with_comments(text, line_start(text, start), begin)
        found[name] = text[begin:at]
        name, begin = key.text, at
    found[name] = text[begin:]
    return found


def _with_comments(text: str, at: int, floor: int) -> int:
    """Return where the comments begin that stand directly above a line."""
    while at > floor:
        above = line_start(text, at - 1)
        if above < floor or not text[above:at].startswith("#"):
            break
        at = above
    return at


def _one(name: str, base: str | None, ours: str, theirs: str) -> str:
    if ours == base:
        return theirs
    if base is None or theirs in (base, ours):
        return ours
    stretches = diff3.merge(*(text.split("\n") for text in (base, ours, theirs)))
    # What only they changed, a comment above all, is taken also beside what clashes.
    merged = "\n".join([line for stretch in stretches for line in stretch.ours])
    return merged if name == _TOP or _holds(merged, name) else ours


def _holds(text: str, name: str) -> bool:
    try:
        return list(parse(text.encode())) == [name]
    except Malformed:
        return False


def _closed(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
