"""`coord skill next`, `recommend` and `evaluate`."""

from __future__ import annotations

from gitcoord.api import skill_advice
from gitcoord.cli import options, skill_text, text
from gitcoord.cli.commands.skill_figures import NOTHING, UNREAD, WINDOW, limit, show, span
from gitcoord.cli.spec import Argument, Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run


def _repo(run: Run) -> str | None:
    if run["repo"] != ".":
        return run["repo"] or None
    import os

    from gitcoord.api import registry  # only for `.`
    from gitcoord.git.repository import discover

    here = discover(os.getcwd())
    return (registry.name_of(run.workspace, here) if here is not None else None) or "."


def _next(run: Run) -> None:
    if len(run["skill"]) > 2:
        run.note("only the last two skills count.")
    found = skill_advice.following_skills(
        run.workspace, span(run), run["skill"], repo=_repo(run), limit=limit(run, 10)
    )
    shown = []
    for one in [] if run.json else found["next"]:
        told = ", ".join([f"{held['count']} of {held['of']} {held['where']}"
                          for held in reversed(one["counts"]) if held["count"]][:3])  # fmt: skip
        shown.append(
            text.wrapped(
                f"{100 * one['chance']:4.1f} %  {text.inert(one['skill'])}  {told}", "        "
            )
        )
    if not run.json and found["next"] and not found["seen"]:
        run.note("nothing was seen after that here; this is what is used most.")
    show(run, found, shown, NOTHING)


def _recommend(run: Run) -> None:
    found = skill_advice.recommend(
        run.workspace, span(run), repo=_repo(run), after=run["after"], limit=limit(run, 5)
    )
    shown = []
    if not run.json:
        if found["repo"]:
            like = ", ".join(found["similar"][:5]) or "no other repository"
            spoken = "/".join(found["languages"]) or "language unknown"
            shown.append(text.wrapped(f"{found['repo']} ({spoken}), like {like}"))
        for name in ("use", "try", "drop"):
            for one in found[name]:
                shown += _advice(name, one)
        if not (found["use"] or found["try"] or found["drop"]):
            shown = []
    show(run, found, shown, NOTHING)


def _advice(kind: str, one: dict[str, Any]) -> list[str]:
    sure = ""
    if kind != "drop":
        known = one["confidence"] is not None
        sure = (
            f"  works {100 * one['confidence']:.0f} % ({skill_text.between(one['interval'])})"
            if known
            else "  whether it works is unknown"
        )
    lines = [
        text.wrapped(f"{kind:<4}  {text.style(text.inert(one['skill']), 'bold')}{sure}", "      ")
    ]
    return lines + [
        text.wrapped(f"      {text.inert(reason)}", "        ") for reason in one["reasons"][:5]
    ]


def _evaluate(run: Run) -> None:
    found = skill_advice.evaluate(run.workspace)
    shown = []
    if found["cut"] and not run.json:
        shown.append(
            text.wrapped(f"Learnt from what is older than {found['cut']}, tried on what is newer.")
        )
        if found["next"]:
            shown += _next_worth(found["next"])
        if found["worked"]:
            held = found["worked"]
            shown.append(text.wrapped(
                f"whether it works ({held['tried']:,} outcomes): squared error {held['ours']:.4f}, with one rate for"
                f" all {held['usual']:.4f}"
            ))  # fmt: skip
    show(run, found, shown, NOTHING)


def _right(held: dict[str, Any], name: str) -> str:
    first, three = 100 * held[f"{name}_1"], 100 * held[f"{name}_3"]
    return f"right at once {first:.1f} %, among three {three:.1f} %"


def _next_worth(held: dict[str, Any]) -> list[str]:
    low, high = held["interval"]
    between = f"{100 * low:+.1f} to {100 * high:+.1f}"
    verdict = "better" if low > 0 else "worse" if high < 0 else "no better"
    lines = [
        f"next skill ({held['tried']:,} uses): {_right(held, 'ours')}",
        f"the most used anywhere: {_right(held, 'usual')}",
        f"the most used here: {_right(held, 'usual_here')}",
        f"{verdict} than the most used here: {100 * held['gain']:+.1f} points ({between})",
    ]
    return [text.wrapped(line) for line in lines]


_REPO = Option(
    "--repo", "REPO", "For this repository; . is the one you are in.", short="-r", complete="repo"
)
_LIMIT = Option("--limit", "N", "How many at most.", short="-n", convert=options.count)
NEXT = Command(
    _next,
    arguments=[Argument("SKILL", "The last skill, or the last two in order.", multiple=True)],
    options=[_REPO, *WINDOW, _LIMIT],
    description=(
        "Where little was seen here, what followed in repositories like it counts, and what is used most. A context\n"
        "counts as far as the data says that it tells anything; `coord skill evaluate` tries that."
    ),
    example="coord skill next write-tests code-review --repo oneiric",
    shape=(
        "{since, until, after, repo, languages, similar, seen,\n"
        f"next: [{{skill, chance, counts: [{{where, count, of}}]}}], {UNREAD}}}"
    ),
)
RECOMMEND = Command(
    _recommend,
    options=[
        _REPO,
        Option("--after", "SKILL", "What was used before, the last one last.", multiple=True),
        *WINDOW, _LIMIT,
    ],
    description=(
        "What to use next, what to try that repositories in the same language do well with, and what to drop, each\n"
        "with its evidence. How likely a skill works is a Beta posterior; to be dropped it has to do worse than all\n"
        "else beyond chance, or to lie idle for 90 days."
    ),
    example="coord skill recommend --repo oneiric --after write-tests",
    shape=(
        "{since, until, after, repo, languages, similar, use: [{skill, chance, confidence, interval, score,\n"
        "reasons}], try: [{skill, repos, of, confidence, interval, score, reasons}],\n"
        f"drop: [{{skill, why: fails or idle, rate, difference, reasons}}], {UNREAD}}}"
    ),
)  # fmt: skip
EVALUATE = Command(
    _evaluate,
    description=(
        "Learns from the older four fifths of uses and tries what it would have said on the rest, beside always\n"
        "naming the most used skill, and one rate for all."
    ),
    example="coord skill evaluate",
    shape=(
        "{cut, next: {tried, ours_1, ours_3, usual_1, usual_3, usual_here_1, usual_here_3, gain, interval} or null,\n"
        f"worked: {{tried, ours, usual, skill}} or null, {UNREAD}}}"
    ),
)
