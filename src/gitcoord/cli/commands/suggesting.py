"""`coord issue suggest`."""

from __future__ import annotations

from gitcoord.api import suggesting
from gitcoord.cli import text
from gitcoord.cli.spec import Argument, Command
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run


def _suggest(run: Run) -> None:
    found = suggesting.suggest(run.workspace, run["id"])
    if run.json:
        run.out(jsontext.dumps(found))
    else:
        for title, key in (("assignee", "assignees"), ("repo", "suggested_repos")):
            run.out("\n".join(_lines(title, found[key])))
    for name in found["unknown_repos"]:
        run.note(f"{text.inert(name)} is not on this machine, so its commits were not looked at.")


def _lines(title: str, found: list[dict[str, Any]]) -> list[str]:
    if not found:
        return [
            f"{title}: nothing speaks for anybody" if title == "assignee" else f"{title}: no other"
        ]
    return [
        f"{title}: {text.style(text.inert(one['name']), 'bold')}"
        f"  {text.inert('; '.join(one['reasons']))}"
        for one in found
    ]


SUGGEST = Command(
    _suggest,
    arguments=[Argument("ID", "The issue.", complete="id")],
    description=(
        "People count for changes to the files that the issue names, and for records like it that they\n"
        "had or closed; repositories for those files and records. Nothing is changed."
    ),
    example="coord issue suggest ISSUE-001",
    shape=(
        "{id, assignee, repos, assignees: [{name, score, reasons}], suggested_repos: [{name, score,\n"
        "reasons}], unknown_repos}"
    ),
)
