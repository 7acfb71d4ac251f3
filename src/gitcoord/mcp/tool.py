"""One tool as it is declared: what it is called, takes, does and answers."""

from __future__ import annotations

from gitcoord.mcp.parameters import schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gitcoord.mcp.answer import Answer
    from gitcoord.mcp.call import Call
    from gitcoord.mcp.parameters import Parameter

READS, ADDS, SETS = "reads", "adds", "sets"
"""What a call does: nothing to the hub; something each time; the same when repeated."""


class Tool:
    """One tool.

    `does` is one of `READS`, `ADDS` and `SETS`; `slow` ones may take seconds, and tell how far
    they are.
    """

    __slots__ = ("does", "name", "parameters", "run", "shape", "slow", "title", "told")

    def __init__(
        self,
        name: str,
        run: Callable[[Call], Answer],
        told: str,
        parameters: Sequence[Parameter] = (),
        *,
        shape: dict[str, Any],
        does: str = READS,
        slow: bool = False,
    ) -> None:
        self.name = name
        self.title = name.removeprefix("coord_").replace("_", " ").capitalize()
        self.run = run
        self.told = told
        self.parameters = tuple(parameters)
        self.shape = shape
        self.does = does
        self.slow = slow

    @property
    def reads(self) -> bool:
        """Whether the hub stays as it is."""
        return self.does == READS

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the arguments."""
        return schema_of(self.parameters)

    def hints(self) -> dict[str, bool]:
        """Return what a client may know before it asks its user.

        Nothing destroys: a record's former state stays in git, and no tool deletes. What the
        protocol takes for granted (that a tool writes, and adds each time) is left out.
        """
        if self.reads:
            return {"readOnlyHint": True}
        hints = {"destructiveHint": False}
        return hints | {"idempotentHint": True} if self.does == SETS else hints
