"""Who changed the files that a text names, in the clones on this machine."""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_EDGES = ".,:;!?()[]{}<>=*#|&\"'`"
_MOST_PATHS = 10
_MOST_MATCHES = 5
_MOST_COMMITS = 300
_HALF_LIFE = 182.5 * 86_400


class Changed(NamedTuple):
    """A file that a repository has (no author), an author's changes to it, or to anything in it."""

    repo: str
    path: str | None
    author: str
    commits: int
    weight: float


def of(
    folders: Mapping[str, str], record: Mapping[str, Any], own: list[str], now: float
) -> list[Changed]:
    """Return who changed the files that a record names; in its own repositories, who is active."""
    named = _paths(f"{record.get('title') or ''}\n{record.get('description') or ''}")
    found: list[Changed] = []
    for repo, folder in sorted(folders.items()):
        if own and repo not in own:
            continue
        for path in _held(folder, named) if named else ():
            found.append(Changed(repo, path, "", 0, 0.0))
            found += _authors(folder, repo, path, now)
        if repo in own:
            found += _authors(folder, repo, None, now)
    return found


def _paths(text: str) -> list[str]:
    """Return the words of a text that look like paths, without a line's number behind them."""
    found: dict[str, None] = {}
    for word in text.split():
        bare = word.strip(_EDGES).partition(":")[0]
        stem, dot, ending = bare.rpartition(".")
        is_file = bool(
            dot and stem and ending.isalnum() and len(ending) <= 5 and not stem.isdigit()
        )
        if ("/" in bare.strip("/") or is_file) and "//" not in bare and bare.isprintable():
            found[bare.removeprefix("./").strip("/")] = None
    return list(found)[:_MOST_PATHS]


def _held(folder: str, named: list[str]) -> list[str]:
    """Return the files of a repository that are named whole or by their end."""
    done = process.run(folder, "ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD")
    if done.code:
        return []  # nothing is committed there yet
    files = done.out.decode("utf-8", "surrogateescape").split("\0")
    return [
        path
        for name in named
        for path in [one for one in files if one == name or one.endswith(f"/{name}")][
            :_MOST_MATCHES
        ]
        if path.isprintable()
    ]


def _authors(folder: str, repo: str, path: str | None, now: float) -> list[Changed]:
    """Return the authors of the last commits, of one file or of all, the machines left out."""
    words = ["log", "-z", "--no-show-signature", f"--max-count={_MOST_COMMITS}", "--no-merges",
             "--format=%at %aN", "HEAD", "--"]  # fmt: skip
    done = process.run(folder, *words, *([f":(top,literal){path}"] if path else []))
    if done.code:
        return []
    counts: dict[str, int] = {}
    weights: dict[str, float] = {}
    total = 0
    for line in done.out.decode("utf-8", "replace").split("\0"):
        time, _, author = line.partition(" ")
        author = " ".join(author.split())
        if not author or not time.lstrip("-").isdigit() or author.endswith("[bot]"):
            continue
        total += 1
        counts[author] = counts.get(author, 0) + 1
        age = max(now - int(time), 0.0)
        weights[author] = weights.get(author, 0.0) + 0.5 ** (age / _HALF_LIFE)
    return [
        Changed(repo, path, author, count, weights[author] if path else count / total)
        for author, count in sorted(counts.items())
    ]
