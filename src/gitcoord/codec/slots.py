"""The place in a text where one value stands, with what surrounds it."""

from __future__ import annotations

from gitcoord.codec.change import Path
from gitcoord.codec.lines import column
from gitcoord.codec.tree import ALIAS, MAPPING, Node
from gitcoord.errors import InvalidError


class Slot:
    """A value in its collection: `holder` at `index`; the root has no holder."""

    __slots__ = ("holder", "index", "node", "outer")

    def __init__(self, node: Node, holder: Node, index: int, outer: Slot | None) -> None:
        self.node = node
        self.holder = holder
        self.index = index
        self.outer = outer  # the slot that the holder itself stands in

    @property
    def name(self) -> str:
        """The key of the value, empty in a list."""
        return self.holder.keys[self.index].text if self.holder.kind == MAPPING else ""

    @property
    def start(self) -> int:
        """Where the key or the dash begins."""
        return self.holder.starts[self.index]

    @property
    def lead(self) -> int:
        """Where the value may begin, behind the colon or the dash; -1 without one."""
        return self.holder.leads[self.index]

    def indent(self, text: str) -> int:
        """Return the column of the key or the dash."""
        return column(text, self.start)


def find(root: Node, where: Path, *, whole: bool = True) -> Slot | None:
    """Return the slot at a path, None for the root itself.

    Refuses to touch what an alias shares: on the way, and with `whole` below it too.
    """
    uses: dict[str, int] = {}
    for node in root.walk():
        if node.kind == ALIAS:
            uses[node.text] = uses.get(node.text, 0) + 1
    slot: Slot | None = None
    holder = root
    for step in where:
        _refuse_shared(holder, uses)
        index = holder.find(step) if isinstance(step, str) else step
        if not 0 <= index < len(holder.values):
            raise LookupError(step)
        slot = Slot(holder.values[index], holder, index, slot)
        holder = slot.node
    for node in holder.walk() if whole and uses else [holder]:
        _refuse_shared(node, uses)
    return slot


def _refuse_shared(node: Node, uses: dict[str, int]) -> None:
    """Raise if a value is written in one place and used in another."""
    if node.kind == ALIAS or (node.anchor is not None and node.anchor in uses):
        sign = "*" if node.kind == ALIAS else "&"
        raise InvalidError(
            f"The value is shared within the file by {sign}{node.anchor}.",
            hint="Edit the file by hand, or write the value out where the alias stands.",
        )
