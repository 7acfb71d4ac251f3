"""`coord skill graph` and `workflows`: what goes together, and in which order."""

from __future__ import annotations

from gitcoord.api import skill_figures
from gitcoord.cli import options, skill_text, which
from gitcoord.cli.commands.skill_figures import SKILL, UNREAD, WHICH, limit, limited, show, span
from gitcoord.cli.spec import Command, Option
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _graph(run: Run) -> None:
    if run.json and run["dot"]:
        raise UsageError("--json and --dot are two formats.", hint="Choose one of them.")
    found = skill_figures.graph(
        run.workspace, span(run), which.repos(run), run["role"], skill=run["skill"],
        least=run["least"] or 3, limit=limit(run, 30),
    )  # fmt: skip
    if run["dot"]:
        run.out(skill_text.dot(found))
        skill_text.unread(run, found)
        return
    shown = [] if run.json or not found["edges"] else [skill_text.edges(found)]
    if found["more"] and not run.json:
        run.note(f"these are the {len(found['edges'])} surest pairs; --limit 0 shows all.")
    show(run, found, shown, "no two skills were used together often enough; see --least.")


def _workflows(run: Run) -> None:
    found = skill_figures.workflows(
        run.workspace, span(run), which.repos(run), run["role"], name=run["workflow"],
        sessions=run["sessions"], limit=limit(run, 10),
    )  # fmt: skip
    shown = [line for row in found["workflows"] for line in skill_text.workflow(row)]
    show(
        run,
        found,
        shown,
        "no workflow is known for that; --sessions shows what ran outside of one.",
    )


GRAPH = Command(
    _graph,
    options=[
        *WHICH, SKILL,
        Option("--least", "N", "Only pairs that often (default 3).", convert=options.count),
        Option("--dot", help="Print Graphviz, for `dot -Tsvg`."), limited(30),
    ],
    description=(
        "A chain is what one session did, or, where sessions have no ids, uses with less than half an hour between.\n"
        "Lift is how much oftener two skills share a chain than if they had nothing to do with each other;\n"
        "they are linked where that is beyond chance. Dates are taken in whole weeks."
    ),
    example="coord skill graph --repo oneiric --dot",
    shape=(
        "{since, until, chains, nodes: [{skill, chains}], edges: [{skills, chains, support, lift, interval,\n"
        f"confidence, linked, apart}}], more, {UNREAD}}}"
    ),
)  # fmt: skip
WORKFLOWS = Command(
    _workflows,
    options=[
        *WHICH,
        Option("--workflow", "NAME", "Only this workflow."),
        Option("--sessions", help="Also what ran outside of any workflow."), limited(10),
    ],
    description=(
        "A run is what a chain has of one workflow; it completed where every step worked. Another order is suggested\n"
        "only where the same steps were run both ways and more of its runs completed, beyond chance."
    ),
    example="coord skill workflows --since 90d",
    shape=(
        "{since, until, workflows: [{workflow, runs, repos, completed, unknown, orders: [{steps, whole, runs,\n"
        f"completed}}], better: [{{instead_of, order, difference}}]}}], {UNREAD}}}"
    ),
)  # fmt: skip
