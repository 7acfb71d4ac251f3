"""The merge driver as the hooks' installation sees it: set up with the hub's hooks, where there is one."""

from __future__ import annotations

import os
import sys
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.git.repository import Repository

NAME = "merge-driver"
_MODULE = "gitcoord.api.merge_driver"


def install(repo: Repository) -> None:
    """Let git merge the hub's records with coord."""
    driver = _driver()
    if driver is not None:
        driver.install(repo, program=_program())


def state(repo: Repository) -> str | None:
    """Return `installed`, `outdated` or `missing`; None for a coord without a merge driver."""
    driver = _driver()
    return None if driver is None else str(driver.installed(repo, program=_program()))


def uninstall(repo: Repository) -> None:
    """Let git merge the hub's records by itself again."""
    driver = _driver()
    if driver is not None and driver.installed(repo, program=_program()) != "missing":
        driver.uninstall(repo)


def _driver() -> Any:
    try:
        return import_module(_MODULE)  # only where hooks are looked at
    except ModuleNotFoundError as missing:
        if missing.name != _MODULE:
            raise
        return None


def _program() -> str:
    """Return the program beside this interpreter, which needs no PATH."""
    beside = os.path.join(os.path.dirname(sys.executable), "coord")
    return beside if os.access(beside, os.X_OK) else "coord"
