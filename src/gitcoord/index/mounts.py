"""Whether a folder lies where others can change it without this kernel's knowledge."""

from __future__ import annotations

_FAR_AWAY = (
    "nfs", "cifs", "smb", "fuse", "9p", "vboxsf", "afs", "ceph", "gluster", "prl_fs", "virtiofs",
)  # fmt: skip
_MOUNTS = "/proc/self/mounts"


def is_far_away(root: str) -> bool:
    """Whether a folder lies on a network file system or one that another system shares.

    Raises `OSError` where the system does not list its mounts.
    """
    best, kind = "", ""
    with open(_MOUNTS, encoding="utf-8", errors="replace") as mounts:
        for line in mounts:
            _, where, found, *_ = line.split(" ")
            inside = root == where or root.startswith(where.rstrip("/") + "/")
            if inside and len(where) >= len(best):
                best, kind = where, found
    return kind.startswith(_FAR_AWAY)
