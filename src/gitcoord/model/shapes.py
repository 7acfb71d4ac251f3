"""The rules of all kinds, compiled from the models by scripts/generate.py; not to be edited."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SHAPES: dict[str, dict[str, Any]] = {
    "issue": {
        "type": "object",
        "properties": {
            "labels": {
                "type": "array",
                "items": {"type": "string", "minLength": 1, "maxLength": 200, "form": "filled"},
                "nullable": True,
            },
            "comments": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string", "nullable": True},
                        "author": {"type": "string", "nullable": True},
                        "created": {
                            "type": "string",
                            "maxLength": 40,
                            "form": "moment",
                            "nullable": True,
                        },
                        "text": {"type": "string"},
                    },
                    "required": ("text",),
                },
                "nullable": True,
            },
            "updated": {"type": "string", "maxLength": 40, "form": "moment", "nullable": True},
            "metadata": {"type": "object", "nullable": True},
            "id": {"type": "string", "maxLength": 64, "form": "id"},
            "created": {"type": "string", "maxLength": 40, "form": "moment", "nullable": True},
            "assignee": {"type": "string", "nullable": True},
            "target": {"type": "string", "maxLength": 40, "form": "day", "nullable": True},
            "blocked_by": {
                "type": "array",
                "items": {"type": "string", "maxLength": 64, "form": "id"},
                "nullable": True,
            },
            "dependencies": {
                "type": "array",
                "items": {"type": "string", "maxLength": 64, "form": "id"},
                "nullable": True,
            },
            "blocking": {
                "type": "array",
                "items": {"type": "string", "maxLength": 100, "form": "repo"},
                "nullable": True,
            },
            "description": {"type": "string", "nullable": True},
            "title": {"type": "string", "minLength": 1, "maxLength": 500, "form": "filled"},
            "status": {
                "type": "string",
                "enum": ("pending", "in_progress", "blocked", "resolved", "closed"),
            },
            "severity": {
                "type": "string",
                "minLength": 1,
                "maxLength": 200,
                "form": "filled",
                "nullable": True,
            },
            "priority": {
                "type": "string",
                "enum": ("critical", "high", "medium", "low"),
                "nullable": True,
            },
            "repos": {
                "type": "array",
                "items": {"type": "string", "maxLength": 100, "form": "repo"},
                "nullable": True,
            },
        },
        "required": ("id", "title", "status"),
    },
    "plan": {
        "type": "object",
        "properties": {
            "labels": {
                "type": "array",
                "items": {"type": "string", "minLength": 1, "maxLength": 200, "form": "filled"},
                "nullable": True,
            },
            "comments": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string", "nullable": True},
                        "author": {"type": "string", "nullable": True},
                        "created": {
                            "type": "string",
                            "maxLength": 40,
                            "form": "moment",
                            "nullable": True,
                        },
                        "text": {"type": "string"},
                    },
                    "required": ("text",),
                },
                "nullable": True,
            },
            "updated": {"type": "string", "maxLength": 40, "form": "moment", "nullable": True},
            "metadata": {"type": "object", "nullable": True},
            "id": {"type": "string", "maxLength": 64, "form": "id"},
            "created": {"type": "string", "maxLength": 40, "form": "moment", "nullable": True},
            "assignee": {"type": "string", "nullable": True},
            "target": {"type": "string", "maxLength": 40, "form": "day", "nullable": True},
            "blocked_by": {
                "type": "array",
                "items": {"type": "string", "maxLength": 64, "form": "id"},
                "nullable": True,
            },
            "dependencies": {
                "type": "array",
                "items": {"type": "string", "maxLength": 64, "form": "id"},
                "nullable": True,
            },
            "blocking": {
                "type": "array",
                "items": {"type": "string", "maxLength": 100, "form": "repo"},
                "nullable": True,
            },
            "description": {"type": "string", "nullable": True},
            "title": {"type": "string", "minLength": 1, "maxLength": 500, "form": "filled"},
            "status": {
                "type": "string",
                "enum": ("draft", "active", "on_hold", "completed", "cancelled"),
            },
            "repos": {
                "type": "array",
                "items": {"type": "string", "maxLength": 100, "form": "repo"},
                "nullable": True,
            },
            "milestones": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string", "minLength": 1},
                        "name": {"type": "string"},
                        "due": {"type": "string", "maxLength": 40, "form": "day", "nullable": True},
                        "status": {
                            "type": "string",
                            "enum": ("pending", "in_progress", "blocked", "completed", "cancelled"),
                            "nullable": True,
                        },
                        "dependencies": {
                            "type": "array",
                            "items": {"type": "string"},
                            "nullable": True,
                        },
                        "completion_criteria": {
                            "type": "array",
                            "items": {
                                "type": "any",
                                "any": [
                                    {"type": "string"},
                                    {
                                        "type": "object",
                                        "properties": {
                                            "text": {"type": "string"},
                                            "done": {"type": "boolean", "nullable": True},
                                            "check": {"type": "string", "nullable": True},
                                            "command": {"type": "string", "nullable": True},
                                            "expected_pattern": {
                                                "type": "string",
                                                "nullable": True,
                                            },
                                            "timeout": {
                                                "type": "integer",
                                                "minimum": 1,
                                                "maximum": 86400,
                                                "nullable": True,
                                            },
                                        },
                                        "required": ("text",),
                                    },
                                ],
                            },
                            "nullable": True,
                        },
                        "deliverables": {
                            "type": "array",
                            "items": {"type": "string"},
                            "nullable": True,
                        },
                    },
                    "required": ("id", "name"),
                },
                "nullable": True,
            },
            "issues": {
                "type": "array",
                "items": {"type": "string", "maxLength": 64, "form": "id"},
                "nullable": True,
            },
            "todos": {
                "type": "array",
                "items": {"type": "string", "maxLength": 64, "form": "id"},
                "nullable": True,
            },
            "gates": {"type": "array", "items": {"type": "string"}, "nullable": True},
        },
        "required": ("id", "title", "status"),
    },
    "todo": {
        "type": "object",
        "properties": {
            "labels": {
                "type": "array",
                "items": {"type": "string", "minLength": 1, "maxLength": 200, "form": "filled"},
                "nullable": True,
            },
            "comments": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string", "nullable": True},
                        "author": {"type": "string", "nullable": True},
                        "created": {
                            "type": "string",
                            "maxLength": 40,
                            "form": "moment",
                            "nullable": True,
                        },
                        "text": {"type": "string"},
                    },
                    "required": ("text",),
                },
                "nullable": True,
            },
            "updated": {"type": "string", "maxLength": 40, "form": "moment", "nullable": True},
            "metadata": {"type": "object", "nullable": True},
            "id": {"type": "string", "maxLength": 64, "form": "id"},
            "created": {"type": "string", "maxLength": 40, "form": "moment", "nullable": True},
            "assignee": {"type": "string", "nullable": True},
            "target": {"type": "string", "maxLength": 40, "form": "day", "nullable": True},
            "blocked_by": {
                "type": "array",
                "items": {"type": "string", "maxLength": 64, "form": "id"},
                "nullable": True,
            },
            "dependencies": {
                "type": "array",
                "items": {"type": "string", "maxLength": 64, "form": "id"},
                "nullable": True,
            },
            "blocking": {
                "type": "array",
                "items": {"type": "string", "maxLength": 100, "form": "repo"},
                "nullable": True,
            },
            "description": {"type": "string", "nullable": True},
            "task": {"type": "string", "minLength": 1, "maxLength": 500, "form": "filled"},
            "status": {
                "type": "string",
                "enum": ("pending", "in_progress", "blocked", "completed", "cancelled"),
            },
            "repo": {"type": "string", "maxLength": 100, "form": "repo"},
            "priority": {
                "type": "string",
                "enum": ("critical", "high", "medium", "low"),
                "nullable": True,
            },
            "estimated_hours": {
                "type": "number",
                "minimum": 0,
                "maximum": 1000000,
                "nullable": True,
            },
            "actual_hours": {"type": "number", "minimum": 0, "maximum": 1000000, "nullable": True},
            "issue": {"type": "string", "maxLength": 64, "form": "id", "nullable": True},
            "plan": {"type": "string", "maxLength": 64, "form": "id", "nullable": True},
            "milestone": {"type": "string", "nullable": True},
            "acceptance_criteria": {
                "type": "array",
                "items": {
                    "type": "any",
                    "any": [
                        {"type": "string"},
                        {
                            "type": "object",
                            "properties": {
                                "text": {"type": "string"},
                                "done": {"type": "boolean", "nullable": True},
                                "check": {"type": "string", "nullable": True},
                                "command": {"type": "string", "nullable": True},
                                "expected_pattern": {"type": "string", "nullable": True},
                                "timeout": {
                                    "type": "integer",
                                    "minimum": 1,
                                    "maximum": 86400,
                                    "nullable": True,
                                },
                            },
                            "required": ("text",),
                        },
                    ],
                },
                "nullable": True,
            },
        },
        "required": ("id", "task", "status", "repo"),
    },
    "dependency": {
        "type": "object",
        "properties": {
            "labels": {
                "type": "array",
                "items": {"type": "string", "minLength": 1, "maxLength": 200, "form": "filled"},
                "nullable": True,
            },
            "comments": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string", "nullable": True},
                        "author": {"type": "string", "nullable": True},
                        "created": {
                            "type": "string",
                            "maxLength": 40,
                            "form": "moment",
                            "nullable": True,
                        },
                        "text": {"type": "string"},
                    },
                    "required": ("text",),
                },
                "nullable": True,
            },
            "updated": {"type": "string", "maxLength": 40, "form": "moment", "nullable": True},
            "metadata": {"type": "object", "nullable": True},
            "id": {"type": "string", "maxLength": 64, "form": "id"},
            "consumer": {"type": "string", "maxLength": 100, "form": "repo"},
            "provider": {"type": "string", "maxLength": 100, "form": "repo"},
            "type": {
                "type": "string",
                "enum": ("runtime", "development", "mcp", "test", "documentation"),
            },
            "status": {
                "type": "string",
                "enum": ("satisfied", "unsatisfied", "unknown", "deprecated"),
                "nullable": True,
            },
            "version_constraint": {"type": "string", "nullable": True},
            "created": {"type": "string", "maxLength": 40, "form": "moment", "nullable": True},
            "notes": {"type": "string", "nullable": True},
            "validation": {
                "type": "object",
                "properties": {
                    "command": {"type": "string", "nullable": True},
                    "expected_pattern": {"type": "string", "nullable": True},
                    "timeout": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 86400,
                        "nullable": True,
                    },
                },
                "required": (),
                "nullable": True,
            },
        },
        "required": ("id", "consumer", "provider", "type"),
    },
    "repo": {
        "type": "object",
        "properties": {
            "labels": {
                "type": "array",
                "items": {"type": "string", "minLength": 1, "maxLength": 200, "form": "filled"},
                "nullable": True,
            },
            "comments": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string", "nullable": True},
                        "author": {"type": "string", "nullable": True},
                        "created": {
                            "type": "string",
                            "maxLength": 40,
                            "form": "moment",
                            "nullable": True,
                        },
                        "text": {"type": "string"},
                    },
                    "required": ("text",),
                },
                "nullable": True,
            },
            "updated": {"type": "string", "maxLength": 40, "form": "moment", "nullable": True},
            "metadata": {"type": "object", "nullable": True},
            "name": {"type": "string", "maxLength": 100, "form": "repo"},
            "package": {"type": "string", "nullable": True},
            "role": {"type": "string", "nullable": True},
            "status": {
                "type": "string",
                "enum": ("active", "inactive", "experimental", "deprecated", "archived"),
                "nullable": True,
            },
            "description": {"type": "string", "nullable": True},
            "tags": {
                "type": "array",
                "items": {"type": "string", "minLength": 1, "maxLength": 200, "form": "filled"},
                "nullable": True,
            },
            "nicknames": {
                "type": "array",
                "items": {"type": "string", "minLength": 1, "maxLength": 200, "form": "filled"},
                "nullable": True,
            },
            "url": {"type": "string", "nullable": True},
            "path": {"type": "string", "nullable": True},
        },
        "required": ("name",),
    },
    "roles": {
        "type": "object",
        "properties": {
            "roles": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "name": {
                            "type": "string",
                            "minLength": 1,
                            "maxLength": 200,
                            "form": "filled",
                        },
                        "description": {"type": "string", "nullable": True},
                        "tags": {"type": "array", "items": {"type": "string"}, "nullable": True},
                        "capabilities": {
                            "type": "array",
                            "items": {"type": "string"},
                            "nullable": True,
                        },
                        "duties": {"type": "array", "items": {"type": "string"}, "nullable": True},
                        "metadata": {"type": "object", "nullable": True},
                    },
                    "required": ("name",),
                },
                "nullable": True,
            }
        },
        "required": (),
    },
    "settings": {
        "type": "object",
        "properties": {
            "version": {
                "type": "any",
                "any": [{"type": "integer"}, {"type": "string"}],
                "nullable": True,
            },
            "ids": {"type": "string", "enum": ("sequential", "random"), "nullable": True},
            "id_width": {"type": "integer", "minimum": 1, "maximum": 9, "nullable": True},
            "prefixes": {"type": "object", "values": {"type": "string"}, "nullable": True},
            "commit": {"type": "string", "enum": ("auto", "manual"), "nullable": True},
            "protected_branch": {"type": "string", "nullable": True},
            "queries": {"type": "object", "values": {"type": "string"}, "nullable": True},
            "checks": {
                "type": "object",
                "properties": {
                    "max_timeout": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 86400,
                        "nullable": True,
                    }
                },
                "required": (),
                "nullable": True,
            },
            "quality": {
                "type": "object",
                "properties": {
                    "weights": {
                        "type": "object",
                        "properties": {
                            "ruff": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                            "mypy": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                            "security": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                            "complexity": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                            "documentation": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                            "tests": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                            "dependencies": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                            "vulnerabilities": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                        },
                        "required": (),
                        "nullable": True,
                    },
                    "losses": {
                        "type": "object",
                        "properties": {
                            "ruff": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                            "mypy": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                            "security": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                            "dependencies": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                            "vulnerabilities": {
                                "type": "number",
                                "minimum": 0,
                                "maximum": 1000,
                                "nullable": True,
                            },
                        },
                        "required": (),
                        "nullable": True,
                    },
                    "reports": {"type": "array", "items": {"type": "string"}, "nullable": True},
                    "timeout": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 86400,
                        "nullable": True,
                    },
                    "least_share": {
                        "type": "number",
                        "minimum": 0,
                        "maximum": 100,
                        "nullable": True,
                    },
                },
                "required": (),
                "nullable": True,
            },
            "gates": {
                "type": "array",
                "items": {
                    "type": "any",
                    "any": [
                        {"type": "string"},
                        {
                            "type": "object",
                            "properties": {
                                "check": {"type": "string"},
                                "repo": {
                                    "type": "any",
                                    "any": [
                                        {"type": "string", "maxLength": 100, "form": "repo"},
                                        {
                                            "type": "array",
                                            "items": {
                                                "type": "string",
                                                "maxLength": 100,
                                                "form": "repo",
                                            },
                                        },
                                    ],
                                    "nullable": True,
                                },
                                "role": {
                                    "type": "any",
                                    "any": [
                                        {"type": "string"},
                                        {"type": "array", "items": {"type": "string"}},
                                    ],
                                    "nullable": True,
                                },
                                "tag": {
                                    "type": "any",
                                    "any": [
                                        {"type": "string"},
                                        {"type": "array", "items": {"type": "string"}},
                                    ],
                                    "nullable": True,
                                },
                            },
                            "required": ("check",),
                        },
                    ],
                },
                "nullable": True,
            },
            "learning": {
                "type": "object",
                "properties": {
                    "half_life": {
                        "type": "number",
                        "minimum": 0.01,
                        "maximum": 36500,
                        "nullable": True,
                    },
                    "prior": {"type": "number", "minimum": 0.1, "maximum": 1000, "nullable": True},
                    "similarity": {
                        "type": "number",
                        "minimum": 0.05,
                        "maximum": 1,
                        "nullable": True,
                    },
                    "defaults": {"type": "object", "values": {"type": "string"}, "nullable": True},
                    "feedback": {"type": "string", "enum": ("local", "journal"), "nullable": True},
                    "variants": {
                        "type": "object",
                        "values": {
                            "type": "object",
                            "properties": {
                                "half_life": {
                                    "type": "number",
                                    "minimum": 0.01,
                                    "maximum": 36500,
                                    "nullable": True,
                                },
                                "prior": {
                                    "type": "number",
                                    "minimum": 0.1,
                                    "maximum": 1000,
                                    "nullable": True,
                                },
                                "similarity": {
                                    "type": "number",
                                    "minimum": 0.05,
                                    "maximum": 1,
                                    "nullable": True,
                                },
                            },
                            "required": (),
                        },
                        "nullable": True,
                    },
                },
                "required": (),
                "nullable": True,
            },
            "pools": {
                "type": "object",
                "values": {
                    "type": "object",
                    "properties": {
                        "command": {
                            "type": "array",
                            "items": {"type": "string", "minLength": 1, "maxLength": 2000},
                        },
                        "workers": {
                            "type": "integer",
                            "minimum": 1,
                            "maximum": 64,
                            "nullable": True,
                        },
                        "timeout": {
                            "type": "integer",
                            "minimum": 1,
                            "maximum": 86400,
                            "nullable": True,
                        },
                        "retries": {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 10,
                            "nullable": True,
                        },
                        "roles": {
                            "type": "array",
                            "items": {
                                "type": "string",
                                "minLength": 1,
                                "maxLength": 200,
                                "form": "filled",
                            },
                            "nullable": True,
                        },
                        "repos": {
                            "type": "array",
                            "items": {"type": "string", "maxLength": 100, "form": "repo"},
                            "nullable": True,
                        },
                        "environment": {
                            "type": "array",
                            "items": {
                                "type": "string",
                                "minLength": 1,
                                "maxLength": 200,
                                "form": "filled",
                            },
                            "nullable": True,
                        },
                    },
                    "required": ("command",),
                },
                "nullable": True,
            },
            "notifications": {
                "type": "any",
                "any": [{"type": "object"}, {"type": "array"}],
                "nullable": True,
            },
            "metrics": {
                "type": "any",
                "any": [{"type": "object"}, {"type": "array"}],
                "nullable": True,
            },
            "metadata": {"type": "object", "nullable": True},
        },
        "required": (),
    },
}
