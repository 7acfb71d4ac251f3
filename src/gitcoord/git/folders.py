"""Trees that change: read once, kept in memory, written as loose objects.

Who appends to the same branch again and again changes the same few folders each time.
Their trees stay here between one change and the next, so none is read or parsed twice.
"""

from __future__ import annotations

from gitcoord.git import loose, objects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitcoord.git.loose import Entry
    from gitcoord.git.repository import Repository

_MOST = 512
_FEW = 8


class Folders:
    """The trees of one repository that one process has lately read or written."""

    __slots__ = ("_kept", "_repo")

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._kept: dict[str, loose.Tree] = {}

    def changed(self, base: str | None, changes: Mapping[str, Entry | None]) -> str | None:
        """Write the tree that a base becomes by some changes; None when nothing is left."""
        if len(self._kept) > _MOST:
            self._kept.clear()
        if base and len(changes) > _FEW:
            self._fetch(base, {path.rpartition("/")[0] for path in changes})
        return self._change(base, changes)

    def obstructed(self, base: str | None, paths: Iterable[str]) -> list[str]:
        """Return the paths that cannot be files: a folder is there, or a file stands in the way."""
        found = []
        for path in paths:
            tree, parts = base, path.split("/")
            for number, part in enumerate(parts):
                entry = self._get(tree).get(_raw(part)) if tree else None
                if entry is None:
                    break
                if (entry[0] == loose.FOLDER) == (number == len(parts) - 1):
                    found.append(path)
                    break
                tree = entry[1].hex()
        return found

    def _change(self, base: str | None, changes: Mapping[str, Entry | None]) -> str | None:
        tree = self._take(base) if base else loose.Tree(b"")
        files: dict[bytes, Entry | None] = {}
        below: dict[bytes, dict[str, Entry | None]] = {}
        for path, entry in changes.items():
            first, slash, rest = path.partition("/")
            if slash:
                below.setdefault(_raw(first), {})[rest] = entry
            else:
                files[_raw(first)] = entry
        tree.put_all(files)
        for name, inner in below.items():
            mode, id = tree.get(name) or (b"", b"")
            made = self._change(id.hex() if mode == loose.FOLDER else None, inner)
            tree.put(name, (loose.FOLDER, bytes.fromhex(made)) if made else None)
        if not tree.content:
            return None
        name_of_it = loose.write(self._repo, b"tree", tree.content)
        self._kept[name_of_it] = tree
        return name_of_it

    def _get(self, name: str) -> loose.Tree:
        tree = self._kept[name] = self._take(name)
        return tree

    def _take(self, name: str) -> loose.Tree:
        """Return a tree to be changed in place; who asks for it again reads it anew."""
        kept = self._kept.pop(name, None)
        if kept is not None:
            return kept
        try:
            return loose.Tree(loose.read(self._repo, name, b"tree"))
        except loose.MissingError:
            for found in objects.typed(self._repo, [name]):
                if found is not None and found[1] == "tree":
                    return loose.Tree(found[2])
            raise

    def _fetch(self, base: str, folders: set[str]) -> None:
        """Read many folders of a tree in one process."""
        wanted = [f"{base}:{folder}" for folder in sorted(_parents(folders)) if "\n" not in folder]
        for found in objects.typed(self._repo, wanted):
            if found is not None and found[1] == "tree":
                self._kept[found[0]] = loose.Tree(found[2])


def _parents(folders: set[str]) -> set[str]:
    """Return folders with all those around them."""
    found = {""}
    for folder in folders:
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _raw(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
