"""Hostile scripts of Redis, PostgreSQL, MySQL and AMQP, by name; each begins with the kind of check that meets it."""

import struct
from functools import partial

from tests.servers.greedy_mysql import GREETING, packet
from tests.servers.hostile import Script, Wire

NESTED = 100_000
"""Arrays in one another: far more than any stack bears."""


def _redis(wire: Wire, *, greets: bool = True) -> None:
    """Answer as Redis until it is asked for INFO."""
    while greets:
        heard = wire.hear()
        if b"INFO" in heard:
            return
        for _ in range(heard.count(b"*")):
            wire.say(b"+PONG\r\n" if b"PING" in heard else b"+OK\r\n")
    wire.hear()


def _after_redis(wire: Wire, start: bytes, unit: bytes = b"", *, greets: bool = True) -> None:
    _redis(wire, greets=greets)
    wire.say(start)
    if unit:
        wire.flood(unit)


def _trickled(wire: Wire, data: bytes, *, first: bytes = b"") -> None:
    wire.say(first)
    wire.trickle(data)


def _silent_redis(wire: Wire) -> None:
    _redis(wire)
    wire.be_silent()


def _message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


_AUTHENTICATED = _message(b"R", struct.pack("!i", 0))
_READY = _message(b"Z", b"I")
_GREETED = (
    _AUTHENTICATED
    + _message(b"S", b"server_version\x0015.1\x00")
    + _message(b"S", b"client_encoding\x00UTF8\x00")
    + _message(b"K", struct.pack("!ii", 1, 2))
    + _READY
)
_COLUMN = _message(b"T", struct.pack("!h", 1) + b"a\x00" + struct.pack("!ihihih", 0, 0, 25, -1, -1, 0))
_ROW = _message(b"D", struct.pack("!hi", 1, 1) + b"x")
_NOTICE = _message(b"N", b"SNOTICE\x00Mhello\x00\x00")


def _postgres(wire: Wire, answer: bytes, unit: bytes = b"", *, greets: bool = True) -> None:
    wire.hear()
    if greets:
        wire.say(_GREETED)
        wire.hear()
    wire.say(answer)
    if unit:
        wire.flood(unit)


def _silent_postgres(wire: Wire) -> None:
    _postgres(wire, b"")
    wire.be_silent()


_OK = b"\x00\x00\x00\x02\x00\x00\x00"
_COLUMNS = (
    packet(1, b"\x01")
    + packet(2, b"\x03def\x00\x00\x00\x01a\x00\x0c\x21\x00\xff\x00\x00\x00\xfd\x00\x00\x00\x00\x00")
    + packet(3, b"\xfe\x00\x00\x02\x00")
)
_MYSQL_ROWS = b"".join(packet(number % 256, b"\x01x") for number in range(4, 4 + 256))


def _mysql(wire: Wire, answer: bytes, unit: bytes = b"") -> None:
    """Let the client in, and answer its first question so."""
    wire.say(packet(0, GREETING))
    wire.hear()
    wire.say(packet(2, _OK))
    while (asked := wire.hear())[5:8].upper() == b"SET":
        wire.say(packet(1, _OK))
    assert asked
    wire.say(answer)
    if unit:
        wire.flood(unit)


def _silent_mysql(wire: Wire) -> None:
    _mysql(wire, b"")
    wire.be_silent()


def _frame(kind: int, channel: int, body: bytes) -> bytes:
    return struct.pack("!BHI", kind, channel, len(body)) + body + b"\xce"


def method(group: int, number: int, body: bytes, channel: int = 0) -> bytes:
    return _frame(1, channel, struct.pack("!HH", group, number) + body)


START = method(10, 10, b"\x00\x09" + struct.pack("!I", 0) + b"\x00\x00\x00\x05PLAIN" + b"\x00\x00\x00\x05en_US")
TUNE = method(10, 30, struct.pack("!HIH", 2047, 131072, 0))
_OPENED = method(10, 41, b"\x00")
_HEARTBEAT = _frame(8, 0, b"")


