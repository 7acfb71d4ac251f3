"""The repositories that a document and the hub know: by name, nickname and package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitcoord.bridges.ecosystem.notes import Ledger


class Catalogue:
    """Finds the name of a repository, and the repository that a path of code belongs to."""

    def __init__(self, repos: Iterable[Mapping[str, Any]]) -> None:
        known = list(repos)
        self._names = {str(repo.get("name")) for repo in known}
        self._aliases: dict[str, str | None] = {}
        self._packages: dict[str, str | None] = {}
        for repo in known:
            name = str(repo.get("name"))
            nicknames = repo.get("nicknames")
            package = repo.get("package")
            words = [*(nicknames if isinstance(nicknames, list) else []), package]
            for word in words:
                if isinstance(word, str):
                    _once(self._aliases, word, name)
            if isinstance(package, str):
                _once(self._packages, package, name)

    def resolve(self, data: dict[str, Any], label: str, ledger: Ledger) -> None:
        """Let a record name repositories by their names, where it used a nickname or a package."""
        for field in ("repo", "consumer", "provider"):
            if isinstance(data.get(field), str):
                data[field] = self._name(data[field], field, label, ledger)
        if isinstance(data.get("repos"), list):
            data["repos"] = [self._name(name, "repos", label, ledger) for name in data["repos"]]

    def of_files(self, paths: Any) -> str | None:
        """Return the one repository whose package all these files lie in, if there is one."""
        if not isinstance(paths, list) or not paths:
            return None
        found = {
            self._packages.get(path.partition("/")[0]) if isinstance(path, str) else None
            for path in paths
        }
        return found.pop() if len(found) == 1 else None

    def _name(self, name: Any, field: str, label: str, ledger: Ledger) -> Any:
        if not isinstance(name, str) or name in self._names:
            return name
        full = self._aliases.get(name)
        if full is None:
            if self._names:
                ledger.say(label, field, f"No repository here is called {name}.")
            return name
        ledger.say(label, field, f"{name} is the repository {full}.")
        return full


def _once(table: dict[str, str | None], word: str, name: str) -> None:
    """Remember whom a word means, and nobody when it means two."""
    table[word] = name if table.get(word, name) == name else None
