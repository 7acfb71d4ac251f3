"""Test reports are read as they are written by many tools, and hostile ones do no harm."""

from __future__ import annotations

import pytest

from gitcoord.metrics.quality import flaky, junit

PYTEST = """<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="1" failures="1"
 skipped="1" tests="5" time="0.5" timestamp="2026-01-31T10:00:00.000000+01:00" hostname="h">
<testcase classname="t.a" name="test_ok" time="0.1"/>
<testcase classname="t.a" name="test_no" time="0.2"><failure message="x">t</failure></testcase>
<testcase classname="t.a" name="test_skip" time="0"><skipped type="pytest.skip"/></testcase>
<testcase classname="t.a" name="test_late" time="0.1"/>
<testcase classname="t.a" name="test_late" time="0.1"><error message="teardown"/></testcase>
</testsuite></testsuites>"""


def test_outcomes_and_time_are_counted() -> None:
    found = junit.read(PYTEST.encode())

    assert found.counts == {"passed": 2, "failed": 1, "error": 1, "skipped": 1}
    assert found.seconds == 0.5
    assert found.written is not None
    assert found.written.isoformat() == "2026-01-31T09:00:00+00:00"


def test_reruns_of_surefire_are_outcomes_of_the_same_test() -> None:
    text = '<testsuite><testcase name="x"><flakyFailure/></testcase></testsuite>'

    found = junit.read(text.encode())

    assert found.counts["passed"] == 1
    assert found.tests == {"x": ["failed", "passed"]}


@pytest.mark.parametrize("text", [
    "", "x", "<html/>", "<testsuites>", "<testsuites></testsuite>",
    '<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuites>&b;</testsuites>',
    '<!DOCTYPE testsuites SYSTEM "file:///etc/passwd"><testsuites/>',
    "<testsuites>" + "<a>" * 200 + "</a>" * 200 + "</testsuites>", "\0", "<testsuites>\x01</testsuites>",
])  # fmt: skip
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(junit.NoReportError):
        junit.read(text.encode())


def test_a_document_type_in_another_encoding_is_refused_as_well() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE t [<!ENTITY a "x">]><testsuite/>'

    with pytest.raises(junit.NoReportError):
        junit.read(text.encode("utf-16"))


@pytest.mark.parametrize("time", ["nan", "inf", "-1", "x", "1,000.5", ""])
def test_odd_times_do_not_spoil_the_sum(time: str) -> None:
    text = f'<testsuite><testcase name="a" time="{time}"/><testcase name="b" time="1"/></testsuite>'

    assert junit.read(text.encode()).seconds in (1.0, 1001.5)


def test_a_test_is_flaky_that_passes_and_fails_with_the_same_code() -> None:
    memory = flaky.remember({}, "r1", "code", {"a": ["passed"], "b": ["failed"], "c": ["passed"]})
    memory = flaky.remember(
        memory, "r2", "code", {"a": ["failed"], "b": ["failed"], "c": ["skipped"]}
    )

    assert flaky.find(memory) == ["a"]


def test_a_test_that_changed_with_the_code_is_not_flaky() -> None:
    memory = flaky.remember({}, "r1", "old", {"a": ["passed"]})
    memory = flaky.remember(memory, "r2", "new", {"a": ["failed"]})
    memory = flaky.remember(memory, "r3", None, {"a": ["passed"]})

    assert flaky.find(memory) == []


def test_a_test_that_failed_and_passed_in_one_run_is_flaky() -> None:
    assert flaky.find(flaky.remember({}, "r", None, {"a": ["failed", "passed"]})) == ["a"]


def test_a_report_is_counted_once_and_old_ones_are_forgotten() -> None:
    memory = flaky.remember({}, "r0", "code", {"a": ["failed"]})
    assert flaky.remember(memory, "r0", "code", {"a": ["passed"]}) == memory

    for number in range(1, flaky.KEPT + 1):
        memory = flaky.remember(memory, f"r{number}", "code", {"a": ["passed"]})

    assert flaky.find(memory) == []
    assert len(memory["reports"]) == flaky.KEPT


@pytest.mark.parametrize(
    "memory", [{"reports": 1}, {"reports": [1], "tests": {}}, {"reports": [], "tests": {"a": "pp"}}]
)
def test_a_damaged_memory_begins_anew(memory: dict[str, object]) -> None:
    assert flaky.find(memory) == []
    assert flaky.remember(memory, "r", None, {"a": ["passed"]})["tests"] == {"a": "p"}
