"""The program: find the command, parse its words, run it, show trouble once.

Every command is loaded only when it is called, and none of what is imported here costs
anything: a query should take little longer than Python itself.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` costs an import of enum
import gc
import os
import sys

from gitcoord.cli import loading
from gitcoord.errors import CoordError, SystemRefusedError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

_AWAITED = ("atexit", "threading")
"""With one of these loaded something may have to be done at the end."""

_YOUNG = 20_000
"""Of how many new objects Python looks for garbage: while modules are loaded there is none."""


def program() -> NoReturn:
    """Run the program and end the process.

    Python would take everything apart first, object by object, which takes longer than many
    a question. The system does the same at once.
    """
    gc.set_threshold(_YOUNG)
    loading.quicken()
    code = main()
    if not any(name in sys.modules for name in _AWAITED) and sys.getprofile() is None:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            code = code or SystemRefusedError.exit_code
        os._exit(code)
    raise SystemExit(code)


def main(words: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    former = _signal.getsignal(_signal.SIGINT)
    try:
        try:
            if callable(former):  # what the script has set for as long as we were loaded
                _signal.signal(_signal.SIGINT, _signal.default_int_handler)
            return _run(sys.argv[1:] if words is None else words)
        finally:
            if callable(former):
                _signal.signal(_signal.SIGINT, former)
    except KeyboardInterrupt:
        return 130


def _run(words: Sequence[str]) -> int:
    _whole_streams()
    as_json = "--json" in words[: words.index("--") if "--" in words else None]
    try:
        code = _dispatch(words)
        sys.stdout.flush()
        return code
    except CoordError as error:
        _flush()
        _report(error, as_json=as_json)
        return error.exit_code
    except BrokenPipeError:
        _flush()  # the reader had enough, as with `| head`
        return 0
    except UnicodeEncodeError:
        # Only a word of the command can hold half a character: files are checked when read.
        wrong = UsageError("A word of the command is not UTF-8.", hint="Write it in UTF-8.")
        _report(wrong, as_json=as_json)
        return wrong.exit_code
    except OSError as refusal:
        if interrupted(refusal):
            return 130
        _flush()
        trouble = _trouble(refusal)
        _report(trouble, as_json=as_json)
        return trouble.exit_code
    except Exception as error:
        if type(error).__module__ != "sqlite3":  # its import would cost more than it is worth
            raise
        _flush()
        damaged = SystemRefusedError(
            f"A derived file in the git directory can't be used: {error}.",
            hint="Run it again; if that does not help, `coord doctor --fix` makes it anew.",
        )
        _report(damaged, as_json=as_json)
        return damaged.exit_code


def interrupted(error: BaseException) -> bool:
    """Whether an error came up on the way out of an interrupt, as where something is closed twice."""
    before = error.__context__
    while before is not None and not isinstance(before, KeyboardInterrupt):
        before = before.__context__
    return before is not None


def _trouble(refusal: OSError) -> CoordError:
    import errno  # only for trouble

    place = f"{refusal.filename}: " if refusal.filename else ""
    hint = "The system said so."
    if refusal.errno in (errno.ENOSPC, errno.EDQUOT):
        hint = "The disk is full, and what was printed may be cut off. Make room, and run it again."
    return SystemRefusedError(f"{place}{refusal.strerror or refusal}.", hint=hint)


def _whole_streams() -> None:
    """Put something in the place of streams that are closed, and let all speak UTF-8.

    The next file that is opened would otherwise take the number of a closed stream, and
    what is printed would end up in it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8"))
        elif mode == "w" and stream.encoding != "utf-8":
            stream.reconfigure(encoding="utf-8")


