"""How closely hits follow a question: words side by side, pieces of words, paths of files.

BM25 does not see the order of words, nor that `timeouts` and `TimeoutError` have something in
common; an embedding sees neither exactly. So the best of a ranking are compared once more
with the question: by the pairs of neighbouring words they share, and by the pieces of three
letters, each weighed by how rare it is among them. The same is done with the words in the
paths of the files that a commit touches, which neither ranking has seen.
"""

from __future__ import annotations

from math import log, sqrt

from gitcoord.search.terms import STOP, stem, with_humps, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 800
"""How many characters of a text are looked at."""


def of(question: str, texts: Mapping[int, str]) -> dict[int, float]:
    """Return a number from 0 to 1 for each text; the one nearest to the question has the most."""
    words = [stem(word) for word in words_of(question[:LONGEST])]
    listed = {n: [stem(word) for word in words_of(text[:LONGEST])] for n, text in texts.items()}
    pairs = _weighed(_pairs(words), {n: _pairs(one) for n, one in listed.items()}, even=False)
    pieces = _weighed(_pieces(words), {n: _pieces(one) for n, one in listed.items()}, even=True)
    return {n: (pairs[n] + pieces[n]) / 2 for n in texts}


def of_paths(question: str, paths: Mapping[int, str | None]) -> dict[int, float]:
    """Return a number from 0 to 1 for the paths of each; those that fit the question best have 1.

    What can have none (None), as a record, gets twice the mean of what can, so that records
    hold their places among commits.
    """
    listed = {n: _named(text) for n, text in paths.items() if text is not None}
    found = _weighed(_named(question[:LONGEST]), listed, even=True)
    twice = 2 * sum(found.values()) / len(found) if found else 0.0
    return {n: found.get(n, min(twice, 1.0)) for n in paths}


def in_paths(terms: list[str], paths: str) -> list[str]:
    """Return which of the words stand in paths."""
    named = _named(paths)
    return [term for term in terms if stem(term) in named]


def _named(text: str) -> set[str]:
    """Return the words of a text or of paths, and those that stand in the names among them."""
    words = words_of(with_humps(text.replace("/", " ")))
    return {stem(word) for word in words if word not in STOP}


def _pairs(words: list[str]) -> set[str]:
    return {f"{words[i - 1]} {words[i]}" for i in range(1, len(words))}


def _pieces(words: list[str]) -> set[str]:
    found = set()
    for word in set(words) - STOP:
        marked = f" {word} "
        found.update([marked[i : i + 3] for i in range(len(marked) - 2)])
    return found


def _weighed(wanted: set[str], had: dict[int, set[str]], *, even: bool) -> dict[int, float]:
    """Return what each set shares with the wanted one, the most being 1; `even` for any length."""
    count: dict[str, int] = {}
    for parts in had.values():
        for part in parts:
            count[part] = count.get(part, 0) + 1
    weight = {part: log(1 + len(had) / number) for part, number in count.items()}
    found = {}
    for n, parts in had.items():
        shared = sum([weight[part] for part in sorted(parts & wanted)])
        length = sqrt(sum([weight[part] for part in parts])) if even and shared else 1.0
        found[n] = shared / length
    most = max(found.values(), default=0.0)
    return {n: value / most if most else 0.0 for n, value in found.items()}
