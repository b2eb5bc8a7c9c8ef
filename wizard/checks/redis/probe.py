"""Asks one role's Redis, on one connection (sync: one more that listens)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from wizard.checks.redis.connection import Client, greet, new_client
from wizard.checks.redis.errors import explain
from wizard.checks.redis.facts import KeySample, RedisFacts, Server, Session
from wizard.checks.redis.protocol_sniff import clarified
from wizard.checks.redis.rights import find_rights
from wizard.checks.redis.round_trips import OWN, WAYS, bloom, hear, new_mark, stream, travel
from wizard.checks.redis.server import from_hello, from_info
from wizard.checks.redis.target import RedisTarget
from wizard.checks.redis.worker_ids import find_worker_keys
from wizard.engine.facts import NOT_NEEDED, Known, Trouble, attempt
from wizard.net.clock import asked
from wizard.net.errors import CERTIFICATE, explain_any, resolve
from wizard.net.trust import look_into
from wizard.plan.finding import ErrorKind
from wizard.plan.quoted import Quoted
from wizard.plan.sections import RedisRole

NOCOBASE_CHANNELS = "main.*"
_CONFIG = ("timeout", "tcp-keepalive", "save", "maxmemory-policy", "databases")
_SAMPLE, _SCANS = 100, 3
_PINGS = 5
_LOST = {ErrorKind.DNS, ErrorKind.REFUSED, ErrorKind.TIMEOUT, ErrorKind.TLS}


def probe(target: RedisTarget, facts: RedisFacts) -> None:
    """Fill `facts` in their order; after the connection is lost, nothing more is asked."""
    facts.addresses = attempt(lambda: tuple(resolve(target.host, target.port)), explain_any)
    if isinstance(facts.addresses, Trouble):
        return
    with _client(target) as client:
        connected = attempt(lambda: greet(client), explain)
        facts.connection = clarified(connected, target) if isinstance(connected, Trouble) else connected
        if isinstance(facts.connection, Known):
            _ask(client, target, facts)
        elif isinstance(facts.connection, Trouble) and facts.connection.about == CERTIFICATE:
            facts.doubt = attempt(lambda: look_into(target), explain_any)


@contextmanager
def _client(target: RedisTarget) -> Iterator[Client]:
    client = new_client(target)
    try:
        yield client
    finally:
        client.close()


def _ask(client: Client, target: RedisTarget, facts: RedisFacts) -> None:
    facts.server = attempt(lambda: _ask_server(client), explain)
    if _lost(facts.server) or (isinstance(facts.server, Known) and not facts.server.value.fit):
        return
    facts.database = attempt(lambda: _select(client, target.database), explain)
    if isinstance(facts.database, Trouble):
        return
    for name, ask in _questions(client, target):
        if getattr(facts, name) is NOT_NEEDED:
            continue
        fact = ask()
        setattr(facts, name, fact)
        if _lost(fact):
            return


def _questions(client: Client, target: RedisTarget) -> Iterator[tuple[str, Any]]:
    role = target.role
    yield "use", lambda: _listen(client, target) if role is RedisRole.SYNC else travel(client, WAYS[role])
    yield "stream", lambda: travel(client, stream)
    yield "bloom", lambda: travel(client, bloom)
    yield "rights", lambda: attempt(lambda: find_rights(client, role, new_mark()), explain)
    yield "config", lambda: attempt(lambda: _ask_config(client), explain)
    yield "listeners", lambda: attempt(lambda: _ask_listeners(client), explain)
    yield "patterns", lambda: attempt(lambda: int(client.pubsub_numpat()), explain)
    yield "keys", lambda: attempt(lambda: _sample_keys(client), explain)
    yield "workers", lambda: attempt(lambda: find_worker_keys(client), explain)
    yield "clock", lambda: attempt(lambda: asked(lambda: _ask_time(client)), explain)
    yield "latency", lambda: attempt(lambda: _measure(client), explain)


def _lost(fact: Any) -> bool:
    return isinstance(fact, Trouble) and fact.kind in _LOST


def _ask_server(client: Client) -> Server:
    from redis.exceptions import NoPermissionError

    try:
        return from_info(client.info())
    except NoPermissionError:
        return from_hello(client.execute_command("HELLO", 2))


def _select(client: Client, index: int) -> int:
    """Choose the database, as NocoBase's clients do: for index 0 they send nothing.

    The connection remembers it: should it have to be opened anew, what follows is asked of the same database.
    """
    if index:
        client.execute_command("SELECT", index)
        connection = client.connection_pool.get_connection()
        connection.db = index
        client.connection_pool.release(connection)
    return index


def _listen(client: Client, target: RedisTarget) -> Known[tuple[str, ...]] | Trouble:
    with _client(target) as listener:
        greeted: Known[Session] | Trouble = attempt(lambda: greet(listener), explain)
        return greeted if isinstance(greeted, Trouble) else travel(client, hear(listener))


def _ask_config(client: Client) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name in _CONFIG:
        found |= client.config_get(name)
    return found


def _ask_listeners(client: Client) -> Mapping[str, int]:
    """Count the subscribers of channels that bear NocoBase's name; PUBLISH and SUBSCRIBE ignore the database."""
    channels = client.pubsub_channels(NOCOBASE_CHANNELS)
    return dict(client.pubsub_numsub(*channels)) if channels else {}


def _sample_keys(client: Client) -> KeySample:
    """Look at a few keys' names and types; never at values."""
    total, names, cursor = client.dbsize(), set[str](), 0
    for _ in range(_SCANS):
        cursor, found = client.scan(cursor, count=_SAMPLE)
        names.update(name for name in found if not name.startswith(OWN))
        if not cursor or len(names) >= _SAMPLE:
            break
    with client.pipeline(transaction=False) as types:
        for name in sorted(names)[:_SAMPLE]:
            types.type(name)
        kinds = types.execute() if names else []
    return KeySample(total, Counter((_family(name), kind) for name, kind in zip(sorted(names), kinds, strict=False)))


def _family(name: str) -> str:
    """Return the beginning of a key's name, up to its first separator: the rest may be somebody's token."""
    for separator in (":", "/", "."):
        head, found, _rest = name.partition(separator)
        if found and len(head) <= 40:  # noqa: PLR2004 - a name, not a value
            return f"{head}{separator}…"
    return name if len(name) <= 24 else Quoted(name).shown(8)  # noqa: PLR2004 - a name, not a value


def _ask_time(client: Client) -> float:
    seconds, microseconds = client.time()
    return float(seconds) + float(microseconds) / 1e6


def _measure(client: Client) -> tuple[float, ...]:
    """Return the milliseconds of a few PINGs, sorted."""
    times = []
    for _ in range(_PINGS):
        began = time.perf_counter()
        client.ping()
        times.append((time.perf_counter() - began) * 1000)
    return tuple(sorted(times))
