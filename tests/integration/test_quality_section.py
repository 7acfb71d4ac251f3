"""The section of a snapshot holds the same figures, and its definition tells what they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.quality_world import NOW, PROJECT, environment, make, measure, save, write

from gitcoord.errors import GitError
from gitcoord.metrics.measurement import Subject
from gitcoord.metrics.quality import collector

if TYPE_CHECKING:
    from pathlib import Path


def subject(root: Path, settings: dict[str, Any], *, bare: bool = False) -> Subject:
    """Return a repository as a collector is given it."""
    return Subject("r", str(root), bare, None, NOW.isoformat(), "", {}, settings)


def test_the_figures_are_those_of_coord_quality(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"pyproject.toml": PROJECT, "a.py": "import os\n"})

    section = collector.collect(subject(root, {"static": False})).section()

    whole = measure(root)
    assert (section["score"], section["commit"]) == (whole["score"], whole["commit"])
    for name, one in whole["measures"].items():
        assert section[name]["part"] == whole["parts"][name]
        assert section[name].get("findings") == one.get("findings")
        assert "first" not in section[name]


def test_the_definition_changes_with_formula_and_scope_and_not_with_figures(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"pyproject.toml": PROJECT, "a.py": "import os\n"})

    def definition(**settings: Any) -> str:
        asked = {"static": False, "memory": str(tmp_path / "memory"), **settings}
        section = collector.collect(subject(root, asked)).section()
        return str(section["definition"])

    first = definition()
    write(root, {"a.py": "import os\nimport sys\n"})
    assert definition() == first
    assert definition(quality={"weights": {"ruff": 1}}) != first
    assert definition(quality={"losses": {"ruff": 1}}) != first
    write(root, {"ruff.toml": "lint.select = ['E']\n"})
    assert definition() != first


def test_the_digest_changes_with_the_repository_and_with_the_formula(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "import os\n"})
    first = collector.digest(subject(root, {}))

    assert collector.digest(subject(root, {})) == first
    assert collector.digest(subject(root, {"quality": {"weights": {"ruff": 1}}})) != first
    write(root, {"b.py": ""})
    changed = collector.digest(subject(root, {}))
    assert changed != first
    save(root)
    assert collector.digest(subject(root, {})) != changed


def test_where_nobody_vouched_nothing_of_the_repository_is_run(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "import os\n"})
    environment(root, {"ruff": f"#!/bin/sh\ntouch {tmp_path}/bait\n"})

    section = collector.collect(subject(root, {})).section()

    assert section["ruff"]["source"] == "coord"
    assert not (tmp_path / "bait").exists()


def test_a_bare_repository_is_told(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="bare"):
        collector.digest(subject(tmp_path, {}, bare=True))
