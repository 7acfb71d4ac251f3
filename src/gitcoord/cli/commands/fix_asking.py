"""`coord fix similar` and `coord fix recommend`."""

from __future__ import annotations

import os

from gitcoord.api import recommending
from gitcoord.cli import options, text
from gitcoord.cli.commands import fix
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.cli.run import Run
    from gitcoord.memory.asking import Meaning

_HIT = "{id, kind, repo, title, score, reasons, and the fields of an attempt}"


def _similar(run: Run) -> None:
    workspace = run.journal
    found = recommending.similar(
        workspace, " ".join(run["message"]), type=run["type"], limit=options.limit_of(run),
        meaning=_meaning(run, workspace),
    )  # fmt: skip
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in found]))
    elif found:
        run.out(_table(found))
    else:
        run.note("no attempts.")


def _meaning(run: Run, workspace: Workspace) -> Meaning | None:
    """Return the similarity by meaning, unless words are to decide or there is no model."""
    if run["mode"] == "lexical":
        return None
    from gitcoord.cli import surroundings

    models = surroundings.models()
    if not os.path.isdir(models):
        return None
    from gitcoord.api import attempt_shelf  # search: only where a model is installed

    return attempt_shelf.meaning_of(workspace, models)


def _table(found: list[dict[str, Any]]) -> str:
    rows = [
        (f"{one['score']:.2f}", one["strategy"] or "-", fix.outcome_of(one), one["repo"],
         one["title"], one["id"])
        for one in found
    ]  # fmt: skip
    return text.table(rows, flexible=4)


def _recommend(run: Run) -> None:
    workspace = run.journal
    found = recommending.recommend(
        workspace, " ".join(run["message"]), type=run["type"], session=run["session"],
        repo=fix.here(run, workspace), variant=run["variant"], meaning=_meaning(run, workspace),
    )  # fmt: skip
    if run.json:
        run.out(jsontext.dumps(found))
        return
    run.out(_headline(found))
    run.out(text.inert(found["reason"]) + ".")
    for one in found["alternatives"]:
        why = f"; second because {one['behind']}" if one["behind"] else ""
        run.out(f"  else {_headline(one)}: {one['worked']} worked, {one['failed']} failed{why}")
    if found["attempts"]:
        run.out(_table(found["attempts"]))
    if found["run"]:
        run.out(f"Tell what came of it: coord fix outcome {found['run']} --worked")
    else:
        run.note("it could not be written down here, so its outcome needs `coord fix record`.")


def _headline(one: dict[str, Any]) -> str:
    by = f" by {one['agent']}" if one["agent"] else ""
    sure = ""
    if one["confidence"] is not None:
        sure = f"  {one['confidence'] * 100:.0f} % {fix.between(one['interval'])}"
    return text.inert(f"{one['strategy']}{by}") + sure


SIMILAR = Command(
    _similar,
    arguments=[fix.MESSAGE],
    options=[fix.TYPE, fix.MODE, options.LIMIT],
    description=(
        "The most alike first, those that failed as well. Paths, numbers and names in a message do\n"
        "not count; less than 0.3 alike is left out (`learning.similarity` in coord.yaml)."
    ),
    example="coord fix similar \"'os' imported but unused\" --type F401",
    shape=f"an array of {_HIT}",
)
RECOMMEND = Command(
    _recommend,
    arguments=[fix.MESSAGE],
    options=[
        fix.TYPE,
        fix.MODE,
        Option("--repo", "REPO", "The repository it is in, if not this one.", short="-r",
               complete="repo"),
        Option("--session", "SESSION", "Whose question it is; decides the variant, if there are any."),
        Option("--variant", "NAME", "Ask this variant, whatever the session."),
    ],
    description=(
        "All attempts at troubles like this count, failures too, the older the less. `basis` says\n"
        "what the answer rests on: similar attempts, attempts at the type, or a default. The formula\n"
        "stands in docs/fixes.md."
    ),
    example="coord fix recommend \"'os' imported but unused\" --type F401",
    shape=(
        "{strategy, agent, confidence, interval: [low, high], worked, failed, reason, basis: similar or\n"
        "type or default, evidence, attempts: [hits], alternatives: [{strategy, agent, confidence,\n"
        "interval, worked, failed, behind}], similarity, variant, run}"
    ),
)  # fmt: skip
