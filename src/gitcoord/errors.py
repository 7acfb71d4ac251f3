"""What can go wrong with what was asked, each kind with an exit code that stays.

A fault in the data is a finding (`model.findings`); a fault in an operation is
one of these, raised and shown once at the edge. Anything else is a bug.
"""

from __future__ import annotations


class CoordError(Exception):
    """A fault in what was asked: one sentence and a hint at the next step."""

    code = "error"
    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CoordError):
    """The command's words are off."""

    code = "usage"
    exit_code = 2


class NoHubError(CoordError):
    """There is no hub here, or git cannot be used."""

    code = "no-hub"
    exit_code = 3


class GitError(CoordError):
    """Git refused, and said why."""

    code = "git"
    exit_code = 3


class SystemRefusedError(CoordError):
    """The system refused to read or write: a full disk, a file of somebody else's."""

    code = "io"
    exit_code = 3


class NotFoundError(CoordError):
    """No record, revision or file of that name."""

    code = "not-found"
    exit_code = 4


class ConflictError(CoordError):
    """Something changed between reading and writing; nothing was written."""

    code = "conflict"
    exit_code = 5


class InvalidError(CoordError):
    """The input breaks a rule; nothing was written."""

    code = "invalid"
    exit_code = 6


class NotAllowedError(CoordError):
    """The writer may not write this; nothing was written."""

    code = "not-allowed"
    exit_code = 6
