"""What search costs in a process started cold: over records, and over commits beside them.

The vectors of the documents are drawn by chance, because embedding 110,000 texts takes a
quarter of an hour and what is timed is the question; the question itself is embedded by the
model that is installed.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from typing import TYPE_CHECKING

import numpy as np
from tests.bench import stores
from tests.bench.cases import Figure
from tests.bench.clock import COORD, PASS, against, environment, peak, run, same

from gitcoord.git.repository import discover
from gitcoord.search import commits, corpus, embedder, models, records
from gitcoord.search.vectors import Vectors

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from gitcoord.search.models import Model

TEXT = "memory leak in the session pool"
_COMMITS = 100_000


def measure(scratch: str, models_folder: str) -> Iterator[Figure]:
    """Yield the figures; those of meaning only where a model is installed."""
    root = os.path.join(scratch, "searched", "hub")
    os.makedirs(os.path.dirname(root))
    stores.make(root, 10_000)
    started = time.perf_counter()
    run([COORD, "search", TEXT, "--mode", "lexical"], root)
    yield Figure("search: 10,000 records taken in", time.perf_counter() - started, "s", None)
    yield _timed("search by words", root, ["search", TEXT, "--mode", "lexical"], 4)
    model = models.installed(models_folder)
    if model is None:
        return
    os.environ["COORD_MODELS"] = models_folder
    hub = discover(root)
    assert hub is not None
    _draw(model, records.path_of(hub))
    yield _timed("search by words and meaning", root, ["search", TEXT], 20)
    yield Figure("  peak memory", peak([COORD, "search", TEXT], root), "MiB", 300)
    _commits(os.path.join(scratch, "searched", "many"), root)
    run([COORD, "search", TEXT, "--commits"], root)
    yield _timed("… and 100,000 commits, by words", root,
                 ["search", TEXT, "--commits", "--mode", "lexical"], 15)  # fmt: skip
    _draw(model, commits.path_of(hub))
    yield _timed("… and 100,000 commits", root, ["search", TEXT, "--commits"], 30)
    yield Figure("  peak memory", peak([COORD, "search", TEXT, "--commits"], root), "MiB", 300)
    yield _bulk(model)


def _timed(name: str, root: str, words: Sequence[str], bound: float) -> Figure:
    got = against(same([COORD, *words]), same(PASS), root)
    return Figure(name, got.ratio, "x python -c pass", bound, f"{got.milliseconds:.0f} ms")


def _bulk(model: Model) -> Figure:
    chance = random.Random(3)
    texts = [" ".join(chance.choices(stores.WORDS, k=chance.randint(5, 25))) for _ in range(256)]
    found = embedder.opened(model)
    found.embed(texts[:8])
    started = time.perf_counter()
    found.embed(texts)
    return Figure("texts embedded", 256 / (time.perf_counter() - started), "a second", None)


def _draw(model: Model, path: str) -> None:
    """Give every document a vector of length 1, by chance."""
    connection: sqlite3.Connection = corpus.opened(path)
    vectors = Vectors(np, connection, path, model.fingerprint, model.dimension)
    chance = np.random.default_rng(5)
    texts = connection.execute(
        "SELECT n, title, body FROM waiting JOIN doc USING (n) ORDER BY n"
    ).fetchall()
    drawn = chance.standard_normal((len(texts), model.dimension)).astype(np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    vectors.put(
        [
            (n, corpus.digest(corpus.said(title, body)), drawn[number].tobytes())
            for number, (n, title, body) in enumerate(texts)
        ]
    )
    vectors.close()
    connection.close()


def _files(chance: random.Random) -> str:
    paths = [f"src/{'/'.join(chance.choices(stores.WORDS, k=2))}.py" for _ in range(3)]
    return "".join(
        f"M 100644 inline {path}\ndata 8\n{chance.getrandbits(24):08}\n" for path in paths
    )


def _commits(folder: str, hub: str) -> None:
    """Make a repository of many commits, each of a few files, and put it into the registry."""
    chance = random.Random(11)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)
    lines = []
    for number in range(_COMMITS):
        words = f"{' '.join(chance.choices(stores.WORDS, k=7))} n{number}"
        text = f"{words}\n\n{' '.join(chance.choices(stores.WORDS, k=12))}\n"
        when = 1_600_000_000 + 600 * number
        lines.append(
            f"commit refs/heads/main\ncommitter Bench <b@example.org> {when} +0000\n"
            f"data {len(text)}\n{text}\n{_files(chance)}\n"
        )
    subprocess.run(
        ["git", "-C", folder, "fast-import", "--quiet"], input="".join(lines).encode(), check=True
    )
    run([COORD, "repo", "create", "many"], hub)
    subprocess.run(["git", "-C", hub, "config", "coord.repo.many.path", folder], check=True)
    subprocess.run([COORD, "list"], cwd=hub, env=environment(), check=True, capture_output=True)
