"""A call of a tool over the protocol: check, run, answer; trouble becomes an answer as well."""

from __future__ import annotations

import anyio
import anyio.from_thread
from mcp_types import CallToolRequestParams, CallToolResult, TextContent, ToolAnnotations
from mcp_types import Tool as Described

from gitcoord.errors import CoordError, NotFoundError, SystemRefusedError
from gitcoord.mcp import trouble
from gitcoord.mcp.call import Call
from gitcoord.mcp.hub import Steps
from gitcoord.mcp.parameters import checked
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from mcp.server.context import ServerRequestContext

    from gitcoord.api.workspace import Workspace
    from gitcoord.mcp.answer import Answer
    from gitcoord.mcp.hub import Hub
    from gitcoord.mcp.tool import Tool

    Context = ServerRequestContext[Any, Any]


ERROR = "coord/error"
"""Where the data of an error stand in the metadata of an answer."""


def described(tool: Tool) -> Described:
    """Return a tool as a client sees it in the list."""
    return Described(
        name=tool.name,
        description=tool.told,
        input_schema=tool.schema(),
        output_schema=tool.shape,
        annotations=ToolAnnotations.model_validate(tool.hints()),
    )


async def call(
    hub: Hub, tools: Mapping[str, Tool], ctx: Context, params: CallToolRequestParams
) -> CallToolResult:
    """Answer a call; what is wrong with it is said in the answer, where a model reads it."""
    try:
        tool = _named(tools, params.name)
        values = checked(tool.parameters, params.arguments or {})
        found = await _run(hub, tool, values, ctx)
    except CoordError as error:
        return _wrong(error)
    except OSError as refusal:
        place = f"{refusal.filename}: " if refusal.filename else ""
        told = SystemRefusedError(
            f"{place}{refusal.strerror or refusal}.", hint="The system said so."
        )
        return _wrong(told)
    return CallToolResult(content=[TextContent(text=found.text)], structured_content=found.data)


def _wrong(error: CoordError) -> CallToolResult:
    """Return an error for a model to read.

    Its data stand beside the answer and not in it: clients hold structured content against
    the output schema even of an error, and would show their own complaint instead of ours.
    """
    return CallToolResult(
        content=[TextContent(text=trouble.text_of(error))],
        is_error=True,
        _meta={ERROR: trouble.data_of(error)["error"]},
    )


def _named(tools: Mapping[str, Tool], name: str) -> Tool:
    if name in tools:
        return tools[name]
    close = nearest(name, tools)
    raise NotFoundError(
        f"There is no tool {name!r} here" + (f"; did you mean {close}?" if close else "."),
        hint="The server may be started with --read-only, or with other --toolsets.",
    )


async def _run(hub: Hub, tool: Tool, values: dict[str, Any], ctx: Context) -> Answer:
    def report(done: int, total: int, what: str) -> None:
        anyio.from_thread.run(ctx.session.report_progress, done, total, what)

    steps = Steps(report)

    def question(workspace: Workspace) -> Answer:
        said = hub.options
        asked = Call(tool.name, values, workspace, steps, said.models, remembers=not said.read_only)
        return tool.run(asked)

    try:
        found = await hub.ask(question, agent=agent_of(ctx), slow=tool.slow, writes=not tool.reads)
    except anyio.get_cancelled_exc_class():
        steps.stopped = True
        raise
    if tool.slow:
        await ctx.session.report_progress(steps.total, steps.total, "done")
    return found


def agent_of(ctx: Context) -> str:
    """Return what the client calls itself."""
    told = ctx.session.client_params
    if told is None:
        return ""
    return f"{told.client_info.name} {told.client_info.version}".strip()
