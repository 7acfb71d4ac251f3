"""Documentation, tests, dependencies and vulnerabilities of small real repositories."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration.quality_world import by_hand, environment, make, measure, one, save, write

SOURCE = Path(__file__).resolve().parents[2] / "src"
PUBLIC = '''
"""Doc."""
__all__ = ["Shown", "helper"]
from typing import overload, override as over
import typing as t
class Shown:
    def __init__(self): ...
    def method(self): ...
    def _private(self): ...
    def __str__(self): ...
    def __call__(self): ...
    @property
    def value(self): """Doc."""
    @value.setter
    def value(self, to): ...
    @overload
    def twice(self): ...
    @t.overload
    def thrice(self): ...
    @over
    def again(self): ...
    @mine.override
    def counted(self): ...
    def outer(self):
        def inner(): ...
        class Local: ...
    class Inner:
        def deep(self): ...
class Hidden:
    def method(self): ...
if True:
    def helper(): ...
else:
    async def helper(): """Doc."""
def not_exported(): ...
'''
D_RULES = "D100,D101,D102,D103,D104,D106"


def missing_by_ruff(root: Path) -> int:
    said = by_hand(root, "ruff", "check", "--no-cache", "--isolated", "--ignore-noqa", "--select", D_RULES,
                   "--output-format", "json").stdout  # fmt: skip
    return len(json.loads(said))


def test_what_is_not_documented_is_what_ruff_misses(tmp_path: Path) -> None:
    files = {"pkg/__init__.py": "", "pkg/a.py": PUBLIC, "pkg/_private.py": PUBLIC, "pkg/_sub/__init__.py": "x = 1\n",
             "pkg/_sub/b.py": PUBLIC, "pkg/sub/__init__.py": '"""Doc."""\n', "pkg/__main__.py": "x = 1\n",
             "script.py": ""}  # fmt: skip
    root = make(tmp_path / "r", files)

    found = one(root, "documentation")

    assert found["missing"] == missing_by_ruff(root)
    assert found["names"] == found["documented"] + found["missing"]


def test_the_missing_names_of_large_real_code_are_those_of_ruff(tmp_path: Path) -> None:
    import hypothesis
    import packaging

    for package in (packaging, hypothesis):
        source = Path(str(package.__file__)).parent
        copy = tmp_path / source.name
        subprocess.run(["cp", "-r", str(source), str(copy)], check=True)
        for each in copy.rglob("*"):
            if each.suffix != ".py" and each.is_file():
                each.unlink()
        root = tmp_path / f"repo {source.name}"
        make(root, {"README": "x"})
        os.rename(copy, root / source.name)
        save(root)

        assert one(root, "documentation")["missing"] == missing_by_ruff(root)


def test_results_of_tests_are_what_pytest_says(tmp_path: Path) -> None:
    code = (
        "import pytest\n\n\n@pytest.fixture\ndef late():\n    yield\n    raise ValueError\n\n\n"
        "def test_ok(): pass\ndef test_no(): assert 0\ndef test_late(late): pass\n"
        "@pytest.mark.skip\ndef test_skip(): pass\n@pytest.mark.xfail\ndef test_x(): assert 0\n"
    )
    root = make(
        tmp_path / "r", {"test_a.py": code, ".gitignore": "junit.xml\n__pycache__\n.pytest_cache\n"}
    )
    said = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", "--junitxml=junit.xml"],
        cwd=root, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip

    found = one(root, "tests")

    assert re.search(r"1 failed, 2 passed, 1 skipped, 1 xfailed, 1 error", said)
    assert (found["passed"], found["failed"], found["errors"], found["skipped"]) == (2, 1, 1, 2)
    assert found["source"] == "junit.xml"
    assert not found["stale"]
    assert found["first"] == ["test_a::test_late", "test_a::test_no"]


REPORT = '<testsuite><testcase name="a" time="1"/></testsuite>'


def test_a_report_older_than_the_code_is_stale_and_leaves_the_score(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "x = 1\n", ".gitignore": "*.xml\n"})
    write(root, {"junit.xml": REPORT})
    assert not one(root, "tests")["stale"]

    os.utime(root / "junit.xml", (1e9, 1e9))
    found = measure(root, "tests")

    assert found["measures"]["tests"]["stale"]
    assert "changed later" in found["measures"]["tests"]["reason"]
    assert (found["score"], found["left_out"][0]["state"]) == (None, "stale")


def test_a_checkout_does_not_make_a_report_stale_that_is_younger_than_the_commit(
    tmp_path: Path,
) -> None:
    root = make(tmp_path / "r", {"a.py": "x = 1\n", ".gitignore": "*.xml\n"})
    write(root, {"reports/junit-unit.xml": REPORT})
    written = (root / "reports" / "junit-unit.xml").stat().st_mtime
    os.utime(root / "a.py", (written + 60, written + 60))

    assert not one(root, "tests")["stale"]

    write(root, {"a.py": "x = 2\n"})
    os.utime(root / "a.py", (written + 60, written + 60))

    assert one(root, "tests")["stale"]


def test_reports_are_looked_for_where_the_hub_says(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "x = 1\n", ".gitignore": "*.xml\n"})
    write(root, {"out/mine.xml": REPORT, "junit.xml": "<testsuite/>"})

    found = one(root, "tests", settings={"reports": ["out/*.xml", "../r/*.xml", "/etc/*"]})

    assert (found["tests"], found["source"]) == (1, "out/mine.xml")


def test_a_test_is_flaky_across_measurements_of_the_same_code(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.py": "x = 1\n"})
    memory = str(tmp_path / "memory")
    write(root, {"junit.xml": REPORT})
    assert one(root, "tests", memory=memory)["flaky"] == 0

    write(root, {"junit.xml": REPORT.replace("/>", "><failure/></testcase>", 1)})
    found = one(root, "tests", memory=memory)

    assert (found["failed"], found["flaky"], found["flaky_tests"]) == (1, 1, ["a"])


def test_all_files_of_a_run_of_surefire_count(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"a.java": "", ".gitignore": "target\n"})
    write(root, {f"target/surefire-reports/TEST-{name}.xml": REPORT for name in "ABC"})

    found = one(root, "tests")

    assert (found["passed"], found["files"], found["source"]) == (3, 3, "target/surefire-reports")


@pytest.mark.parametrize(
    "text", ["<html/>", "<testsuite", '<!DOCTYPE x [<!ENTITY a "b">]><testsuite/>']
)
def test_a_file_that_is_no_report_is_told(tmp_path: Path, text: str) -> None:
    root = make(tmp_path / "r", {"a.py": "x = 1\n"})
    write(root, {"junit.xml": text})

    assert "junit.xml is no test report" in one(root, "tests")["reason"]


def project(*needs: str, more: str = "") -> str:
    return f'[project]\nname = "tiny"\nversion = "1"\ndependencies = {list(needs)!r}\n{more}'


def install(root: Path, name: str, version: str, *modules: str) -> None:
    site = next((root / ".venv" / "lib").glob("python3*/site-packages"))
    write(site, {f"{name}-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
                 f"{name}-{version}.dist-info/top_level.txt": "\n".join(modules)})  # fmt: skip


def test_imports_and_declarations_are_held_against_each_other(tmp_path: Path) -> None:
    dev = "[dependency-groups]\ndev = ['Check-It']\n[project.optional-dependencies]\nplot = ['Draw']\n"
    code = (
        "import os, json\nimport yamlish\nimport Stray\nimport check_it\nimport draw\nfrom . import sibling\n"
        "import tiny.a\ntry:\n    import maybe\nexcept ImportError:\n    maybe = None\n"
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import only_types\nPLUGINS = ['named.plugin']\n"
    )
    root = make(tmp_path / "r", {
        "pyproject.toml": project("py-yamlish>=1", "Idle", "Named", more=dev), "tiny/__init__.py": "",
        "tiny/a.py": code, "tests/test_a.py": "import check_it\nimport helpers\nimport tiny\n", "tests/helpers.py": "",
    })  # fmt: skip
    environment(root)
    for name, module in (("py_yamlish", "yamlish"), ("Stray", "Stray"), ("Check_It", "check_it"), ("Draw", "draw"),
                         ("Idle", "idle"), ("Named", "named"), ("maybe", "maybe"),
                         ("only_types", "only_types")):  # fmt: skip
        install(root, name, "1.0", module)

    found = one(root, "dependencies")

    assert found["lists"]["undeclared"] == {"Stray": "tiny/a.py:3"}
    assert found["lists"]["misplaced"] == {"check_it": "tiny/a.py:4"}
    assert found["lists"]["unused"] == {"idle": "pyproject.toml:4"}
    assert (found["unknown"], found["elsewhere"], found["faults"], found["partial"]) == (
        0,
        0,
        3,
        False,
    )


def test_a_module_that_nobody_knows_is_unknown_and_no_fault(tmp_path: Path) -> None:
    root = make(
        tmp_path / "r", {"pyproject.toml": project("some-thing"), "tiny.py": "import mystery\n"}
    )

    found = one(root, "dependencies")

    assert (found["faults"], found["unknown"], found["partial"]) == (0, 1, True)
    assert "mystery" in found["reason"]


def test_needs_that_only_a_program_knows_are_not_measured(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"setup.py": "raise SystemExit(1)\n", "tiny.py": "import yaml\n",
                                 "pyproject.toml": "[build-system]\nrequires = ['setuptools']\n"})  # fmt: skip

    assert "setup.py" in one(root, "dependencies")["reason"]


LOCK = (
    '[[package]]\nname = "left-pad"\nversion = "1.2"\n\n[[package]]\nname = "tiny"\nversion = "1"\n'
)


@pytest.mark.parametrize(("needs", "reasons"), [
    (["left_pad>=1"], []), (["left_pad>=2"], ["left_pad is locked at 1.2, and >=2 is declared"]),
    (["left_pad", "other"], ["other is declared and not locked"]), (["left_pad", "other; python_version < '3'"], []),
])  # fmt: skip
def test_a_lock_that_does_not_fit_its_manifest_is_outdated(
    tmp_path: Path, needs: list[str], reasons: list[str]
) -> None:
    root = make(tmp_path / "r", {"pyproject.toml": project(*needs), "uv.lock": LOCK, "tiny.py": ""})

    found = one(root, "dependencies")

    assert (found["locks"], found["outdated_locks"]) == (1, int(bool(reasons)))
    assert found["lock_reasons"] == ({"uv.lock": reasons} if reasons else {})


def osv(folder: Path, id: str, fixed: str, *aliases: str) -> None:
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]
    affected = [{"package": {"ecosystem": "PyPI", "name": "left-pad"}, "ranges": ranges}]
    whole = {"id": id, "aliases": aliases, "summary": "Bad\x1b[31m", "affected": affected}
    write(folder, {f"{id}.json": json.dumps(whole)})


def test_vulnerabilities_are_found_in_what_is_locked_and_each_counts_once(tmp_path: Path) -> None:
    root = make(
        tmp_path / "r", {"pyproject.toml": project("left-pad"), "uv.lock": LOCK, "tiny.py": ""}
    )
    folder = tmp_path / "advisories 🌿"
    osv(folder, "PYSEC-1", "2.0", "CVE-1")
    osv(folder, "GHSA-1", "2.0", "CVE-1")
    osv(folder, "PYSEC-2", "1.0")

    found = one(root, "vulnerabilities", advisories=str(folder))

    assert (found["vulnerabilities"], found["packages"], found["advisories"]) == (1, 1, 3)
    assert found["source"] == "uv.lock"
    osv(folder, "PYSEC-3", "1.3")
    assert one(root, "vulnerabilities", advisories=str(folder))["vulnerabilities"] == 2


def test_without_a_lock_what_is_installed_is_looked_up(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"pyproject.toml": project("left-pad"), "tiny.py": ""})
    environment(root)
    install(root, "left_pad", "1.0", "left_pad")
    osv(tmp_path / "o", "PYSEC-1", "2.0")

    found = one(root, "vulnerabilities", advisories=str(tmp_path / "o"))

    assert (found["vulnerabilities"], found["source"]) == (1, ".venv")


def test_without_advisories_nothing_is_known(tmp_path: Path) -> None:
    root = make(tmp_path / "r", {"pyproject.toml": project("left-pad"), "uv.lock": LOCK})
    (tmp_path / "empty").mkdir()

    for folder in (None, str(tmp_path / "empty"), str(tmp_path / "gone")):
        found = one(root, "vulnerabilities", advisories=folder)
        assert (found["measured"], "--advisories" in found["hint"]) == (False, True)
