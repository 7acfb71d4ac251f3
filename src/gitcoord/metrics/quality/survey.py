"""The process that parses a repository's Python files: docstrings of public names, and imports.

It is run by path, imports nothing of coord, and executes nothing that it reads. A file that
takes the parser down takes only this process along. What is public is decided as ruff
decides it for its D rules.

Usage: survey.py ASKED ANSWER, two JSON files.
"""

from __future__ import annotations

import ast
import json
import os
import sys
import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Function = ast.FunctionDef | ast.AsyncFunctionDef

_NEEDED, _OPTIONAL, _TYPING, _MENTIONED = "needed", "optional", "typing", "mentioned"
_TYPING_MODULES = ("typing", "typing_extensions")


def main(asked: str, answer: str) -> int:
    """Parse the files that are asked for, and write what they hold."""
    warnings.simplefilter("ignore")  # a stray escape in a string is not what is asked
    with open(asked, encoding="utf-8", errors="surrogateescape") as file:
        wanted = json.load(file)
    found: dict[str, Any] = {}
    for path in wanted["paths"]:
        try:
            with open(os.path.join(wanted["folder"], path), "rb") as source:
                tree = ast.parse(source.read())
            found[path] = [Names(tree, path, wanted["packages"]).counted, imports(tree)]
        except (SyntaxError, ValueError, RecursionError, MemoryError, OSError) as error:
            found[path] = f"{type(error).__name__}: {error}"
    with open(answer, "w", encoding="utf-8", errors="surrogateescape") as file:
        json.dump(found, file)
    return 0


class Names:
    """The public names of one module: each a kind, its line, its name, and whether it is documented."""

    def __init__(self, tree: ast.Module, path: str, packages: list[str]) -> None:
        self.counted: list[list[Any]] = []
        self._exports = exports(tree)
        self._marks = typing_marks(tree)
        if not public_module(path, packages):
            return
        kind = "package" if path.rpartition("/")[2] == "__init__.py" else "module"
        self._count(kind, 1, path, tree)
        self._body(tree.body, None)

    def _count(
        self, kind: str, line: int, name: str, node: ast.Module | ast.ClassDef | Function
    ) -> None:
        self.counted.append([kind, line, name, documented(node)])

    def _body(self, body: list[ast.stmt], inside: str | None) -> None:
        """Count what a module or a class holds, also below `if`, `try` and `with`."""
        for node in body:
            if isinstance(node, ast.ClassDef):
                if self._exported(node.name, inside) and not node.name.startswith("_"):
                    self._count("class", node.lineno, node.name, node)
                    self._body(node.body, node.name)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if self._exported(node.name, inside) and self._public(node, inside):
                    kind = "function" if inside is None else "method"
                    self._count(
                        kind, node.lineno, f"{inside}.{node.name}" if inside else node.name, node
                    )
            else:
                for field in ("body", "orelse", "finalbody"):
                    self._body(getattr(node, field, []), inside)
                for more in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
                    self._body(more.body, inside)

    def _public(self, node: Function, inside: str | None) -> bool:
        name = node.name
        marks = [
            ast.unparse(one)
            for one in node.decorator_list
            if isinstance(one, ast.Name | ast.Attribute)
        ]
        known = {self._marks.get(one) for one in marks}
        if "overload" in known:
            return False
        if inside is None:
            return not name.startswith("_")
        if "override" in known or any(
            one.count(".") == 1 and one.endswith((".setter", ".deleter")) for one in marks
        ):
            return False
        return not name.startswith("_") or name in ("__new__", "__call__")

    def _exported(self, name: str, inside: str | None) -> bool:
        return inside is not None or self._exports is None or name in self._exports


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return (
        node.attr
        if isinstance(node, ast.Attribute)
        else node.id
        if isinstance(node, ast.Name)
        else ""
    )


def typing_marks(tree: ast.Module) -> dict[str, str]:
    """Return under which names a module knows `override` and `overload` of `typing`."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in _TYPING_MODULES:
                    for mark in ("override", "overload"):
                        found[f"{alias.asname or alias.name}.{mark}"] = mark
        elif isinstance(node, ast.ImportFrom) and node.module in _TYPING_MODULES:
            for alias in node.names:
                if alias.name in ("override", "overload"):
                    found[alias.asname or alias.name] = alias.name
    return found


def documented(node: ast.Module | ast.ClassDef | Function) -> bool:
    """Whether the first statement is a text."""
    first = node.body[0] if node.body else None
    return (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )


def public_module(path: str, packages: list[str]) -> bool:
    """Whether neither a module nor a package around it has a private name."""
    *folders, name = path.removesuffix(".py").split("/")
    above = []
    while folders and "/".join(folders) in packages:
        above.append(folders.pop())
    return not any(one.startswith("_") and not one.startswith("__") for one in [name, *above])


def exports(tree: ast.Module) -> set[str] | None:
    """Return the names in `__all__`, None where there is none that can be read."""
    found: set[str] | None = None
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets: list[ast.expr] = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        else:
            continue
        if node.value is None or not any(
            isinstance(one, ast.Name) and one.id == "__all__" for one in targets
        ):
            continue
        listed = isinstance(node.value, ast.List | ast.Tuple | ast.BinOp)
        texts = {one.value for one in (ast.walk(node.value) if listed else ())
                 if isinstance(one, ast.Constant) and isinstance(one.value, str)}  # fmt: skip
        found = (found or set()) | texts if isinstance(node, ast.AugAssign) else texts
    return found


def imports(tree: ast.Module) -> list[list[Any]]:
    """Return the packages that a module imports: name, first line, and whether it can do without.

    `optional` stands below a `try` that catches its absence, `typing` below `TYPE_CHECKING`;
    `mentioned` are texts that may name a module, as in a list of plugins.
    """
    found: list[list[Any]] = []
    waiting: list[tuple[ast.AST, str]] = [(tree, _NEEDED)]
    while waiting:
        node, guard = waiting.pop()
        if isinstance(node, ast.Import):
            found += [[alias.name.partition(".")[0], node.lineno, guard] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.append([node.module.partition(".")[0], node.lineno, guard])
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            waiting += [(one, _TYPING) for one in node.body]
            waiting += [(one, guard) for one in node.orelse]
        elif isinstance(node, ast.Try) and any(_catches(one) for one in node.handlers):
            waiting += [(one, _OPTIONAL) for one in ast.iter_child_nodes(node)]
        elif isinstance(node, ast.Constant):
            name = node.value.partition(".")[0] if isinstance(node.value, str) else ""
            if name.isidentifier() and len(name) < 80:
                found.append([name, node.lineno, _MENTIONED])
        else:
            waiting += [(one, guard) for one in ast.iter_child_nodes(node)]
    first: dict[tuple[str, str], list[Any]] = {}
    for one in sorted(found, key=lambda one: (one[1], one[0])):
        first.setdefault((one[0], one[2]), one)
    return list(first.values())


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(_last(one) in ("ImportError", "ModuleNotFoundError", "Exception") for one in caught)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
