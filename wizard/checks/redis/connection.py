"""Connections to Redis: built from parts, with every time-out set, and one retry fewer than redis-py would make."""

from __future__ import annotations

import contextlib
from typing import Any, TypeAlias

from wizard.checks.redis.facts import Session
from wizard.checks.redis.target import RedisTarget
from wizard.net.trust import node_trust
from wizard.program_name import PROGRAM

Client: TypeAlias = Any
"""redis-py's client. Its annotations leave much untyped and change between versions, so none are relied upon."""

CLIENT_NAME = PROGRAM
ANSWER_SECONDS = 4.0
HANDSHAKE_SECONDS = 2.5
"""A plain server leaves a TLS handshake unanswered; what it is must be found out before the check's deadline."""

_SERVES_PARTLY = ("MISCONF", "MASTERDOWN")
"""A server that cannot save, or a replica that lost its primary: it answers, and is judged by more than its PING."""


def new_client(target: RedisTarget) -> Client:
    """Return a client of one connection, not yet open, on database 0: a database that is missing shall show apart."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    pool = redis.ConnectionPool(
        connection_class=_over_tls(target) if target.tls else redis.Connection,
        max_connections=1,
        host=target.host,
        port=target.port,
        username=target.username or None,
        password=target.password.reveal() if target.password else None,
        socket_connect_timeout=ANSWER_SECONDS,
        socket_timeout=HANDSHAKE_SECONDS if target.tls else ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        decode_responses=True,
        encoding_errors="replace",
        **_silence(redis),
    )
    return redis.Redis.from_pool(pool)


def _silence(redis: Any) -> dict[str, Any]:
    """Keep redis-py from looking its version up in its package's files, for each client anew, to tell the server."""
    return {"driver_info": None} if hasattr(redis, "driver_info") else {"lib_name": None, "lib_version": None}


def _over_tls(target: RedisTarget) -> type[Any]:
    """Return a connection with a node's trust: redis-py's own context always adds this machine's authorities."""
    from redis.connection import SSLConnection

    class TrustingConnection(SSLConnection):
        def _wrap_socket_with_ssl(self, sock: Any) -> Any:
            return node_trust(target.authority_file).wrap_socket(sock, server_hostname=target.host)

    return TrustingConnection


def greet(client: Client) -> Session:
    """Open the connection, log in, exchange one PING and give the connection its name.

    An account that may not PING, or not name itself, is connected all the same; so it is to a server in trouble.
    """
    from redis.exceptions import NoPermissionError, ResponseError

    try:
        client.ping()
    except NoPermissionError:
        pass
    except ResponseError as error:
        if not str(error).startswith(_SERVES_PARTLY):
            raise
    with contextlib.suppress(ResponseError):
        client.execute_command("CLIENT", "SETNAME", CLIENT_NAME)
    connection = client.connection_pool.get_connection()
    try:
        # redis-py has no public way to the socket that knows the version of TLS.
        socket: Any = getattr(connection, "_sock", None)
        return Session(tls=(socket.version() or "") if hasattr(socket, "version") else "")
    finally:
        client.connection_pool.release(connection)
