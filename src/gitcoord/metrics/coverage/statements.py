"""Whether lines can be statements of a source: the proof that data and source belong together.

Whatever Python executes stands at a line at which some part of the syntax begins. Lines
that were executed and are blank, a comment or the middle of a text were executed in
another version of the file.
"""

from __future__ import annotations

import ast
import warnings
from types import CodeType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def impossible(source: bytes, lines: Iterable[int]) -> list[int]:
    """Return those lines that cannot be statements of a source, sorted; [] where it is no Python."""
    possible = _possible(source)
    if possible is None:
        return []
    # Line 1 is that of the module itself, whatever stands there; 0 is that of an empty one.
    return sorted(line for line in set(lines) if line not in possible and line not in (0, 1))


def _possible(source: bytes) -> set[int] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes are the business of others
            return _lines(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _lines(tree: ast.Module) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        line = getattr(node, "lineno", None)
        if line is not None:
            found.add(line)
        if isinstance(node, ast.Attribute):  # a method is called where its name stands
            found.add(node.end_lineno or 0)
        if isinstance(node, ast.Assert):  # pytest rewrites it, and some of that runs at its end
            found.add(node.end_lineno or 0)
    return found | _compiled(tree)


def _compiled(tree: ast.Module) -> set[int]:
    """Return the lines that this Python would execute; others may put some elsewhere."""
    try:
        pending = [compile(tree, "measured", "exec", dont_inherit=True)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found: set[int] = set()
    while pending:
        code = pending.pop()
        found.update(line for _, _, line in code.co_lines() if line is not None)
        pending += [one for one in code.co_consts if isinstance(one, CodeType)]
    return found
