"""What a BERT model makes of texts: one vector each, computed with numpy alone.

Follows all-MiniLM-L6-v2: the mean over all pieces of the last layer, brought to length 1.
Batches hold texts of about one length, and longer ones do not change what comes out for
shorter ones beside them.
"""

from __future__ import annotations

import os

from gitcoord.search import numbers, weights
from gitcoord.search.wordpiece import Tokenizer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

MOST_PIECES = 256
_BATCH_PIECES = 1024
_BLOCK = 1 << 15

# erf(x) as a quotient of polynomials on [-4, 4], good to the last digits of float32.
_ABOVE = (-2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06,
          -5.69250639462346e-05, -7.34990630326855e-04, -2.95459980854025e-03,
          -1.60960333262415e-02)  # fmt: skip
_BELOW = (-1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03,
          -7.37332916720468e-03, -1.42647390514189e-02)  # fmt: skip


class MiniLM:
    """A BERT model that embeds texts; `folder` holds its weights, vocabulary and config."""

    def __init__(self, folder: str, *, alone: bool) -> None:
        # One thread in each product, and batches side by side: threads that wait for each other
        # at every product take four times as long as soon as something else is running.
        np = self._np = numbers.load(alone=True)
        self._workers = 1 if alone else os.cpu_count() or 1
        with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
            config = weights.mapping(file.read())
        with open(os.path.join(folder, "vocab.txt"), encoding="utf-8", newline="\n") as file:
            vocabulary = file.read().replace("\r\n", "\n").removesuffix("\n")
        self.dimension: int = config["hidden_size"]
        self._heads: int = config["num_attention_heads"]
        self._layers: int = config["num_hidden_layers"]
        self._epsilon = np.float32(config.get("layer_norm_eps", 1e-12))
        self._most = min(MOST_PIECES, config["max_position_embeddings"])
        self._tokens = Tokenizer(vocabulary, self._most)
        self._weights = weights.read(np, os.path.join(folder, "model.safetensors"))

    def embed(self, texts: Sequence[str]) -> Any:
        """Return a float32 array with one row of length 1 for each text."""
        np = self._np
        cut = [self._tokens(text) for text in texts]
        found = np.empty((len(texts), self.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(cut[i]))
        batches = _batches(order, cut)

        def embed_one(some: list[int]) -> None:
            found[some] = self._batch([cut[i] for i in some])

        if self._workers == 1 or len(batches) == 1:
            for some in batches:
                embed_one(some)
            return found
        from concurrent.futures import ThreadPoolExecutor  # numpy lets go of the interpreter

        with ThreadPoolExecutor(self._workers) as pool:
            list(pool.map(embed_one, reversed(batches)))  # the longest first: an even end
        return found

    def _batch(self, rows: list[list[int]]) -> Any:
        np = self._np
        longest = len(rows[-1])
        pieces = np.zeros((len(rows), longest), np.int64)
        real = np.zeros((len(rows), longest), np.float32)
        for number, row in enumerate(rows):
            pieces[number, : len(row)] = row
            real[number, : len(row)] = 1
        away = None if len(rows[0]) == longest else (real - 1)[:, None, None, :] * np.float32(1e30)
        state = self._begin(pieces)
        for layer in range(self._layers):
            state = self._layer(f"encoder.layer.{layer}.", state, away)
        total = np.einsum("btd,bt->bd", state, real) if away is not None else state.sum(axis=1)
        mean = total / real.sum(axis=1, keepdims=True)
        return mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)

    def _begin(self, pieces: Any) -> Any:
        get = self._weights.__getitem__
        state = get("embeddings.word_embeddings.weight")[pieces]
        state += get("embeddings.position_embeddings.weight")[: pieces.shape[1]]
        state += get("embeddings.token_type_embeddings.weight")[0]
        return self._even(state, "embeddings.LayerNorm")

    def _layer(self, name: str, state: Any, away: Any) -> Any:
        mixed = self._linear(self._attend(name, state, away), f"{name}attention.output.dense")
        mixed += state
        state = self._even(mixed, f"{name}attention.output.LayerNorm")
        wide = self._linear(state, f"{name}intermediate.dense")
        self._gelu(wide)
        out = self._linear(wide, f"{name}output.dense")
        out += state
        return self._even(out, f"{name}output.LayerNorm")

    def _attend(self, name: str, state: Any, away: Any) -> Any:
        np = self._np
        many, long, wide = state.shape
        each = wide // self._heads

        def part(which: str) -> Any:
            found = self._linear(state, f"{name}attention.self.{which}")
            return found.reshape(many, long, self._heads, each).transpose(0, 2, 1, 3)

        scores = part("query") @ part("key").transpose(0, 1, 3, 2)
        scores *= np.float32(each**-0.5)
        if away is not None:
            scores += away
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        return (scores @ part("value")).transpose(0, 2, 1, 3).reshape(many, long, wide)

    def _linear(self, state: Any, name: str) -> Any:
        matrix = self._weights[f"{name}.weight"]
        flat = state.reshape(-1, matrix.shape[1]) @ matrix.T
        flat += self._weights[f"{name}.bias"]
        return flat.reshape(*state.shape[:-1], matrix.shape[0])

    def _even(self, state: Any, name: str) -> Any:
        state = state - state.mean(axis=-1, keepdims=True)
        spread = self._np.einsum("...d,...d->...", state, state)[..., None] / state.shape[-1]
        state /= self._np.sqrt(spread + self._epsilon)
        state *= self._weights[f"{name}.weight"]
        state += self._weights[f"{name}.bias"]
        return state

    def _gelu(self, state: Any) -> None:
        """Apply x · (1 + erf(x / √2)) / 2 in place, in pieces that stay in the cache."""
        np = self._np
        flat = state.reshape(-1)
        for start in range(0, flat.size, _BLOCK):
            block = flat[start : start + _BLOCK]
            x = np.clip(block * np.float32(0.7071067811865476), -4, 4)
            square = x * x
            above = np.full_like(x, _ABOVE[0])
            for factor in _ABOVE[1:]:
                above *= square
                above += np.float32(factor)
            below = np.full_like(x, _BELOW[0])
            for factor in _BELOW[1:]:
                below *= square
                below += np.float32(factor)
            above *= x
            above /= below
            above += 1
            above *= np.float32(0.5)
            block *= above


def _batches(order: list[int], cut: list[list[int]]) -> list[list[int]]:
    """Return texts, given by length, in parts that hold about so many pieces."""
    found: list[list[int]] = []
    for i in order:
        if found and len(cut[i]) * (len(found[-1]) + 1) <= _BATCH_PIECES:
            found[-1].append(i)
        else:
            found.append([i])
    return found
