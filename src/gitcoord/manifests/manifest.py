"""What one manifest says, as plain values that a cache can keep.

Nothing here reads a file: a reader gets bytes and gives a `Manifest`, whatever the
bytes are. What cannot be understood becomes a `Flaw` with its line, never an exception.
"""

from __future__ import annotations

from typing import Any, NamedTuple

PYPI, NPM, CARGO, GO = "pypi", "npm", "cargo", "go"
RUNTIME, DEVELOPMENT, TEST, DOCUMENTATION, MCP = (
    "runtime",
    "development",
    "test",
    "documentation",
    "mcp",
)

STATIC, FILE, ATTRIBUTE, TAGS, DYNAMIC = "static", "file", "attribute", "tags", "dynamic"
"""Where a version stands: in the manifest, a file, a Python attribute, git's tags, elsewhere."""


MAX_FLAWS = 100


class Requirement(NamedTuple):
    """One declaration that a package is needed.

    `constraint` is the text as declared in the ecosystem's own words, None where any
    version will do. `extra` names the extra that has to be asked for, `marker` the condition on the
    platform, `source` a path or URL it is taken from in place of a registry. `unreadable`
    says what is wrong with a declaration of which only the name is understood; `constraint`
    is then what stands behind the name.
    """

    package: str
    constraint: str | None
    type: str = RUNTIME
    extra: str | None = None
    marker: str | None = None
    line: int | None = None
    optional: bool = False
    source: str | None = None
    dialect: str = ""
    unreadable: str | None = None


class Package(NamedTuple):
    """A package that a manifest describes; `version` is None where it stands elsewhere.

    `source` says where it stands, and `detail` names the file or attribute.
    """

    name: str
    version: str | None
    line: int | None
    source: str = STATIC
    detail: str = ""
    python: str | None = None


class Locked(NamedTuple):
    """The version of a package that a resolver chose."""

    version: str
    line: int


class Flaw(NamedTuple):
    """What is wrong with a manifest, and where."""

    line: int | None
    code: str
    message: str
    hint: str
    severity: str = "error"


class BrokenError(ValueError):
    """A document that cannot be read; the line is where reading ended."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


class Manifest:
    """What one file says.

    `members` are patterns of folders with manifests of their own, `includes` further
    files that belong to it.
    """

    __slots__ = ("ecosystem", "flaws", "includes", "locked", "members", "packages", "requirements")

    def __init__(self, ecosystem: str) -> None:
        self.ecosystem = ecosystem
        self.packages: list[Package] = []
        self.requirements: list[Requirement] = []
        self.locked: dict[str, list[Locked]] = {}
        self.members: list[str] = []
        self.includes: list[str] = []
        self.flaws: list[Flaw] = []

    def flaw(self, line: int | None, code: str, message: str, hint: str) -> None:
        """Note that something could not be understood; after many, that is known."""
        if not self.hopeless:
            self.flaws.append(Flaw(line, code, message, hint))

    def unreadable(self, text: str, line: int | None, why: str, named: Requirement | None) -> None:
        """Note a requirement of PEP 508 that cannot be read, and keep what it names."""
        self.flaw(line, "bad-requirement", f"{text[:80]!r}: {why}.", "Write it as PEP 508 has it.")
        if named is not None:
            self.requirements.append(named)

    @property
    def hopeless(self) -> bool:
        """Whether so much is wrong that reading on only costs time."""
        return len(self.flaws) >= MAX_FLAWS

    def as_row(self) -> list[Any]:
        """Return everything as lists, for a cache."""
        return [
            self.ecosystem,
            self.packages,
            self.requirements,
            self.locked,
            self.members,
            self.includes,
            self.flaws,
        ]


def from_row(row: list[Any]) -> Manifest:
    """Return the manifest that `as_row` took apart."""
    found = Manifest(row[0])
    found.packages = [Package(*one) for one in row[1]]
    found.requirements = [Requirement(*one) for one in row[2]]
    found.locked = {name: [Locked(*one) for one in many] for name, many in row[3].items()}
    found.members, found.includes = row[4], row[5]
    found.flaws = [Flaw(*one) for one in row[6]]
    return found
