"""Options of the whole suite."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update`, which writes golden files anew; their diff is then read in review."""
    parser.addoption("--update", action="store_true", help="write golden files anew")
