"""Reports of other languages: what can be checked is, and what can't is said."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from tests.integration.measured import Package

SOURCE = "function add(a, b) {\n  return a + b;\n}\n\nmodule.exports = add;\n"
TRACE = "TN:\nSF:src/add.js\nDA:1,1\nDA:2,0\nDA:5,1\nBRDA:2,0,0,1\nBRDA:2,0,1,-\nend_of_record\n"
XML = (
    '<coverage lines-valid="3" lines-covered="2" {stamp}><sources><source>.</source></sources><packages>'
    '<package name="a"><classes><class name="add" filename="src/add.js"><lines>'
    '<line number="1" hits="1"/><line number="2" hits="0"/><line number="5" hits="1"/>'
    "</lines></class></classes></package></packages></coverage>"
)


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """A package in JavaScript."""
    found = Package(tmp_path / "js")
    found.commit({"README.md": "x\n", ".gitignore": "lcov.info\ncoverage.xml\n"})
    found.commit({"src/add.js": SOURCE, "src/other.js": SOURCE})
    time.sleep(0.02)
    return found


def test_lcov_of_files_as_they_are_is_of_head_and_says_what_is_not_proven(package: Package) -> None:
    package.write({"lcov.info": TRACE})

    found = package.collect()

    assert (found["statements"], found["missing"], found["branches"]) == (3, 1, 2)
    assert (found["commit"], found["stale"]) == (package.git("rev-parse", "HEAD"), False)
    assert found["reason"] == (
        "its files are no Python, so only their length and the time of the file tell the commit"
    )


@pytest.mark.parametrize(("trace", "why"), [
    (TRACE.replace("DA:5,1", "DA:600,1"), "line 600 was measured, and it has 5"),
    (TRACE + "SF:src/other.js\n" + "".join(f"BRDA:1,0,{one},1\n" for one in range(80)) + "DA:1,1\n",
     "80 branches were measured in"),
    (TRACE.replace("SF:src/add.js", "SF:lib/gone.js"), "none of its files is there"),
    (TRACE.replace("DA:1,1", "DA:0,1"), "line 0 cannot be"),
    (TRACE.replace("DA:1,1", "DA:1,-1"), "-1 is no number of times"),
    (TRACE.replace("DA:1,1", "DA:1," + "9" * 5000), "cannot"),
    (TRACE.replace("BRDA:2,0,0,1", "BRDA:700,0,0,1"), "line 700 was measured"),
])  # fmt: skip
def test_lcov_that_cannot_be_is_not_believed(package: Package, trace: str, why: str) -> None:
    package.write({"lcov.info": trace})

    found = package.collect()

    assert found["percent"] is None
    assert why in found["reason"].replace("can be read", "cannot")


def test_a_change_of_a_measured_language_makes_it_stale(package: Package) -> None:
    package.write({"lcov.info": TRACE})
    before = package.collect()
    time.sleep(0.02)
    package.write({"src/other.js": SOURCE + "// more\n"})

    loose = package.collect(before)
    time.sleep(1)  # a commit says when it was made to the second
    package.commit()
    committed = package.collect(loose)

    assert [one["stale"] for one in (before, loose, committed)] == [False, True, True]
    assert committed["commit"] == before["commit"]


def test_a_time_before_the_first_commit_is_of_no_commit(package: Package) -> None:
    package.write({"coverage.xml": XML.format(stamp='timestamp="1000000000"')})

    found = package.collect()

    assert found["percent"] is None
    assert "before any commit" in found["reason"]


@pytest.mark.parametrize("stamp", ["", 'timestamp="0"', 'timestamp="yesterday"'])
def test_without_a_time_that_of_the_file_counts(package: Package, stamp: str) -> None:
    package.write({"coverage.xml": XML.format(stamp=stamp)})

    found = package.collect()

    assert (found["statements"], found["missing"], found["tool"]) == (3, 1, None)
    assert "the time of the file" in found["reason"]


def test_an_old_report_is_placed_by_its_time_and_is_stale(tmp_path: Path) -> None:
    package = Package(tmp_path / "js")
    dates = [f"2024-0{month}-01T00:00:00+00:00" for month in (1, 3, 5)]
    commits = [
        package.commit(files, GIT_COMMITTER_DATE=date, GIT_AUTHOR_DATE=date)
        for files, date in zip(
            ({"README.md": "x\n"}, {"src/add.js": SOURCE}, {"src/add.js": "// 1\n" + SOURCE}), dates,
            strict=True,
        )
    ]  # fmt: skip
    package.write({"coverage.xml": XML.format(stamp='timestamp="1711929600"')})  # April

    found = package.collect()

    assert (found["commit"], found["stale"]) == (commits[1], True)
    assert "only their length and its time" in found["reason"]


def test_a_time_at_which_the_file_was_not_there_is_not_believed(tmp_path: Path) -> None:
    package = Package(tmp_path / "js")
    for files, date in (({"README.md": "x\n"}, "2024-01-01"), ({"README.md": "y\n"}, "2024-02-01"),
                        ({"src/add.js": SOURCE}, "2024-05-01")):  # fmt: skip
        stamp = f"{date}T00:00:00+00:00"
        package.commit(files, GIT_COMMITTER_DATE=stamp, GIT_AUTHOR_DATE=stamp)
    package.write({"coverage.xml": XML.format(stamp='timestamp="1704500000"')})  # January

    found = package.collect()

    assert found["percent"] is None
    assert "none of its files is there" in found["reason"]


@pytest.mark.parametrize(("valid", "known"), [("7", True), ("100000000000", False)])
def test_totals_beyond_the_list_are_told_and_have_to_fit_the_code(
    package: Package, valid: str, known: bool
) -> None:
    text = XML.format(stamp="").replace('lines-valid="3"', f'lines-valid="{valid}"')
    package.write({"coverage.xml": text})

    found = package.collect()

    assert (found["percent"] is not None) is known
    assert ("4 of its statements are in files" if known else "lines of code") in found["reason"]


def test_a_report_beside_the_files_of_another_time_needs_no_python(package: Package) -> None:
    package.write({"lcov.info": TRACE})
    os.utime(package.root / "lcov.info", (1, 1))

    assert "before any commit" in package.collect()["reason"]
