"""A relay before a server: passes every piece on late, as a far network does, or falls silent at a word."""

import contextlib
import socket
import threading
from typing import Self

from wizard.demo.process import LOOPBACK

_PIECE = 65536


class SlowRelay:
    """Listens on `port` and passes all on to `port` of a local server, each piece `delay` seconds later.

    A connection in which `mute_at` comes by stays open from there on, and nothing passes any more. The server sees the
    address `source` as the client's, and `accepted` counts the connections.
    """

    def __init__(self, port: int, delay: float = 0.0, *, mute_at: bytes = b"", source: str = "") -> None:
        self.host = LOOPBACK
        self.port = 0
        self._behind = port
        self._delay = delay
        self._mute_at = mute_at
        self._source = (source, 0) if source else None
        self.accepted = 0
        self._stopping = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        listener = socket.create_server((self.host, 0))
        self.port = listener.getsockname()[1]
        self._open.append(listener)
        self._begin(self._accept, listener)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for one in self._open:
            one.close()

    def _begin(self, work, *arguments) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while not self._stopping.is_set():
                near = listener.accept()[0]
                self.accepted += 1
                far = socket.create_connection((self.host, self._behind), 5, self._source)
                self._open += [near, far]
                self._begin(self._pass_on, near, far)
                self._begin(self._pass_on, far, near)

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(_PIECE):
                if self._mute_at and self._mute_at in piece:
                    self._stopping.wait()
                if self._stopping.wait(self._delay):
                    return
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