def _silence() -> None:
    """Drop what standard output still holds: Python would complain once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dispatch(words: Sequence[str]) -> int:
    if words and words[0] == "__complete":
        from gitcoord.cli import completing  # only for TAB

        sys.stdout.write("".join(f"{line}\n" for line in completing.complete(words[1:])))
        return 0
    if words and words[0] == "merge-driver":
        from gitcoord.cli import driving  # only for git

        return driving.drive(words[1:])
    from gitcoord.cli import spec, table  # not for git, which calls the driver for every file
    from gitcoord.cli.run import Run

    name, rest, before = table.find(words)
    if name is None:
        return _without_command(rest, before)
    command = table.load(name)
    values = spec.parse(command, [*before, *rest], name)
    if values["help"]:
        from gitcoord.cli import help as help_pages  # only when asked

        sys.stdout.write(help_pages.command(name, command))
        return 0
    run = Run(name, values)
    try:
        return command.run(run) or 0
    finally:
        run.close()


def _without_command(rest: Sequence[str], before: Sequence[str]) -> int:
    from gitcoord.cli import help as help_pages  # only when asked
    from gitcoord.cli import table

    flags = [*before, *rest]
    if "--version" in flags[:1] or flags == ["version"]:
        from gitcoord import __version__

        sys.stdout.write(f"coord {__version__}\n")
        return 0
    group = next((word for word in rest if not word.startswith("-")), None)
    if group is None:
        if "--help" in flags or "-h" in flags or not flags:
            sys.stdout.write(help_pages.program())
            return 0 if flags else 2
        if flags[0].partition("=")[0] not in ("--json", "--hub"):
            raise UsageError(f"coord has no option {flags[0]}.", hint="`coord --help` shows all.")
        raise UsageError("No command was named.", hint="`coord --help` shows all.")
    if group == "help":
        topic = " ".join(word for word in rest[1:] if not word.startswith("-"))
        return _dispatch([*topic.split(), "--help"])
    if group in table.GROUPS:
        unknown = [word for word in rest[1:] if not word.startswith("-")]
        if unknown:
            raise _unknown(f"{group} {unknown[0]}")
        sys.stdout.write(help_pages.group(group))
        return 0 if "--help" in rest or "-h" in rest else 2
    raise _unknown(group)


def _unknown(name: str) -> UsageError:
    close = _meant(name)
    noun = name.rpartition(" ")[0]
    return UsageError(
        f"coord has no command {name!r}" + (f"; did you mean `coord {close}`?" if close else "."),
        hint=f"`coord {noun} --help` shows its commands."
        if noun
        else "`coord --help` shows all commands.",
    )


def _meant(name: str) -> str | None:
    """Return the command that somebody was probably after."""
    from gitcoord.cli import table
    from gitcoord.model.suggest import nearest

    noun, _, verb = name.rpartition(" ")
    verb = table.SYNONYMS.get(verb, verb)
    kinds = ("", "issue", "todo", "plan", "dep", "dependency", "repo")
    wide = [verb] if noun in kinds else []  # to delete a query is not to delete a record
    same = [command for command in (f"{noun} {verb}", *wide) if command in table.COMMANDS]
    if noun:
        own = [
            command.split(" ")[1] for command in table.COMMANDS if command.startswith(f"{noun} ")
        ]
        close = nearest(verb, own)
        return same[0] if same else f"{noun} {close}" if close else None
    same = same or [command for command in table.COMMANDS if command.endswith(f" {verb}")][:1]
    names = [*table.COMMANDS, *table.GROUPS, *(table.ALIASES if "-" in name else ())]
    return same[-1] if same else nearest(name, names)


def _report(error: CoordError, *, as_json: bool) -> None:
    if as_json:
        from gitcoord.codec import jsontext  # only for trouble

        body = {"code": error.code, "message": error.message, "hint": error.hint}
        for name in ("position", "length"):  # where a query is wrong
            if hasattr(error, name):
                body[name] = getattr(error, name)
        sys.stderr.write(jsontext.dumps({"error": body}) + "\n")
        return
    from gitcoord.cli.text import lines  # only for trouble
    from gitcoord.model.query.faults import QueryError

    sys.stderr.write("coord: " + "\n".join(lines(error.message)) + "\n")
    if isinstance(error, QueryError) and error.query:
        sys.stderr.write("".join(f"  {line}\n" for line in lines(error.explain())))
    if error.hint:
        sys.stderr.write("".join(f"  {line}\n" for line in lines(error.hint)))


def _flush() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _silence()
