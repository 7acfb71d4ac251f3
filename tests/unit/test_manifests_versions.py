"""A constraint means what its own ecosystem says it means."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from gitcoord.manifests import inside_files, tags
from gitcoord.manifests.markers import scope
from gitcoord.manifests.names import module_of_url, normal, type_of_group
from gitcoord.manifests.versions import (
    UnansweredError,
    allows,
    as_pep440,
    compare,
    is_prerelease,
)


@pytest.mark.parametrize(("dialect", "constraint", "version", "does"), [
    ("pypi", ">=0.3.12", "0.2.0", False), ("pypi", ">=0.3.12,<1", "0.3.12", True),
    ("pypi", "~=1.4.2", "1.4.9", True), ("pypi", "~=1.4.2", "1.5", False),
    ("pypi", "==1.*", "1.9.9", True), ("pypi", "!=1.2", "1.2.0", False),
    ("pypi", ">=1.0", "1.1a1", True), ("pypi", ">=1.1", "1.1.dev3", False),
    ("pypi", "===1.0", "1.0", True), ("pypi", None, "0", True), ("pypi", "==1!1.0", "1!1.0", True),
    ("pypi", "^0.3", "0.3.9", True), ("pypi", "1.2.*", "1.2.4", True),
    ("poetry", "^1.2.3", "1.9.0", True), ("poetry", "^1.2.3", "2.0.0", False),
    ("poetry", "^0.2.3", "0.2.9", True), ("poetry", "^0.2.3", "0.3.0", False),
    ("poetry", "^0.0.3", "0.0.4", False), ("poetry", "^0.0", "0.0.9", True),
    ("poetry", "^0", "0.9", True), ("poetry", "~1.2.3", "1.2.9", True),
    ("poetry", "~1.2.3", "1.3.0", False), ("poetry", "~1", "1.9", True),
    ("poetry", "1.2.3", "1.2.3", True), ("poetry", "1.2.3", "1.2.4", False),
    ("poetry", ">=1 <2", "1.5", True), ("poetry", "^1 || ^3", "3.1", True),
    ("poetry", "^1 || ^3", "2.1", False), ("poetry", "~=1.4.2", "1.4.9", True),
    ("npm", "^1.2.0", "1.9.9", True), ("npm", "^0.2.3", "0.3.0", False), ("npm", "1.x || >=2.5", "2.4.0", False),
    ("npm", "~2.1", "2.1.9", True), ("npm", "1.2 - 2.3", "2.3.9", True), ("npm", "^1.0.0", "1.1.0-beta", False),
    ("npm", "^2.0.1-rc.5", "2.0.1-rc.6", True), ("npm", "*", "v1.0.0", True),
    ("cargo", "1.2", "1.9.0", True), ("cargo", "0.3", "0.4.0", False), ("cargo", "=1.2", "1.2.7", True),
    ("cargo", ">1.2", "1.2.9", False), ("cargo", ">=1, <1.5", "1.4.0", True), ("cargo", "1.*", "1.7.0", True),
    ("cargo", "~1.2.3", "1.2.9", True), ("cargo", "^0.0.3", "0.0.4", False), ("cargo", "<=1.2", "1.2.9", True),
    ("go", "v1.4.0", "v1.4.0", True), ("go", "v1.4.0", "v1.3.9", False), ("go", "v1.4.0", "v2.0.0", False),
    ("go", "v0.3.0", "v1.1.0", True), ("go", "v2.0.0+incompatible", "v2.1.0", True),
    ("go", "v0.0.0-20240101000000-abcdefabcdef", "v0.1.0", True),
])  # fmt: skip
def test_a_version_meets_a_constraint(
    dialect: str, constraint: str | None, version: str, does: bool
) -> None:
    assert allows(dialect, constraint, version) is does


@pytest.mark.parametrize(("dialect", "constraint", "version"), [
    ("pypi", ">>1", "1.0"), ("pypi", ">=1", "next"), ("npm", "not a range", "1.0.0"), ("npm", "^1", "1"),
    ("cargo", "one", "1.0.0"), ("go", "latest", "v1.0.0"), ("pypi", ">=1" * 1000, "1"), ("poetry", "^x", "1"),
])  # fmt: skip
def test_what_cannot_be_read_is_unknown(dialect: str, constraint: str, version: str) -> None:
    with pytest.raises(UnansweredError):
        allows(dialect, constraint, version)


def test_translations_are_as_the_documentations_have_them() -> None:
    assert as_pep440("^1.2.3") == ">=1.2.3,<2.0.0"
    assert as_pep440("~1.2") == ">=1.2,<1.3.0"
    assert as_pep440("^0") == ">=0,<1.0.0"


ANSWERS = json.loads((Path(__file__).parent.parent / "data" / "semver.json").read_text())
"""What npm's own semver and Cargo's crate answered for each range and version; None: no range."""


@pytest.mark.parametrize("dialect", ["npm", "cargo"])
def test_pre_releases_and_all_else_are_taken_as_the_ecosystems_own_tools_take_them(
    dialect: str,
) -> None:
    def ours(range: str) -> str | None:
        try:
            return "".join(str(int(allows(dialect, range, one))) for one in ANSWERS["versions"])
        except UnansweredError:
            return None

    assert {one: ours(one) for one in ANSWERS[dialect]} == ANSWERS[dialect]


NPM_SEMVER = (
    Path("/usr/lib/node_modules/npm/node_modules/semver"),
    Path("/usr/share/nodejs/semver"),
    Path("/usr/local/lib/node_modules/npm/node_modules/semver"),
)


def test_npm_itself_answers_the_same_for_every_range() -> None:
    where = next((path for path in NPM_SEMVER if path.exists()), None)
    if shutil.which("node") is None or where is None:
        pytest.skip("node with npm's semver is not installed")
    numbers = ("0", "1.2", "0.3.1", "1", "2.0.0-rc.1", "1.2.x", "10.0.3")
    ranges = [
        sign + one
        for sign in ("", "^", "~", ">=", "<", "<=", ">", "=", "~>", "^ ", "v")
        for one in numbers
    ]
    ranges += [f"{one} - {other}" for one in numbers for other in numbers]
    ranges += [f"{one} || {other}" for one in ranges[:20] for other in ("*", "^1.2", "")]
    ranges += [f">={one} <{other}" for one in numbers for other in numbers]
    ranges += [
        f"^1.2.3 {sign}{one}"
        for sign in (">=", "<", "")
        for one in (*numbers, "2.0.0-0", "2.0.0-alpha")
    ]
    versions = [
        *("0.0.1", "0.3.1", "0.3.9", "1.0.0", "1.2.0", "1.2.9", "1.2.3-a"),
        *("2.0.0-0", "2.0.0-alpha", "2.0.0-rc.1", "2.0.0", "10.0.3"),
    ]
    script = (
        f"const s=require({json.dumps(str(where))});const [r,v]=JSON.parse(require('fs').readFileSync(0));"
        "console.log(JSON.stringify(r.map(x=>s.validRange(x)===null?null:v.map(y=>s.satisfies(y,x)))))"
    )
    asked = json.dumps([ranges, versions])
    said = subprocess.run(
        ["node", "-e", script], input=asked, capture_output=True, text=True, check=True
    )

    def ours(range: str) -> list[bool] | None:
        try:
            return [allows("npm", range, version) for version in versions]
        except UnansweredError:
            return None

    theirs = json.loads(said.stdout)
    assert [(r, ours(r)) for r in ranges] == list(zip(ranges, theirs, strict=True))


@pytest.mark.parametrize(("ecosystem", "one", "other"), [
    ("pypi", "Session_Buddy", "session-buddy"), ("pypi", "zope.interface", "zope--interface"),
    ("cargo", "rs_one", "RS-one"), ("go", "example.org/a/v2", "example.org/a"), ("npm", "React", "react"),
])  # fmt: skip
def test_names_are_equal_as_the_ecosystem_has_it(ecosystem: str, one: str, other: str) -> None:
    assert normal(ecosystem, one) == normal(ecosystem, other)


def test_a_scoped_name_of_npm_is_taken_as_it_is() -> None:
    assert normal("npm", "@eco/ui_kit") != normal("npm", "@eco/ui-kit")


@pytest.mark.parametrize("url", [
    "https://example.org/eco/oneiric.git", "git@example.org:eco/oneiric.git",
    "ssh://git@example.org:22/eco/oneiric", "https://user@example.org/eco/oneiric/",
])  # fmt: skip
def test_a_url_names_its_go_module(url: str) -> None:
    assert module_of_url(url) == "example.org/eco/oneiric"


def test_a_group_is_known_by_the_words_of_its_name() -> None:
    assert type_of_group("test", "runtime") == "test"
    assert type_of_group("requirements/dev-tools.txt", "runtime") == "development"
    assert type_of_group("docs", "development") == "documentation"
    assert type_of_group("latest", "runtime") == "runtime"


@pytest.mark.parametrize(("names", "given", "newest"), [
    ({"oneiric"}, ["v0.2.0", "v0.10.0", "v0.9.0", "v1.0.0rc1"], "v0.10.0"),
    ({"oneiric"}, ["v1.0.0rc1", "nightly", "v1"], "v1.0.0rc1"),
    ({"oneiric"}, ["oneiric-1.0.0", "other-3.0.0", "v2.0.0"], "oneiric-1.0.0"),
    ({"oneiric"}, ["other-3.0.0", "2024.1.1", "release-2023.1"], "2024.1.1"),
    ({"http-body-util"}, ["http-body-util-v0.1.2", "http-body-v1.0.0"], "http-body-util-v0.1.2"),
    ({"oneiric"}, ["nightly", "latest"], None),
])  # fmt: skip
def test_the_newest_release_is_found_among_tags(
    names: set[str], given: list[str], newest: str | None
) -> None:
    found = tags.newest(tags.releases(given, "pypi", names), "pypi")

    assert (found.tag if found else None) == newest


def test_commits_after_a_tag_are_before_the_next_release() -> None:
    assert tags.after("1.2.3", 0) == "1.2.3"
    assert tags.after("1.2.3", 4) == "1.2.4.dev4"
    assert tags.after("1.3.0rc1", 2) == "1.3.0rc2.dev2"
    assert compare("pypi", "1.2.3", tags.after("1.2.3", 4)) < 0
    assert is_prerelease("pypi", tags.after("1.2.3", 4))


@pytest.mark.parametrize(("path", "text", "version"), [
    ("__init__.py", '"""x"""\n__version__ = "1.2.3"\n', ("1.2.3", 2)),
    ("__init__.py", "__version__: Final[str] = '2.0'\n", ("2.0", 1)),
    ("_version.py", '__version__ = version = "0.3.1.dev4"\n', ("0.3.1.dev4", 1)),
    ("__init__.py", '__version__ = metadata.version("x")\n', None),
    ("setup.py", 'setup(\n  name="x",\n  version="4.5",\n)\n', ("4.5", 3)),
    ("VERSION", "v1.9.0\n", ("1.9.0", 1)), ("VERSION", "see the tags\n", None), ("VERSION", "", None),
])  # fmt: skip
def test_a_version_is_found_in_files(path: str, text: str, version: tuple[str, int] | None) -> None:
    assert inside_files.version_in(path, text.encode()) == version


@pytest.mark.parametrize(("marker", "extra", "python", "words", "never"), [
    (None, None, None, "", False),
    ('python_version < "3.8"', None, ">=3.11", "", True),
    ('python_version >= "3.8"', None, ">=3.11", "", False),
    ('sys_platform == "win32"', None, None, "on Windows", False),
    ('sys_platform != "win32"', None, None, "on Linux and macOS", False),
    ('extra == "cli"', "cli", None, "", False),
    ('python_version >= "3.14"', None, ">=3.13", "on Python 3.14 to 3.16", False),
    ("no marker at all", None, None, "", False),
    ('implementation_name == "none"', None, None, "", True),
])  # fmt: skip
def test_a_marker_is_tried_on_all_supported_pythons_and_platforms(
    marker: str | None, extra: str | None, python: str | None, words: str, never: bool
) -> None:
    found = scope(marker, extra, python)

    assert (found.words, found.never) == (words, never)
