"""What holds across repositories, from what each of them says."""

from __future__ import annotations

from gitcoord.metrics.git.listening import Said
from gitcoord.metrics.git.patterns import patterns


def said(name: str, *subjects: str, days: set[int] | None = None) -> Said:
    found = Said(name)
    found.subjects = [
        (f"{name}{number}", subject, "fix" if subject.startswith("fix") else None, None)
        for number, subject in enumerate(subjects)
    ]
    found.commits = len(subjects)
    found.days = days or set()
    return found


def test_nothing_holds_across_nothing() -> None:
    found = patterns([], 0)

    assert found["hours"] == [0] * 24
    assert [found[n] for n in ("files", "scopes", "words", "fixes", "together", "releases")] == [
        []
    ] * 6


def test_a_file_counts_only_where_several_repositories_changed_it() -> None:
    one, two = said("one"), said("two")
    one.files = {"setup.cfg": [1, 1, 2], "mine": [1]}
    two.files = {"setup.cfg": [2, 3]}

    assert patterns([one, two], 10)["files"] == [
        {"path": "setup.cfg", "commits": 5, "repos": {"one": 3, "two": 2}, "same_days": 1}
    ]


def test_a_fix_that_recurs_is_told_also_within_one_repository() -> None:
    found = patterns(
        [said("one", "fix: flaky test 1", "Fixed something", "fix: Flaky test 22")], 10
    )

    (fix,) = found["fixes"]
    assert (fix["subject"], fix["repos"]) == ("flaky test #", {"one": 2})
    assert fix["examples"] == [{"repo": "one", "commit": "one0"}, {"repo": "one", "commit": "one2"}]


def test_common_words_are_no_pattern() -> None:
    found = patterns([said("one", "Update the resolver"), said("two", "update resolver")], 10)

    assert [one["word"] for one in found["words"]] == ["resolver"]


def test_two_that_are_active_every_day_have_nothing_in_common() -> None:
    always = set(range(90))
    some = set(range(0, 90, 10))

    assert patterns([said("a", days=always), said("b", days=always)], 90)["together"] == []
    assert patterns([said("a", days=always), said("b", days=some)], 90)["together"] == []
    assert patterns([said("a", days=some), said("b", days=some)], 90)["together"] == [
        {"repos": ["a", "b"], "days": 9, "active_days": [9, 9], "expected_days": 0.9}
    ]


def test_releases_that_come_together_are_counted_once_each() -> None:
    one, two = said("one"), said("two")
    one.releases, two.releases = [10, 50, 90], [11, 12, 49, 70]

    assert patterns([one, two], 100)["releases"] == [
        {"repos": ["one", "two"], "releases_near": 2, "releases": [3, 4]}
    ]
