"""One call of a tool: the opened hub, the values, and a way to tell how far it is."""

from __future__ import annotations

from gitcoord.codec import jsontext
from gitcoord.errors import CoordError
from gitcoord.mcp import cursors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gitcoord.api.workspace import Workspace

    Step = Callable[[int, int, str], None]


class StoppedError(CoordError):
    """The client has cancelled the call."""

    code = "cancelled"


class Call:
    """What a tool is given.

    `step` tells the client how many of how many steps are done and what comes next; it
    raises `StoppedError` when nobody waits for the answer any more. `models` is the user's folder
    of models. `remembers` is false where even what ranking learns from is not to be written.
    """

    __slots__ = ("asked", "models", "remembers", "step", "values", "workspace")

    def __init__(
        self, name: str, values: dict[str, Any], workspace: Workspace, step: Step, models: str = "",
        *, remembers: bool = True,
    ) -> None:  # fmt: skip
        self.values = values
        self.workspace = workspace
        self.step = step
        self.models = models
        self.remembers = remembers
        rest = {key: value for key, value in values.items() if key not in ("cursor", "limit")}
        self.asked = f"{name} {jsontext.dumps(rest)}"

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def after(self) -> tuple[int, str] | None:
        """Return what the cursor says, None without one."""
        cursor = self.values.get("cursor")
        return cursors.read(self.asked, cursor) if cursor else None

    def given(self, *names: str) -> dict[str, Any]:
        """Return the values of some parameters that were given."""
        return {name: self.values[name] for name in names if self.values[name] is not None}
