"""`coord import ecosystem` and `coord export ecosystem`."""

from __future__ import annotations

from gitcoord.api import ecosystem
from gitcoord.cli import text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import NotFoundError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _import(run: Run) -> None:
    if run["show_mapping"]:
        rows = ecosystem.mapping()
        if run.json:
            names = ("where", "theirs", "ours")
            run.out(jsontext.dumps([dict(zip(names, row, strict=True)) for row in rows]))
        else:
            run.out(text.table(rows, flexible=2))
        return
    if not run["file"]:
        raise UsageError("Name the file.", hint="coord import ecosystem ecosystem.yaml")
    try:
        with open(run["file"], "rb") as file:
            raw = file.read()
    except OSError as error:
        raise NotFoundError(f"{run['file']} cannot be read: {error.strerror}.") from None
    done = ecosystem.bring_in(
        run.workspace, raw, run["file"], maps=run["map"], commit=not run["no_commit"],
        apply=not run["dry_run"],
    )  # fmt: skip
    if run.json:
        run.out(jsontext.dumps(done.as_dict()))
        return
    for note in done.notes:
        field = f".{note.field}" if note.field else ""
        run.out(
            f"{text.style(text.inert(str(note.record)) + field, 'bold')}: {text.inert(note.message)}"
        )
    run.out(f"{done.created} created, {done.updated} updated, {done.unchanged} unchanged.")


def _export(run: Run) -> None:
    run.travel()
    document = ecosystem.take_out(run.workspace)
    if run["output"]:
        with open(run["output"], "w", encoding="utf-8", newline="\n") as file:
            file.write(document)
        run.note(f"wrote {run['output']}.")
    else:
        run.out(document.rstrip("\n"))


IMPORT = Command(
    _import,
    arguments=[Argument("FILE", "The ecosystem.yaml.", required=False, complete="file")],
    options=[
        Option(
            "--map",
            "WORD=OURS",
            "Decide what the file leaves open: status.WORD=OURS, todo.status.WORD=OURS, priority.WORD=OURS, "
            "type.WORD=OURS, or todo.repo=NAME for a required field that is missing.",
            multiple=True,
        ),
        Option("--show-mapping", help="Show how words of other dialects are read."),
        Option("--dry-run", help="Only report what would be done."),
        Option("--no-commit", help="Write the files, leave the commit to you."),
    ],
    description="Every decision is reported. Importing the same file again changes nothing.",
    example="coord import ecosystem settings/ecosystem.yaml",
    shape="{created, updated, unchanged, notes: [{record, field, message}]}",
)
EXPORT = Command(
    _export,
    options=[
        Option("--output", "FILE", "Write to a file.", short="-o", complete="file"),
        Option("--at", "REV|DATE", "As of a revision or a date.", complete="ref"),
    ],
    description="The document imports back to the same records.",
    example="coord export ecosystem -o ecosystem.yaml",
    shape="one YAML document, with or without --json",
)