def _amqp(wire: Wire, answer: bytes, unit: bytes = b"") -> None:
    """Open the connection, and answer the first channel so."""
    wire.hear()
    wire.say(START)
    wire.hear()
    wire.say(TUNE)
    wire.hear()
    wire.say(_OPENED)
    wire.hear()
    wire.say(answer)
    if unit:
        wire.flood(unit)


def _silent_amqp(wire: Wire) -> None:
    _amqp(wire, b"")
    wire.be_silent()


def _at_once(wire: Wire, start: bytes, unit: bytes = b"") -> None:
    wire.hear()
    wire.say(start)
    if unit:
        wire.flood(unit)


_NONSENSE = bytes(range(256)) * 4

FLOODS: dict[str, Script] = {
    "redis: a bulk of 9 GB": partial(_after_redis, start=b"$9999999999\r\n", unit=b"x"),
    "redis: a bulk of 9 GB at once": partial(_after_redis, start=b"$9999999999\r\n", unit=b"x", greets=False),
    "redis: a line without end": partial(_after_redis, start=b"+", unit=b"x"),
    "redis: an array without end": partial(_after_redis, start=b"*2000000000\r\n", unit=b"$1\r\na\r\n"),
    "postgres: rows without end": partial(_postgres, answer=_COLUMN, unit=_ROW),
    "postgres: notices without end": partial(_postgres, answer=b"", unit=_NOTICE),
    "postgres: notices before the end of the sign-in": partial(
        _postgres, answer=_AUTHENTICATED, unit=_NOTICE, greets=False
    ),
    "postgres: a row of 1.5 GB": partial(_postgres, answer=_COLUMN + b"D\x5f\xff\xff\xff\x00\x01", unit=b"x"),
    "mysql: rows without end": partial(_mysql, answer=_COLUMNS, unit=_MYSQL_ROWS),
    "mysql: a packet that goes on": partial(_mysql, answer=b"", unit=b"\xff\xff\xff\x01" + b"x" * 0xFFFFFF),
    "amqp: a frame of 4 GB": partial(_at_once, start=struct.pack("!BHI", 1, 0, 0xFFFFFFF0), unit=b"x"),
    "amqp: heartbeats without end": partial(_amqp, answer=b"", unit=_HEARTBEAT),
}
"""What sends as fast as it is taken."""

QUIET: dict[str, Script] = {
    "redis: nested arrays": partial(_after_redis, start=b"*1\r\n" * NESTED),
    "redis: nested arrays at once": partial(_after_redis, start=b"*1\r\n" * NESTED, greets=False),
    "redis: a trickled line": partial(_trickled, first=b"+", data=b"PONG"),
    "redis: nonsense": partial(_after_redis, start=_NONSENSE, greets=False),
    "redis: silence after the greeting": _silent_redis,
    "redis: closed in the middle": partial(_after_redis, start=b"$100\r\nredis_version:"),
    "postgres: a trickled sign-in": partial(_trickled, data=_NOTICE, first=_AUTHENTICATED),
    "postgres: nonsense": partial(_postgres, answer=_NONSENSE, greets=False),
    "postgres: nonsense for an answer": partial(_postgres, answer=_NONSENSE),
    "postgres: silence after the greeting": _silent_postgres,
    "postgres: closed in the middle": partial(_postgres, answer=_COLUMN + _ROW[:5]),
    "mysql: a trickled greeting": partial(_trickled, data=b"x", first=b"\xff\xff\x00\x00\x0a"),
    "mysql: nonsense": partial(_trickled, first=_NONSENSE, data=b"x"),
    "mysql: nonsense for an answer": partial(_mysql, answer=_NONSENSE),
    "mysql: silence after the greeting": _silent_mysql,
    "mysql: closed in the middle": partial(_mysql, answer=_COLUMNS[:-3]),
    "amqp: a trickled start": partial(_trickled, data=b"x", first=struct.pack("!BHI", 1, 0, 100_000)),
    "amqp: nonsense": partial(_at_once, start=_NONSENSE),
    "amqp: silence after the greeting": _silent_amqp,
    "amqp: closed in the middle": partial(_amqp, answer=START[:20]),
}
"""What sends little, or nothing."""
