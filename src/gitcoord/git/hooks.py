"""Where git looks for a repository's hooks, and who said so."""

from __future__ import annotations

import os

from gitcoord.git import configuration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

NAME = "core.hooksPath"


class Place:
    """The folder of the hooks; `setting` is what core.hooksPath says, None where it is not set."""

    __slots__ = ("folder", "setting")

    def __init__(self, folder: str, setting: configuration.Setting | None) -> None:
        self.folder = folder
        self.setting = setting


def place(repo: Repository) -> Place:
    """Return where git looks for hooks; a relative core.hooksPath begins at the work tree's top."""
    setting = configuration.path_of(repo.root, NAME)
    if setting is None:
        return Place(own(repo), None)
    return Place(os.path.normpath(os.path.join(repo.root, setting.path)), setting)


def own(repo: Repository) -> str:
    """Return the hook folder that a repository has for itself and all its work trees."""
    return os.path.join(repo.common_dir, "hooks")
