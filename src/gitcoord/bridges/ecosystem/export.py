"""All records of a hub as one `ecosystem.yaml` that reads back to the same records.

Strings that YAML 1.1 or YAML 1.2 would take for something else are quoted, so that the
programs that wrote such files before can read this one too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from gitcoord.bridges.ecosystem import sections
from gitcoord.codec.native import loads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEAD = ("version", "last_updated", "maintainer", "description")
_NUMBER_OF_1_2 = re.compile(r"[-+]?(\.?\d[\d.]*([eE][-+]?\d+)?|0o[0-7]+|0x[0-9a-fA-F]+)\Z")


class _Dumper(yaml.SafeDumper):
    """Writes blocks for texts of several lines, and repeats what is equal instead of naming it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _string(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    if "\n" in value:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|")
    return dumper.represent_scalar("tag:yaml.org,2002:str", value)


_Dumper.add_representer(str, _string)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", _NUMBER_OF_1_2, list("-+.0123456789"))


def export(
    records: Mapping[str, Sequence[Mapping[str, Any]]],
    roles: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
) -> str:
    """Return one YAML document of the records by kind, the roles, and what imports kept."""
    kept = sections.kept_before(settings)
    more = kept.pop("coordination", None)
    document: dict[str, Any] = {"version": kept.get("version", sections.VERSION)}
    document |= {key: kept[key] for key in _HEAD if key in kept}
    document |= {key: value for key, value in kept.items() if key not in document}
    document["repos"] = [dict(data) for data in records.get("repo", ())]
    document["roles"] = [dict(role) for role in roles]
    document["coordination"] = {
        **{
            name: [dict(data) for data in records.get(kind, ())]
            for name, kind in sections.LISTS.items()
        },
        **(more if isinstance(more, dict) else {}),
    }
    text = _dump(document, unicode=True)
    return text if _reads_back(text, document) else _dump(document, unicode=False)


def _dump(document: Mapping[str, Any], *, unicode: bool) -> str:
    return str(
        yaml.dump(
            dict(document),
            Dumper=_Dumper,
            sort_keys=False,
            allow_unicode=unicode,
            width=2**31,
            default_flow_style=False,
        )
    )


def _reads_back(text: str, document: Mapping[str, Any]) -> bool:
    """Whether our parser sees what was written; it and the writer differ on a few characters."""
    try:
        return bool(loads(text) == document)
    except ValueError:
        return False
