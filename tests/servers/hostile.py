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
        wrapped = context.wrap_socket(self._connection, server_side=True, do_handshake_on_connect=False)
        self._connection = wrapped
        wrapped.do_handshake()

    def shut(self) -> None:
        """Let each read and write end at once, for another thread to call: the client's end may not be heard of."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)


class HostilePeer:
    """Listens on a free port of this machine and plays a script to each client."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._stopping = threading.Event()
        self._listener = socket.create_server((LOOPBACK, 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._wires: list[Wire] = []

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        for wire in self._wires:
            wire.shut()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while not self._stopping.is_set():
                self._wires.append(wire := Wire(self._listener.accept()[0], self._stopping))
                thread = threading.Thread(target=self._play, args=(wire,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _play(self, wire: Wire) -> None:
        with contextlib.closing(wire), contextlib.suppress(OverError, OSError, ValueError):
            self._script(wire)


@contextlib.contextmanager
def all_of(scripts: dict[str, Script]) -> Iterator[dict[str, int]]:
    """Play each script at a port of its own; return the ports by name."""
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(HostilePeer(script)).port for name, script in scripts.items()}
