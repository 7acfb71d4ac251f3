"""What the commands that change a record have in common."""

from __future__ import annotations

from gitcoord.api import read, write
from gitcoord.cli import options, text
from gitcoord.cli.commands import showing
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.errors import UsageError
from gitcoord.model.suggest import nearest, with_article

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gitcoord.cli.run import Run
    from gitcoord.model.kinds import Kind

RECORD = "the record"
RECORDS = "the record; an array of records where several were named"


def fields_of(run: Run, names: dict[str, str]) -> dict[str, Any]:
    """Return the fields that options gave; `names` maps an option's key to its field."""
    return {field: run[key] for key, field in names.items() if run.values.given(key)}


def settings_of(run: Run) -> dict[str, Any]:
    """Return the fields that `--set` gave."""
    return dict(write.parse_setting(text) for text in run["set"])


def updater(
    kind: Kind,
    fields: dict[str, str],
    own: Sequence[Option],
    example: str,
    further: Callable[[Run], list[write.Change]] | None = None,
) -> Command:
    """Return the `update` command of a kind; `fields` maps option keys to fields."""
    metavar = "NAME" if kind.name == "repo" else "ID"

    every = [*own, options.ADD_LABEL, options.REMOVE_LABEL, options.SET, options.NO_COMMIT]
    keys = [option.key for option in every if option is not options.NO_COMMIT]

    def run_it(run: Run) -> None:
        if not any(run.values.given(key) for key in keys):
            raise UsageError("Say what to change.", hint=example)
        changes = [*_deep(kind, settings_of(run)), write.with_fields(kind, fields_of(run, fields))]
        changes.append(write.with_items("labels", run["add_label"], run["remove_label"]))
        if further is not None:
            changes += further(run)
        ids = each(run, kind, run[metavar.lower()])
        how = write.chained(*changes)
        write.change_each(run.workspace, kind.name, ids, how, commit=not run["no_commit"])
        show_all_changed(run, ids)
        showing.tell_unregistered(run, _repos_named(run, keys))
        _tell_strange(run, kind, settings_of(run))

    return Command(
        run_it,
        arguments=[
            Argument(
                metavar,
                "Which ones.",
                multiple=True,
                complete="repo" if kind.name == "repo" else "id",
            )
        ],
        options=every,
        example=example,
        shape=RECORDS,
    )


def _tell_strange(run: Run, kind: Kind, settings: dict[str, Any]) -> None:
    """Tell of fields that no record of the kind has: they are kept, and mostly mistyped."""
    for field in settings:
        if field.partition(".")[0] not in kind.fields:
            close = nearest(field, list(kind.fields))
            guess = f"; did you mean {close}?" if close else "; your own go below metadata."
            run.note(f"{text.inert(field)} is no field of {with_article(kind.name)}{guess}")


def _repos_named(run: Run, keys: Sequence[str]) -> list[str]:
    named = [run[key] for key in keys if key in ("repo", "add_repo", "consumer", "provider")]
    return [
        name for one in named for name in ([one] if isinstance(one, str) else one or ()) if name
    ]


def each(run: Run, kind: Kind, names: Sequence[str]) -> list[str]:
    """Return the ids that were named, after looking that each is there."""
    return list(dict.fromkeys(_exact(run, kind, name) for name in names))


def show_all_changed(run: Run, ids: Sequence[str]) -> None:
    """Print records that were just written: lines, or the JSON of one or of all."""
    if len(ids) == 1:
        showing.show_changed(run, ids[0])
        return
    found = [read.get(run.workspace, id) for id in ids]
    if run.json:
        run.out("[" + ",\n ".join([entry.json() for entry in found]) + "]")
    else:
        for entry in found:
            showing.show_line(run, entry)
    showing.tell_detached(run)


def _exact(run: Run, kind: Kind, name: str) -> str:
    """Return the id as it is written; other cases and nicknames are looked up."""
    import os

    from gitcoord.store import layout

    if layout.fits(kind, name) and os.path.exists(
        os.path.join(run.workspace.repo.root, layout.path_of(kind, name))
    ):
        return name
    return str(read.get(run.workspace, name, kind.name).id)


def _deep(kind: Kind, settings: dict[str, Any]) -> list[write.Change]:
    """Return the changes for `--set`, where `metadata.a.b=1` sets a key below metadata."""
    plain = {field: value for field, value in settings.items() if "." not in field}
    changes = [write.with_fields(kind, plain)]
    for path, value in settings.items():
        steps = path.split(".")
        if len(steps) > 1:
            changes.append(_below(steps, value))
    for field in ("id", "name"):
        if field in plain:
            raise UsageError(
                f"{field} cannot be set: the file is named for it.", hint="Create a new record."
            )
    return changes


def _below(steps: list[str], value: Any) -> write.Change:
    def how(data: dict[str, Any]) -> dict[str, Any]:
        def placed(inner: Any, left: list[str]) -> Any:
            if inner is not None and not isinstance(inner, dict):
                raise UsageError(f"{'.'.join(steps)} leads through a value that is no mapping.")
            copy = dict(inner or {})
            if len(left) == 1:
                copy[left[0]] = value
            else:
                copy[left[0]] = placed(copy.get(left[0]), left[1:])
            return copy

        return dict(placed(data, steps))

    return how
