"""Ports that do not behave: silent, trickling, refusing."""

import contextlib
import socket
import threading
from typing import Self

from wizard.demo.process import LOOPBACK

_EVERY_SECONDS = 0.05


class SilentPort:
    """Accepts connections and never answers; with `trickle`, sends one byte of it every 50 ms, over and over."""

    def __init__(self, trickle: bytes = b"") -> None:
        self.host = LOOPBACK
        self.port = 0
        self._trickle = trickle
        self._stopping = threading.Event()
        self._listener: socket.socket | None = None
        self._threads: list[threading.Thread] = []
        self._accepted: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server((self.host, 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self._begin(self._accept, self._listener)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for open_one in [self._listener, *self._accepted]:
            with contextlib.suppress(OSError):
                open_one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for open_one in [self._listener, *self._accepted]:
            open_one.close()

    @property
    def accepted(self) -> int:
        """How many connections were accepted so far."""
        return len(self._accepted)

    def _begin(self, work, connection: socket.socket) -> None:
        thread = threading.Thread(target=work, args=(connection,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while not self._stopping.is_set():
                connection = listener.accept()[0]
                self._accepted.append(connection)
                if self._trickle:
                    self._begin(self._send_slowly, connection)

    def _send_slowly(self, connection: socket.socket) -> None:
        sent = 0
        with contextlib.suppress(OSError):
            while not self._stopping.wait(_EVERY_SECONDS):
                connection.send(self._trickle[sent % len(self._trickle) :][:1])
                sent += 1


class ClosedPort:
    """A port that refuses connections and that nobody else can take meanwhile: bound, not listening."""

    def __init__(self) -> None:
        self.host = LOOPBACK
        self.port = 0
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.bind((self.host, 0))
        self.port = self._socket.getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
