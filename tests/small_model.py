"""A real, tiny BERT model: two layers of 32 values with weights from a fixed chance.

What it makes of texts means little, but texts with the same words come out near each other,
and every step that a large model takes is taken.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

WIDE, LAYERS, HEADS, POSITIONS = 32, 2, 4, 64
WORDS = [
    "memory", "leak", "session", "pool", "cache", "index", "parser", "token", "crash", "login",
    "slow", "page", "empty", "body", "worker", "queue", "merge", "fix", "the", "a", "of", "in",
]  # fmt: skip
_PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
_PIECES += [*"abcdefghijklmnopqrstuvwxyz0123456789.,-_:!"]
_PIECES += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789"]


def make(folder: Path, seed: int = 1) -> Path:
    """Write the files of a model into a folder; another seed gives another model."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    (folder / "vocab.txt").write_text("\n".join(_PIECES) + "\n")
    (folder / "config.json").write_text(
        json.dumps(
            {"hidden_size": WIDE, "num_attention_heads": HEADS, "num_hidden_layers": LAYERS,
             "max_position_embeddings": POSITIONS, "layer_norm_eps": 1e-12}
        )
    )  # fmt: skip
    tensors = {
        name: (chance.standard_normal(shape) * 0.2).astype(np.float32)
        if "bias" not in name and "LayerNorm" not in name
        else np.full(shape, 0.0 if "bias" in name else 1.0, np.float32)
        for name, shape in _shapes()
    }
    header, at, parts = {}, 0, []
    for name, tensor in tensors.items():
        raw = tensor.tobytes()
        header[name] = {"dtype": "F32", "shape": tensor.shape, "data_offsets": [at, at + len(raw)]}
        parts.append(raw)
        at += len(raw)
    head = json.dumps(header).encode()
    whole = len(head).to_bytes(8, "little") + head + b"".join(parts)
    (folder / "model.safetensors").write_bytes(whole)
    return folder


def _shapes() -> list[tuple[str, tuple[int, ...]]]:
    found: list[tuple[str, tuple[int, ...]]] = [
        ("embeddings.word_embeddings.weight", (len(_PIECES), WIDE)),
        ("embeddings.position_embeddings.weight", (POSITIONS, WIDE)),
        ("embeddings.token_type_embeddings.weight", (2, WIDE)),
        ("embeddings.LayerNorm.weight", (WIDE,)),
        ("embeddings.LayerNorm.bias", (WIDE,)),
    ]
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}."
        for part, shape in (
            *((f"attention.self.{which}", (WIDE, WIDE)) for which in ("query", "key", "value")),
            ("attention.output.dense", (WIDE, WIDE)),
            ("intermediate.dense", (4 * WIDE, WIDE)),
            ("output.dense", (WIDE, 4 * WIDE)),
        ):
            found += [(f"{name}{part}.weight", shape), (f"{name}{part}.bias", shape[:1])]
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            found += [(f"{name}{part}.weight", (WIDE,)), (f"{name}{part}.bias", (WIDE,))]
    return found
