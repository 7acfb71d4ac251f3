"""The light runtime gives the vectors that sentence-transformers gives."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests import small_model

from gitcoord.cli import surroundings
from gitcoord.search import models
from gitcoord.search.minilm import MiniLM
from gitcoord.search.weights import NotWeightsError, read
from gitcoord.search.wordpiece import Tokenizer

if TYPE_CHECKING:
    from gitcoord.search.models import Model

DATA = Path(__file__).parent.parent / "data" / "embeddings"
TEXTS: list[str] = json.loads((DATA / "texts.json").read_text())


@pytest.fixture(scope="module")
def model() -> Model:
    """The model that is installed on this machine."""
    found = models.installed(os.environ.get("COORD_MODELS") or surroundings.models())
    if found is None or found.name != "all-MiniLM-L6-v2":
        pytest.skip("all-MiniLM-L6-v2 is not installed (`coord model install`)")
    return found


def test_the_light_runtime_agrees_with_recorded_vectors(model: Model) -> None:
    recorded = np.load(DATA / "vectors.npy")

    made = MiniLM(model.folder, alone=True).embed(TEXTS)

    assert np.abs(made - recorded).max() < 1e-5
    assert float((made * recorded).sum(axis=1).min()) > 1 - 1e-5


def test_the_light_runtime_agrees_with_the_reference(model: Model) -> None:
    pytest.importorskip("sentence_transformers")
    from gitcoord.search.reference import Reference

    reference = Reference(model.folder).embed(TEXTS)

    assert np.abs(MiniLM(model.folder, alone=True).embed(TEXTS) - reference).max() < 1e-5


def test_pieces_are_those_of_the_reference(model: Model) -> None:
    tokenizers: Any = pytest.importorskip("tokenizers")
    theirs = tokenizers.Tokenizer.from_file(str(Path(model.folder) / "tokenizer.json"))
    theirs.no_padding()
    theirs.enable_truncation(256)
    vocabulary = (Path(model.folder) / "vocab.txt").read_text(encoding="utf-8").rstrip("\n")
    ours = Tokenizer(vocabulary, 256)

    assert [ours(text) for text in TEXTS] == [theirs.encode(text).ids for text in TEXTS]


@pytest.fixture
def small(tmp_path: Path) -> str:
    """The folder of a small model."""
    return str(small_model.make(tmp_path / "small"))


def test_a_text_has_one_vector_whatever_stands_beside_it(small: str) -> None:
    embedder = MiniLM(small, alone=True)
    texts = ["leak", "memory leak in the session pool", "", "slow page " * 100, "x"]

    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])

    assert np.abs(together - alone).max() < 1e-6
    assert np.abs(np.linalg.norm(together, axis=1) - 1).max() < 1e-6


def test_many_texts_are_embedded_in_batches_in_their_own_order(small: str) -> None:
    embedder = MiniLM(small, alone=True)
    texts = [f"leak {number} " * (number % 7) for number in range(700)]

    found = embedder.embed(texts)

    assert (
        np.abs(found[[3, 699, 350]] - embedder.embed([texts[3], texts[699], texts[350]])).max()
        < 1e-6
    )


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 40, b"\x10\0\0\0\0\0\0\0not json at all!", b"\0" * 64]
)
def test_a_file_without_weights_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)

    with pytest.raises((NotWeightsError, ValueError)):
        read(np, str(path))


def test_words_are_cut_as_bert_cuts_them() -> None:
    cut = Tokenizer(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", ",", "e"]), 8
    )

    assert cut("UNAFFABLE, é") == [2, 4, 5, 6, 7, 8, 3]
    assert cut("zzz") == [2, 1, 3]
    assert cut("un " * 50) == [2, *[4] * 6, 3]
    assert cut("\0\ufffd\u200b") == [2, 3]
