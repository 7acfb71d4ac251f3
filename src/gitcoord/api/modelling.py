"""The model on this machine: put in place, looked at, taken away."""

from __future__ import annotations

from gitcoord.errors import NotFoundError
from gitcoord.search import embedder, models

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gitcoord.search.models import Model

    Tell = Callable[[str], object]


def install(folder: str, source: str | None, sha256: str | None, tell: Tell) -> dict[str, Any]:
    """Install a model below a folder and return what `status` says of it.

    Raises `InvalidError` where it is not what it should be; what was there before stays then.
    """
    from gitcoord.search import installing  # only to install

    return _told(installing.install(folder, source, sha256, tell), [])


def status(folder: str) -> dict[str, Any] | None:
    """Return name, place and state of the installed model, None when there is none."""
    model = models.installed(folder)
    return None if model is None else _told(model, models.damaged(model))


def remove(folder: str) -> str:
    """Delete the installed model and return where it lay; raise when there is none."""
    from gitcoord.search import installing  # only to remove

    if not installing.remove(folder):
        raise NotFoundError("No model is installed.", hint="`coord model install` fetches one.")
    return models.folder_of(folder)


def _told(model: Model, damaged: list[str]) -> dict[str, Any]:
    return {
        "name": model.name,
        "fingerprint": model.fingerprint,
        "dimension": model.dimension,
        "source": model.source,
        "folder": model.folder,
        "bytes": sum(model.sizes.values()),
        "sha256": model.checksums["model.safetensors"],
        "damaged": damaged,
        "runtimes": embedder.runtimes(),
    }
