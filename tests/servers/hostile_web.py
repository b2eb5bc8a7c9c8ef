"""Hostile scripts of HTTP, TLS and WebSocket, by name; each begins with the kind of check that meets it."""

import base64
import gzip
import hashlib
import re
import struct
from collections.abc import Mapping
from functools import partial

from tests.servers import hostile_data
from tests.servers.hostile import Script, Wire
from tests.servers.tls import Authority

_END = b"\r\n\r\n"
_OK = b"HTTP/1.1 200 OK\r\n"
_JSON = b"Content-Type: application/json\r\n"
_BOMB = gzip.compress(bytes(64 * 1024 * 1024), 9)
_NESTED = b"[" * 60_000
_HEALTHY = _OK + b"Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""What a server adds to the client's key (RFC 6455, 1.3)."""


def _sized(body: bytes, *headers: bytes) -> bytes:
    about = b"".join(header + b"\r\n" for header in (*headers, b"Content-Length: %d" % len(body)))
    return _OK + _JSON + about + b"\r\n" + body


def _http(wire: Wire, start: bytes, unit: bytes = b"") -> None:
    wire.hear(_END)
    wire.say(start)
    if unit:
        wire.flood(unit)


def _trickled(wire: Wire, start: bytes, unit: bytes) -> None:
    wire.hear(_END)
    wire.say(start)
    wire.trickle(unit)


def _silent(wire: Wire) -> None:
    wire.hear(_END)
    wire.be_silent()


def _websocket(wire: Wire, unit: bytes = b"", *, start: bytes | None = None, slow: bool = False) -> None:
    """Be healthy, and open the WebSocket before what follows."""
    while b"upgrade: websocket" not in (heard := wire.hear(_END)).lower():
        wire.say(_HEALTHY)
    if start is None:
        key = re.search(rb"(?i)sec-websocket-key: *(\S+)", heard)
        accepted = base64.b64encode(hashlib.sha1((key[1] if key else b"") + _MAGIC, usedforsecurity=False).digest())
        start = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        start += b"Sec-WebSocket-Accept: " + accepted + _END
    wire.say(start)
    if unit and slow:
        wire.trickle(unit)
    elif unit:
        wire.flood(unit)
    wire.be_silent()


def _tls_record(length: int) -> bytes:
    return b"\x16\x03\x03" + struct.pack("!H", length)


def _tls(wire: Wire, start: bytes, unit: bytes = b"", *, slow: bool = False) -> None:
    """Answer a client's greeting in TLS so."""
    wire.hear()
    wire.say(start)
    if unit and slow:
        wire.trickle(unit)
    elif unit:
        wire.flood(unit)
    else:
        wire.be_silent()


_SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\n"

FLOODS: dict[str, Script] = {
    "node: headers without end": partial(_http, start=_OK, unit=b"X-A: b\r\n"),
    "node: a header without end": partial(_http, start=_OK + b"X-A: ", unit=b"b"),
    "node: interim answers without end": partial(_http, start=b"", unit=b"HTTP/1.1 100 Continue\r\n\r\n"),
    "node: a body of 9 GB": partial(_http, start=_OK + b"Content-Length: 9999999999\r\n\r\n", unit=b"x"),
    "node: pieces without end": partial(_http, start=_OK + b"Transfer-Encoding: chunked\r\n\r\n", unit=b"1\r\nx\r\n"),
    "node: trailers without end": partial(
        _http, start=_OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", unit=b"X-A: b\r\n"
    ),
    "node: frames of a WebSocket without end": partial(_websocket, unit=b"\x89\x00"),
    "node: a frame of a WebSocket of 8 EB": partial(_websocket, unit=b"\x82\x7f\x7f" + b"\xff" * 7),
    "node: a WebSocket's headers without end": partial(_websocket, start=_SWITCHING, unit=b"X-A: b\r\n"),
    "licence: headers without end": partial(_http, start=_OK, unit=b"X-A: b\r\n"),
    "licence: a body of 9 GB": partial(
        _http, start=_OK + _JSON + b"Content-Length: 9999999999\r\n\r\n", unit=b'{"token": "'
    ),
    "licence: pieces without end": partial(
        _http, start=_OK + b"Transfer-Encoding: chunked\r\n\r\n", unit=b"1\r\nx\r\n"
    ),
    "licence: interim answers without end": partial(_http, start=b"", unit=b"HTTP/1.1 100 Continue\r\n\r\n"),
    "balancer: records of TLS without end": partial(_tls, start=b"", unit=_tls_record(4) + b"\x02\x00\x00\x00"),
    "balancer: a message of TLS of 16 MB": partial(
        _tls, start=_tls_record(16384) + b"\x02\xff\xff\xff" + b"x" * 16380, unit=_tls_record(16384) + b"x" * 16384
    ),
}
"""What sends as fast as it is taken."""

QUIET: dict[str, Script] = {
    "node: trickled headers": partial(_trickled, start=_OK, unit=b"X-A: b\r\n"),
    "node: a trickled body": partial(_trickled, start=_OK + b"Content-Length: 60000\r\n\r\n", unit=b"ok"),
    "node: nonsense": partial(_http, start=bytes(range(256)) * 4 + b"\n"),
    "node: silence": _silent,
    "node: closed in the middle": partial(_http, start=_OK + b"Content-Length: 100\r\n\r\nok"),
    "node: nested JSON": partial(_http, start=_sized(_NESTED)),
    "node: a packed bomb": partial(_http, start=_sized(_BOMB, b"Content-Encoding: gzip")),
    "node: a WebSocket that trickles": partial(_websocket, start=_SWITCHING, unit=b"X-A: b\r\n", slow=True),
    "node: a WebSocket that stays open": _websocket,
    "licence: trickled headers": partial(_trickled, start=_OK, unit=b"X-A: b\r\n"),
    "licence: a trickled body": partial(_trickled, start=_OK + b"Content-Length: 60000\r\n\r\n", unit=b"ok"),
    "licence: nonsense": partial(_http, start=bytes(range(256)) * 4 + b"\n"),
    "licence: nested JSON": partial(_http, start=_sized(_NESTED)),
    "licence: a packed bomb": partial(_http, start=_sized(_BOMB, b"Content-Encoding: gzip")),
    "licence: a bomb packed by deflate": partial(_http, start=_sized(_BOMB[10:-8], b"Content-Encoding: deflate")),
    "balancer: trickled TLS": partial(_tls, start=_tls_record(16384), unit=b"x", slow=True),
    "balancer: nonsense for TLS": partial(_tls, start=b"nonsense" * 100),
    "balancer: silence in TLS": partial(_tls, start=b""),
    "balancer: a greeting of TLS cut off": partial(_http, start=_tls_record(1000) + b"\x02\x00"),
}
"""What sends little, or nothing."""


def behind_tls(authority: Authority) -> Mapping[str, Script]:
    """Return floods that begin once TLS is up, to clients that believe this authority."""
    context = authority.context()

    def secured(script: Script) -> Script:
        def play(wire: Wire) -> None:
            wire.secure(context)
            script(wire)

        return play

    return {
        "balancer: headers without end": secured(FLOODS["licence: headers without end"]),
        "balancer: a body of 9 GB": secured(FLOODS["licence: a body of 9 GB"]),
        "balancer: a packed bomb": secured(QUIET["licence: a packed bomb"]),
        "redis over TLS: a bulk of 9 GB": secured(hostile_data.FLOODS["redis: a bulk of 9 GB at once"]),
    }
