"""`make eval`: how well each way of ranking finds what it should, as a Markdown table.

Below it stands what fused has over the better of both, and how much of that chance explains.

python -m tests.eval [REPOSITORY…]: the demo hub, this project, and any repositories that are
named. The model has to be installed.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import numpy as np
from tests.eval import margins, sets, trackers

from gitcoord.cli import surroundings
from gitcoord.search import corpus, embedder, filling, models, ranking
from gitcoord.search.corpus import Document
from gitcoord.search.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.eval.sets import Set

    from gitcoord.search.models import Model

_SEEN = 100


def measure(model: Model, one: Set) -> dict[str, Any]:
    """Return recall@10, MRR and nDCG@10 of each way of ranking, a row for each question."""
    connection = corpus.opened(":memory:")
    with corpus.transaction(connection):
        corpus.put(
            connection,
            [_document(n, one) for n in range(len(one.documents))],
        )
    found = embedder.opened(model)
    vectors = Vectors(np, connection, ":memory:", model.fingerprint, model.dimension)
    filling.fill(connection, vectors, found)
    asked = found.embed([question.text for question in one.questions])
    rows: dict[str, list[list[float]]] = {mode: [] for mode in ranking.MODES}
    for number, question in enumerate(one.questions):
        for mode in ranking.MODES:
            wanted = ranking.Question(question.text, asked[number], mode)
            looked = ranking.look(connection, vectors, wanted, _SEEN, None)
            scored = ranking.score(looked, wanted, looked.top)
            ranking.closer([(connection, hit) for hit in scored if hit.n != question.own], wanted)
            scored.sort(key=lambda hit: (-hit.score, hit.n))
            listed = [hit.n for hit in scored]
            ranked = [n for n in listed if n != question.own][:_SEEN]
            rows[mode].append(figures(ranked, question.answers))
    vectors.close()
    connection.close()
    return {mode: np.array(found) for mode, found in rows.items()}


def _document(n: int, one: Set) -> Document:
    title, body = one.documents[n]
    kind, paths = ("commit", one.paths[n]) if one.paths else ("issue", "")
    return Document(n, str(n), kind, "", None, "", title=title, body=body, paths=paths)


def figures(ranked: Sequence[int], answers: Sequence[int]) -> list[float]:
    """Return recall@10, the reciprocal rank of the first answer, and nDCG@10."""
    right, most = set(answers), min(len(answers), 10)
    first = next((1 / place for place, n in enumerate(ranked, 1) if n in right), 0.0)
    gain = sum(1 / math.log2(place + 1) for place, n in enumerate(ranked[:10], 1) if n in right)
    ideal = sum(1 / math.log2(place + 1) for place in range(1, most + 1))
    return [len(right & set(ranked[:10])) / most, first, gain / ideal]


def _sets(repositories: Sequence[str], scratch: str) -> Iterator[Set]:
    demo = os.path.join(scratch, "demo")
    program = os.path.join(os.path.dirname(sys.executable), "coord")
    subprocess.run([program, "init", "--demo", demo], check=True, capture_output=True)
    yield from sets.of_records("demo hub", demo)
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    for root in (here, *repositories):
        name = os.path.basename(os.path.abspath(root).removesuffix("/.git")).removesuffix(".git")
        yield from sets.of_repository("this project" if root == here else name, root)
        yield from trackers.of_tracker(name, root)


def main(repositories: Sequence[str]) -> int:
    """Print the table; 1 without a model."""
    model = models.installed(surroundings.models())
    if model is None:
        print("No model is installed; run `coord model install` first.", file=sys.stderr)
        return 1
    print(
        "| recall@10 · MRR · nDCG@10 | lexical | semantic | fused |\n|---|---|---|---|", flush=True
    )
    all = []
    with tempfile.TemporaryDirectory(prefix="coord-eval-") as scratch:
        for one in _sets(repositories, scratch):
            got = measure(model, one)
            all.append(got)
            print(_row(f"{one.name} ({len(one.questions)})", [got]), flush=True)
    print(_row("**mean**", all))
    print(f"\n{margins.told(margins.of(all), len(all))}")
    return 0


def _row(name: str, sets: Sequence[dict[str, Any]]) -> str:
    cells = [
        " · ".join(
            f"{value:.3f}" for value in np.mean([one[mode].mean(axis=0) for one in sets], axis=0)
        )
        for mode in ("lexical", "semantic", "fused")
    ]
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
