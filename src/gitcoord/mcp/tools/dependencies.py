"""Dependencies between repositories: recorded, checked, and what a release would break."""

from __future__ import annotations

from gitcoord.api import dependencies
from gitcoord.mcp import filters, writing
from gitcoord.mcp.answer import LIST, RECORD, Answer, line, paged, simple
from gitcoord.mcp.parameters import choice, text
from gitcoord.mcp.tool import ADDS, Tool
from gitcoord.model.kinds import DEPENDENCY, DEPENDENCY_TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.mcp.call import Call

_VERDICTS = ("unsatisfied", "unknown", "satisfied")
_TYPE = choice("type", DEPENDENCY_TYPES)
_CONSUMER, _PROVIDER = text("consumer"), text("provider")


def _list(call: Call) -> Answer:
    return filters.records(
        call, "dependency", "dependencies", "status", "consumer", "provider", "type"
    )


def _check(call: Call) -> Answer:
    call.step(0, 2, "reads manifests")
    found = dependencies.check(call.workspace, consumer=call["consumer"], provider=call["provider"])
    call.step(1, 2, "compares")
    found.sort(key=lambda one: _VERDICTS.index(one.verdict))
    wanted = [one for one in found if call["verdict"] in (None, one.verdict)]
    counts = [f"{sum(one.verdict == word for one in found)} {word}" for word in _VERDICTS]
    lines = [
        line(f"{one.verdict}: {one.id or 'not recorded'} {one.consumer} needs {one.provider}"
             f" {one.constraint or ''} ({one.reason})")
        for one in wanted
    ]  # fmt: skip
    return simple(
        call, [one.as_dict() for one in wanted], lines, f"dependencies ({', '.join(counts)})"
    )


def _impact(call: Call) -> Answer:
    from gitcoord.api import dependency_graph, dependency_impact  # reads manifests

    call.step(0, 2, "reads manifests")
    needs = dependency_graph.needs(call.workspace)
    call.step(1, 2, "follows them")
    found = dependency_impact.impact(call.workspace, needs, call["repo"], call["version"])
    return simple(call, found, [_affected(one) for one in found], "repositories affected")


def _affected(one: dict[str, Any]) -> str:
    place = f"{one['file']}:{one['line']}" if one["line"] else one["file"]
    way = " → ".join(one["path"])
    asked = f"{one['package'] or ''} {one['constraint'] or 'any version'}".lstrip()
    return line(f"{one['effect']}: {way} {asked} ({place})")


def _order(call: Call) -> Answer:
    from gitcoord.api import dependency_graph  # reads manifests

    found = dependency_graph.release_order(
        call.workspace, dependency_graph.needs(call.workspace), []
    )
    lines = [line(f"{one['level']}: {', '.join(one['repos'])}") for one in found]
    what = "levels; release the first one first"
    return paged(call, found, lines, 0, len(found), what, None)


def _create(call: Call) -> Answer:
    data = call.given("consumer", "provider", "type", "version_constraint", "notes")
    return writing.create(call, DEPENDENCY, data, [call["consumer"], call["provider"]])


def _get(call: Call) -> Answer:
    return writing.show(call, call["id"], "dependency")


LIST_DEPENDENCIES = Tool(
    "coord_list_dependencies",
    _list,
    "List the recorded dependencies between repositories.",
    [filters.status("dependency"), _CONSUMER, _PROVIDER, _TYPE, *filters.PAGE],
    shape=LIST,
)
CHECK_DEPENDENCIES = Tool(
    "coord_check_dependencies",
    _check,
    "Hold dependencies against what is really declared and released; the worst first.",
    [_CONSUMER, _PROVIDER, choice("verdict", _VERDICTS), *filters.PAGE],
    shape=LIST,
    slow=True,
)
IMPACT = Tool(
    "coord_get_impact",
    _impact,
    "Tell who breaks when a repository is released, directly and through others.",
    [text("repo").needed(), text("version", example="1.0.0"), *filters.PAGE],
    shape=LIST,
    slow=True,
)
ORDER = Tool(
    "coord_get_release_order",
    _order,
    "Tell in which order to release or migrate the repositories.",
    shape=LIST,
    slow=True,
)
GET_DEPENDENCY = Tool(
    "coord_get_dependency", _get, "Read a dependency.", [text("id", example="DEP-001").needed()],
    shape=RECORD,
)  # fmt: skip
CREATE_DEPENDENCY = Tool(
    "coord_create_dependency",
    _create,
    "Record that one repository needs another.",
    [
        _CONSUMER.needed(), _PROVIDER.needed(), _TYPE.needed(),
        text("version_constraint", example=">=0.3.12"), text("notes"),
    ],
    shape=RECORD,
    does=ADDS,
)  # fmt: skip
