"""What turns texts into vectors: a model in one of two runtimes that agree to 1e-5.

The light one needs numpy alone and starts in a tenth of a second; the reference is
sentence-transformers, an extra, quicker for many texts and 5 seconds to start.
"""

from __future__ import annotations

from gitcoord.errors import InvalidError
from gitcoord.search import numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol

    from gitcoord.search.models import Model

    class Embedder(Protocol):
        """Gives one row of length 1 for each text, as float32."""

        dimension: int

        def embed(self, texts: Sequence[str]) -> Any:
            """Return a float32 array with one row of length 1 for each text."""


RUNTIMES = ("light", "reference")


def available() -> bool:
    """Whether the light runtime has what it needs."""
    return numbers.is_here()


def opened(model: Model, runtime: str = "light", *, alone: bool = False) -> Embedder:
    """Return the embedder of a model; `alone` keeps it to one thread, for a single question."""
    if runtime == "reference":
        from gitcoord.search.reference import Reference  # takes seconds to load

        return Reference(model.folder)
    if not available():
        raise InvalidError("numpy is not installed.", hint="pip install 'gitcoord[search]'")
    from gitcoord.search.minilm import MiniLM  # numpy: only where meaning is asked for

    return MiniLM(model.folder, alone=alone)


def runtimes() -> list[str]:
    """Return the runtimes that could be used here, found out without loading them."""
    found = {
        "light": numbers.is_here("numpy"),
        "reference": numbers.is_here("sentence_transformers"),
    }
    return [name for name in RUNTIMES if found[name]]
