"""`coord learn`: what was learnt from attempts, and what that is worth."""

from __future__ import annotations

from gitcoord.api import learning
from gitcoord.cli import surroundings, text
from gitcoord.cli.commands import fix
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.cli.run import Run


def _evaluate(run: Run) -> None:
    workspace = run.journal
    if run["search"]:
        _searches(run, workspace)
        return
    found = learning.evaluate(
        workspace, variant=run["variant"], repo=run["repo"], since=fix.since(run, workspace),
        models=None if run["mode"] == "lexical" else surroundings.models(),
    )  # fmt: skip
    if run.json:
        run.out(jsontext.dumps(found))
        return
    run.out(
        f"{text.count(found['judged'], 'attempt')} judged; there was advice for"
        f" {found['advised']['attempts']}, by {found['similarity']} similarity"
    )
    rows = [
        (label, f"{found[name]['matched']} matched", fix.share(found[name]["rate"]),
         fix.between(found[name]["interval"]),
         f"weighed {fix.share(found[name]['weighted']['rate'])}")
        for label, name in (("following the recommender", "recommender"),
                            ("always the most common strategy", "most_common"),
                            ("always the most common of the type", "most_common_of_type"))
    ]  # fmt: skip
    run.out(text.table(rows, flexible=0))
    for label, name in (("lift", "lift"), ("lift over the type's", "lift_over_type")):
        run.out(f"{label}: {_points(found[name])}")
    run.out(_calibrated(found["calibration"]))


def _searches(run: Run, workspace: Workspace) -> None:
    from gitcoord.api import feedback  # the replay of attempts does without

    found = feedback.evaluate(workspace)
    if run.json:
        run.out(jsontext.dumps(found._asdict()))
        return
    searched = text.count(found.searches, "search").replace("searchs", "searches")
    run.out(f"{searched}, {text.count(found.opened, 'hit')} opened after them")
    rows = [
        (label, f"as shown {_rank(before)}", f"with what was learnt {_rank(after)}")
        for label, before, after in (
            ("mean reciprocal rank", found.shown, found.learnt),
            ("weighed by place", found.shown_debiased, found.learnt_debiased),
        )
    ]
    run.out(text.table(rows, flexible=0))


def _rank(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"


def _points(lift: dict[str, Any] | None) -> str:
    if lift is None:
        return "unknown, nothing matched"
    low, high = lift["interval"]
    return (
        f"{lift['difference'] * 100:+.1f} points ({low * 100:+.1f} to {high * 100:+.1f}),"
        f" weighed {lift['weighted'] * 100:+.1f}"
    )


def _calibrated(found: dict[str, Any]) -> str:
    if not found["count"]:
        return "confidence: nothing to compare"
    rows = [
        (f"{one['from']:.1f} to {one['to']:.1f}", f"said {fix.share(one['predicted'])}",
         f"came {fix.share(one['actual'])}", text.count(one["count"], "attempt"))
        for one in found["bins"]
    ]  # fmt: skip
    return f"confidence is off by {found['error'] * 100:.1f} points\n" + text.table(
        rows, flexible=0
    )


def _status(run: Run) -> None:
    found = learning.status(run.journal)
    if run.json:
        run.out(jsontext.dumps(found))
        return
    run.out(
        f"{text.count(found['attempts'], 'attempt')}, {found['judged']} with an outcome,"
        f" {found['confirmed']} confirmed; {text.count(found['messages'], 'message')},"
        f" {found['strategies']} strategies"
    )
    run.out(f"{found['recommended']} after a recommendation, {found['followed']} followed it")
    for one in found["results"]:
        run.out(
            f"variant {text.inert(one['variant'])}: {one['worked']} of {one['judged']} worked,"
            f" {fix.share(one['rate'])} {fix.between(one['interval'])}"
        )
    for one in found["comparisons"]:
        names = text.inert(" and ".join(one["variants"]))
        better = (
            f"{text.inert(one['better'])} is better" if one["better"] else "no difference shown"
        )
        run.out(f"{names}: {better}")


EVALUATE = Command(
    _evaluate,
    options=[
        Option("--variant", "NAME", "With the numbers of this variant."),
        Option("--repo", "REPO", "Only attempts in this repository.", short="-r", complete="repo"),
        Option("--since", "DATE", "Judge from this day or so long ago on."),
        fix.MODE,
        Option("--search", help="Judge the ranking of searches instead, by what was opened."),
    ],
    description=(
        "Replays history: before each attempt, what would have been recommended from what was known\n"
        "until then. Only attempts where a policy agrees with what was tried (matched) tell how it\n"
        "would have done; docs/fixes.md explains the weighed rates."
    ),
    example="coord learn evaluate --since 3m",
    shape=(
        "{variant, parameters, similarity, attempts, judged, all: {worked, rate, interval}, advised:\n"
        "{attempts, worked, rate, interval}, recommender,\n"
        "most_common, most_common_of_type: {matched, worked, rate, interval, weighted: {rate, interval,\n"
        "effective}}, lift, lift_over_type: {difference, interval, weighted, weighted_interval} or null,\n"
        "basis, calibration: {count, error, brier, spread, bins: [{from, to, count, predicted, actual,\n"
        "interval}]}}; with --search {searches, opened, shown, learnt, shown_debiased, learnt_debiased}"
    ),
)
STATUS = Command(
    _status,
    example="coord learn status",
    shape=(
        "{attempts, judged, confirmed, messages, strategies, recommended, followed, here:\n"
        "{recommendations}, parameters, variants: [{name, parameters}], results: [{variant, attempts,\n"
        "followed, worked, judged, rate, interval}], comparisons: [{variants, difference, interval, better}]}"
    ),
)
