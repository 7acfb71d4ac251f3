"""`coord completion`: scripts for bash, zsh and fish."""

from __future__ import annotations

from gitcoord.cli import shells
from gitcoord.cli.spec import Argument, Command
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _completion(run: Run) -> None:
    shell = run["shell"]
    if shell not in shells.SCRIPTS:
        raise UsageError(
            f"There is no completion for {shell!r}.",
            hint=f"There is for {', '.join(shells.SCRIPTS)}.",
        )
    run.out(shells.SCRIPTS[shell].rstrip("\n"))


COMPLETION = Command(
    _completion,
    arguments=[Argument("SHELL", "bash, zsh or fish.", complete="shell")],
    description=(
        "bash: coord completion bash > ~/.local/share/bash-completion/completions/coord\n"
        "zsh:  coord completion zsh > ~/.zfunc/_coord   (a folder of $fpath)\n"
        "fish: coord completion fish > ~/.config/fish/completions/coord.fish"
    ),
    example="source <(coord completion bash)",
    shape="the script, with or without --json",
)
