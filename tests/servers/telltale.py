"""Servers that tell a secret: a text of theirs stands in each place where a server may put words of its own."""

import json
import struct
from collections.abc import Callable
from functools import partial

from tests.servers import hostile_data
from tests.servers.greedy_mysql import GREETING, packet
from tests.servers.hostile import Script, Wire

_END = b"\r\n\r\n"


def _answer(wire: Wire, answer: bytes, *, greeting: bytes = b"", end: bytes = b"") -> None:
    if greeting:
        wire.say(greeting)
    while True:
        wire.hear(end)
        wire.say(answer)


def _once(wire: Wire, answer: bytes, *, greeting: bytes = b"") -> None:
    if greeting:
        wire.say(greeting)
    wire.hear()
    wire.say(answer)


def _postgres(text: str, code: str = "28P01") -> Script:
    fields = {b"S": "FATAL", b"V": "FATAL", b"C": code, b"M": text, b"D": text, b"H": text}
    body = b"".join(name + value.encode() + b"\0" for name, value in fields.items()) + b"\0"
    return partial(_once, answer=b"E" + struct.pack("!i", len(body) + 4) + body)


def _mysql(text: str, code: int) -> Script:
    said = b"\xff" + struct.pack("<H", code) + b"#28000" + text.encode()
    return partial(_once, answer=packet(2, said), greeting=packet(0, GREETING))


def _redis(text: str) -> Script:
    return partial(_answer, answer=b"-ERR " + text.encode() + b"\r\n")


def _amqp(text: str, code: int) -> Script:
    """Close the connection where it would open."""
    said = text.encode()[:255]
    close = hostile_data.method(10, 50, struct.pack("!HB", code, len(said)) + said + struct.pack("!HH", 0, 0))

    def play(wire: Wire) -> None:
        wire.hear()
        wire.say(hostile_data.START)
        wire.hear()
        wire.say(hostile_data.TUNE)
        wire.hear()
        wire.say(close)
        wire.be_silent()

    return play


def _http(status: str, body: str, *headers: str) -> Script:
    data = body.encode()
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(data)}", "Connection: close"]
    return partial(_answer, answer="\r\n".join(lines).encode() + _END + data, end=_END)


def _json(text: str) -> str:
    return json.dumps({"error": {"status": 503, "message": text, "code": "APP_ERROR"}})


SAYING: dict[str, Callable[[str], Script]] = {
    "postgres: a password refused": _postgres,
    "postgres: no such right": partial(_postgres, code="42501"),
    "postgres: what nobody knows": partial(_postgres, code="XX000"),
    "mysql: a password refused": partial(_mysql, code=1045),
    "mysql: what nobody knows": partial(_mysql, code=1999),
    "redis: an error": _redis,
    "redis: another answer than asked for": lambda text: partial(_answer, answer=f"+{text}\r\n".encode()),
    "amqp: the account refused": partial(_amqp, code=403),
    "amqp: the virtual host refused": partial(_amqp, code=530),
    "node: an error of NocoBase": lambda text: _http("503 Busy", _json(text), "Content-Type: application/json"),
    "node: a page": lambda text: _http("502 Bad Gateway", f"<p>{text}</p>", "Content-Type: text/html"),
    "node: another answer": lambda text: _http("200 OK", text),
    "node: a redirect": lambda text: _http("302 Found", "", f"Location: http://other/?to={text}"),
    "node: a reason": lambda text: _http(f"500 {text}", ""),
    "licence: an error": lambda text: _http("500 No", _json(text), "Content-Type: application/json"),
    "licence: a page": lambda text: _http("403 No", text),
}
"""By the kind of check that meets it, and the place: the script of a server that says a text there."""
