"""A server that means ill: it takes connections, and a script says what each of them gets."""

import contextlib
import itertools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Self

from wizard.demo.process import LOOPBACK

Script = Callable[["Wire"], None]
_PIECE = 256 * 1024
_PAUSE = 0.05


class OverError(Exception):
    """The test is over, or the client has gone."""


class Wire:
    """One connection, from the server's side; everything ends with OverError once there is nobody to talk to."""

    def __init__(self, connection: socket.socket, stopping: threading.Event) -> None:
        self._connection = connection
        self._stopping = stopping

    def close(self) -> None:
        self._connection.close()

    def hear(self, end: bytes = b"") -> bytes:
        """Return what comes next, up to `end` where it is given."""
        heard = b""
        while not heard or end not in heard:
            piece = self._connection.recv(_PIECE)
            if not piece:
                raise OverError
            heard += piece
        return heard

    def say(self, data: bytes) -> None:
        self._connection.sendall(data)

    def flood(self, unit: bytes) -> None:
        """Send the same again and again, as fast as it is taken."""
        piece = unit * max(1, _PIECE // len(unit))
        while not self._stopping.is_set():
            self._connection.sendall(piece)

    def trickle(self, data: bytes) -> None:
        """Send a byte every 50 ms, over and over."""
        for at in itertools.count():
            self._connection.sendall(data[at % len(data) :][:1])
            if self._stopping.wait(_PAUSE):
                return

    def be_silent(self) -> None:
        """Keep the connection until the client leaves."""
        while self._connection.recv(_PIECE):
            pass

    def secure(self, context: ssl.SSLContext) -> None:
        self._connection = context.wrap_socket(self._connection, server_side=True)


class HostilePeer:
    """Listens on a free port of this machine and plays a script to each client."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._stopping = threading.Event()
        self._listener = socket.create_server((LOOPBACK, 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._connections: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for one in (self._listener, *self._connections):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while not self._stopping.is_set():
                connection = self._listener.accept()[0]
                self._connections.append(connection)
                thread = threading.Thread(target=self._play, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _play(self, connection: socket.socket) -> None:
        wire = Wire(connection, self._stopping)
        with connection, contextlib.closing(wire), contextlib.suppress(OverError, OSError, ValueError):
            self._script(wire)


@contextlib.contextmanager
def all_of(scripts: dict[str, Script]) -> Iterator[dict[str, int]]:
    """Play each script at a port of its own; return the ports by name."""
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(HostilePeer(script)).port for name, script in scripts.items()}
