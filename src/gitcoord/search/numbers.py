"""The one door to numpy, opened late and with as many threads as the work is worth.

Starting threads costs more than embedding one question, so a question gets one thread;
a library that is loaded already keeps what it has.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def is_here(name: str = "numpy") -> bool:
    """Whether a package can be loaded, found out without loading it."""
    if name in sys.modules:
        return True
    return any(
        finder.find_spec(name, None) is not None
        for finder in sys.meta_path
        if hasattr(finder, "find_spec")
    )


def load(*, alone: bool) -> ModuleType:
    """Return numpy; `alone` keeps it to one thread when this is what loads it."""
    if "numpy" not in sys.modules and alone:
        before = {name: os.environ.get(name) for name in _THREADS}
        os.environ.update({name: "1" for name in _THREADS if before[name] is None})
        try:
            import numpy as np
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
        return np
    import numpy as np

    return np
