"""`coord graph`: what waits for what, as a tree, Mermaid, DOT or JSON."""

from __future__ import annotations

from gitcoord.api import graphs, read
from gitcoord.cli import options, text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.graphs import Graph
    from gitcoord.cli.run import Run


def _graph(run: Run) -> None:
    run.travel()
    ids = [read.get(run.workspace, id).id for id in run["id"]]
    found = graphs.waiting(run.workspace, ids, done=run["all"], brief=not run.json)
    if run.json:
        run.out(_json(found))
    elif run["format"] == "mermaid":
        run.out(_mermaid(found))
    elif run["format"] == "dot":
        run.out(_dot(found))
    else:
        lines = _tree(found)
        run.out("\n".join(lines) if lines else "Nothing waits for anything.")


def _json(found: Graph) -> str:
    nodes = jsontext.lines([entry.json() for entry in found.nodes.values()])
    edges = [{"from": src, "to": dst} for src, dsts in found.waits.items() for dst in dsts]
    return f'{{"nodes": {nodes},\n "edges": {jsontext.dumps(edges)}}}'


def _label(found: Graph, id: str) -> str:
    title = found.nodes[id].title or ""
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


def _tree(found: Graph) -> list[str]:
    """Return a tree for each record that nothing waits for, over what it waits for.

    A record that was shown already is not unfolded a second time.
    """
    waited = {dst for dsts in found.waits.values() for dst in dsts}
    roots = [id for id in found.nodes if id not in waited] or list(found.nodes)[:1]
    lines: list[str] = []
    seen: set[str] = set()
    for root in roots:
        stack = [(root, "", "")]
        while stack:
            id, lead, follow = stack.pop()
            entry = found.nodes[id]
            again = id in seen and bool(found.waits.get(id))
            mark = " …" if again else ""
            title = text.clip(
                text.inert(entry.title or ""), max(20, text.columns() - len(lead) - 24)
            )
            status = text.style(entry.status or "-", "red" if entry.blocked else "dim")
            lines.append(f"{lead}{text.style(id, 'bold')} {status} {title}{mark}")
            seen.add(id)
            below = [] if again else found.waits.get(id, [])
            for number, other in enumerate(reversed(below)):
                last = number == 0
                stack.append(
                    (
                        other,
                        follow + ("└─ " if last else "├─ "),
                        follow + ("   " if last else "│  "),
                    )
                )
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
        "In the tree, what stands below a record is what it waits for. In Mermaid and DOT\n"
        "arrows lead from what comes first to what waits for it."
    ),
    example="coord graph ISSUE-001 --format mermaid",
    shape="{nodes: [record], edges: [{from, to}]}; `from` waits for `to`",
)
