"""All tools, by hand: the set each belongs to and the module that has it.

The reference in the docs is made from this table, and a test drives every row over the
protocol, so what is documented is registered and what is registered is documented.
"""

from __future__ import annotations

from importlib import import_module

from gitcoord.errors import UsageError
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.mcp.tool import Tool

CORE = "core"
ALL = "all"

TOOLSETS: dict[str, tuple[str, tuple[str, ...]]] = {
    # name: (line of help, module:attribute below gitcoord.mcp.tools)
    CORE: (
        "Issues, todos, plans and dependencies: what an agent needs for its daily work.",
        (
            "work:READY",
            "issues:LIST_ISSUES",
            "issues:GET_ISSUE",
            "issues:CREATE_ISSUE",
            "issues:UPDATE_ISSUE",
            "issues:CLOSE_ISSUE",
            "todos:LIST_TODOS",
            "todos:GET_TODO",
            "todos:CREATE_TODO",
            "todos:COMPLETE_TODO",
            "work:BLOCKING",
            "dependencies:CHECK_DEPENDENCIES",
            "work:STATUS",
            "plans:LIST_PLANS",
            "dependencies:LIST_DEPENDENCIES",
            "searching:SEARCH",
            "fixing:RECOMMEND",
        ),
    ),
    "work": (
        "More on work under way: begin and change todos, comment, what is blocked and why.",
        (
            "todos:START_TODO",
            "todos:UPDATE_TODO",
            "work:COMMENT",
            "work:BLOCKED",
            "work:GRAPH",
            "searching:SIMILAR",
        ),
    ),
    "plans": (
        "Plans: read, make, change, burn down.",
        ("plans:GET_PLAN", "plans:CREATE_PLAN", "plans:UPDATE_PLAN", "plans:BURNDOWN"),
    ),
    "dependencies": (
        "Dependencies: read, record, what a release breaks, in which order to release.",
        (
            "dependencies:GET_DEPENDENCY",
            "dependencies:CREATE_DEPENDENCY",
            "dependencies:IMPACT",
            "dependencies:ORDER",
        ),
    ),
    "history": (
        "The past: who changed what, how two states differ, numbers over time.",
        ("history:LOG", "history:DIFF", "history:TREND"),
    ),
    "review": (
        "Whether records are in order: those that are there, those that a branch brings.",
        ("reviewing:CHECK", "reviewing:REVIEW", "reviewing:TRUST"),
    ),
    "metrics": (
        "Figures of the repositories: measured, demanded, and from their histories.",
        (
            "measuring:METRICS",
            "measuring:METRIC",
            "measuring:QUALITY",
            "measuring:GATES",
            "happening:VELOCITY",
            "happening:HEALTH",
            "happening:PATTERNS",
        ),
    ),
    "fixes": (
        "The memory of what worked: attempts like one, new ones, and what came of them.",
        ("fixing:SIMILAR", "fixing:RECORD", "fixing:OUTCOME"),
    ),
    "skills": (
        "How skills are used across the repositories, and which to use next.",
        ("skilling:SKILLS", "skilling:RECOMMEND"),
    ),
}


def tools(sets: Sequence[str] = (CORE,), *, read_only: bool = False) -> list[Tool]:
    """Return the tools of some sets, in the order of the table."""
    wanted = chosen(sets)
    found = [_load(place) for name in TOOLSETS if name in wanted for place in TOOLSETS[name][1]]
    return [one for one in found if one.reads or not read_only]


def chosen(wanted: Sequence[str]) -> set[str]:
    """Return the names of tool sets that were meant; raise `UsageError` for one that is none."""
    known = list(TOOLSETS)
    for name in wanted:
        if name != ALL and name not in known:
            close = nearest(name, [*known, ALL])
            raise UsageError(
                f"There is no tool set {name!r}" + (f"; did you mean {close}?" if close else "."),
                hint=f"There are {', '.join([*known, ALL])}.",
            )
    return set(known) if ALL in wanted else {*wanted}


def _load(place: str) -> Tool:
    module, _, attribute = place.partition(":")
    found: Tool = getattr(import_module(f"gitcoord.mcp.tools.{module}"), attribute)
    return found
