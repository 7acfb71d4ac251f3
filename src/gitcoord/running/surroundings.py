"""What a command is given of the environment, and what the environment says of where we are.

Only what is named here reaches a command. Tokens, agents, proxies, settings of git and of
interpreters do not; its home is an empty folder that is gone afterwards.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "TZ")
_BUILDS = (
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "JENKINS_URL",
    "TF_BUILD",
    "TEAMCITY_VERSION",
    "BUILDKITE",
)
_PATH = "/usr/local/bin:/usr/bin:/bin"


class Surroundings:
    """Whether this is a build machine, which repository it builds, and where programs are."""

    __slots__ = ("ci", "kept", "path", "repository")

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.ci = environ.get("CI", "").lower() not in ("", "0", "false", "no")
        self.ci = self.ci or any(environ.get(name) for name in _BUILDS)
        self.repository = environ.get("GITHUB_REPOSITORY") or environ.get("CI_PROJECT_PATH")
        self.path = environ.get("PATH", _PATH)
        self.kept = {name: environ[name] for name in _KEPT if name in environ}


def here() -> Surroundings:
    """Return the surroundings of this very process."""
    return Surroundings(os.environ)


def environment(found: Surroundings, home: str, *, avoid: str | None) -> dict[str, str]:
    """Return the environment of a command whose home is a folder.

    `avoid` is the hub: programs in its work tree may be a pull request's, so its folders
    are taken out of PATH, as are relative ones, which mean whatever the folder holds.
    """
    return {
        "LANG": "C.UTF-8",
        **found.kept,
        "PATH": _path(found.path, avoid),
        "HOME": home,
        "TMPDIR": os.path.join(home, "tmp"),
        "TERM": "dumb",
        "NO_COLOR": "1",
    }


def _path(path: str, avoid: str | None) -> str:
    folders = [one for one in path.split(":") if os.path.isabs(one)]
    if avoid is not None:
        folders = [one for one in folders if not inside(one, avoid)]
    return ":".join(folders) or _PATH


def inside(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies below it, whatever links lead there."""
    real, base = os.path.realpath(path), os.path.realpath(folder)
    return real == base or real.startswith(base.rstrip("/") + "/")
