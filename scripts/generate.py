"""Write what is generated: schemas, shapes, the record reference, the command reference.

`--check` writes nothing and exits with 1 when a file is not as it would be generated.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from gitcoord.model.dependency import Dependency
from gitcoord.model.issue import Issue
from gitcoord.model.kinds import BY_NAME
from gitcoord.model.plan import Plan
from gitcoord.model.repo import Repo, Roles
from gitcoord.model.settings import Settings
from gitcoord.model.shared import PATTERNS
from gitcoord.model.todo import Todo

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
MODELS: dict[str, type[BaseModel]] = {
    "issue": Issue,
    "plan": Plan,
    "todo": Todo,
    "dependency": Dependency,
    "repo": Repo,
    "roles": Roles,
    "settings": Settings,
}
_FORM_OF = {pattern: name for name, pattern in PATTERNS.items() if name != "moment"}
_KEPT = ("enum", "minimum", "maximum", "minLength", "maxLength")


def schema(name: str) -> dict[str, Any]:
    """Return the published JSON Schema of a kind."""
    found = MODELS[name].model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"{name}.schema.json"}
    return head | found


def shape(node: dict[str, Any], defs: dict[str, Any], field: str = "") -> dict[str, Any]:
    """Return the compact form of a schema that `gitcoord.model.validate` reads."""
    if "$ref" in node:
        return shape(defs[node["$ref"].rpartition("/")[2]], defs, field)
    if "anyOf" in node:
        inner = [one for one in node["anyOf"] if one.get("type") != "null"]
        shapes = [shape(one, defs, field) for one in inner]
        one_of = shapes[0] if len(shapes) == 1 else {"type": "any", "any": shapes}
        return one_of | ({"nullable": True} if len(inner) < len(node["anyOf"]) else {})
    found: dict[str, Any] = {"type": node.get("type", "anything")}
    found |= {key: tuple(node[key]) if key == "enum" else node[key] for key in _KEPT if key in node}
    if "pattern" in node:
        form = _FORM_OF[node["pattern"]]
        found["form"] = "moment" if form == "day" and field in ("created", "updated") else form
    if node.get("items"):
        found["items"] = shape(node["items"], defs)
    if "properties" in node:
        found["properties"] = {
            name: shape(one, defs, name) for name, one in node["properties"].items()
        }
        found["required"] = tuple(node.get("required", ()))
    elif isinstance(node.get("additionalProperties"), dict):
        found["values"] = shape(node["additionalProperties"], defs)
    return found


def shapes_module() -> str:
    """Return the text of gitcoord/model/shapes.py."""
    all_shapes = {}
    for name in MODELS:
        full = schema(name)
        all_shapes[name] = shape(full, full.get("$defs", {}))
    text = (
        '"""The rules of all kinds, compiled from the models by scripts/generate.py; not to be edited."""\n\n'
        "from __future__ import annotations\n\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n"
        f"    from typing import Any\n\nSHAPES: dict[str, dict[str, Any]] = {all_shapes!r}\n"
    )
    ruff = Path(sys.executable).parent / "ruff"
    done = subprocess.run(
        [str(ruff), "format", "--stdin-filename", "shapes.py", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout


def records_page() -> str:
    """Return the text of docs/records.md."""
    lines = [
        "# Records",
        "",
        "Generated from the models. Required fields are **bold**; unknown fields are kept and reported.",
    ]
    for name in MODELS:
        full = schema(name)
        title = BY_NAME[name].plural.capitalize() if name in BY_NAME else name.capitalize()
        lines += ["", f"## {title}", "", full.get("description", ""), ""]
        lines += ["| field | what | type |", "|---|---|---|"]
        lines += _rows(full, full.get("$defs", {}))
        for inner, node in full.get("$defs", {}).items():
            lines += ["", f"### {inner}", "", node.get("description", ""), ""]
            lines += ["| field | what | type |", "|---|---|---|"]
            lines += _rows(node, full["$defs"])
    return "\n".join(lines) + "\n"


def _rows(node: dict[str, Any], defs: dict[str, Any]) -> list[str]:
    required = node.get("required", ())
    found = []
    for name, field in node.get("properties", {}).items():
        shown = f"**{name}**" if name in required else name
        found.append(f"| {shown} | {field.get('description', '')} | {_type(field, defs)} |")
    return found


def _type(node: dict[str, Any], defs: dict[str, Any]) -> str:
    if "$ref" in node:
        return str(node["$ref"].rpartition("/")[2])
    if "anyOf" in node:
        inner = [one for one in node["anyOf"] if one.get("type") != "null"]
        return " or ".join(_type(one, defs) for one in inner)
    if "enum" in node:
        return " · ".join(f"`{word}`" for word in node["enum"])
    if node.get("type") == "array":
        return f"list of {_type(node.get('items', {}), defs)}"
    if node.get("pattern") in _FORM_OF:
        return {"repo": "name", "day": "date", "filled": "text"}.get(
            _FORM_OF[node["pattern"]], "id"
        )
    words = {"string": "text", "object": "mapping", "boolean": "true or false"}
    return words.get(node.get("type", ""), str(node.get("type", "anything")))


def _schema_text(name: str) -> str:
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def _command_page() -> str:
    import cli_reference

    return cli_reference.build()


def _tools_page() -> str:
    import mcp_reference

    return mcp_reference.build()


def _server_card() -> str:
    import mcp_reference

    return mcp_reference.card()


def outputs() -> dict[Path, Callable[[], str]]:
    """Return every generated file with what makes its text."""
    found: dict[Path, Callable[[], str]] = {}
    for name in MODELS:
        for folder in ("schemas", "src/gitcoord/schemas"):
            found[ROOT / folder / f"{name}.schema.json"] = partial(_schema_text, name)
    found[ROOT / "src/gitcoord/model/shapes.py"] = shapes_module
    found[ROOT / "docs/records.md"] = records_page
    if (ROOT / "scripts/cli_reference.py").exists():
        found[ROOT / "docs/cli.md"] = _command_page
    found[ROOT / "docs/mcp-tools.md"] = _tools_page
    found[ROOT / "server.json"] = _server_card
    return found


def main() -> int:
    """Write all files, or check them."""
    checking = "--check" in sys.argv[1:]
    stale = []
    for path, make in outputs().items():
        text = make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT))
        if not checking:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for path in stale:
        print(f"{'stale' if checking else 'wrote'}: {path}")
    if stale and checking:
        print("Run `make docs`.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
