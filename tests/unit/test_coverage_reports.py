"""Finished reports as other programs write them, and what is refused."""

from __future__ import annotations

import pytest

from gitcoord.metrics.coverage import finished, statements
from gitcoord.metrics.coverage.counts import Counts
from gitcoord.metrics.coverage.reading import JSON, LCOV, RATCHET, XML, Unreadable

COBERTURA = b"""<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM 'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>
<coverage line-rate="0.5" branch-rate="0.25" version="1.9" timestamp="1700000000">
 <sources><source>/build/x</source></sources>
 <packages><package name="a"><classes>
  <class filename="a.py" name="A"><methods/><lines>
   <line number="1" hits="1"/><line number="2" hits="0"/>
   <line number="3" hits="2" branch="true" condition-coverage="50% (1/2)"/>
   <line number="4" hits="0" branch="true" condition-coverage="0% (0/2)"/>
  </lines></class>
 </classes></package></packages>
</coverage>"""
TRACE = b"TN:\nSF:src/a.js\nFN:1,f\nFNDA:1,f\nDA:1,1\nDA:2,0\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nLF:2\nLH:1\nend_of_record\n"


def test_cobertura_is_counted_line_by_line() -> None:
    found = finished.read(XML, "coverage.xml", COBERTURA, 1_800_000_000.0)

    assert found.counts == Counts(4, 2, 0, 4, 3, 1)
    assert (found.time, found.version, found.branch) == (1_700_000_000, "1.9", True)
    assert list(found.files) == ["/build/x/a.py"]
    assert found.ran == {"/build/x/a.py"}


def test_lcov_of_any_language_is_counted() -> None:
    found = finished.read(LCOV, "lcov.info", TRACE, 5.0)

    assert found.counts == Counts(2, 1, 0, 2, 1, 0)
    assert list(found.files) == ["src/a.js"]


def test_a_file_that_several_tests_name_in_lcov_counts_once() -> None:
    twice = TRACE + b"SF:src/a.js\nDA:1,0\nDA:2,4\nend_of_record\n"

    found = finished.read(LCOV, "lcov.info", twice, 5.0)

    assert found.counts == Counts(2, 0, 0, 2, 1, 0)


@pytest.mark.parametrize(("kind", "content"), [
    (JSON, b""), (JSON, b"[]"), (JSON, b"{}"), (JSON, b'{"files": {}, "totals": 3}'),
    (JSON, b'{"files": {}, "totals": {"num_statements": "many"}}'),
    (JSON, b'{"files": {}, "totals": {"num_statements": 3, "missing_lines": 4}}'),
    (JSON, b'{"files": {}, "totals": {"num_statements": -3}}'),
    (JSON, b"[" * 100_000), (JSON, b"\xff\xfe"), (JSON, b'{"files": {"a": 3}, "totals": {}}'),
    (XML, b""), (XML, b"<html/>"), (XML, b"<coverage"),
    (XML, b'<!DOCTYPE x [<!ENTITY a "b">]><coverage>&a;</coverage>'),
    (XML, COBERTURA.replace(b'hits="1"', b'hits="x"')), (XML, COBERTURA.replace(b"(1/2)", b"(3/2)")),
    (LCOV, b""), (LCOV, b"DA:x,y\n"), (LCOV, b"SF:a\nDA:1\n"), (LCOV, b"\0\0"),
    (RATCHET, b"{}"), (RATCHET, b'{"current_coverage": 120}'), (RATCHET, b'{"history": 3}'),
    (RATCHET, b'{"current_coverage": "80"}'), (RATCHET, b'{"current_coverage": NaN}'),
])  # fmt: skip
def test_what_is_no_report_says_nothing(kind: str, content: bytes) -> None:
    with pytest.raises(Unreadable, match="file"):
        finished.read(kind, "file", content, 1.0)


@pytest.mark.parametrize(("apart", "believed"), [
    (0, True), (30, True), (7200, False), (-7200, False), (19_800, False), (86_400, True), (400, True),
])  # fmt: skip
def test_a_time_without_zone_is_believed_unless_it_looks_like_another_zone(
    apart: int, believed: bool
) -> None:
    from datetime import datetime

    written = 1_700_000_000.0
    told = datetime.fromtimestamp(written - apart).isoformat()
    content = f'{{"meta": {{"timestamp": "{told}"}}, "files": {{}}, "totals": {{}}}}'.encode()

    found = finished.read(JSON, "coverage.json", content, written)

    assert found.time == (written - apart if believed else written)


@pytest.mark.parametrize(("source", "lines", "wrong"), [
    (b"a = 1\n\n# x\nb = 2\n", {1, 4}, []),
    (b"a = 1\n\n# x\nb = 2\n", {1, 2, 3, 4}, [2, 3]),
    (b'"""Text\nover\nlines."""\na = 1\n', {1, 2, 4}, [2]),
    (b"f(\n  1,\n  2,\n)\n", {1, 2, 3, 4}, [4]),
    (b"@deco\ndef f():\n  pass\n", {1, 2, 3}, []),
    (b"a = (\n    'x'\n    % {\n        1: 2,\n    }\n).strip()\n", {1, 2, 3, 4, 6}, []),
    (b"assert a == [\n  1,\n  x,\n]\n", {1, 2, 4}, []),
    (b"", {0, 1}, []),
    (b"not python(", {7}, []),
    ("é = 'ü'\r\nb = 2\r\n".encode(), {1, 2}, []),
])  # fmt: skip
def test_lines_that_can_be_no_statement_are_found(
    source: bytes, lines: set[int], wrong: list[int]
) -> None:
    assert statements.impossible(source, lines) == wrong


def _xml(classes: str, totals: str = "") -> bytes:
    head = f"<coverage {totals}><packages><package name='m'><classes>"
    return f"{head}{classes}</classes></package></packages></coverage>".encode()


def test_classes_of_one_file_count_together() -> None:
    found = finished.read(XML, "coverage.xml", _xml(
        '<class name="X" filename="X.java"><lines><line number="1" hits="0"/></lines></class>'
        '<class name="X$I" filename="X.java"><lines><line number="6" hits="3"/></lines></class>'
    ), 5.0)  # fmt: skip

    assert found.counts == Counts(2, 1)


def test_totals_of_a_report_that_lists_less_go_before_its_list() -> None:
    only = '<class name="u" filename="u.py"><lines><line number="1" hits="1"/></lines></class>'

    found = finished.read(XML, "coverage.xml", _xml(only, 'lines-valid="7" lines-covered="4"'), 5.0)

    assert found.counts == Counts(7, 3)
