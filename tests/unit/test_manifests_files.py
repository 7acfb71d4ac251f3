"""Every file in tests/data/manifests is a test: `NAME.FORMAT`, and `NAME@LINE.FORMAT` for a broken one.

Beside a valid file, `FILE.expected` holds what is read from it; `pytest --update` writes it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gitcoord.manifests import reading
from gitcoord.manifests.manifest import Manifest, from_row

DATA = Path(__file__).parent.parent / "data" / "manifests"
VALID = sorted(path for path in (DATA / "valid").iterdir() if path.suffix != ".expected")
INVALID = sorted((DATA / "invalid").iterdir())


def read(path: Path) -> Manifest:
    return reading.read(path.name.partition(".")[2], path.read_bytes())


def told(found: Manifest) -> str:
    lines = [
        f"package {one.name} {one.version or '-'} {one.source} {one.detail or '-'}"
        f" python {one.python or '-'} :{one.line}"
        for one in found.packages
    ]
    for one in found.requirements:
        words = [one.type, one.package, one.constraint or "any", one.dialect]
        words += [f"[{one.extra}]"] if one.extra else []
        words += ["optional"] if one.optional else []
        words += [f"from {one.source}"] if one.source else []
        words += [f"if {one.marker}"] if one.marker else []
        lines.append(f"{' '.join(words)} :{one.line}")
    for name, pins in found.locked.items():
        lines += [f"locked {name} {pin.version} :{pin.line}" for pin in pins]
    lines += [f"member {one}" for one in found.members]
    lines += [f"include {one}" for one in found.includes]
    return "\n".join([found.ecosystem, *lines]) + "\n"


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_a_manifest_is_read_as_expected(path: Path, request: pytest.FixtureRequest) -> None:
    found = read(path)
    expected = path.with_name(path.name + ".expected")

    assert found.flaws == []
    if request.config.getoption("--update", False):
        expected.write_text(told(found))
    if expected.exists():
        assert told(found) == expected.read_text()


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_the_line_of_a_declaration_holds_the_name(path: Path) -> None:
    lines = path.read_text(encoding="utf-8-sig").splitlines()

    for one in read(path).requirements:
        assert one.line is not None
        around = (
            " ".join(lines[one.line - 1 : one.line + 2]).replace("\\t", "\t").replace('\\"', '"')
        )
        assert one.package in around


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.name)
def test_a_broken_manifest_says_so_at_its_line(path: Path) -> None:
    found = read(path)
    line = path.name.partition(".")[0].partition("@")[2]

    assert found.flaws
    assert all(flaw.code and flaw.message and flaw.hint for flaw in found.flaws)
    assert not line or found.flaws[0].line == int(line)


@pytest.mark.parametrize("path", [*VALID, *INVALID], ids=lambda path: path.name)
def test_what_is_remembered_reads_back_the_same(path: Path) -> None:
    import json

    found = read(path)

    back = from_row(json.loads(json.dumps(found.as_row())))

    assert back.as_row() == found.as_row()
    assert told(back) == told(found)


@pytest.mark.parametrize("name", [*reading._READERS, "requirements.txt", "constraints.txt"])
@pytest.mark.parametrize(
    "raw", [b"", b"\0" * 100, b"\xff\xfe\x00", b"[[[[", b"{" * 2000, b"\n" * 5000, b"=" * 300]
)
def test_no_bytes_make_a_reader_fail(name: str, raw: bytes) -> None:
    assert isinstance(reading.read(name, raw), Manifest)


def test_a_manifest_that_is_too_large_is_not_read() -> None:
    found = reading.read("pyproject.toml", b"#" * (reading.MAX_BYTES + 1))

    assert [flaw.code for flaw in found.flaws] == ["too-large"]


@pytest.mark.parametrize(("path", "taken"), [
    ("pyproject.toml", True), ("backend/package.json", True), ("requirements-dev.txt", True),
    ("requirements/base.txt", True), ("constraints.txt", True), ("notes.txt", False),
    ("tests/pyproject.toml", False), ("examples/package.json", False), ("a/b/Cargo.toml", False),
    ("node_modules/package.json", False), (".github/package.json", False), ("docs/requirements.txt", True),
])  # fmt: skip
def test_manifests_of_tests_and_examples_are_not_the_repositorys(path: str, taken: bool) -> None:
    assert reading.is_manifest(path) is taken


@pytest.mark.parametrize("name", [*reading._READERS, "requirements.txt"])
@pytest.mark.parametrize(
    "part",
    ["[ ", "a.", "x\n", " ", "[a]\n", '"', "\n", "[[package]]\n", "(", "-a ", "=\n", '{"a":'],
)
def test_hostile_repetition_costs_no_more_than_its_length(name: str, part: str) -> None:
    import time

    def cost(size: int) -> float:
        raw = (part * size)[:size].encode()
        start = time.process_time()
        reading.read(name, raw)
        return time.process_time() - start

    assert cost(1 << 17) < 20 * cost(1 << 14) + 1
