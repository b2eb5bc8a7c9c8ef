"""HTTP as the checks ask it: bounded, named, redirects not followed; and its errors mapped to the closed set.

A probe asks through `ask` with a `client`; what comes back is a `Reply`, whatever its status. The WebSocket handshake
is here too, as it is HTTP until the other side says 101.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from wizard import __version__
from wizard.dataclass import dataclass
from wizard.engine.facts import Trouble
from wizard.engine.sockets import are_closed
from wizard.net.errors import explain_any, explain_network
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import tr
from wizard.plan.quoted import Own, Quoted
from wizard.reading import LARGEST_PEM, UnreadableError, parse_json, read_file

if TYPE_CHECKING:
    import httpx
    from websockets.client import ClientProtocol

USER_AGENT = f"nocobase-cluster-wizard/{__version__}"
TIMEOUT = 4.0
"""Seconds a single wait on the network may take; below a check's deadline, so that the driver's own words are heard."""
LARGEST = 64 * 1024
"""Bytes of an answer that are kept; what is longer is cut."""
SWITCHING_PROTOCOLS, OK = 101, 200
_PATH_SIGNS = "/:@!$&'()*+,;=~%"
_PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}
_FAREWELL = 1.0
"""Seconds that the other side has to answer the close of a WebSocket."""


class BadEnvironmentError(Exception):
    """A variable of this machine's environment that has a say in HTTP cannot be used. Its value is not quoted."""

    def __init__(self, name: str) -> None:
        """Blame the variable `name`."""
        super().__init__(tr("the variable {name} of its environment cannot be used", name=name))
        self.name = name


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, headers by small name, and the body up to the size asked for."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is shown as a replacement sign."""
        return self.body.decode("utf-8", "replace")

    @property
    def is_page(self) -> bool:
        """Whether it is a page for people: HTML by its type or by its look."""
        return "html" in self.headers.get("content-type", "") or self.body.lstrip()[:1] == b"<"

    def json(self) -> Any:
        """Return the body read as JSON, or None if it is none that can be taken in."""
        try:
            return parse_json(self.body, "answer")
        except (ValueError, UnreadableError):
            return None

    def quote(self, longest: int = 200) -> str:
        """Return the beginning of the body on one line, as evidence: without any known secret.

        Of a body that was cut the end is left out, as the cut may have gone through a secret.
        """
        text = Quoted(" ".join(self.text.split()))
        whole = text if len(self.body) < LARGEST else Quoted(text.shown()[: -LARGEST // 8])
        return whole.shown(longest)


def client(*, trust: ssl.SSLContext | None = None, way_out: bool = False, timeout: float = TIMEOUT) -> httpx.Client:
    """Return a client of one check; use it as a context manager.

    `trust` says which certificates are believed; needed for https alone. `way_out`: through the proxy of the
    environment, as a service on the internet is reached; a node or the balancer is asked directly. Raises
    BadEnvironmentError where that proxy cannot be used; so call it within `attempt`.
    """
    import httpx

    try:
        return httpx.Client(
            timeout=timeout,
            # Loading authorities takes 20 ms, which plain HTTP need not pay; a context without any costs nothing.
            verify=trust or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            trust_env=way_out,
            follow_redirects=False,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},  # what is packed may unpack to anything
        )
    except (ValueError, httpx.InvalidURL) as error:  # nothing else that is given to it can be wrong
        raise BadEnvironmentError(_unusable_proxy()) from error


def _unusable_proxy() -> str:
    """Return the variable with the proxy that httpx refuses; else it is the list of what is reached without one."""
    import httpx

    for name, value in sorted(os.environ.items()):
        if name.upper() in _PROXIES and value:
            try:
                httpx.Proxy(value if "://" in value else f"http://{value}")
            except (ValueError, httpx.InvalidURL):
                return name
    return "no_proxy" if "no_proxy" in os.environ else "NO_PROXY"


@contextlib.contextmanager
def plain(host: str, port: int, timeout: float = TIMEOUT) -> Iterator[HTTPConnection]:
    """Return a way to ask one server without TLS: a tenth of the work of `client`, as a cluster may have many nodes."""
    connection = HTTPConnection(host, port, timeout=timeout)
    try:
        yield connection
    finally:
        connection.close()


def get(through: HTTPConnection, path: str) -> Reply:
    """Ask for a path and return the answer, whatever its status; raises OSError and what http.client raises."""
    return send(through, "GET", path)


def send(
    through: HTTPConnection,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    data: Any = None,
    largest: int = LARGEST,
) -> Reply:
    """Ask with a method, and with `data` as JSON if there is any; else as `get`. No cookie is kept.

    `largest`: bytes of the answer that are read and kept.
    """
    sent = None if data is None else json.dumps(data).encode()
    about = {} if sent is None else {"Content-Type": "application/json"}
    own = {"User-Agent": USER_AGENT, "Accept": "*/*", **about, **(headers or {})}
    if through.sock and _is_over(through.sock):
        through.close()  # the next request opens it anew
    through.request(method, quote(path, safe=_PATH_SIGNS), sent, own)
    response = through.getresponse()
    body = response.read(largest + 1)
    if not response.isclosed():
        through.close()  # there is more than is kept
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Reply(response.status, headers, body[:largest])


def _is_over(way: socket.socket) -> bool:
    """Whether the other side hung up meanwhile, or the end of the probe closed the socket."""
    try:
        return bool(select.select([way], [], [], 0)[0])
    except ValueError:  # it has no descriptor any more
        return True


def trusted(*files: str) -> ssl.SSLContext:
    """Return a context that believes the system's authorities, those that come with httpx, and those in `files` (PEM).

    Raises OSError where one of `files` cannot be read, ssl.SSLError or ValueError where it holds no certificate, and
    BadEnvironmentError where that is so of the files which the environment names.
    """
    import httpx

    try:
        context = httpx.create_ssl_context()
        context.load_default_certs()
    except OSError as error:
        name = "SSL_CERT_FILE" if os.environ.get("SSL_CERT_FILE") else "SSL_CERT_DIR"
        raise BadEnvironmentError(name) from error
    for file in files:
        context.load_verify_locations(cadata=read_file(file, LARGEST_PEM).decode("ascii", "ignore"))
    return context


def ask(through: httpx.Client, method: str, url: str, *, largest: int = LARGEST, **options: Any) -> Reply:
    """Ask once and return the answer, whatever its status; raises what httpx raises (map it with `explain`)."""
    with through.stream(method, url, **options) as response:
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > largest or are_closed():
                break
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, bytes(body[:largest]))


