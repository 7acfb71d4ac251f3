"""Options of the whole suite."""

from __future__ import annotations

import signal
import threading

import pytest
from hypothesis import HealthCheck, settings

# How fast examples are made tells of the machine, not of the code.
settings.register_profile("coord", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("coord")

# Whoever starts the tests in the background has interrupts ignored, and children inherit that.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update`, which writes golden files anew; their diff is then read in review."""
    parser.addoption("--update", action="store_true", help="write golden files anew")
