"""A stand-in for a MySQL that asks for the password as it is: Debian's MariaDB has no such method to be set up with."""

import socket
import struct
import threading
from types import TracebackType
from typing import Self

from tests.patience import patience

GREETING = (
    b"\x0a8.0.40\x00"
    + struct.pack("<I", 7)
    + b"abcdefgh\x00"
    + struct.pack("<H", 0xF7FF)
    + b"\xff\x02\x00"
    + struct.pack("<H", 0xC1FF)
    + b"\x15"
    + b"\x00" * 10
    + b"ijklmnopqrst\x00mysql_native_password\x00"
)
"""Protocol version 10, without TLS (MySQL's internals manual, "Protocol::HandshakeV10")."""
_REFUSED = b"\xff" + struct.pack("<H", 1045) + b"#28000Access denied"


class GreedyMySql:
    """Asks every client to sign in by `method`, keeps what it is told, and refuses it."""

    def __init__(self, method: bytes = b"mysql_clear_password") -> None:
        self._method = method
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._socket.getsockname()
        self.heard = b""
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._socket.accept()
            except OSError:  # closed: the test is over
                return
            with client:
                client.settimeout(patience(10))
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        try:
            client.sendall(packet(0, GREETING))
            client.recv(4096)
            client.sendall(
                packet(2, b"\xfe" + self._method + b"\x00" + (b"\x03Password: " if self._method == b"dialog" else b""))
            )
            self.heard += client.recv(4096)
            client.sendall(packet(4, _REFUSED))
        except OSError:  # the client has gone, which is the point
            return


def packet(number: int, payload: bytes) -> bytes:
    return struct.pack("<I", len(payload))[:3] + bytes([number]) + payload
