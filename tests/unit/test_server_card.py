"""The card for registries of servers is what their schema of 2025-12-11 asks for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs

from gitcoord import __version__

CARD = Path(__file__).parents[2] / "server.json"
NAMED = {
    "required": ["type", "name"],
    "properties": {"type": {"const": "named"}, "name": {"type": "string"}},
}
POSITIONAL = {
    "required": ["type"],
    "properties": {"type": {"const": "positional"}},
    "anyOf": [{"required": ["value"]}, {"required": ["valueHint"]}],
}
ARGUMENT = {
    "type": "object",
    "properties": {
        "value": {"type": "string"},
        "default": {"type": "string"},
        "format": {"enum": ["string", "number", "boolean", "filepath"]},
    },
    "anyOf": [NAMED, POSITIONAL],
}
ASKED: dict[str, Any] = {
    "type": "object",
    "required": ["name", "description", "version"],
    "properties": {
        "name": {"pattern": "^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$", "minLength": 3, "maxLength": 200},
        "title": {"type": "string", "minLength": 1, "maxLength": 100},
        "description": {"type": "string", "minLength": 1, "maxLength": 100},
        "version": {"type": "string", "maxLength": 255},
        "packages": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["registryType", "identifier", "transport"],
                "properties": {
                    "version": {"type": "string", "minLength": 1, "not": {"const": "latest"}},
                    "transport": {"properties": {"type": {"const": "stdio"}}},
                    "runtimeArguments": {"type": "array", "items": ARGUMENT},
                    "packageArguments": {"type": "array", "items": ARGUMENT},
                },
            },
        },
    },
}


def test_the_card_has_what_the_schema_asks_for() -> None:
    card = json.loads(CARD.read_text())

    assert [fault.message for fault in jsonschema_rs.validator_for(ASKED).iter_errors(card)] == []
    assert not jsonschema_rs.is_valid(ASKED, card | {"name": "coord"})
    assert not jsonschema_rs.is_valid(ASKED, card | {"description": "x" * 101})


def test_the_card_names_this_version_wherever_it_names_one() -> None:
    card = json.loads(CARD.read_text())
    (package,) = card["packages"]

    assert card["version"] == package["version"] == __version__
    assert package["runtimeArguments"][0]["value"] == f"gitcoord[mcp]=={__version__}"
    assert package["runtimeHint"] == "uvx"
    assert not re.search(r"[\^~*]|>=", card["version"])
