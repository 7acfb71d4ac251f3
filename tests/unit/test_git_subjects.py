"""What the words of a commit mean."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gitcoord.metrics.git import releases, subjects
from gitcoord.metrics.git.patterns import normal
from gitcoord.metrics.git.people import is_bot


@pytest.mark.parametrize(
    ("subject", "kind", "scope", "breaking"),
    [
        ("feat: x", "feat", None, False),
        ("Fix(api): x", "fix", "api", False),
        ("feat(a, b)!: x", "feat", "a, b", True),
        ("fix:x", None, None, False),
        ("fix: ", None, None, False),
        ("fix : x", None, None, False),
        ("feature: x", None, None, False),
        ("drop!: x", None, None, True),
        ("feat(): x", None, None, False),
        ("Merge branch 'fix: x'", None, None, False),
        ("x feat: y", None, None, False),
    ],
)
def test_a_subject_is_conventional_by_its_type(
    subject: str, kind: str | None, scope: str | None, breaking: bool
) -> None:
    said = subjects.read(subject, "")

    assert (said.kind, said.scope, said.breaking) == (kind, scope, breaking)


PAGE = Path(__file__).parents[2] / "docs" / "git-figures.md"
ROWS = re.findall(r"^\| `(.+)` \| (yes|no) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("subject", "conventional"), ROWS)
def test_the_page_says_which_subjects_are_conventional(subject: str, conventional: str) -> None:
    assert len(ROWS) > 10
    assert (subjects.read(subject, "").kind is not None) is (conventional == "yes")


def test_the_command_of_the_page_names_the_types() -> None:
    (pattern,) = re.findall(r"grep -icE '(.+)'", PAGE.read_text(encoding="utf-8"))

    assert pattern.startswith(f"^({'|'.join(subjects.TYPES)})")
    for subject, conventional in ROWS:
        assert bool(re.match(pattern, subject, re.IGNORECASE)) is (conventional == "yes")


@pytest.mark.parametrize(
    ("body", "breaking"),
    [
        ("BREAKING CHANGE: x", True),
        ("text\nBREAKING-CHANGE: x", True),
        ("text\nBREAKING CHANGE:\nlonger", True),
        ("text\n  BREAKING CHANGE: x", False),
        ("no BREAKING CHANGE: x", False),
        ("breaking change: x", False),
        ("BREAKING CHANGE x", False),
    ],
)
def test_a_breaking_change_is_a_line_of_the_body(body: str, breaking: bool) -> None:
    assert subjects.read("plain", body).breaking is breaking


@pytest.mark.parametrize("name", ["v1.0", "1.2.3", "oneiric-1.2.3", "@scope/ui@2.0.0", "sub/v1.3.0",
                                  "release-1.0", "v1.2.3.post1", "REL_1_2_3", "v1.0.0+build"])  # fmt: skip
def test_a_tag_with_a_final_version_is_a_release(name: str) -> None:
    assert releases.is_release(name)


@pytest.mark.parametrize("name", ["v1.0rc1", "1.0.0-beta.2", "1.2a1", "v1", "nightly", "1.0.dev3", "x1.2.3y",
                                  "v2.0.0-alpha", "3.0b2", "build-7", "v5.0.0-next.1", "2.1.x",
                                  "nightly-2026.11", "backup-1.0-before-merge"])  # fmt: skip
def test_another_tag_is_none(name: str) -> None:
    assert not releases.is_release(name)


@pytest.mark.parametrize("name", ["dependabot[bot]", "Renovate Bot", "github-actions", "pre-commit-ci[bot]",
                                  "snyk-bot", "Renovate", "GitHub Action"])  # fmt: skip
def test_a_program_is_known_by_its_name(name: str) -> None:
    assert is_bot((name, "x@y"))


@pytest.mark.parametrize("name", ["Lena", "Abbot", "Robot Smith", "Dependable", ""])
def test_a_person_is_none(name: str) -> None:
    assert not is_bot((name, "x@y"))


def test_subjects_that_differ_in_numbers_and_references_are_one() -> None:
    assert normal("fix(x)!: Pin a to 1.2 (#7).") == normal("Fix: pin  a to 3.4.5") == "pin a to #"
