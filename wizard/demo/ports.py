"""Ports of 127.0.0.1 for servers: chosen by the kernel, and kept from everybody else."""

from __future__ import annotations

import os
import socket
import sys
import weakref

from wizard.demo.process import LOOPBACK


class HeldPort:
    """A TCP port that nobody else gets as long as this object lives: bound, not listening, so it refuses.

    Neither the kernel's choice of a port nor the near end of a connection falls on it, while a server may listen there:
    Linux shares a port between sockets that all set SO_REUSEADDR, as servers do; it is held at every address, as a
    server may listen at all of them later. Elsewhere it was free a moment ago.
    """

    def __init__(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("0.0.0.0" if sys.platform == "linux" else LOOPBACK, 0))  # noqa: S104 - nothing listens there
            self.number: int = probe.getsockname()[1]
            if sys.platform == "linux":
                weakref.finalize(self, os.close, probe.detach())
