"""What the HTTP stand-ins share: a threaded server on 127.0.0.1 that records what it is asked.

`HttpStandIn`  base of NodeStandIn and LicenceService: `host`, `port`, `url`, `requests`, `start()`, `stop()`.
`Received`     one recorded request: method, path, headers with lower-case names, length of the body.
`Answer`       a status with a body.
"""

from __future__ import annotations

import contextlib
import json
import socket
import socketserver
import threading
from abc import ABC, abstractmethod
from dataclasses import field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, Self

from wizard.dataclass import dataclass
from wizard.demo.ports import HeldPort
from wizard.demo.process import LOOPBACK, StartFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

_POLL_SECONDS = 0.5
"""Between two looks for the stop, where the listening socket cannot tell of it."""
_LARGEST_KEPT = 65536


@dataclass(frozen=True)
class Received:
    """A request as it arrived; `body` is kept up to 64 KiB, `body_length` counts all of it, in bytes."""

    method: str
    path: str
    headers: Mapping[str, str]
    body_length: int
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """A status with a body of a content type."""

    status: int
    body: bytes
    content_type: str = "text/html; charset=utf-8"

    @classmethod
    def of_json(cls, status: int, value: Any) -> Answer:
        """Return the value as a JSON answer."""
        return cls(status, json.dumps(value).encode(), "application/json; charset=utf-8")


class HttpStandIn(ABC):
    """A small HTTP server in threads of this program; It can be started again, on its port.

    `port` 0 lets the kernel choose one, which is this object's from then on.
    """

    server_header: ClassVar[str]

    def __init__(self, port: int = 0) -> None:
        self.host = LOOPBACK
        self.port = port
        self.requests: list[Received] = []
        self._held: HeldPort | None = None
        self._server: _HttpServer | None = None
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address without a slash at its end."""
        return f"http://{self.host}:{self.port}"

    @abstractmethod
    def answer(self, request: Received) -> Answer | None:
        """Return the answer; None stays silent until the stop."""

    def take_over(self, request: Received, handler: BaseHTTPRequestHandler) -> bool:  # noqa: ARG002
        """Serve a request that is no plain question and answer; say whether it was one."""
        return False

    def start(self) -> Self:
        """Listen; the server answers as soon as this returns. StartFailed where the port is taken."""
        self._stopping = threading.Event()
        try:
            if not self.port:
                self._held = HeldPort()
                self.port = self._held.number
            server = _HttpServer(self)
        except OSError as error:
            raise StartFailed(f"{self.server_header}: {error}") from error
        threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
        self._server = server
        return self

    def stop(self) -> None:
        """Refuse connections from now on and cut the open ones; harmless when it is not running."""
        server, self._server = self._server, None
        if server is None:
            return
        self._stopping.set()
        with contextlib.suppress(OSError):
            server.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for connections
        server.shutdown()
        server.server_close()
        server.cut_all()

    def record(self, request: Received) -> None:
        """Remember a request."""
        self.requests.append(request)

    def stay_silent(self) -> None:
        """Hold the connection open until the stop."""
        self._stopping.wait()


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128  # the base's 5 makes the kernel drop a burst of connections, which come again after 1 s

    def __init__(self, owner: HttpStandIn) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((owner.host, owner.port), _Handler)

    def server_bind(self) -> None:
        """Bind without the base's look-up of the host's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.owner.host, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away is not worth a traceback on the terminal."""

    def cut_all(self) -> None:
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _HttpServer

    def version_string(self) -> str:
        return self.server.owner.server_header

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Write nothing."""

    def _serve(self) -> None:
        owner = self.server.owner
        request = self._receive()
        owner.record(request)
        if owner.take_over(request, self):
            self.close_connection = True
            return
        answer = owner.answer(request)
        if answer is None:
            owner.stay_silent()
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - the base's names

    def _receive(self) -> Received:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body, length = self._read_chunks()
        else:
            body, length = self._read_body(int(headers.get("content-length") or 0))
        return Received(self.command, self.path, headers, length, body)

    def _read_body(self, length: int) -> tuple[bytes, int]:
        body, left = b"", length
        while left and (piece := self.rfile.read(min(left, _LARGEST_KEPT))):
            left -= len(piece)
            body = (body + piece)[:_LARGEST_KEPT]
        return body, length - left

    def _read_chunks(self) -> tuple[bytes, int]:
        body, length = b"", 0
        while size := int(self.rfile.readline().split(b";")[0].strip() or b"0", 16):
            piece, count = self._read_body(size)
            body, length = (body + piece)[:_LARGEST_KEPT], length + count
            self.rfile.readline()
        self.rfile.readline()
        return body, length
