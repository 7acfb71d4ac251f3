"""What is well-formed YAML and refused all the same: tags, merge keys, odd keys and numbers.

One pass over the events finds the first of them and its place. It also weighs what
aliases would expand to, before anything is expanded.
"""

from __future__ import annotations

from typing import Any

import yaml

from gitcoord.codec import reasons
from gitcoord.codec.events import events
from gitcoord.codec.malformed import Malformed, position
from gitcoord.codec.native import loads
from gitcoord.codec.read import LARGEST, MAX_BYTES
from gitcoord.codec.scalar import quoted

_NODE_WEIGHT = 16
_MAY_BE_TYPED = frozenset("0123456789+-.~tTfFnN")


class _Level:
    """A collection that is being read."""

    __slots__ = ("anchor", "is_mapping", "key", "keys", "start")

    def __init__(self, is_mapping: bool, anchor: str | None, start: int) -> None:
        self.is_mapping = is_mapping
        self.anchor = anchor
        self.start = start  # the weight of the document before it
        self.keys: dict[str, int] = {}
        self.key = is_mapping  # whether a key comes next


def first_fault(text: str) -> Malformed | None:
    """Return the first thing in a text that is refused; raise yaml.YAMLError if it is no YAML."""
    return _Search(text).run()


class _Search:
    """One pass over a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.levels: list[_Level] = []
        self.weight = 0
        self.expanded = 0
        self.weights: dict[str, int] = {}
        self.texts: dict[str, str] = {}

    def run(self) -> Malformed | None:
        documents = 0
        for event in events(self.text):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    return self.fault(event, *reasons.SECOND_DOCUMENT)
            found = self.look_at(event)
            if found is not None:
                return found
        return None

    def look_at(self, event: Any) -> Malformed | None:
        if getattr(event, "tag", None) is not None:
            tag = _shown(event.tag.replace("tag:yaml.org,2002:", "!!"))
            return self.fault(
                event,
                "tag",
                f"The tag {tag} is not allowed: values are plain text, numbers, "
                "lists and mappings.",
                "Remove the tag, or put the value in quotes if the text begins with `!`.",
            )
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        if isinstance(event, yaml.CollectionStartEvent):
            if self.in_key():
                return self.fault(event, *reasons.COLLECTION_AS_KEY)
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            self.levels.append(_Level(is_mapping, event.anchor, self.weight))
            self.weight += _NODE_WEIGHT
        elif isinstance(event, yaml.CollectionEndEvent):
            level = self.levels.pop()
            if level.anchor:
                self.weights[level.anchor] = self.weight - level.start
            self.next_place()
        return None

    def scalar(self, event: yaml.ScalarEvent) -> Malformed | None:
        value: str = event.value
        plain = not event.style
        self.weight += _NODE_WEIGHT + len(value)
        if event.anchor:
            self.weights[event.anchor] = _NODE_WEIGHT + len(value)
            self.texts[event.anchor] = value
        found = self.key(event, value, plain) if self.in_key() else None
        if found is None and plain and value[:1] in _MAY_BE_TYPED and not _is_fit(value):
            found = self.fault(event, *reasons.ODD_NUMBER)
        self.next_place()
        return found

    def alias(self, event: yaml.AliasEvent) -> Malformed | None:
        name = str(event.anchor)
        if any(level.anchor == name for level in self.levels):
            return self.fault(event, *reasons.ALIAS_IN_ITSELF)
        self.expanded += self.weights.get(name, 0)
        self.weight += self.weights.get(name, 0)
        if self.expanded > MAX_BYTES:
            return self.fault(event, *reasons.TOO_MANY_ALIASES)
        found = None
        if self.in_key():
            if name not in self.texts:
                return self.fault(event, *reasons.COLLECTION_AS_KEY)
            found = self.key(event, self.texts[name], False)
        self.next_place()
        return found

    def key(self, event: Any, name: str, plain: bool) -> Malformed | None:
        if plain and name == "<<":
            return self.fault(event, *reasons.MERGE_KEY)
        if plain and (not name or name[0] in _MAY_BE_TYPED) and _typed(name) is not str:
            read_as = _TYPES.get(_typed(name), "number")
            return self.fault(
                event,
                "key-not-text",
                f"The key `{_shown(name)}` is read as a {read_as}, not as text.",
                f'Put the key in quotes: "{name[:40]}".',
            )
        keys = self.levels[-1].keys
        if name in keys:
            first = position(self.text, keys[name])[0]
            return self.fault(
                event,
                "duplicate-key",
                f"The key `{_shown(name)}` stands here a second time; line {first} has it already.",
                "Keep one of the two, or join their values.",
            )
        keys[name] = event.start_mark.index
        return None

    def in_key(self) -> bool:
        return bool(self.levels) and self.levels[-1].key

    def next_place(self) -> None:
        if self.levels and self.levels[-1].is_mapping:
            self.levels[-1].key = not self.levels[-1].key

    def fault(self, event: Any, code: str, message: str, hint: str) -> Malformed:
        return Malformed(*position(self.text, event.start_mark.index), code, message, hint)


_TYPES: dict[type | None, str] = {bool: "truth value", type(None): "null"}


def _typed(value: str) -> type | None:
    """Return the type that a plain scalar is read as, None when the parser refuses it."""
    try:
        return type(loads(value)) if value else type(None)
    except ValueError:
        return None


def _shown(text: str) -> str:
    """Return a part of a file for a message, short and without signs that a terminal obeys."""
    return text[:40] if text.isprintable() else quoted(text[:40])


def _is_fit(value: str) -> bool:
    """Say whether a plain scalar is text, or a number that everybody can hold."""
    try:
        found = loads(value)
    except ValueError:
        # A whole number beyond 64 bits, or a fragment that means something only in its place.
        return value.strip("+-0123456789") != ""
    return type(found) not in (int, float) or -LARGEST <= found < LARGEST