def handshake(url: str, *, trust: ssl.SSLContext | None = None, origin: str | None = None) -> int:
    """Open a WebSocket at `url` (ws or wss), close it, and return the status, 101; raises what websockets raises.

    The library's own client goes through a proxy of the environment and starts a thread for each connection; of it
    the protocol alone is used, which is all that a greeting and a farewell need.
    """
    from websockets.client import ClientProtocol
    from websockets.protocol import State
    from websockets.uri import parse_uri

    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "wss"
    protocol = ClientProtocol(parse_uri(url), origin=origin)  # type: ignore[arg-type]  # the library's name for a text
    request = protocol.connect()
    request.headers["User-Agent"] = USER_AGENT
    with contextlib.ExitStack() as stack:
        way = stack.enter_context(socket.create_connection((host, parts.port or (443 if secure else 80)), TIMEOUT))
        if secure:
            way = stack.enter_context((trust or trusted()).wrap_socket(way, server_hostname=host))
        protocol.send_request(request)
        _exchange(protocol, way, TIMEOUT, goes_on=lambda: protocol.state is State.CONNECTING)
        if protocol.state is not State.OPEN:
            raise protocol.handshake_exc or EOFError("connection closed before the handshake ended")
        protocol.send_close()
        with contextlib.suppress(OSError):  # the other side may hang up first, which is as good
            _exchange(protocol, way, _FAREWELL, goes_on=lambda: protocol.state is not State.CLOSED)
    return SWITCHING_PROTOCOLS


def _exchange(protocol: ClientProtocol, way: socket.socket, seconds: float, *, goes_on: Callable[[], bool]) -> None:
    """Let the protocol send and receive while `goes_on`, until an error in the handshake, or for `seconds`."""
    until = time.monotonic() + seconds
    while True:
        for piece in protocol.data_to_send():
            if piece:
                way.sendall(piece)
        if not goes_on() or protocol.handshake_exc:
            return
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError(tr("no answer within {seconds:g} s", seconds=seconds))
        way.settimeout(left)
        if not (data := way.recv(LARGEST)):
            protocol.receive_eof()
            return
        protocol.receive_data(data)


def explain(error: Exception) -> Trouble:
    """Map what httpx and http.client raise; their messages hold no header and no body."""
    if isinstance(error, BadEnvironmentError):
        return Trouble(ErrorKind.OTHER, Own(error), about=error.name, ours=True)
    if found := explain_network(error):
        return found
    if isinstance(error, HTTPException):
        return Trouble(ErrorKind.PROTOCOL, str(error) or Own(tr("the answer is not HTTP")))
    return (_explain_httpx(error) if "httpx" in sys.modules else None) or explain_any(error)


def _explain_httpx(error: Exception) -> Trouble | None:
    """Map what httpx raises, which is loaded where it was used alone."""
    import httpx

    match error:
        case httpx.TimeoutException():
            return Trouble(ErrorKind.TIMEOUT, Own(tr("no answer within {seconds:g} s", seconds=TIMEOUT)))
        case httpx.ProtocolError() | httpx.DecodingError() | httpx.ReadError():
            return Trouble(ErrorKind.PROTOCOL, str(error) or Own(tr("the answer is not HTTP")))
    return None


def explain_handshake(error: Exception) -> Trouble:
    """Map what the WebSocket library raises; `about` is the status if the other side answered with plain HTTP."""
    from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

    if isinstance(error, InvalidStatus):
        status = error.response.status_code
        return Trouble(ErrorKind.PROTOCOL, Own(tr("HTTP {status} instead of 101", status=status)), about=str(status))
    if found := explain_network(error):
        return found
    if isinstance(error, InvalidHandshake | WebSocketException | EOFError):
        return Trouble(ErrorKind.PROTOCOL, str(error) or Own(tr("the connection was closed")))
    return explain_any(error)
