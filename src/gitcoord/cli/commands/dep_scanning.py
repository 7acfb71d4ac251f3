"""`coord dep scan`: the dependencies that manifests declare, and records made of them."""

from __future__ import annotations

from gitcoord.api import scanning
from gitcoord.cli import blocks, options, text, which
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.scanning import Scan
    from gitcoord.cli.run import Run


def _scan(run: Run) -> int:
    if run["write"] and run["ref"]:
        raise UsageError(
            "--write takes what the repositories declare now, not at a revision.",
            hint="Leave out --ref, or look first without --write.",
        )
    found = scanning.scan(run.workspace, run["repo"], ref=run["ref"])
    if run["findings"]:
        return _findings(run, found)
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(edge.as_dict()) for edge in found.edges]))
    else:
        _show(run, found)
    _notes(run, found)
    if run["write"]:
        _write(run, found)
    return 0


def _write(run: Run, found: Scan) -> None:
    from gitcoord.api import recording  # a scan alone writes nothing

    done = recording.record(run.workspace, found, commit=not run["no_commit"])
    run.note(done.summary())


def _show(run: Run, found: Scan) -> None:
    rows = [
        (
            f"{one.consumer} → {one.provider}",
            one.need.constraint or "any",
            one.need.type + (f" [{one.need.extra}]" if one.need.extra else ""),
            f"{one.file}:{one.need.line}" if one.need.line else one.file,
        )
        for one in found.edges
    ]
    if not rows:
        run.note("no manifest here declares a package of another repository.")
    else:
        styles = [["bold", "", "", "dim"] for _ in rows]
        run.out(blocks.table(rows, styles=styles, flexible=1))


def _findings(run: Run, found: Scan) -> int:
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one.as_dict()) for one in found.findings]))
    else:
        for one in found.findings:
            place = f"{one.path}:{one.line}" if one.line else one.path
            said = text.inert(f"{place}: {one.severity}: {one.message}")
            run.out(blocks.paragraph([said], [""], text.columns()))
    return 1 if any(one.severity == "error" for one in found.findings) else 0


def _notes(run: Run, found: Scan) -> None:
    missing: dict[str, list[str]] = {}
    for name, why in found.missing().items():
        missing.setdefault(why, []).append(name)
    for why, names in missing.items():
        verb = why if len(names) == 1 else why.replace("is ", "are ", 1).replace("has ", "have ", 1)
        run.note(text.inert(f"{', '.join(names)} {verb}."))
    if any("not on this machine" in why for why in missing):
        which.tell_place(run)
    if found.findings:
        run.note(
            f"{text.count(len(found.findings), 'finding')}; `coord dep scan --findings` shows them."
        )


SCAN = Command(
    _scan,
    options=[
        Option("--repo", "REPO", "Only what this repository declares.", short="-r", multiple=True,
               complete="repo"),
        Option("--ref", "REF", "Read this branch, tag or commit of each, not its work tree."),
        Option("--write", help="Create and update the dependency records, in one commit."),
        Option("--findings", help="Show what is wrong with the manifests in place of what they say."),
        options.NO_COMMIT,
    ],
    description=(
        "Reads pyproject.toml, setup.cfg, requirements files, package.json, Cargo.toml, go.mod and\n"
        "their lock files where the repositories lie on this machine, bare clones at their HEAD.\n"
        "--write leaves records made by hand alone."
    ),
    example="coord dep scan --repo fastblocks",
    shape="an array of {consumer, provider, package, constraint, type, file, line, commit, ecosystem, extra,"
    " marker, optional, source, locked, unreadable}; with --findings an array of findings",
)  # fmt: skip
