"""Options of the whole suite."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# How fast examples are made tells of the machine, not of the code.
settings.register_profile("coord", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("coord")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update`, which writes golden files anew; their diff is then read in review."""
    parser.addoption("--update", action="store_true", help="write golden files anew")
