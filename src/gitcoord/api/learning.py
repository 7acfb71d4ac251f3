"""What was learnt, and how much it is worth: status, and the replay of history."""

from __future__ import annotations

import os
from functools import cache

from gitcoord.api import fixes
from gitcoord.config import learning
from gitcoord.errors import NotFoundError
from gitcoord.memory import asking, build, judging, likeness, priors, replaying, shown, variants
from gitcoord.memory.recommending import Parameters
from gitcoord.memory.replaying import Past

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import Any

    from gitcoord.api.workspace import Workspace

    Near = Callable[[int], Mapping[int, float]]
    """The messages that are like one, by their numbers, with how much."""

_HISTORY = (
    "SELECT time, text, type, strategy, claimed, confirmed_at, coalesce(confirmed, claimed),"
    " recommended FROM attempt WHERE strategy IS NOT NULL"
    " AND coalesce(confirmed, claimed) IS NOT NULL"
)


def evaluate(
    workspace: Workspace, *, variant: str | None = None, repo: str | None = None,
    since: datetime | None = None, models: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Replay history and return what following the recommender would have been worth.

    `since` is where judging begins; what lies before is known then. With `models`, the user's
    folder of models, similarity is by meaning as well where one is installed.
    """
    said = learning.load(workspace.repo.root)
    if variant is not None and variant not in said.variants:
        raise NotFoundError(
            f"There is no variant {variant!r}.",
            hint=f"coord.yaml has {', '.join(said.variants) or 'none'} (`learning.variants`).",
        )
    parameters = Parameters(**said.of(variant))
    connection = fixes.opened(workspace)
    where, words = (" AND repo = ?", [repo]) if repo else ("", [])
    history = [
        Past(time, text, type, strategy, None if claimed is None else bool(claimed), at, bool(final),
             recommended)
        for time, text, type, strategy, claimed, at, final, recommended in connection.execute(
            f"{_HISTORY}{where} ORDER BY time, path", words
        )
    ]  # fmt: skip
    meaning = _meaning(workspace, models, parameters.similarity)
    alike = _alike(connection, parameters.similarity, meaning)
    first = since.timestamp() if since is not None else float("-inf")
    steps = list(replaying.replay(history, alike, parameters, said.defaults, first))
    parameters = _settled(parameters, connection)
    connection.close()
    similarity = "lexical" if meaning is None else "lexical and semantic"
    return {"variant": variant, "parameters": parameters._asdict(), "similarity": similarity} | (
        judging.judged(steps)
    )


def _settled(parameters: Parameters, connection: sqlite3.Connection) -> Parameters:
    """Return the numbers with the prior that is learnt from the whole history, where none is set."""
    if parameters.prior is not None:
        return parameters
    return parameters._replace(prior=priors.learnt(asking.outcomes(connection)))


def _meaning(workspace: Workspace, models: str | None, threshold: float) -> Near | None:
    if models is None or not os.path.isdir(models):
        return None
    from gitcoord.api import attempt_shelf  # search: only where a model is installed

    return attempt_shelf.meaning_among(workspace, models, threshold)


def _alike(connection: sqlite3.Connection, threshold: float, meaning: Near | None) -> Near:
    """Return the function from a message to those like it, with everything it needs in memory.

    An attempt counts with the greater of its two similarities, as in `asking`.
    """
    words = {n: said.split(" ") for n, said in connection.execute("SELECT n, words FROM message")}
    postings = {
        word: build.numbers_of(raw)
        for word, raw in connection.execute("SELECT word, messages FROM posting")
    }
    lengths = asking.lengths(connection)

    @cache
    def alike(number: int) -> Mapping[int, float]:
        found = likeness.alike(words[number], postings, lengths, len(words), threshold)
        for other, score in (meaning(number) if meaning is not None else {}).items():
            if score > found.get(other, 0.0):
                found[other] = score
        return found

    return alike


def status(workspace: Workspace) -> dict[str, Any]:
    """Return what there is to learn from, the recommender's numbers, and how variants compare."""
    said = learning.load(workspace.repo.root)
    connection = fixes.opened(workspace)
    counts = connection.execute(
        "SELECT count(*), count(coalesce(confirmed, claimed)), count(confirmed),"
        " count(DISTINCT text), count(DISTINCT strategy), count(recommended),"
        " sum(recommended = strategy) FROM attempt"
    ).fetchone()
    names = ("attempts", "judged", "confirmed", "messages", "strategies", "recommended", "followed")
    found: dict[str, Any] = dict(zip(names, (count or 0 for count in counts), strict=True))
    results = variants.results(connection)
    learnt = priors.learnt(asking.outcomes(connection))
    connection.close()

    def numbers(variant: str | None) -> dict[str, Any]:
        own = said.of(variant)
        return own | {"prior": learnt if own["prior"] is None else own["prior"]}

    return found | {
        "here": {"recommendations": len(shown.read(workspace.repo, shown.RECOMMENDED))},
        "parameters": numbers(None),
        "variants": [{"name": name, "parameters": numbers(name)} for name in sorted(said.variants)],
        "results": results,
        "comparisons": variants.comparisons(results),
    }
