"""`coord metrics trend`, `history`, `compare` and `explain`."""

from __future__ import annotations

from gitcoord.api import metrics
from gitcoord.cli import metrics_text, text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.metrics import series

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from gitcoord.cli.run import Run


def _trend(run: Run) -> None:
    since, until = _window(run)
    word = run["metric"] or "coverage"
    found = metrics.points(run.workspace, run["repo_role"], word, since=since, until=until)
    if run["plot"]:
        from gitcoord.cli import picture  # loads matplotlib

        rows = [{"date": one.time[:10], "value": one.value} for one in found if not one.partial]
        name = f"{run['repo_role']}  {metrics.metric_name(word)}"
        picture.draw(run["plot"], [(name, "value", rows)], title=name)
        run.note(f"wrote {run['plot']}")
    if run.json:
        quote = jsontext.quote
        lines = [
            f'{{"time": {quote(one.time)}, "commit": {quote(one.commit) if one.commit else "null"}, '
            f'"value": {"null" if one.value is None else one.value!r}, "partial": {str(one.partial).lower()}}}'
            for one in found
        ]
        run.out(jsontext.lines(lines))
        return
    run.out(metrics_text.trend(found, series.anomalies(found), metrics.metric_name(word)))


def _window(run: Run) -> tuple[datetime | None, datetime | None]:
    if not run["since"] and not run["until"]:
        return None, None
    from gitcoord.api.journal import moment  # most trends have no window

    since = moment(run["since"], run.workspace) if run["since"] else None
    return since, moment(run["until"], run.workspace, end=True) if run["until"] else None


def _history(run: Run) -> None:
    word = run["metric"] or "coverage"
    found = metrics.history(run.workspace, run["repo"], word)
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in found]))
    elif not found:
        run.out(metrics_text.never(metrics.metric_name(word)))
    else:
        rows = []
        for one in found:
            remarks = ["a part of a run"] if one["partial"] else []
            remarks += [f"fell: {one['anomaly']}"] if one["anomaly"] else []
            remarks += ["another definition from here on"] if one["definition_changed"] else []
            rows.append((one["time"][:16].replace("T", " "), (one["commit"] or "-")[:9],
                         metrics_text.percent(one["value"]), "; ".join(remarks)))  # fmt: skip
        run.out(text.table(rows, flexible=3))


def _compare(run: Run) -> None:
    found = metrics.compare(run.workspace, [run["a"], *run["b"]])
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in found]))
    else:
        run.out(metrics_text.compared(found))


def _explain(run: Run) -> None:
    found = metrics.explain(run.workspace, run["repo"], run["metric"] or "coverage")
    run.out(jsontext.dumps(found) if run.json else metrics_text.explained(found))


_METRIC = Argument("METRIC", "A figure: coverage (the default), coverage.missing, git.commits …",
                   required=False)  # fmt: skip
_REPO = Argument("REPO", "The repository.", complete="repo")

TREND = Command(
    _trend,
    arguments=[Argument("REPO|ROLE", "A repository, or a role for the mean of its repositories.",
                        complete="repo"), _METRIC],
    options=[
        Option("--since", "DATE", "From this day or so long ago on."),
        Option("--until", "DATE", "Up to the end of this day, or so long ago."),
        Option("--plot", "FILE", "Draw it into a .svg or .png (needs the plot extra).", complete="file"),
    ],
    description="A point stands at the time it was measured; what is a part of a run is marked.",
    example="coord metrics trend oneiric coverage --since 3m",
    shape="an array of {time, commit, value, partial}, oldest first",
)  # fmt: skip
HISTORY = Command(
    _history,
    arguments=[_REPO, _METRIC],
    description="With the falls that no other definition and no partial run explains.",
    example="coord metrics history oneiric",
    shape="an array of {time, commit, value, partial, anomaly, definition_changed}, oldest first",
)
COMPARE = Command(
    _compare,
    arguments=[Argument("A", "A repository.", complete="repo"),
               Argument("B", "Others to put beside it.", required=False, multiple=True,
                        complete="repo")],
    example="coord metrics compare oneiric fastblocks",
    shape="an array of {metric, values: {repo: value}}",
)  # fmt: skip
EXPLAIN = Command(
    _explain,
    arguments=[_REPO, _METRIC],
    description="Down to the files and the commit, with the sources that were not taken and why.",
    example="coord metrics explain oneiric coverage",
    shape="{repo, metric, value, section, anomalies, definition_changes}",
)
