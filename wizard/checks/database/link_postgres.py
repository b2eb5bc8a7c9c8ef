"""A connection of psycopg whose socket is known from its first byte on: libpq makes it, and Python is not told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import psycopg

from wizard.engine import sockets

if TYPE_CHECKING:
    from psycopg.abc import PQGenConn


class Link(psycopg.Connection[tuple[Any, ...]]):
    """A connection whose socket is closed with its probe."""

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> PQGenConn[Self]:
        """Connect as psycopg does, and note the descriptor that it waits for; there is no public way to it."""
        present = [-1]
        sockets.watch(lambda: present[0])
        steps = super()._connect_gen(conninfo)
        try:
            waited = next(steps)
            while True:
                present[0] = waited[0]
                waited = steps.send((yield waited))
        except StopIteration as made:
            link: Self = made.value
        finally:
            present[0] = -1
        sockets.watch(lambda: -1 if link.closed else link.fileno())
        return link
