"""Tell clients that a resource they follow has changed, whoever changed it.

The files are looked at once a second while somebody follows one, and right after a call that
wrote. Both protocols are served: a session that subscribed, and a stream that listens.
"""

from __future__ import annotations

from collections import Counter

import anyio
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    EmptyResult,
    SubscribeRequestParams,
    SubscriptionsListenRequestParams,
    SubscriptionsListenResult,
    UnsubscribeRequestParams,
)

from gitcoord.errors import CoordError
from gitcoord.mcp import resources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcp.server.session import ServerSession

    from gitcoord.api.workspace import Workspace
    from gitcoord.mcp.calling import Context
    from gitcoord.mcp.hub import Hub

_PAUSE = 1.0
_MOST = 1000


class Following:
    """Who follows which resource, and how each of them looked last."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._bus = InMemorySubscriptionBus()
        self._listen = ListenHandler(self._bus)
        self._listened: Counter[str] = Counter()
        self._sessions: dict[str, dict[int, ServerSession]] = {}
        self._seen: dict[str, object] = {}
        self._wake = anyio.Event()

    async def subscribe(self, ctx: Context, params: SubscribeRequestParams) -> EmptyResult:
        """Let a session follow a resource."""
        if sum(map(len, self._sessions.values())) >= _MOST:
            raise MCPError(INVALID_PARAMS, f"{_MOST} subscriptions are the most.")
        await self._begin([params.uri])
        key = _key(ctx.session)
        self._sessions.setdefault(params.uri, {})[key] = ctx.session
        # A client that goes seldom takes its leave; its connection is told to.
        connection = getattr(ctx.session, "_connection", None)
        if connection is not None:
            connection.exit_stack.callback(self._drop, params.uri, key)
        self.soon()
        return EmptyResult()

    async def unsubscribe(self, ctx: Context, params: UnsubscribeRequestParams) -> EmptyResult:
        """Let a session no longer follow a resource."""
        self._drop(params.uri, _key(ctx.session))
        return EmptyResult()

    async def listen(
        self, ctx: Context, params: SubscriptionsListenRequestParams
    ) -> SubscriptionsListenResult:
        """Serve a stream that listens, for as long as it does."""
        uris = list(params.notifications.resource_subscriptions or ())[:_MOST]
        await self._begin(uris)
        self._listened.update(uris)
        self.soon()
        try:
            return await self._listen(ctx, params)
        finally:
            self._listened.subtract(uris)
            self._listened += Counter()  # drops those that nobody listens to

    def soon(self) -> None:
        """Look now, instead of within a second."""
        self._wake.set()

    async def watch(self) -> None:
        """Look at what is followed until cancelled."""
        while True:
            if not self.followed():
                await self._wake.wait()
            else:
                with anyio.move_on_after(_PAUSE):
                    await self._wake.wait()
            self._wake = anyio.Event()
            for uri in self.followed():
                before = self._seen.get(uri)
                if await self._look(uri) != before:
                    await self._tell(uri)

    def followed(self) -> set[str]:
        """Return what anybody follows."""
        return {*self._sessions, *self._listened}

    async def _begin(self, uris: list[str]) -> None:
        """Look at what nobody has followed so far; at the rest `watch` looks, and tells."""
        for uri in uris:
            if uri not in self.followed():
                await self._look(uri)

    async def _look(self, uri: str) -> object:
        """Return how a resource looks, and remember it."""

        def question(workspace: Workspace) -> object:
            return resources.mark(workspace, uri)

        try:
            self._seen[uri] = await self._hub.ask(question)
        except (CoordError, OSError):
            return self._seen.get(uri)  # a hub that cannot be read just now has not changed
        return self._seen[uri]

    async def _tell(self, uri: str) -> None:
        await self._bus.publish(ResourceUpdated(uri=uri))
        for key, session in list(self._sessions.get(uri, {}).items()):
            try:
                with anyio.move_on_after(_PAUSE) as scope:
                    await session.send_resource_updated(uri)
                gone = scope.cancelled_caught
            except (anyio.ClosedResourceError, anyio.BrokenResourceError, MCPError):
                gone = True
            if gone:
                self._drop(uri, key)

    def _drop(self, uri: str, key: int) -> None:
        left = self._sessions.get(uri, {})
        left.pop(key, None)
        if not left:
            self._sessions.pop(uri, None)


def _key(session: ServerSession) -> int:
    """Return what is the same for all requests of one connection."""
    return id(session.client_params)
