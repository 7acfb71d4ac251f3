"""What a commit message says about records, and what of it leads nowhere."""

from __future__ import annotations

from gitcoord.git import process
from gitcoord.model import trailers
from gitcoord.model.kinds import KINDS
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository

_SCISSORS = "------------------------ >8 ------------------------"
_NEAR = 3


def warnings(workspace: Workspace, repo: Repository, message: bytes) -> list[str]:
    """Return a sentence for each id in a message that no record has, and each trailer in vain."""
    text = _without_comments(message.decode("utf-8", "replace"), _comment_mark(repo))
    if not trailers.ids_in(text):
        return []
    said = process.run(repo.root, "interpret-trailers", "--parse", stdin=text.encode()).out
    named = trailers.parse(said.decode("utf-8", "replace"))
    view = workspace.view()
    known = {str(id).upper(): (str(id), str(kind))
             for id, kind in view.execute("SELECT id, kind FROM core")}  # fmt: skip
    prefixes = {id.rpartition("-")[0] for id, kind in known.values() if kind != "repo"}
    prefixes |= {kind.prefix for kind in KINDS} | set(workspace.settings.prefixes.values())
    ids = [*(id for _, id in named), *trailers.mentioned(text, prefixes)]
    found = []
    for id in dict.fromkeys(ids):
        if id.upper() not in known:
            near = _nearest(id, [held for held, kind in known.values() if kind != "repo"])
            guess = f"; did you mean {' or '.join(near)}?" if near else "."
            found.append(f"there is no record {id}{guess}")
    for key, id in named:
        held, kind = known.get(id.upper(), (id, ""))
        if kind and key != trailers.REFS and trailers.goal(key, kind) is None:
            found.append(f"{held} is a {kind}: `{key.capitalize()}` moves issues and todos only.")
    return found


def _nearest(id: str, candidates: list[str]) -> list[str]:
    """Return the ids nearest to one that is not there, the nearest first."""
    left = list(candidates)
    found: list[str] = []
    while len(found) < _NEAR:
        close = nearest(id, left)
        if close is None:
            break
        found.append(close)
        left.remove(close)
    return found


def _comment_mark(repo: Repository) -> str:
    said = process.run(repo.root, "config", "--get", "core.commentChar").out.decode().strip()
    return said if said and said != "auto" else "#"


def _without_comments(text: str, mark: str) -> str:
    """Return what git will keep of a message."""
    kept = []
    for line in text.split("\n"):
        if line.startswith(f"{mark} {_SCISSORS}"):
            break
        if not line.startswith(mark):
            kept.append(line)
    return "\n".join(kept)
