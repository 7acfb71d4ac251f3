"""A compiled module is taken only where Python itself would take it."""

from __future__ import annotations

import importlib.util
import os
import py_compile
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gitcoord.cli.loading import Finder

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

NAME = "gitcoord.made_up"
CODE = "import sys; from gitcoord.cli import loading; loading.quicken(); "


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "made_up.py"
    file.write_text("VALUE = 1\n")
    py_compile.compile(str(file))
    return file


def loaded(source: Path) -> ModuleType | None:
    spec = Finder(str(source.parent)).find_spec(NAME)
    if spec is None:
        return None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_compiled_is_taken_and_says_where_it_is_from(source: Path) -> None:
    module = loaded(source)

    assert module is not None
    assert module.VALUE == 1
    assert module.__file__ == str(source)
    assert module.__cached__ == importlib.util.cache_from_source(str(source))


def test_a_package_is_found_with_its_folder(tmp_path: Path) -> None:
    (tmp_path / "made_up").mkdir()
    file = tmp_path / "made_up" / "__init__.py"
    file.write_text("VALUE = 2\n")
    py_compile.compile(str(file))

    module = loaded(tmp_path / "x")

    assert module is not None
    assert (module.VALUE, list(module.__path__)) == (2, [str(tmp_path / "made_up")])


@pytest.mark.parametrize("how", ["later", "longer", "gone", "uncompiled", "torn", "by digest"])
def test_everything_else_is_left_to_python(source: Path, how: str) -> None:
    compiled = source.parent / "__pycache__" / f"made_up.{sys.implementation.cache_tag}.pyc"
    seen = source.stat()
    if how == "later":
        os.utime(source, (seen.st_atime, seen.st_mtime + 5))
    elif how == "longer":
        source.write_text("VALUE = 10\n")
        os.utime(source, (seen.st_atime, seen.st_mtime))
    elif how == "gone":
        source.unlink()
    elif how == "uncompiled":
        compiled.unlink()
    elif how == "torn":
        compiled.write_bytes(compiled.read_bytes()[:10])
    else:
        py_compile.compile(
            str(source), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH
        )

    assert loaded(source) is None


def test_a_module_is_loaded_anew_from_its_source() -> None:
    told = (
        "from gitcoord.model import ids; import importlib; first = ids.join;"
        "importlib.reload(ids); print(first is not ids.join, type(ids.__loader__).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", CODE + told], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["True", "_Loader"]


@pytest.mark.parametrize("words", [["-O"], ["-X", "pycache_prefix=/nowhere"]])
def test_it_is_not_used_where_compiled_files_are_elsewhere(words: list[str]) -> None:
    told = "print(any(type(one).__module__ == 'gitcoord.cli.loading' for one in sys.meta_path))"
    done = subprocess.run(
        [sys.executable, *words, "-c", CODE + told], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"
