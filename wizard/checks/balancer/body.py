"""A large body through the balancer: sent once, in pieces, with an ear open for an early refusal.

An HTTP client of the usual kind sends all of a body before it reads the answer. Here the answer is looked for after
each piece, so that a balancer that refuses by the length alone is not sent 20 MiB for nothing.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from enum import Enum, auto
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wizard.checks.balancer.target import MIB, Target
from wizard.engine.facts import Fact, Known, Trouble
from wizard.net.http import LARGEST, USER_AGENT, Reply, explain
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import decimal, tr
from wizard.plan.web import INFO_PATH

if TYPE_CHECKING:
    import h11

_PIECE = bytes(64 * 1024)
"""The one piece that is sent again and again: a body is never held as a whole."""
_TOO_LARGE, _SERVER_ERROR = 413, 500
_REFUSALS = 400
"""From this status on an early answer ends the sending."""
_LAST_WORDS = 2.0
"""Seconds that the other side has to send the rest of an early answer."""


class Fate(Enum):
    """What became of a body."""

    THROUGH = auto()
    REFUSED = auto()
    REFUSED_BEHIND = auto()
    """By the application: the balancer let it through."""
    UNCLEAR = auto()


def fate(fact: Fact[Reply]) -> Fate:
    """Tell from the answer what became of the body: NocoBase's API answers in JSON, a web server does not."""
    if not isinstance(fact, Known):
        return Fate.UNCLEAR
    reply = fact.value
    of_api = reply.json() is not None
    if reply.status == _TOO_LARGE:
        return Fate.REFUSED_BEHIND if of_api else Fate.REFUSED
    return Fate.THROUGH if of_api and reply.status < _SERVER_ERROR else Fate.UNCLEAR


class CutOffError(ConnectionError):
    """The connection ended before all was sent, and no answer said why."""


def send(target: Target, size: int, *, trust: ssl.SSLContext | None, until: float) -> Reply:
    """Send `size` bytes that no parser of NocoBase looks at, and give the answer.

    `until` (monotonic seconds) bounds it all. Raises what sockets and TLS raise; TimeoutError and CutOffError say how
    much was sent by then.
    """
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        way = stack.enter_context(socket.create_connection((target.host, target.port), _left(until)))
        if trust:
            way = stack.enter_context(trust.wrap_socket(way, server_hostname=target.host))
        talk = _Talk(way, until)
        talk.ask(target, size)
        try:
            for piece in _pieces(size):
                talk.say(piece)
                if talk.refused:
                    return talk.hear(_LAST_WORDS)
            return talk.hear()
        except TimeoutError:
            raise TimeoutError(_how_far(talk.sent, size, time.monotonic() - began)) from None
        except (ConnectionError, ssl.SSLError) as error:
            if talk.last_words() and (talk.refused or talk.sent == size):
                return talk.reply
            how_far = _how_far(talk.sent, size, time.monotonic() - began)
            raise CutOffError(tr("the connection ended: {how_far}", how_far=how_far)) from error


def explain_sending(error: Exception) -> Trouble:
    """Map what `send` raises."""
    if isinstance(error, CutOffError):
        return Trouble(ErrorKind.PROTOCOL, str(error))
    return explain(error)


def _pieces(size: int) -> Iterator[bytes]:
    for begin in range(0, size, len(_PIECE)):
        yield _PIECE[: size - begin]


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError(tr("no time was left"))
    return left


def _how_far(sent: int, size: int, seconds: float) -> str:
    """Say how much was sent; a byte counts once this machine's network has it."""
    values = {"sent": decimal(sent / MIB, ".1f"), "size": f"{size / MIB:.0f}", "seconds": decimal(seconds, ".1f")}
    if sent < size:
        return tr("{sent} of {size} MiB were sent in {seconds} s", **values)
    return tr("all {size} MiB were sent, and no answer came within {seconds} s", **values)


class _Talk:
    """One request and its answer, of which any part may come at any time."""

    def __init__(self, way: socket.socket, until: float) -> None:
        import h11

        self._way = way
        self._until = until
        self._http: h11.Connection = h11.Connection(h11.CLIENT)
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._complete = False
        self.sent = 0

    @property
    def refused(self) -> bool:
        """Whether an answer that wants no more is there, at least its head."""
        return self._status >= _REFUSALS

    @property
    def reply(self) -> Reply:
        """The answer as far as it came."""
        return Reply(self._status, self._headers, bytes(self._body[:LARGEST]))

    def ask(self, target: Target, size: int) -> None:
        import h11

        url = urlsplit(target.url(INFO_PATH))  # an action that asks for no body: NocoBase reads one and judges no size
        headers = {
            "Host": url.netloc,
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            "Content-Type": "application/octet-stream",
            "Content-Length": str(size),
        }
        self._send(h11.Request(method="POST", target=url.path, headers=list(headers.items())))

    def say(self, piece: bytes) -> None:
        """Send a piece of the body, then look whether an answer has come, without waiting for one."""
        import h11

        self._send(h11.Data(data=piece))
        self.sent += len(piece)
        self._way.setblocking(False)
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
            while not self._complete and len(self._body) <= LARGEST:
                self._take(self._way.recv(LARGEST))

    def hear(self, seconds: float = float("inf")) -> Reply:
        """Wait for the rest of the answer and give it; one that has begun may be cut short after `seconds`."""
        until = min(self._until, time.monotonic() + seconds)
        try:
            while not self._complete and len(self._body) <= LARGEST:
                self._way.settimeout(_left(until))
                self._take(self._way.recv(LARGEST))
        except TimeoutError:
            if not self._status:
                raise
        return self.reply

    def last_words(self) -> bool:
        """Take what came before the connection broke, and say whether that was an answer."""
        import h11

        with contextlib.suppress(OSError, h11.ProtocolError):
            self.hear(_LAST_WORDS)
        return bool(self._status)

    def _send(self, event: h11.Request | h11.Data) -> None:
        self._way.settimeout(_left(self._until))
        self._way.sendall(self._http.send(event) or b"")

    def _take(self, data: bytes) -> None:
        import h11

        try:
            self._http.receive_data(data)
            while not self._complete:
                match self._http.next_event():
                    case h11.Response() as response:
                        self._status = response.status_code
                        self._headers = {name.decode("latin-1"): _text(value) for name, value in response.headers}
                    case h11.Data() as piece:
                        self._body += piece.data
                    case h11.EndOfMessage() | h11.ConnectionClosed() | h11.PAUSED:
                        self._complete = True
                    case h11.NEED_DATA:
                        break
        except h11.RemoteProtocolError as error:
            raise CutOffError(str(error)) from error


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
