"""`coord prime`."""

from __future__ import annotations

from gitcoord.api import priming, read
from gitcoord.cli import text
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _prime(run: Run) -> None:
    if run["repo"]:
        repo: str | None = read.repo_named(run.workspace, run["repo"])
    else:
        repo = priming.here(run.workspace, run.folder)
    page = priming.page(run.workspace, repo)
    if run.json:
        run.out(jsontext.dumps({"repo": repo, "page": page}))
    else:
        run.out("\n".join(text.lines(page.rstrip("\n"))))


PRIME = Command(
    _prime,
    options=[
        Option("--repo", "REPO", "For this repository; the one around the current directory without.",
               short="-r", complete="repo"),
    ],
    description="Its size is bounded: at most 1,500 tokens. The hub's own rules come from coord/RULES.md.",
    example="coord prime --repo oneiric",
    shape="{repo, page}",
)  # fmt: skip
