"""From a query to the text that reads back as an equal one."""

from __future__ import annotations

from gitcoord.model.query.nodes import (
    ANY,
    GLOB,
    KEYWORDS,
    ME,
    NONE,
    And,
    Joint,
    Not,
    Or,
    Term,
    Text,
    is_bare,
    quoted,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.model.query.nodes import Node, Query

_FIXED = {ANY: "*", NONE: "none", ME: "me"}
_OPERATORS = frozenset(":<>=")


def spell(query: Query) -> str:
    """Return the text of a query."""
    words = [] if query.where is None else [_node(query.where)]
    if query.sort:
        words.append("sort:" + ",".join([f"{'-' * down}{field}" for field, down in query.sort]))
    if query.group is not None:
        words.append(f"group:{query.group}")
    if query.limit is not None:
        words.append(f"limit:{query.limit}")
    return " ".join(words)


def _node(node: Node) -> str:
    if isinstance(node, Term):
        return f"{node.field}{node.op}" + ",".join([_value(*value) for value in node.values])
    if isinstance(node, Text):
        return node.text if _is_word(node.text) else quoted(node.text)
    if isinstance(node, Not):
        inner = _node(node.part)
        return f"-({inner})" if isinstance(node.part, Joint) else f"-{inner}"
    if isinstance(node, And):
        return " ".join(
            [f"({_node(part)})" if isinstance(part, Or) else _node(part) for part in node.parts]
        )
    if isinstance(node, Or):
        return " or ".join([_node(part) for part in node.parts])
    raise TypeError(f"{type(node).__name__} is no condition")


def _is_word(text: str) -> bool:
    if not is_bare(text) or text[0] in "-!@" or text.lower() in KEYWORDS:
        return False
    return _OPERATORS.isdisjoint(text) and "!=" not in text


def _value(how: str, text: str) -> str:
    if how in _FIXED:
        return _FIXED[how]
    if how == GLOB:
        return text
    is_special = text.lower() in ("none", "me") or "*" in text or "?" in text
    return quoted(text) if is_special or not is_bare(text) else text
