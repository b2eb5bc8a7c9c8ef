"""Round trips: what each role does with Redis, done once with keys of our own.

Every key has a unique name, gets its expiry in the same step that makes it, and is deleted at the end in any case.
A trip gives the names of its steps; when one fails, the last is the one that failed.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from wizard.checks.redis.connection import Client
from wizard.checks.redis.errors import UnexpectedAnswerError, explain
from wizard.engine.facts import Known, Trouble, attempt
from wizard.net.cleanup import CLEANUP
from wizard.plan.sections import RedisRole

T = TypeVar("T")

OWN = "ncw-check-"

EXPIRY_MS = 60_000
_ARRIVES_WITHIN = 1.5
_EXPIRES_WITHIN = 0.5
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end"
BLOOM_COMMANDS = ("BF.RESERVE", "BF.ADD", "BF.MADD", "BF.EXISTS")
"""What NocoBase's list of revoked tokens sends (packages/core/cache/src/bloom-filter)."""
_BLOOM_ERROR_RATE, _BLOOM_CAPACITY = "0.001", "100"


def new_mark() -> str:
    """Return a name for keys and channels that nobody else has."""
    return f"{OWN}{secrets.token_hex(4)}"


class Trip:
    """Steps with names, on one client, with one key."""

    def __init__(self, client: Client, key: str) -> None:
        """Begin with no step done."""
        self.client = client
        self.key = key
        self.steps: list[str] = []

    def do(self, name: str, action: Callable[[], T], expected: Any = None) -> T:
        """Do the step `name`; raises UnexpectedAnswerError if it does not give `expected` (None: anything)."""
        self.steps.append(name)
        answer = action()
        if expected is not None and answer != expected:
            raise UnexpectedAnswerError(f"{name} gave {answer!r} instead of {expected!r}")
        return answer


def travel(client: Client, way: Callable[[Trip], None]) -> Known[tuple[str, ...]] | Trouble:
    """Go `way` with a key of its own, delete the key, and return the steps; trouble names the step where it arose."""
    from redis.exceptions import RedisError

    trip = Trip(client, new_mark())

    def go() -> tuple[str, ...]:
        with CLEANUP.pending():
            try:
                way(trip)
            finally:
                # The key has an expiry: where it cannot be deleted, it goes by itself.
                with contextlib.suppress(RedisError, OSError):
                    client.delete(trip.key)
        return tuple(dict.fromkeys(trip.steps))

    fact = attempt(go, explain)
    return replace(fact, about=fact.about or trip.steps[-1]) if isinstance(fact, Trouble) else fact


def keep(trip: Trip) -> None:
    """Cache: a value with an expiry is there, then goes by itself."""
    client, key = trip.client, trip.key
    trip.do("SET", lambda: client.set(key, "kept", px=EXPIRY_MS), expected=True)
    trip.do("GET", lambda: client.get(key), expected="kept")
    left = trip.do("PTTL", lambda: client.pttl(key))
    if not 0 < left <= EXPIRY_MS:
        raise UnexpectedAnswerError(f"PTTL gave {left} instead of 1 to {EXPIRY_MS}")
    trip.do("SET", lambda: client.set(key, "going", px=1), expected=True)
    trip.do("GET", lambda: _wait_until_gone(client, key))
    trip.do("DEL", lambda: client.delete(key), expected=0)


def _wait_until_gone(client: Client, key: str) -> None:
    end = time.monotonic() + _EXPIRES_WITHIN
    while client.get(key) is not None:
        if time.monotonic() > end:
            raise UnexpectedAnswerError("GET gave a value long after its expiry")
        time.sleep(0.002)


def hear(listener: Client) -> Callable[[Trip], None]:
    """Sync: a message published on the trip's connection arrives at `listener`, a second one."""

    def way(trip: Trip) -> None:
        channel = trip.key
        with listener.pubsub() as subscription:
            trip.do("SUBSCRIBE", lambda: subscription.subscribe(channel))
            _await(trip, lambda: subscription.get_message(timeout=_ARRIVES_WITHIN), "subscribe")
            trip.do("PUBLISH", lambda: trip.client.publish(channel, "heard"))
            message = _await(trip, lambda: subscription.get_message(timeout=_ARRIVES_WITHIN), "message")
            if message["data"] != "heard":
                raise UnexpectedAnswerError(f"SUBSCRIBE gave {message['data']!r} instead of 'heard'")
            trip.do("UNSUBSCRIBE", lambda: subscription.unsubscribe(channel))

    return way


