"""Coverage beside a work tree that is not as HEAD has it: what is stale, and what was measured."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from tests.integration.measured import CALC, FILES, Package

RC = FILES[".coveragerc"]
TOML = '[project]\nname = "pkg"\n\n[tool.coverage.run]\nbranch = true\nsource = ["pkg"]\n'


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """A package whose whole run was measured at HEAD."""
    found = Package(tmp_path / "pkg")
    found.commit({"README.md": "first\n"})
    found.commit(FILES)
    found.measure()
    time.sleep(0.02)
    return found


@pytest.mark.parametrize("files", [
    {"pkg/calc.py": CALC + "\n\ndef more():\n    return 1\n"},
    {"pkg/new.py": "one = 1\n"},
    {".coveragerc": RC + "[report]\nexclude_also =\n    return 0\n"},
    {".coveragerc.toml": "[tool.coverage.run]\nbranch = false\n"},
])  # fmt: skip
@pytest.mark.parametrize("staged", [False, True])
def test_changes_after_the_run_that_are_not_committed_make_it_stale(
    package: Package, files: dict[str, str], staged: bool
) -> None:
    before = package.collect()
    package.write(files)
    if staged:
        package.git("add", "--all")

    found = package.collect(before)

    assert (before["stale"], before["reason"]) == (False, None)
    assert (found["stale"], found["commit"]) == (True, before["commit"])
    assert found["percent"] == before["percent"]
    assert "changed since" in found["reason"]
    assert "not committed" in found["reason"]


def test_a_file_that_is_gone_since_makes_it_stale(package: Package) -> None:
    (package.root / "pkg/text.py").unlink()

    assert package.collect()["stale"] is True


def test_changes_that_are_taken_back_leave_it_fresh(package: Package) -> None:
    package.write({"pkg/calc.py": CALC + "\nlast = 1\n"})
    package.write({"pkg/calc.py": CALC})

    found = package.collect()

    assert (found["stale"], found["reason"]) == (False, None)
    assert found["commit"] == package.git("rev-parse", "HEAD")


@pytest.mark.parametrize("files", [
    {"README.md": "words\n"},
    {"pyproject.toml": TOML.replace('"pkg"\n', '"other"\n', 1)},
    {"setup.cfg": "[metadata]\nname = pkg\n"},
    {"pkg/calc.py": CALC.replace("\n", "\r\n")},
])  # fmt: skip
def test_what_is_neither_code_nor_settings_of_coverage_leaves_it_fresh(
    package: Package, files: dict[str, str]
) -> None:
    package.git("rm", "-q", ".coveragerc")
    package.commit({"pyproject.toml": TOML, "setup.cfg": "[metadata]\nname = x\n"})
    package.measure()
    time.sleep(0.02)
    package.write(files)

    assert (package.collect()["stale"], package.collect()["reason"]) == (False, None)

    if "pkg/calc.py" not in files:
        package.commit()

    assert package.collect()["stale"] is False


@pytest.mark.parametrize("committed", [False, True])
def test_the_section_of_pyproject_makes_it_stale(package: Package, committed: bool) -> None:
    package.git("rm", "-q", ".coveragerc")
    package.commit({"pyproject.toml": TOML})
    package.measure()
    time.sleep(0.02)
    package.write({"pyproject.toml": TOML + '[tool.coverage.report]\nomit = ["*/text.py"]\n'})
    if committed:
        package.commit()

    found = package.collect()

    assert found["stale"] is True
    assert "settings of coverage" in found["reason"]


def test_settings_that_were_changed_before_the_run_were_measured(package: Package) -> None:
    package.write({".coveragerc": RC + "[report]\nexclude_also =\n    return 0\n"})
    package.measure()

    found = package.collect()

    assert found["excluded"] == package.reported()["excluded_lines"]
    assert (found["commit"], found["stale"]) == (None, False)
    assert "no commit" in found["reason"]


def test_changes_before_and_after_the_run_are_of_no_commit_and_stale(package: Package) -> None:
    package.write({"pkg/calc.py": "# one\n" + CALC})
    package.measure()
    time.sleep(0.02)
    package.write({"pkg/text.py": FILES["pkg/text.py"] + "\n\nlast = 1\n"})

    found = package.collect()

    assert (found["commit"], found["stale"]) == (None, True)


def test_an_environment_that_nobody_ignores_is_no_code(package: Package) -> None:
    package.write({"env/pyvenv.cfg": "home = /\n", "env/lib/python3/site-packages/x.py": "x = 1\n"})

    assert package.collect()["stale"] is False


def test_a_filter_of_the_repository_is_not_run(package: Package) -> None:
    mark = package.root.parent / "ran"
    package.commit({".gitattributes": "*.py filter=evil\n"})
    package.git("config", "filter.evil.clean", f"touch {mark}; cat")
    package.git("config", "core.fsmonitor", f"touch {mark}")
    package.write({"pkg/calc.py": CALC + "\nlast = 1\n"})

    package.collect()

    assert not mark.exists()


def test_the_parent_is_not_taken_for_head_where_only_later_changes_differ(package: Package) -> None:
    package.commit({"pkg/text.py": FILES["pkg/text.py"] + "\n\nlast = 1\n"})
    package.measure()
    time.sleep(0.02)
    head = package.git("rev-parse", "HEAD")
    package.write({"pkg/calc.py": CALC + "\nlast = 1\n"})
    os.utime(package.root / "pkg/text.py")

    assert package.collect()["commit"] == head
