"""Coverage of which something is damaged, gone or contradictory: told as it is, for the true reason."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.integration.measured import FILES, Package, agrees


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """A package with two files of tests, committed."""
    found = Package(tmp_path / "pkg")
    found.commit(FILES)
    return found


def test_an_ignored_syntax_error_is_no_part_of_a_run(package: Package) -> None:
    package.commit({
        ".coveragerc": "[run]\nbranch = True\nsource = pkg\n[report]\nignore_errors = True\n",
        "pkg/broken.py": "def broken(:\n",
    })  # fmt: skip
    package.measure()

    found = package.collect()

    assert agrees(found, package.reported())
    assert (found["partial"], found["stale"]) == (False, False)
    assert found["reason"].startswith("pkg/broken.py is no Python")


def test_a_syntax_error_that_is_not_ignored_leaves_nothing_known(package: Package) -> None:
    package.commit({"pkg/broken.py": "def broken(:\n"})
    package.measure()

    found = package.collect()

    assert found["percent"] is None
    assert "broken.py" in found["reason"]


def test_a_file_that_is_gone_and_ignored_makes_a_part_unless_it_is_left_out(
    package: Package,
) -> None:
    settings = "[run]\nbranch = True\nsource = pkg\n[report]\nignore_errors = True\n"
    package.write({"pkg/extra.py": "one = 1\n", "tests/test_extra.py": "import pkg.extra\n"})
    package.commit({".coveragerc": settings, ".gitignore": FILES[".gitignore"] + "*extra.py\n"})
    package.measure("calc", "text", "extra")
    (package.root / "pkg/extra.py").unlink()

    found = package.collect()

    assert found["partial"] is True
    assert "1 measured file is gone: " in found["reason"]
    assert "extra.py" in found["reason"]

    package.commit({".coveragerc": settings + "omit = */extra.py\n"})
    package.write({"pkg/extra.py": "one = 1\n"})
    package.measure("calc", "text", "extra")
    (package.root / "pkg/extra.py").unlink()

    found = package.collect()

    assert agrees(found, package.reported())
    assert (found["partial"], found["reason"]) == (False, None)


@pytest.mark.parametrize("damage", [b"", b"no data", b"cut"])
def test_a_damaged_parallel_file_leaves_the_others_and_makes_a_part(
    package: Package, damage: bytes
) -> None:
    package.measure("calc", parallel=True)
    package.measure("text", parallel=True)
    (first, second) = sorted(package.root.glob(".coverage.*"))
    held = second.read_bytes()
    second.write_bytes(held[: len(held) // 3] if damage == b"cut" else damage)

    found = package.collect()

    second.unlink()
    alone = package.collect()
    assert (found["statements"], found["missing"]) == (alone["statements"], alone["missing"])
    assert (found["partial"], alone["partial"]) == (True, False)
    assert "1 file of data left out" in found["reason"]
    assert second.name in found["reason"]
    assert first.exists()


def test_data_and_parallel_data_beside_it_are_added_as_coverage_report_does(
    package: Package,
) -> None:
    package.measure("calc")
    package.measure("text", parallel=True)

    found = package.collect()

    assert agrees(found, package.reported())  # the tool combines, and deletes what it combined
    assert not list(package.root.glob(".coverage.*"))


def test_parallel_data_of_other_sources_does_not_hide_the_data_beside_it(package: Package) -> None:
    package.write({"pkg/calc.py": "\n" * 40 + FILES["pkg/calc.py"]})
    package.measure(parallel=True)
    package.write({"pkg/calc.py": FILES["pkg/calc.py"]})
    package.measure()

    found = package.collect()

    assert found["source"] == ".coverage"
    assert found["percent"] is not None
    assert any(one["source"].startswith(".coverage.") for one in found["others"])


def test_a_link_within_the_repository_is_followed(package: Package) -> None:
    package.commit({".gitignore": FILES[".gitignore"] + "out/\n"})
    package.measure()
    totals = package.reported()
    (package.root / "out").mkdir()
    (package.root / ".coverage").rename(package.root / "out/data")
    (package.root / ".coverage").symlink_to("out/data")

    found = package.collect()

    assert agrees(found, totals)
    assert (found["source"], found["reason"]) == (".coverage", None)


def test_a_link_that_leads_out_of_the_repository_is_told(package: Package, tmp_path: Path) -> None:
    package.measure()
    (package.root / ".coverage").rename(tmp_path / "data")
    (package.root / ".coverage").symlink_to(tmp_path / "data")

    found = package.collect()

    assert found["percent"] is None
    assert "link that leads out" in found["reason"]


def test_a_pipe_is_told_and_not_waited_for(package: Package) -> None:
    os.mkfifo(package.root / ".coverage")

    assert package.collect()["reason"] == ".coverage is no plain file"


@pytest.mark.parametrize("change", [
    lambda told: told["totals"].update(missing_lines=0),
    lambda told: told["totals"].update(num_statements=9_999),
    lambda told: told["files"]["pkg/calc.py"]["summary"].update(missing_lines=0),
    lambda told: told["files"].pop("pkg/calc.py"),
])  # fmt: skip
def test_a_report_that_contradicts_itself_is_not_believed(package: Package, change) -> None:  # type: ignore[no-untyped-def]
    package.measure()
    package.coverage("json", "-q")
    told = json.loads((package.root / "coverage.json").read_text())
    change(told)
    (package.root / "coverage.json").write_text(json.dumps(told))

    found = package.collect()

    assert found["source"] == ".coverage"
    (other,) = found["others"]
    assert other["percent"] is None
    assert "contradicts itself" in other["reason"]


@pytest.mark.parametrize("told", [
    {"/a/b.js": {"path": "/a/b.js", "statementMap": {}, "fnMap": {}, "branchMap": {}, "s": {}, "f": {}, "b": {}}},
    {"total": {"lines": {"total": 1, "covered": 1, "skipped": 0, "pct": 100}}},
])  # fmt: skip
def test_a_report_of_istanbul_is_named_with_what_would_be_read(
    package: Package, told: dict[str, object]
) -> None:
    (package.root / "coverage.json").write_text(json.dumps(told))

    found = package.collect()

    assert found["percent"] is None
    assert "Istanbul" in found["reason"]
    assert "lcov" in found["reason"]


@pytest.mark.parametrize(("sort", "tool"), [
    ("json", "coverage.py"), ("xml", "coverage.py"), ("lcov", None),
])  # fmt: skip
def test_the_tool_is_told_only_where_the_source_says_it(
    package: Package, sort: str, tool: str | None
) -> None:
    package.measure()
    package.coverage(sort, "-q")
    (package.root / ".coverage").unlink()

    assert package.collect()["tool"] == tool


def test_a_template_that_ran_as_python_does_not_hide_the_true_reason(package: Package) -> None:
    package.commit({
        ".coveragerc": "[run]\nbranch = True\nsource = .\n",
        "page.html": "<p>\n",
        "tests/test_calc.py": FILES["tests/test_calc.py"]
        + "import os\nexec(compile('\\n' * 40 + 'a = 1', os.path.abspath('page.html'), 'exec'))\n",
    })  # fmt: skip
    package.measure()

    found = package.collect()

    assert agrees(found, package.reported())
    assert found["commit"] == package.git("rev-parse", "HEAD")
