"""The weights of a model, mapped from a safetensors file and read only where they are used."""

from __future__ import annotations

import mmap

from gitcoord.codec.native import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

_MOST_HEADER = 1 << 24
_TYPES = {"F32": "<f4"}


class NotWeightsError(ValueError):
    """A file that holds no weights of the sort that is wanted."""


def read(np: ModuleType, path: str) -> dict[str, Any]:
    """Return every tensor of a file by its name, as an array on the mapped file.

    Raises `NotWeightsError` for a file that is damaged or holds other numbers than float32.
    """
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        if not 2 <= size <= _MOST_HEADER:
            raise NotWeightsError("it does not begin as a safetensors file does")
        header = file.read(size)
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        listed = mapping(header.decode())
        return {
            name: _tensor(np, whole, 8 + size, name, told)
            for name, told in listed.items()
            if name != "__metadata__" and told["dtype"] in _TYPES
        }
    except (ValueError, TypeError, KeyError) as error:
        raise NotWeightsError(f"its header cannot be read ({error})") from None


def mapping(text: str) -> dict[str, Any]:
    """Return the mapping that a JSON text holds; raise `ValueError` when it holds none."""
    try:
        found = loads(text)  # JSON is YAML, and `json` takes longer to load
    except ValueError:
        import json  # indented with tabs, for one, it is no YAML

        found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("it is no mapping")
    return found


def _tensor(np: ModuleType, whole: mmap.mmap, base: int, name: str, told: dict[str, Any]) -> Any:
    begin, end = told["data_offsets"]
    count = 1
    for length in told["shape"]:
        count *= length
    if end - begin != 4 * count or base + end > len(whole):
        raise NotWeightsError(f"{name} does not lie where the header says")
    flat = np.frombuffer(whole, dtype=_TYPES[told["dtype"]], count=count, offset=base + begin)
    return flat.reshape(told["shape"])
