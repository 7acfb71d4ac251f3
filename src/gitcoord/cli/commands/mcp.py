"""`coord mcp` and `coord mcp config`."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

from gitcoord.api.workspace import open_workspace
from gitcoord.cli.run import may_watch, now
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError
from gitcoord.model.kinds import BY_NAME
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.cli.run import Run
    from gitcoord.mcp.hub import Options
    from gitcoord.store.agent import Agent

_SERVED = (
    Option("--read-only", help="Offer no tool that writes."),
    Option("--toolsets", "NAME,…", "Which sets of tools; all for all (default core)."),
    Option("--allow-kinds", "KIND,…", "Only records of these kinds may be written."),
    Option("--allow-repos", "REPO,…", "Only records of these repositories may be written.",
           complete="repo"),
    Option("--branch", "NAME", "Write to this branch, for review, not to the one checked out."),
    Option("--agent", "NAME", "Who writes, for the trailer; what the client calls itself without."),
    Option("--author", "NAME <MAIL>", "The author of commits, in your place; you stay committer."),
)  # fmt: skip


def _listed(run: Run, key: str) -> list[str]:
    return [word.strip() for word in (run[key] or "").split(",") if word.strip()]


def _mcp(run: Run) -> None:
    if find_spec("mcp") is None:
        raise UsageError(
            "`coord mcp` needs the protocol's SDK, which is not installed.",
            hint="pip install 'gitcoord[mcp]'",
        )
    from gitcoord.mcp import serving, table
    from gitcoord.mcp.hub import Options

    toolsets = _listed(run, "toolsets") or [table.CORE]
    table.chosen(toolsets)
    served = Options(_agent(run), toolsets=toolsets, read_only=run["read_only"], models=_models())
    where = serving.address(run["http"]) if run["http"] else None
    folder = _folder(run)

    def open_hub() -> Workspace:
        return open_workspace(folder, now(), watch=may_watch())

    if where is None:
        serving.stdio(open_hub, served)
        return
    path = os.path.join(run.workspace.repo.common_dir, "coord", "mcp.token")
    _http(run, where, served, path, folder)


def _http(run: Run, where: tuple[str, int], served: Options, path: str, folder: str) -> None:
    from gitcoord.mcp import serving

    secret = os.environ.get("COORD_MCP_TOKEN") or serving.token(path)

    def told(url: str) -> None:
        kept = "COORD_MCP_TOKEN" if os.environ.get("COORD_MCP_TOKEN") else path
        if run.json:
            run.out(jsontext.dumps({"url": url, "token_file": kept}))
            sys.stdout.flush()  # who waits for the address reads a pipe
        else:
            run.note(f"serving at {url}; the token is in {kept}.")

    serving.http(
        lambda: open_workspace(folder, now(), watch=may_watch()), served, where, secret, told
    )


def _models() -> str:
    """Return the user's folder of models."""
    from gitcoord.cli import surroundings

    return surroundings.models()


def _agent(run: Run) -> Agent:
    from gitcoord.store.agent import Agent

    kinds = _listed(run, "allow_kinds")
    for kind in kinds:
        if kind not in BY_NAME:
            close = nearest(kind, BY_NAME)
            raise UsageError(
                f"There is no kind {kind!r}" + (f"; did you mean {close}?" if close else "."),
                hint=f"There are {', '.join(BY_NAME)}.",
            )
    return Agent(
        run["agent"] or "", author=run["author"] or "", kinds=kinds,
        repos=_listed(run, "allow_repos"),
    )  # fmt: skip


def _folder(run: Run) -> str:
    """Return the folder of the hub that is served: of the branch for review, if one is named."""
    if not run["branch"]:
        return run.workspace.repo.root
    from gitcoord.api import proposing  # only to write for review

    return proposing.tree_of(run.workspace, run["branch"])


def _config(run: Run) -> None:
    from gitcoord.git.repository import discover
    from gitcoord.mcp import clients

    which = clients.client(run["client"])
    words = ["mcp", "--hub", run.workspace.repo.root, *_same_options(run)]
    said = clients.entry(which, "coord", words)
    here = discover(os.getcwd())
    project = here.root if here is not None else os.getcwd()
    path = which.file(project, os.path.expanduser("~"))
    new = clients.install(which, path, said) if run["install"] else False
    if run.json:
        run.out(jsontext.dumps({"client": run["client"], "path": path, "installed": new,
                                "entry": said}))  # fmt: skip
    elif run["install"]:
        run.out(f"{path} {'names coord now' if new else 'names coord already'}.")
    else:
        run.out(clients.text(which, said).rstrip("\n"))
        run.note(f"this belongs into {path}; --install puts it there.")


def _same_options(run: Run) -> list[str]:
    """Return the options of `coord mcp` that were given, as words."""
    found = []
    for option in _SERVED:
        value = run[option.key]
        if value is True:
            found.append(option.name)
        elif value:
            found += [option.name, value]
    return found


MCP = Command(
    _mcp,
    options=[
        Option("--http", "HOST:PORT", "Serve over HTTP on this machine; standard input and output without."),
        *_SERVED,
    ],
    description=(
        "Serves the hub to agents by the Model Context Protocol. Over HTTP every request shows the\n"
        "token (Authorization: Bearer TOKEN), which COORD_MCP_TOKEN sets or a file holds. Each write\n"
        "is a commit with the trailer `Agent:`; no tool deletes. `docs/mcp.md` has the tools."
    ),
    example="coord mcp --toolsets core,history --read-only\ncoord mcp --http 127.0.0.1:8765",
    shape="over HTTP {url, token_file}, once it serves",
)  # fmt: skip
CONFIG = Command(
    _config,
    arguments=[Argument("CLIENT", "claude, codex, cursor, gemini, vscode or windsurf.")],
    options=[
        Option("--install", help="Write it into the client's file, beside what is there."),
        *_SERVED,
    ],
    description="Options of `coord mcp` that are given here become part of the configuration.",
    example="coord mcp config claude --toolsets all\ncoord mcp config codex --install",
    shape="{client, path, installed, entry: {command, args}}",
)
