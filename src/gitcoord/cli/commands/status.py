"""`coord status`: the whole hub by repository, or one repository."""

from __future__ import annotations

from gitcoord.api import overview, read
from gitcoord.cli import options, text
from gitcoord.cli.show_records import show_list, warn_faulty
from gitcoord.cli.spec import Argument, Command
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.entry import Entry
    from gitcoord.cli.run import Run


_SHOWN = 10


def _status(run: Run) -> None:
    run.travel()
    if run["repo"]:
        _one(run, read.repo_status(run.workspace, run["repo"]))
        return
    found = overview.overview(run.workspace)
    if run.json:
        run.out(jsontext.dumps(found.as_dict()))
        return
    run.out(text.style(text.wrapped(_sentence(found)), "bold"))
    run.out("")
    rows = [("REPO", "ROLE", "ISSUES", "TODOS", "READY", "BLOCKED", "BLOCKS")]
    rows += [
        (row.repo, row.role or "-", str(row.issues), str(row.todos), str(row.ready), str(row.blocked),
         str(row.blocks))
        for row in found.repos
    ]  # fmt: skip
    styles = [["dim"] * 7, *([["bold", "", "", "", "green", "red", ""]] * len(found.repos))]
    run.out(text.table(rows, styles=styles, flexible=0, spare=(1, 3, 2, 6)))
    for label, ids in (("Overdue", found.overdue), ("In progress", found.in_progress)):
        if ids:
            run.out("\n" + text.style(f"{label} ({len(ids)})", "bold"))
            show_list(run, overview.some(run.workspace, ids[:_SHOWN]))
    warn_faulty(run)


def _sentence(found: overview.Overview) -> str:
    counts = found.open
    return (
        f"{text.count(counts.get('issue', 0), 'open issue')},"
        f" {text.count(counts.get('todo', 0), 'open todo')},"
        f" {text.count(counts.get('plan', 0), 'open plan')}; {found.ready} ready, {found.blocked} blocked,"
        f" {len(found.overdue)} overdue."
    )


def _one(run: Run, status: read.RepoStatus) -> None:
    parts = (
        ("issues", status.issues),
        ("todos", status.todos),
        ("plans", status.plans),
        ("dependencies_outgoing", status.outgoing),
        ("dependencies_incoming", status.incoming),
        ("blocking", status.blocking),
        ("blocked_by", status.blocked_by),
    )
    if run.json:
        fields = [f'"{name}": {jsontext.lines([e.json() for e in found])}' for name, found in parts]
        run.out(f'{{"repo": {jsontext.quote(status.repo)},\n ' + ",\n ".join(fields) + "}")
        return
    run.out(text.style(text.inert(status.repo), "bold"))
    titles = {
        "dependencies_outgoing": "Needs",
        "dependencies_incoming": "Is needed by",
        "blocking": "Stands in the way of others",
        "blocked_by": "Waits for",
    }
    for name, found in parts:
        open_ones: list[Entry] = [
            entry for entry in found if entry.open or entry.kind == "dependency"
        ]
        if open_ones:
            run.out(
                "\n" + text.style(f"{titles.get(name, f'Open {name}')} ({len(open_ones)})", "bold")
            )
            show_list(run, open_ones)
    done = sum(not entry.open for entry in status.issues + status.todos)
    if done:
        run.out(text.style(f"\n{done} finished issues and todos are not shown.", "dim"))


STATUS = Command(
    _status,
    arguments=[
        Argument("REPO", "One repository; the whole hub without.", required=False, complete="repo")
    ],
    options=[options.AT],
    example="coord status oneiric",
    shape=(
        "{repo, issues, todos, plans, dependencies_outgoing, dependencies_incoming, blocking, blocked_by};\n"
        "without REPO {hub, open, ready, blocked, overdue, in_progress, repos: [{repo, role, issues, todos,\n"
        "ready, blocked, blocks}]}"
    ),
)
