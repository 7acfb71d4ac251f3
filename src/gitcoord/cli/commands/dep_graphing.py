"""`coord dep graph`, `dep cycles` and `dep order`: all dependencies at once."""

from __future__ import annotations

from gitcoord.api import dependency_graph
from gitcoord.cli import blocks, options, text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.model.kinds import DEPENDENCY_TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.dependency_graph import Needs
    from gitcoord.cli.run import Run

TYPE = Option(
    "--type", "TYPE", "Only dependencies of this type.", multiple=True, choices=DEPENDENCY_TYPES
)
_FORMATS = ("tree", "mermaid", "dot", "json")


def _graph(run: Run) -> None:
    found = dependency_graph.needs(run.workspace, types=run["type"])
    if run.json or run["format"] == "json":
        links = [one.as_dict() for one in found.found]
        run.out(jsontext.dumps({"nodes": found.repos, "edges": links}))
    elif run["format"] == "mermaid":
        run.out("\n".join(_mermaid(found)))
    elif run["format"] == "dot":
        run.out("\n".join(_dot(found)))
    else:
        run.out("\n".join(_tree(found)) or "No repository needs another.")


def _label(words: str) -> str:
    return "".join(ch for ch in words if ch.isalnum() or ch in " .,-_+/<>=~^!*|")[:60]


def _mermaid(found: Needs) -> list[str]:
    numbers = {name: f"n{number}" for number, name in enumerate(found.repos)}
    lines = ["graph LR", *(f'  {numbers[name]}["{_label(name)}"]' for name in found.repos)]
    for one in found.found:
        dotted = "-->" if one.type == "runtime" else "-.->"
        said = _label(one.constraint or "").replace("<", "&lt;").replace(">", "&gt;").replace("|", "or")  # fmt: skip
        label = f'|"{said}"|' if said else ""
        lines.append(f"  {numbers[one.consumer]} {dotted}{label} {numbers[one.provider]}")
    return lines


def _dot(found: Needs) -> list[str]:
    lines = ["digraph dependencies {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f'  "{name}";' for name in found.repos]
    for one in found.found:
        style = "" if one.type == "runtime" else ", style=dashed"
        lines.append(
            f'  "{one.consumer}" -> "{one.provider}" [label="{_label(one.constraint or "")}"{style}];'
        )
    return [*lines, "}"]


def _tree(found: Needs) -> list[str]:
    """Return a tree below each repository that none needs; one shown before is not unfolded again."""
    graph = found.graph()
    needed = {name for names in graph.values() for name in names}
    joined = [name for name in found.repos if graph.get(name) or name in needed]
    roots = [name for name in joined if name not in needed]
    lines: list[str] = []
    seen: set[str] = set()
    for root in [*roots, *joined]:  # the second round starts in loops that nobody needs
        stack = [(root, "", "", "")] if root not in seen else []
        while stack:
            name, lead, follow, said = stack.pop()
            below = sorted(graph.get(name, [])) if name not in seen else []
            again = " …" if name in seen and graph.get(name) else ""
            lines.append(f"{lead}{text.style(name, 'bold')}{said}{again}")
            seen.add(name)
            for number, other in enumerate(reversed(below)):
                tip, rest = ("└─ ", "   ") if number == 0 else ("├─ ", "│  ")
                words = text.inert(_said(found, name, other))
                stack.append((other, follow + tip, follow + rest, text.style(words, "dim")))
    return lines


def _said(found: Needs, consumer: str, provider: str) -> str:
    words: dict[str, None] = {}
    for one in found.between(consumer, provider):
        type = "" if one.type == "runtime" else f" ({one.type})"
        words[f" {one.constraint or 'any'}{type}"] = None
    return ",".join(words)


def _cycles(run: Run) -> None:
    limit = dependency_graph.LOOPS if run["limit"] is None else run["limit"]
    needs = dependency_graph.needs(run.workspace, types=run["type"])
    found = dependency_graph.cycles(needs, limit=limit)
    for group in {tuple(one["repos"]): None for one in found if one["more"]}:
        run.note(text.inert(f"There are more loops of {', '.join(group)}; --limit 0 finds all."))
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in found]))
        return
    if not found:
        run.note("no repositories need each other in a loop.")
    room = text.columns()
    for one in found:
        run.out(blocks.paragraph([text.inert(" → ".join(one["loop"]))], [""], room))
        for link in one["links"]:
            place = f"{link['file']}:{link['line']}" if link["line"] else link["file"]
            words = f"{link['consumer']} needs {link['provider']} {link['constraint'] or 'in any version'}"
            said = blocks.paragraph(
                [text.inert(f"{words} ({link['type']}, {place})")], [""], room - 2
            )
            run.out("  " + said.replace("\n", "\n  "))


def _order(run: Run) -> None:
    found = dependency_graph.needs(run.workspace, types=run["type"])
    levels = dependency_graph.release_order(run.workspace, found, run["repo"])
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in levels]))
        return
    for one in levels:
        together = {name: f"({' + '.join(loop)})" for loop in one["cycles"] for name in loop}
        names = dict.fromkeys(together.get(name, name) for name in one["repos"])
        run.out(f"{one['level']}. {', '.join(names)}")


GRAPH = Command(
    _graph,
    options=[Option("--format", "FORMAT", "How to draw.", choices=_FORMATS), TYPE],
    description="Arrows lead from who needs to what is needed; dashed ones are needed for development only.",
    example="coord dep graph --format mermaid",
    shape="{nodes: [repo], edges: [{consumer, provider, type, constraint, file, line, id}]}",
)
CYCLES = Command(
    _cycles,
    options=[
        TYPE,
        Option(
            "--limit",
            "N",
            f"How many loops of one group at most; 0 for all (default {dependency_graph.LOOPS}).",
            short="-n",
            convert=options.count,
        ),
    ],
    description=(
        "Each loop is shown once, with a declaration for each step. Repositories that all reach each\n"
        "other are one group, which can have very many loops; where it has more, a line says so."
    ),
    example="coord dep cycles --type runtime",
    shape="an array of {repos, loop, links: [{consumer, provider, type, constraint, file, line, id}], more}",
)
ORDER = Command(
    _order,
    arguments=[
        Argument("REPO", "Only these.", required=False, multiple=True, complete="repo"),
    ],
    options=[TYPE],
    description=(
        "Each level needs only what stands in levels before it; within one, all can go in parallel.\n"
        "Repositories that need each other stand together in brackets."
    ),
    example="coord dep order oneiric fastblocks --type runtime",
    shape="an array of {level, repos, cycles: [[repo]]}",
)
