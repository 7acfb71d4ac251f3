"""What unit tests share."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gitcoord.search import corpus

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """A corpus in memory that holds nothing yet."""
    with closing(corpus.opened(":memory:")) as found:
        yield found
