"""Order and choice: whatever the graph and whatever fails, nothing is run too soon, twice or in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from gitcoord.execution import outcome, prompt
from gitcoord.execution.ordering import Job, ready, waves
from gitcoord.execution.outcome import COMPLETED, FAILED, UNVERIFIED, Seen, decide
from gitcoord.execution.pools import Pool, choose, filled, serving

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TEXTS = st.lists(st.text(max_size=5), max_size=3).map(tuple)


@st.composite
def graphs(draw: st.DrawFn) -> list[Job]:
    """Draw todos that wait for earlier ones, for outsiders, or nothing."""
    count = draw(st.integers(0, 8))
    jobs = []
    for number in range(count):
        earlier = [f"T-{other}" for other in range(number)]
        waits = draw(st.sets(st.sampled_from([*earlier, "ISSUE-1"]), max_size=3))
        jobs.append(Job(f"T-{number}", frozenset(waits), draw(st.integers(0, 3))))
    return jobs


def swept(jobs: Sequence[Job], outcomes: Mapping[str, str]) -> list[str]:
    """Run all that can be run, one after the other, as a sweep does."""
    begun: list[str] = []
    done: set[str] = set()
    while True:
        now = [job._replace(waits=job.waits - done) for job in jobs if job.id not in done]
        row = ready(now, begun)
        if not row:
            return begun
        begun.append(row[0].id)
        if outcomes.get(row[0].id, COMPLETED) == COMPLETED:
            done.add(row[0].id)


@given(graphs(), st.dictionaries(st.integers(0, 8).map(lambda n: f"T-{n}"), st.just(FAILED)))
def test_a_sweep_runs_each_todo_once_and_only_after_all_that_it_waits_for(
    jobs: list[Job], outcomes: dict[str, str]
) -> None:
    order = swept(jobs, outcomes)

    assert len(order) == len(set(order))
    done: set[str] = set()
    by_id = {job.id: job for job in jobs}
    for id in order:
        assert by_id[id].waits <= done
        if id not in outcomes:
            done.add(id)
    left = [job for job in jobs if job.id not in order]
    assert all(job.waits - done for job in left)


@given(graphs())
def test_a_dry_run_names_what_a_sweep_without_failures_runs(jobs: list[Job]) -> None:
    named = [job.id for wave in waves(jobs) for job in wave]

    assert sorted(named) == sorted(swept(jobs, {}))


@given(
    st.builds(
        Seen, how=st.sampled_from(["exit", "timeout", "lost", "gone", "stopped"]),
        code=st.sampled_from([None, 0, 1, -9]), trouble=st.text(max_size=5), commits=st.integers(0, 2),
        uncommitted=st.integers(0, 2), astray=st.sampled_from(["", "the driver left the branch"]),
        passed=_TEXTS, failed=_TEXTS, unknown=_TEXTS,
    )
)  # fmt: skip
def test_completed_is_only_what_was_verified(seen: Seen) -> None:
    found = decide(seen)

    assert found.reason
    verified = bool(
        seen.how == "exit" and not seen.code and seen.commits and not seen.uncommitted
        and not seen.astray and seen.passed and not seen.failed and not seen.unknown
    )  # fmt: skip
    assert (found.outcome == COMPLETED) == verified
    if seen.how == "exit" and (seen.code or seen.failed):
        assert found.outcome == FAILED
    if found.outcome == UNVERIFIED:
        assert seen.how == "exit"
        assert not seen.code
        assert not seen.failed


_POOLS = st.lists(
    st.builds(
        Pool, name=st.sampled_from("abcd"), command=st.just(("true",)), workers=st.integers(1, 3),
        roles=st.frozensets(st.sampled_from(["lib", "app"])), repos=st.frozensets(st.sampled_from("xy")),
    ),
    unique_by=lambda pool: pool.name,
)  # fmt: skip


@given(
    _POOLS,
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3)),
    st.lists(st.sampled_from("abcd")),
)
def test_a_pool_is_chosen_exactly_while_one_has_a_free_worker(
    pools: list[Pool], busy: dict[str, int], chosen: list[str]
) -> None:
    found = choose(pools, busy, chosen)

    free = [pool for pool in pools if busy.get(pool.name, 0) < pool.workers]
    assert (found in free) if free else found is None
    if found is not None:
        share = busy.get(found.name, 0) / found.workers
        assert all(share <= busy.get(pool.name, 0) / pool.workers for pool in free)


@given(_POOLS, st.sampled_from("xyz"), st.sampled_from(["lib", "app", None]))
def test_a_pool_never_gets_what_it_does_not_serve(
    pools: list[Pool], repo: str, role: str | None
) -> None:
    for pool in serving(pools, repo, role):
        general = not pool.repos and not pool.roles
        assert general or repo in pool.repos or role in pool.roles


def test_pools_of_one_sort_take_turns() -> None:
    pools = [Pool("a", ("true",), 2), Pool("b", ("true",), 2)]
    chosen: list[str] = []

    for _ in range(4):
        found = choose(pools, {}, chosen)
        assert found is not None
        chosen.append(found.name)

    assert chosen == ["a", "b", "a", "b"]


@given(st.lists(st.text(max_size=12)), st.text(max_size=8))
def test_words_of_a_command_are_filled_once_and_stay_as_many(words: list[str], value: str) -> None:
    found = filled([*words, "{todo}", "a{todo}b{x}{"], {"todo": value})

    assert len(found) == len(words) + 2
    assert found[-2:] == [value, f"a{value}b{{x}}{{"]


@given(st.text(), st.text())
def test_a_prompt_holds_text_of_records_as_quotations_only(task: str, description: str) -> None:
    todo = {"id": "TODO-001", "task": task, "description": description, "repo": "x"}

    page = prompt.write(prompt.Page(todo, [], [], "/w", "coord/TODO-001", "0" * 40, []))

    ours = prompt.write(
        prompt.Page(
            {**todo, "task": "", "description": ""}, [], [], "/w", "coord/TODO-001", "0" * 40, []
        )
    )
    known = {*ours.split("\n"), "## Description"}
    assert all(line.startswith(">") or line in known for line in page.split("\n"))
    assert all(ch.isprintable() or ch in "\n\u200d\ufe0f" for ch in page)


def test_outcomes_have_words_of_their_own() -> None:
    assert len({COMPLETED, FAILED, UNVERIFIED, outcome.CANCELLED, outcome.LOST}) == 5
