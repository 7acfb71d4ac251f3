"""The reference runtime: sentence-transformers over the same files, offline."""

from __future__ import annotations

import os

from gitcoord.errors import InvalidError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Reference:
    """Embeds texts with sentence-transformers."""

    def __init__(self, folder: str) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # it would ask a server for news otherwise
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError:
            raise InvalidError(
                "sentence-transformers is not installed.",
                hint="pip install 'gitcoord[reference]', or leave out --runtime.",
            ) from None
        self._model: Any = SentenceTransformer(folder, device="cpu")
        self.dimension = int(self._model.encode(["x"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Any:
        """Return a float32 array with one row of length 1 for each text."""
        return self._model.encode(
            list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False
        )
