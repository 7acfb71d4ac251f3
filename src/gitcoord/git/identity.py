"""Who is writing, and the settings of git that matter to a commit."""

from __future__ import annotations

from gitcoord.errors import GitError
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

_WANTED = (
    "commit.gpgsign",
    "core.attributesfile",
    "core.autocrlf",
    "core.eol",
    "core.fsync",
    "core.hookspath",
    "core.sharedrepository",
    "extensions.objectformat",
    "extensions.refstorage",
    "i18n.commitencoding",
)


class Identity:
    """Author and committer as `Name <mail> seconds offset`, and the settings read with them."""

    __slots__ = ("author", "committer", "settings")

    def __init__(self, author: str, committer: str, settings: dict[str, str]) -> None:
        self.author = author
        self.committer = committer
        self.settings = settings

    @property
    def author_name(self) -> str:
        """The author's name and mail without the time."""
        return self.author.rpartition(">")[0] + ">"

    @property
    def committer_name(self) -> str:
        """The committer's name and mail without the time."""
        return self.committer.rpartition(">")[0] + ">"

    def write_as(self, author: str) -> None:
        """Let another, given as `Name <mail>`, be the author; the committer stays."""
        self.author = author + self.author[len(self.author_name) :]

    @property
    def signs(self) -> bool:
        """Whether commits are to be signed."""
        return (
            self.settings.get("commit.gpgsign", "").lower() in ("true", "yes", "on", "1", "")
            and "commit.gpgsign" in self.settings
        )

    @property
    def unusual(self) -> bool:
        """Whether objects are stored in a way that git alone should care for."""
        return any(
            name in self.settings
            for name in ("core.sharedrepository", "extensions.objectformat", "i18n.commitencoding")
        )

    @property
    def converts(self) -> bool:
        """Whether git may change line ends between work tree and blob."""
        return self.settings.get("core.autocrlf", "false").lower() not in (
            "false",
            "no",
            "off",
            "0",
        )


def start(repo: Repository) -> process.Running:
    """Start asking git for the identity; see `read`."""
    return process.start(repo.root, "var", "-l")


def read(running: process.Running) -> Identity:
    """Return what `start` asked for; raise `GitError` when git does not know who writes."""
    found = _parse(running)
    if _nobody(found.author) or _nobody(found.committer):
        raise GitError(
            "git does not know who you are.",
            hint='Set `git config user.name "…"` and `git config user.email …`.',
        )
    return found


def read_or(running: process.Running, fallback: str) -> Identity:
    """Return what `start` asked for, with `Name <mail>` where git does not know who writes."""
    found = _parse(running)
    if _nobody(found.author) or _nobody(found.committer):
        found.author = found.committer = f"{fallback} 0 +0000"
    return found


def _nobody(line: str) -> bool:
    return not line or ".(none)>" in line or line.startswith("<")


def _parse(running: process.Running) -> Identity:
    result = running.wait()
    author = committer = ""
    settings: dict[str, str] = {}
    for line in result.out.decode("utf-8", "surrogateescape").split("\n"):
        key, equals, value = line.partition("=")
        if key == "GIT_AUTHOR_IDENT":
            author = value
        elif key == "GIT_COMMITTER_IDENT":
            committer = value
        elif key in _WANTED:
            settings[key] = value if equals else "true"
    return Identity(author, committer, settings)
