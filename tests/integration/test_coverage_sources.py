"""The coverage collector on real data of the real coverage.py: equal to its report, and not deceived."""

from __future__ import annotations

import json
import os
import shutil
import time
from typing import TYPE_CHECKING

import pytest
from tests.integration.measured import CALC, FILES, Package, agrees

if TYPE_CHECKING:
    from pathlib import Path

MOVED = "# one\n# two\n# three\n" + CALC


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """A package with two files of tests, committed."""
    found = Package(tmp_path / "a pkg 🙂")
    found.commit(FILES)
    return found


@pytest.mark.parametrize("settings", [
    "[run]\nbranch = True\nsource = pkg\n",
    "[run]\nsource = pkg\n",
    "[run]\nbranch = True\nsource = pkg\nrelative_files = True\n",
    "[run]\nsource = .\nomit = tests/*\n    run.py\n",
    "[run]\nbranch = True\nsource = pkg\n[report]\nomit = */text.py\nexclude_also =\n    if a < 0\n",
    "[run]\nsource = pkg\ndynamic_context = test_function\n[report]\ninclude = pkg/*\n",
    "[run]\nsource = pkg\n[report]\nomit = /tmp/elsewhere/*\nexclude_lines =\n    def calm\n",
    "[run]\nsource = pkg\ndynamic_context = test_function\n[report]\ncontexts = a^\n",
    "[run]\nsource = pkg\ndynamic_context = test_function\n[report]\ncontexts = .*\n",
    "[run]\nsource_pkgs = pkg\n[report]\nskip_empty = True\nskip_covered = True\nprecision = 3\n",
    "[run]\nsource_dirs = pkg\nbranch = True\n[report]\npartial_also =\n    if a > 0\n",
    "[run]\nsource = .\n[report]\ninclude_namespace_packages = True\ninclude = pkg/*\n    spaced/*\n",
    "[run]\ncover_pylib = False\ninclude = pkg/*\n[report]\nfail_under = 99\nomit = pkg/none/*\n",
    "[run]\nsource = pkg\n[paths]\nall =\n    pkg\n    */wrong/pkg\n",
])  # fmt: skip
def test_the_numbers_are_those_of_coverage_report(package: Package, settings: str) -> None:
    head = package.commit({".coveragerc": settings, "spaced/deep/bare.py": "one = 1\n"})
    package.measure()

    found = package.collect()

    assert agrees(found, package.reported()), found
    assert (found["source"], found["commit"], found["reason"]) == (".coverage", head, None)
    assert (found["partial"], found["stale"], found["tool"]) == (False, False, "coverage.py")


def test_settings_may_stand_in_pyproject(package: Package) -> None:
    package.git("rm", "-q", ".coveragerc")
    package.commit(
        {
            "pyproject.toml": '[tool.coverage.run]\nsource = ["pkg"]\n[tool.coverage.report]\nomit = ["*/text.py"]\n'
        }
    )
    package.measure()

    assert agrees(package.collect(), package.reported())


def test_nothing_of_the_repository_is_touched(package: Package) -> None:
    package.measure()
    package.measure(parallel=True)
    before = {path.name: path.read_bytes() for path in package.root.glob(".coverage*")}

    package.collect()

    assert {path.name: path.read_bytes() for path in package.root.glob(".coverage*")} == before
    assert package.git("status", "--porcelain") == ""


def test_without_data_nothing_is_known_and_the_reason_told(package: Package) -> None:
    found = package.collect()

    assert (found["percent"], found["statements"], found["commit"]) == (None, None, None)
    assert "no coverage data" in found["reason"]


def test_an_empty_data_file_says_nothing_and_stays_empty(package: Package) -> None:
    (package.root / ".coverage").write_bytes(b"")

    found = package.collect()

    assert (found["percent"], found["reason"]) == (None, ".coverage is empty")
    assert (package.root / ".coverage").stat().st_size == 0


