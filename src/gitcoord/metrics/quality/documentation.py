"""Documentation coverage: the share of public names that carry a docstring.

Public is what ruff's rules D100 to D106 look at: no leading underscore, in `__all__` where
there is one, no setters, overloads, or magic methods. ruff tells what is missing but not of
how many; the count of missing names equals ruff's. Tests are left out.
"""

from __future__ import annotations

import platform
from collections import Counter

from gitcoord.metrics.quality import surveying
from gitcoord.metrics.quality.measure import KEPT, By, Measure, UnmeasuredError, shown, taken
from gitcoord.metrics.quality.place import is_test

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.metrics.quality.surveying import Survey

KINDS = ("package", "module", "class", "method", "function")
_ASIDE = {"setup.py", "docs/conf.py", "doc/conf.py"}


def collect(survey: Survey) -> Measure:
    """Return how many public names there are and how many of them are documented."""
    files = [path for path in survey.names if not is_test(path) and path not in _ASIDE]
    names = [(path, *one) for path in sorted(files) for one in survey.names[path]]
    if not names:
        raise UnmeasuredError("there is no public name outside the tests")
    total = Counter([kind for _, kind, _, _, _ in names])
    known = Counter([kind for _, kind, _, _, done in names if done])
    bare = [one for one in names if not one[4]]
    figures = {
        "percent": round(100 * (len(names) - len(bare)) / len(names), 2),
        "names": len(names),
        "documented": len(names) - len(bare),
        "missing": len(bare),
        "by_kind": {kind: {"names": total[kind], "documented": known[kind]} for kind in KINDS},
        "first": [f"{shown(path)}:{line}: {kind} {shown(name)}" for path, kind, line, name, _ in bare[:KEPT]],
    }  # fmt: skip
    by = By("ast", platform.python_version(), "coord",
            definition=("public names", surveying.VERSION))  # fmt: skip
    return taken(by, len(files), figures, doubt=survey.doubt)
