"""The model that embeds texts: where it lies on this machine, and what tells it from others.

There is one at a time for all hubs of a user, in a folder of the user's own. Its name comes
from the contents of its files: vectors of different models never meet.
"""

from __future__ import annotations

import os

from gitcoord.codec import jsontext
from gitcoord.search.weights import mapping
from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NEEDED = ("config.json", "model.safetensors", "vocab.txt")
_MANIFEST = "coord-model.json"
_MOST_TOLD = 1 << 20


class Model:
    """An installed model: `fingerprint` names its contents, `checksums` those of its files."""

    __slots__ = ("checksums", "dimension", "fingerprint", "folder", "name", "sizes", "source")

    def __init__(self, folder: str, told: dict[str, Any]) -> None:
        self.folder = folder
        self.name: str = told["name"]
        self.source: str = told["source"]
        self.fingerprint: str = told["fingerprint"]
        self.dimension: int = told["dimension"]
        self.checksums: dict[str, str] = told["checksums"]
        self.sizes: dict[str, int] = told["sizes"]


def folder_of(models: str) -> str:
    """Return the folder of the model in use, below the user's folder of models."""
    return os.path.join(models, "current")


def installed(models: str) -> Model | None:
    """Return the model in use, None when there is none or it is not whole."""
    folder = folder_of(models)
    try:
        raw = files.read(os.path.join(folder, _MANIFEST), _MOST_TOLD) or b""
        found = Model(folder, mapping(raw.decode()))
        whole = all(
            os.path.getsize(os.path.join(folder, name)) == size
            for name, size in found.sizes.items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if whole else None


def is_there(models: str) -> bool:
    """Whether anything lies where the model in use is to be, be it whole or not."""
    return os.path.lexists(folder_of(models))


def describe(folder: str, name: str, source: str) -> Model:
    """Write down what a folder of model files holds, and return it."""
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = mapping(file.read())
    checksums = {file: checksum(os.path.join(folder, file)) for file in NEEDED}
    told = {
        "name": name,
        "source": source,
        "fingerprint": _fingerprint(checksums),
        "dimension": config["hidden_size"],
        "checksums": checksums,
        "sizes": {file: os.path.getsize(os.path.join(folder, file)) for file in NEEDED},
    }
    with open(os.path.join(folder, _MANIFEST), "w", encoding="utf-8") as file:
        file.write(jsontext.dumps(told) + "\n")
    return Model(folder, told)


def damaged(model: Model) -> list[str]:
    """Return the files of a model that are not what they were when it was installed."""
    return [
        name
        for name, wanted in model.checksums.items()
        if checksum(os.path.join(model.folder, name)) != wanted
    ]


def checksum(path: str) -> str:
    """Return the SHA-256 of a file, nothing when it cannot be read."""
    from hashlib import file_digest  # only to install and to check

    try:
        with open(path, "rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _fingerprint(checksums: dict[str, str]) -> str:
    from hashlib import sha256

    return sha256("\n".join(checksums[name] for name in NEEDED).encode()).hexdigest()[:12]