def test_a_damaged_data_file_is_told(package: Package) -> None:
    package.measure()
    raw = (package.root / ".coverage").read_bytes()
    (package.root / ".coverage").write_bytes(raw[: len(raw) // 3])

    found = package.collect()

    assert found["percent"] is None
    assert ".coverage" in found["reason"]


def test_data_older_than_the_code_is_read_with_the_sources_of_its_commit(package: Package) -> None:
    measured = package.git("rev-parse", "HEAD")
    package.measure()
    totals = package.reported()
    time.sleep(0.02)
    package.commit({"pkg/calc.py": MOVED})

    found = package.collect()

    assert agrees(found, totals)
    assert (found["commit"], found["stale"]) == (measured, True)
    assert "changed since" in found["reason"]


def test_code_that_only_grew_at_its_end_does_not_lower_the_figure(package: Package) -> None:
    measured = package.git("rev-parse", "HEAD")
    package.measure()
    totals = package.reported()
    package.commit({"pkg/calc.py": CALC + "\n\ndef more():\n    return 1\n"})

    found = package.collect()

    assert agrees(found, totals)
    assert (found["commit"], found["stale"]) == (measured, True)


def test_a_commit_of_what_was_tested_is_the_one_measured(package: Package) -> None:
    package.write({"pkg/calc.py": MOVED})
    package.measure()
    totals = package.reported()
    head = package.commit()

    found = package.collect()

    assert agrees(found, totals)
    assert (found["commit"], found["stale"]) == (head, False)


def test_uncommitted_changes_that_were_measured_are_of_no_commit(package: Package) -> None:
    package.write({"pkg/calc.py": MOVED})
    package.measure()

    found = package.collect()

    assert agrees(found, package.reported())
    assert found["commit"] is None
    assert "no commit" in found["reason"]


def test_a_commit_that_changes_no_code_leaves_the_figure_fresh(package: Package) -> None:
    package.measure()
    package.commit({"README.md": "words\n"})

    found = package.collect()

    assert (found["stale"], found["reason"]) == (False, None)


def test_data_of_sources_that_no_commit_has_is_not_believed(package: Package) -> None:
    package.write({"pkg/calc.py": "\n" * 40 + CALC})
    package.measure()
    package.write({"pkg/calc.py": CALC})

    found = package.collect()

    assert found["percent"] is None
    assert "pkg/calc.py:" in found["reason"]


def test_sources_that_are_gone_leave_nothing_known(package: Package) -> None:
    package.write({"pkg/extra.py": "one = 1\n", "tests/test_extra.py": "import pkg.extra\n"})
    package.measure("calc", "text", "extra")
    (package.root / "pkg/extra.py").unlink()
    (package.root / "tests/test_extra.py").unlink()

    found = package.collect()

    assert found["percent"] is None
    assert "extra.py" in found["reason"]


def test_parallel_data_is_added_without_being_combined(package: Package) -> None:
    package.measure("calc", parallel=True)
    package.measure("text", parallel=True)

    found = package.collect()

    assert len(list(package.root.glob(".coverage.*"))) == 2
    package.coverage("combine", "-q", "--keep")
    assert agrees(found, package.reported())
    assert found["format"] == "parallel"


def test_line_and_branch_data_do_not_mix(package: Package) -> None:
    package.measure(parallel=True)
    package.coverage("run", "-p", "--rcfile=/dev/null", "--source=pkg", "run.py")

    found = package.collect()

    assert found["percent"] is None
    assert "mix" in found["reason"]


def test_data_taken_in_another_folder_is_mapped(package: Package, tmp_path: Path) -> None:
    other = tmp_path / "build" / "x"
    shutil.copytree(package.root, other)
    package.coverage("run", "run.py", cwd=other)
    shutil.copy(other / ".coverage", package.root / ".coverage")
    package.measure(parallel=True)
    here = package.root / ".coverage"
    away = here.read_bytes()
    package.coverage("combine", "-q")
    totals = package.reported()
    here.write_bytes(away)
    shutil.rmtree(other)

    found = package.collect()

    assert agrees(found, totals)
    assert found["reason"] is None


def test_data_of_an_installed_copy_is_mapped_to_the_sources(
    package: Package, tmp_path: Path
) -> None:
    package.git("mv", "pkg", "src_pkg")
    package.write({f"src/{name}": text for name, text in FILES.items() if name.startswith("pkg/")})
    package.git("rm", "-rq", "--cached", "src_pkg")
    shutil.rmtree(package.root / "src_pkg")
    package.commit({".coveragerc": "[run]\nbranch = True\nsource = src\n"})
    copy = package.root / ".tox/py311/lib/python3.11/site-packages/pkg"
    shutil.copytree(package.root / "src/pkg", copy)
    runner = (
        "import sys; sys.path.insert(0, '.tox/py311/lib/python3.11/site-packages')\n"
        + FILES["run.py"]
    )
    (package.root / ".tox" / "run.py").write_text(runner.replace("insert(0, '.')", "append('.')"))
    package.coverage("run", f"--source={copy}", ".tox/run.py")

    found = package.collect()

    assert found["reason"] is None, found
    assert {one["path"] for one in found["lowest"]} == {"src/pkg/calc.py", "src/pkg/text.py"}
    assert (found["files"], found["statements"]) == (3, 12)


def test_a_data_file_that_the_settings_name_is_found(package: Package) -> None:
    package.commit({
        ".coveragerc": "[run]\nsource = pkg\ndata_file = out/my data\n[json]\noutput = out/c.json\n",
        ".gitignore": FILES[".gitignore"] + "out/\n",
    })  # fmt: skip
    (package.root / "out").mkdir()
    package.measure()

    first = package.collect()
    package.coverage("json", "-q")

    assert (first["source"], first["percent"]) == ("out/my data", package.collect()["percent"])
    assert package.collect()["source"] == "out/c.json"


def test_settings_cannot_point_outside_the_repository(package: Package, tmp_path: Path) -> None:
    other = Package(tmp_path / "other")
    other.commit(FILES)
    other.measure()
    package.commit({".coveragerc": f"[run]\nsource = pkg\ndata_file = {other.root}/.coverage\n"})

    assert package.collect()["percent"] is None

    package.commit({".coveragerc": "[run]\nsource = pkg\ndata_file = ../other/.coverage\n"})

    assert package.collect()["percent"] is None


def test_relative_data_needs_no_setting_to_be_read(package: Package) -> None:
    package.commit({".coveragerc": "[run]\nsource = pkg\nrelative_files = True\n"})
    package.measure()
    totals = package.reported()
    package.commit({".coveragerc": "[run]\nsource = pkg\n"})

    assert agrees(package.collect(), totals)


def test_a_generated_file_that_git_ignores_counts_as_it_lies_there(package: Package) -> None:
    package.commit({".gitignore": FILES[".gitignore"] + "_version.py\n"})
    package.write({"pkg/_version.py": "version = 1\n"})
    package.measure()

    found = package.collect()

    assert agrees(found, package.reported())
    assert found["files"] == 4


@pytest.mark.parametrize("sort", ["json", "xml", "lcov"])
def test_a_finished_report_alone_tells_the_same(package: Package, sort: str) -> None:
    package.measure()
    totals = package.reported()
    package.coverage(sort, "-q")
    (package.root / ".coverage").unlink()

    found = package.collect()

    assert found["source"] == f"coverage.{sort}"
    assert (found["statements"], found["missing"]) == (
        totals["num_statements"],
        totals["missing_lines"],
    )
    assert found["percent"] == pytest.approx(totals["percent_covered"])
    assert found["commit"] == package.git("rev-parse", "HEAD")


def test_a_finished_report_goes_before_data_and_the_others_are_shown(package: Package) -> None:
    package.measure()
    package.coverage("json", "-q")
    package.coverage("xml", "-q")

    found = package.collect()

    assert found["source"] == "coverage.json"
    assert [one["source"] for one in found["others"]] == ["coverage.xml", ".coverage"]
    assert {round(one["percent"], 6) for one in found["others"]} == {round(found["percent"], 6)}


def test_a_report_of_older_code_yields_to_data_of_this_code(package: Package) -> None:
    package.measure()
    package.coverage("json", "-q")
    time.sleep(0.02)
    package.commit({"pkg/calc.py": MOVED})
    package.measure()

    found = package.collect()

    assert (found["source"], found["stale"]) == (".coverage", False)
    assert found["others"][0]["stale"] is True


def test_a_part_of_a_run_is_contradicted_by_a_report_of_the_same_code(package: Package) -> None:
    package.measure()
    package.coverage("xml", "-q")
    package.measure("text")

    found = package.collect()

    (other,) = found["others"]
    assert found["source"] == "coverage.xml"
    assert (found["partial"], other["partial"]) == (False, True)
    assert "executed more" in other["reason"]


def test_a_part_of_a_run_is_contradicted_by_what_was_measured_before(package: Package) -> None:
    package.measure()
    before = package.collect()
    package.measure("text")

    found = package.collect(before)

    assert found["partial"] is True
    assert found["percent"] < before["percent"]


def test_parts_that_follow_each_other_are_all_held_against_the_whole_run(package: Package) -> None:
    package.measure()
    whole = package.collect()
    package.measure("text")
    first = package.collect(whole)
    package.measure("calc")

    second = package.collect(first)

    assert (first["partial"], second["partial"]) == (True, True)
    assert second["whole"]["percent"] == whole["percent"]


def test_few_files_of_many_are_a_part(package: Package) -> None:
    package.commit(
        {".coveragerc": "[run]\nomit = tests/*\n    run.py\n"}
        | {f"pkg/m{number}.py": "one = 1\n" for number in range(6)}
    )
    package.measure("calc")

    found = package.collect()

    assert found["partial"] is True
    assert "2 of 9" in found["reason"] or "1 of 8" in found["reason"], found["reason"]


def test_contexts_tell_which_tests_ran(package: Package) -> None:
    package.commit({
        ".coveragerc": "[run]\nsource = pkg\ndynamic_context = test_function\n",
        "tests/test_calc.py": "from pkg.calc import add\n\nassert add(1, 2) == 3\n",
    })  # fmt: skip
    package.coverage("run", "--context=tests/test_calc.py::test_add|run", "run.py", "calc")

    found = package.collect()

    assert found["partial"] is True
    assert "1 of 2" in found["reason"]


@pytest.mark.parametrize("content", [
    {"baseline": 40, "current_minimum": 50, "target": 90, "next_milestone": 60,
     "history": [{"date": "2026-01-01T00:00:00", "coverage": 51.5, "commit": "HEAD", "milestone": False}]},
    {"baseline_coverage": 40.0, "current_coverage": 51.5},
])  # fmt: skip
def test_a_ratchet_has_a_percentage_and_no_counts(
    package: Package, content: dict[str, object]
) -> None:
    (package.root / ".coverage-ratchet.json").write_text(json.dumps(content))

    found = package.collect()

    assert (found["percent"], found["statements"], found["files"]) == (51.5, None, None)
    assert "without counts" in found["reason"]


def test_anything_else_goes_before_a_ratchet(package: Package) -> None:
    (package.root / ".coverage-ratchet.json").write_text('{"current_coverage": 99}')
    package.measure()

    found = package.collect()

    assert found["source"] == ".coverage"
    assert found["others"][0]["percent"] == 99


def test_what_only_a_plugin_can_count_is_unknown_and_the_plugin_is_named(package: Package) -> None:
    from coverage import CoverageData

    package.measure()
    data = CoverageData(str(package.root / ".coverage"))
    data.read()
    page = str(package.root / "page.html")
    data.add_arcs({page: [(-1, 1), (1, -1)]})
    data.add_file_tracers({page: "jinja"})
    data.write()
    data.close()

    found = package.collect()

    assert (found["percent"], found["statements"]) == (None, None)
    assert "plugin jinja" in found["reason"]


def test_plugins_of_the_settings_make_data_unknown_and_a_finished_report_known(
    package: Package,
) -> None:
    package.commit({
        "evil.py": "def coverage_init(reg, options):\n    pass\n",
        ".coveragerc": "[run]\nbranch = True\nsource = pkg\nplugins = evil\n",
    })  # fmt: skip
    package.measure()

    alone = package.collect()
    totals = package.reported()
    package.coverage("json", "-q")
    found = package.collect()

    assert alone["percent"] is None
    assert "plugins evil" in alone["reason"]
    assert "coverage json" in alone["reason"]
    assert agrees(found, totals)


def test_plugins_and_debugging_of_the_settings_are_never_run(package: Package) -> None:
    mark = package.root.parent / "ran"
    package.measure()
    package.commit({
        "evil.py": f"open({str(mark)!r}, 'w')\n",
        "sitecustomize.py": f"open({str(mark)!r}, 'w')\n",
        ".coveragerc": "[run]\nbranch = True\nsource = pkg\nplugins = evil\ndebug = config\n"
                       f"debug_file = {mark}\n[report]\nomit = evil.py\n    sitecustomize.py\n",
    })  # fmt: skip

    found = package.collect()

    assert found["percent"] is not None
    assert not mark.exists()


def test_settings_that_cannot_be_read_are_told(package: Package) -> None:
    package.commit({".coveragerc": "[run\nsource = pkg\n"})
    (package.root / ".coverage").write_bytes(b"SQLite format 3\0")

    found = package.collect()

    assert found["percent"] is None
    assert "settings" in found["reason"]


@pytest.mark.parametrize("name", [
    "a\0b.py", "/etc/passwd", "../../x.py", "x" * 5000 + ".py", "\ud800.py", "", ".", "pkg", "-rf.py",
])  # fmt: skip
def test_a_report_with_strange_names_does_not_hide_the_others(package: Package, name: str) -> None:
    package.measure()
    summary = {"num_statements": 1, "missing_lines": 0, "excluded_lines": 0}
    told = {"meta": {"version": "7"}, "totals": summary,
            "files": {name: {"summary": summary, "executed_lines": [1], "missing_lines": []}}}  # fmt: skip
    (package.root / "coverage.json").write_text(json.dumps(told))
    package.coverage("xml", "-q")

    found = package.collect()

    assert {one["source"] for one in [found, *found["others"]]} == {
        "coverage.json",
        "coverage.xml",
        ".coverage",
    }
    assert sum(one["percent"] is not None for one in [found, *found["others"]]) >= 2


def test_links_and_pipes_are_no_sources(package: Package, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"current_coverage": 12}')
    (package.root / ".coverage-ratchet.json").symlink_to(secret)
    os.mkfifo(package.root / "coverage.json")

    assert package.collect()["percent"] is None


def test_before_the_first_commit_the_work_tree_is_what_was_measured(tmp_path: Path) -> None:
    package = Package(tmp_path / "unborn")
    package.write(FILES)
    package.measure()

    found = package.collect(head=None)

    assert agrees(found, package.reported())
    assert found["commit"] is None


def test_a_bare_repository_has_no_data(package: Package, tmp_path: Path) -> None:
    package.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    package.root = tmp_path / "bare"

    assert "bare" in package.collect(bare=True)["reason"]


def test_line_ends_of_windows_change_nothing(package: Package) -> None:
    head = package.commit({"pkg/calc.py": CALC.replace("\n", "\r\n")})
    package.measure()

    found = package.collect()

    assert agrees(found, package.reported())
    assert found["commit"] == head


def test_a_detached_head_in_a_shallow_clone_and_a_linked_work_tree_are_read(
    package: Package, tmp_path: Path
) -> None:
    package.commit({"README.md": "words\n"})
    shallow = tmp_path / "shallow"
    package.git("clone", "-q", "--depth=1", f"file://{package.root}", str(shallow))
    linked = tmp_path / "linked"
    package.git("worktree", "add", "-q", "--detach", str(linked))
    for folder in (shallow, linked):
        package.root = folder
        package.measure()

        found = package.collect()

        assert agrees(found, package.reported())
        assert found["commit"] == package.git("rev-parse", "HEAD")
