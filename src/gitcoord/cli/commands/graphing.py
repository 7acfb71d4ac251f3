"""`coord graph`: what waits for what, as a tree, Mermaid, DOT or JSON."""

from __future__ import annotations

from gitcoord.api import graphs, read
from gitcoord.cli import options, text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitcoord.api.entry import Entry
    from gitcoord.api.graphs import Graph
    from gitcoord.cli.run import Run


def _graph(run: Run) -> None:
    run.travel()
    ids = [read.get(run.workspace, id).id for id in run["id"]]
    found = graphs.waiting(run.workspace, ids, done=run["all"])
    if run.json:
        run.out(_json(found, graphs.records(run.workspace, found)))
    elif run["format"] == "mermaid":
        run.out(_mermaid(found))
    elif run["format"] == "dot":
        run.out(_dot(found))
    else:
        lines = _trees(found, ids)
        run.out("\n".join(lines) if lines else "Nothing waits for anything.")


def _json(found: Graph, records: list[Entry]) -> str:
    nodes = jsontext.lines([entry.json() for entry in records])
    edges = [{"from": src, "to": dst} for src, dsts in found.waits.items() for dst in dsts]
    return f'{{"nodes": {nodes},\n "edges": {jsontext.dumps(edges)}}}'


def _label(found: Graph, id: str) -> str:
    title = found.nodes[id][1] or ""
    kept = "".join(ch if ch.isalnum() or ch in " .,-_+/" else " " for ch in title)
    return f"{id} {kept}"[:60]


def _mermaid(found: Graph) -> str:
    names = {id: f"n{number}" for number, id in enumerate(found.nodes)}
    lines = ["graph LR"]
    lines += [f'  {names[id]}["{_label(found, id)}"]' for id in found.nodes]
    for src, dsts in found.waits.items():
        lines += [f"  {names[dst]} --> {names[src]}" for dst in dsts]
    return "\n".join(lines)


def _dot(found: Graph) -> str:
    lines = ["digraph coord {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f'  "{id}" [label="{_label(found, id)}"];' for id in found.nodes]
    for src, dsts in found.waits.items():
        lines += [f'  "{dst}" -> "{src}";' for dst in dsts]
    return "\n".join([*lines, "}"])


def _trees(found: Graph, ids: list[str]) -> list[str]:
    """Return the tree below each named record, then what waits for it; all trees for none."""
    if not ids:
        waited = {dst for dsts in found.waits.values() for dst in dsts}
        roots = [id for id in found.nodes if id not in waited] or list(found.nodes)[:1]
        return _tree(found, found.waits, roots)
    waiters: dict[str, list[str]] = {}
    for src, dsts in found.waits.items():
        for dst in dsts:
            waiters.setdefault(dst, []).append(src)
    there = [id for id in ids if id in found.nodes]
    lines = _tree(found, found.waits, there)
    above = [id for id in there if id in waiters]
    if above:
        lines += ["", text.style("waited for by:", "dim"), *_tree(found, waiters, above)]
    return lines


def _tree(found: Graph, below_of: Mapping[str, list[str]], roots: list[str]) -> list[str]:
    """Return the lines of trees along the edges given.

    A record that was shown already is not unfolded a second time.
    """
    lines: list[str] = []
    seen: set[str] = set()
    columns, plain = text.columns(), not text.colored()
    for root in roots:
        stack = [(root, "", "")]
        while stack:
            id, lead, follow = stack.pop()
            _, title, status, blocked = found.nodes[id]
            title = text.clip(text.inert(title or ""), max(20, columns - len(lead) - 24))
            shown = id
            if not plain:
                shown = text.style(id, "bold")
                status = text.style(status or "-", "red" if blocked else "dim")
            below = below_of.get(id)
            if below is not None and id in seen:
                lines.append(f"{lead}{shown} {status or '-'} {title} …")
                continue
            lines.append(f"{lead}{shown} {status or '-'} {title}")
            if below:
                seen.add(id)
                stack.append((below[-1], f"{follow}└─ ", f"{follow}   "))
                lead, more = f"{follow}├─ ", f"{follow}│  "
                stack += [(other, lead, more) for other in below[-2::-1]]
    return lines


GRAPH = Command(
    _graph,
    arguments=[
        Argument(
            "ID", "Only what is connected to these.", required=False, multiple=True, complete="id"
        )
    ],
    options=[
        Option("--format", "FORMAT", "How to draw.", choices=("tree", "mermaid", "dot")),
        Option("--all", help="Finished records too."),
        options.AT,
    ],
    description=(
        "In the tree, what stands below a record is what it waits for; a named record also\n"
        "shows what waits for it. In Mermaid and DOT\n"
        "arrows lead from what comes first to what waits for it."
    ),
    example="coord graph ISSUE-001 --format mermaid",
    shape="{nodes: [record], edges: [{from, to}]}; `from` waits for `to`",
)
