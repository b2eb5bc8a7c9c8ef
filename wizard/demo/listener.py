"""Listens for the sync signal on a Redis, as each process of NocoBase does whose plug-in is at work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from wizard.demo.redis import Redis

CHANNEL = "main.main.sync.app"
"""As NocoBase names them: the application's name twice, and what the signal is about (docs/nocobase.md, "Redis")."""


class Listener:
    """One subscriber, until it is stopped; nobody reads what it hears."""

    def __init__(self, server: Redis) -> None:
        self._server = server
        self._client: Any = None
        self._heard: Any = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        """Subscribe; Redis counts it as soon as this returns."""
        self._client = self._server.connect()
        self._heard = self._client.pubsub()
        self._heard.subscribe(CHANNEL)
        self._heard.get_message(timeout=10)
        return self

    def stop(self) -> None:
        """Go; harmless where the server is gone already."""
        for part in (self._heard, self._client):
            if part is not None:
                part.close()
        self._heard = self._client = None
