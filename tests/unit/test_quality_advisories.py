"""Which versions an advisory is about, by the rules of the OSV schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gitcoord.manifests.manifest import NPM, PYPI
from gitcoord.metrics.quality import advisories

if TYPE_CHECKING:
    from pathlib import Path


def advisory(**affected: Any) -> dict[str, Any]:
    return {
        "id": "OSV-1",
        "affected": [{"package": {"ecosystem": "PyPI", "name": "Left_Pad"}, **affected}],
    }


def events(*pairs: tuple[str, str], type: str = "ECOSYSTEM") -> dict[str, Any]:
    return {"ranges": [{"type": type, "events": [{kind: at} for kind, at in pairs]}]}


def affected(
    tmp_path: Path, one: dict[str, Any], version: str, ecosystem: str = PYPI
) -> bool | None:
    (tmp_path / "one.json").write_text(json.dumps(one))
    (held,) = advisories.load(str(tmp_path)).packages.values()
    return advisories.affects(held[0], ecosystem, version)


@pytest.mark.parametrize(("version", "hit"), [
    ("0.9", True), ("1.0rc1", True), ("1.0", False), ("1.5", False), ("2.0", True), ("2.3.9", True), ("2.4", False),
])  # fmt: skip
def test_ranges_begin_with_introduced_and_end_before_fixed(
    tmp_path: Path, version: str, hit: bool
) -> None:
    one = advisory(
        **events(("introduced", "0"), ("fixed", "1.0"), ("introduced", "2.0"), ("fixed", "2.4"))
    )

    assert affected(tmp_path, one, version) is hit


@pytest.mark.parametrize(("version", "hit"), [("1.0", True), ("1.2", True), ("1.2.1", False)])
def test_last_affected_is_affected(tmp_path: Path, version: str, hit: bool) -> None:
    assert (
        affected(
            tmp_path, advisory(**events(("introduced", "1"), ("last_affected", "1.2"))), version
        )
        is hit
    )


def test_events_may_stand_in_any_order(tmp_path: Path) -> None:
    one = advisory(
        **events(("fixed", "2.4"), ("introduced", "2.0"), ("fixed", "1.0"), ("introduced", "0"))
    )

    assert affected(tmp_path, one, "0.1") is True
    assert affected(tmp_path, one, "1.5") is False


def test_listed_versions_are_affected_and_commits_are_no_versions(tmp_path: Path) -> None:
    one = advisory(versions=["1.0", "weird"], **events(("introduced", "0"), type="GIT"))

    assert affected(tmp_path, one, "weird") is True
    assert affected(tmp_path, one, "1.1") is False


def test_a_version_that_cannot_be_compared_is_unknown_and_not_safe(tmp_path: Path) -> None:
    assert (
        affected(tmp_path, advisory(**events(("introduced", "0"), ("fixed", "1.0"))), "odd!")
        is None
    )


def test_npm_is_compared_as_npm_compares(tmp_path: Path) -> None:
    one = {"id": "X", "affected": [{"package": {"ecosystem": "npm", "name": "a"},
                                    **events(("introduced", "0"), ("fixed", "1.0.0"), type="SEMVER")}]}  # fmt: skip

    assert affected(tmp_path, one, "1.0.0-beta.1", NPM) is True
    assert affected(tmp_path, one, "1.0.0", NPM) is False


def test_names_are_compared_as_their_ecosystem_does(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(advisory()))

    assert list(advisories.load(str(tmp_path)).packages) == [(PYPI, "left-pad")]


def test_withdrawn_ones_do_not_count_and_broken_files_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        json.dumps({**advisory(), "withdrawn": "2026-01-01T00:00:00Z"})
    )
    for number, text in enumerate(["{", "[]", '{"id": 1, "affected": 5}', "[" * 50_000]):
        (tmp_path / f"broken{number}.json").write_text(text)

    found = advisories.load(str(tmp_path))

    assert (found.packages, found.files, found.broken) == ({}, 5, 4)