def _await(trip: Trip, get: Callable[[], Any], kind: str) -> Any:
    message = get()
    if message is None:
        raise TimeoutError(f"{trip.steps[-1]}: nothing arrived within {_ARRIVES_WITHIN} s")
    if message["type"] != kind:
        raise UnexpectedAnswerError(f"SUBSCRIBE gave {message['type']} instead of {kind}")
    return message


def stream(trip: Trip) -> None:
    """Sync, should the plug-in use streams: an entry that is added can be read."""
    client, key = trip.client, trip.key

    def add() -> None:
        with client.pipeline(transaction=True) as both:
            both.xadd(key, {"step": "added"}, maxlen=1)
            both.pexpire(key, EXPIRY_MS)
            both.execute()

    trip.do("XADD", add)
    found = trip.do("XREAD", lambda: client.xread({key: "0"}, count=1))
    if not found:
        raise UnexpectedAnswerError("XREAD gave nothing of what XADD had added")


def lock(trip: Trip) -> None:
    """Lock: the second taker is refused, a stranger cannot release it, the owner can."""
    client, key = trip.client, trip.key
    trip.do("SET NX", lambda: client.set(key, "mine", nx=True, px=EXPIRY_MS), expected=True)
    if trip.do("SET NX", lambda: client.set(key, "theirs", nx=True, px=EXPIRY_MS)):
        raise UnexpectedAnswerError("SET NX gave the same lock twice")
    trip.do("EVAL", lambda: client.eval(_RELEASE, 1, key, "theirs"), expected=0)
    trip.do("EVAL", lambda: client.eval(_RELEASE, 1, key, "mine"), expected=1)


def queue(trip: Trip) -> None:
    """Queue: what is pushed comes out of a blocking pop."""
    client, key = trip.client, trip.key

    def push() -> None:
        with client.pipeline(transaction=True) as both:
            both.lpush(key, "queued")
            both.pexpire(key, EXPIRY_MS)
            both.execute()

    trip.do("LPUSH", push)
    popped = trip.do("BRPOP", lambda: client.brpop([key], timeout=1))
    if not popped or list(popped) != [key, "queued"]:
        raise UnexpectedAnswerError("BRPOP did not give what LPUSH had put in")


def number(trip: Trip) -> None:
    """Worker ID: a number is reserved once, and counted up."""
    client, key = trip.client, trip.key
    trip.do("SET NX", lambda: client.set(key, "0", nx=True, px=EXPIRY_MS), expected=True)
    if trip.do("SET NX", lambda: client.set(key, "0", nx=True, px=EXPIRY_MS)):
        raise UnexpectedAnswerError("SET NX reserved the same number twice")
    trip.do("INCR", lambda: client.execute_command("INCR", key), expected=1)
    trip.do("INCR", lambda: client.execute_command("INCR", key), expected=2)


def bloom(trip: Trip) -> None:
    """Cache: a small Bloom filter, as NocoBase's list of revoked tokens uses one."""
    client, key = trip.client, trip.key

    def reserve() -> None:
        with client.pipeline(transaction=True) as both:
            both.execute_command("BF.RESERVE", key, _BLOOM_ERROR_RATE, _BLOOM_CAPACITY)
            both.pexpire(key, EXPIRY_MS)
            both.execute()

    trip.do("BF.RESERVE", reserve)
    trip.do("BF.ADD", lambda: client.execute_command("BF.ADD", key, "token"))
    trip.do("BF.MADD", lambda: client.execute_command("BF.MADD", key, "second", "third"))
    for added in ("token", "third"):
        if not trip.do("BF.EXISTS", lambda: client.execute_command("BF.EXISTS", key, added)):  # noqa: B023 - called here
            raise UnexpectedAnswerError(f"BF.EXISTS did not find {added}, which had been added")


WAYS = {RedisRole.CACHE: keep, RedisRole.LOCK: lock, RedisRole.QUEUE: queue, RedisRole.WORKER_ID: number}
"""The round trip of each role that needs one connection; sync needs two (see `hear`)."""
