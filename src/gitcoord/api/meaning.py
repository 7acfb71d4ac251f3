"""The model as the other functions of `api` see it: there or not, with what it takes to use it."""

from __future__ import annotations

from gitcoord.search import embedder, models, numbers, vectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from gitcoord.search.embedder import Embedder
    from gitcoord.search.models import Model

NO_MODEL = "no model is installed: ranked by words alone; `coord model install` adds meaning."
DAMAGED = "the model is damaged: ranked by words alone; `coord model install` fetches it once more."
NO_NUMPY = (
    "numpy is not installed: ranked by words alone; pip install 'gitcoord[search]' adds meaning."
)


class Meaning:
    """An installed model that can be used, with its embedder."""

    __slots__ = ("embedder", "model")

    def __init__(self, model: Model, found: Embedder) -> None:
        self.model = model
        self.embedder = found

    def vectors(self, connection: sqlite3.Connection, path: str) -> vectors.Vectors:
        """Return the packed vectors of a corpus under this model."""
        return vectors.Vectors(
            numbers.load(alone=True), connection, path, self.model.fingerprint, self.model.dimension
        )


def opened(
    models_folder: str, *, runtime: str = "light", alone: bool = False
) -> tuple[Meaning | None, str]:
    """Return the model ready for use, or None and a sentence that says why not."""
    model = models.installed(models_folder)
    if model is None:
        return None, DAMAGED if models.is_there(models_folder) else NO_MODEL
    if runtime == "light" and not embedder.available():
        return None, NO_NUMPY
    try:
        return Meaning(model, embedder.opened(model, runtime, alone=alone)), ""
    except (OSError, ValueError, KeyError, TypeError, MemoryError):
        if not models.damaged(model):
            raise  # the trouble is another
        return None, DAMAGED
