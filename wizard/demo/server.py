"""What all throw-away servers share: a private folder, a port, a start that is awaited, a stop that leaves nothing.

`Server`  base of Postgres, Redis, Nginx and RabbitMq: `host`, `port`, `folder`, `start()`, `stop()`, and usable in a
          `with` statement. A server can be started once more after a stop, on the same port, with an empty folder.
`Tls`     a certificate with its key and authority, all PEM, for the servers that can speak TLS.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from wizard.dataclass import dataclass
from wizard.demo.guardian import Guardian, new_folder
from wizard.demo.ports import HeldPort
from wizard.demo.process import LOOPBACK, Account, ServerProcess, StartFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

_ATTEMPTS = 3
_PORT_TAKEN = ("address already in use", "eaddrinuse")


@dataclass(frozen=True, repr=False)
class Tls:
    """A server's certificate, its key, and the authority that a client trusts, each as PEM."""

    certificate: bytes
    key: bytes
    authority: bytes


def new_password() -> str:
    """Return a password that needs no quoting anywhere."""
    return secrets.token_hex(16)


class Server(ABC):
    """A server on 127.0.0.1 with a temporary folder of its own.

    `files` are written into the folder before the start, readable by the server alone. Raises Missing where the program
    is not on this machine, and StartFailed where it does not become ready within `start_within` seconds.

    Where this program is root, folder and server belong to the first existing user of `accounts`, else to nobody,
    unless the server is one that may run `as_root`.
    """

    name: ClassVar[str]
    accounts: ClassVar[tuple[str, ...]] = ()
    as_root: ClassVar[bool] = False
    start_within: ClassVar[float] = 60.0
    polite: ClassVar[signal.Signals] = signal.SIGTERM
    grace: ClassVar[float] = 5.0

    def __init__(self, *, files: Mapping[str, bytes] | None = None) -> None:
        self.host = LOOPBACK
        self.port = 0
        self.account = None if self.as_root else Account.unprivileged(*self.accounts)
        self.process: ServerProcess | None = None
        self._files = dict(files or {})
        self._ports: list[HeldPort] = []
        self._folder: Path | None = None
        self._guardian: Guardian | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def folder(self) -> Path:
        """The server's folder; it exists between start and stop."""
        if self._folder is None:
            raise RuntimeError(f"{self.name} is not started")
        return self._folder

    @property
    def guardian(self) -> Guardian:
        """Who stops the server and removes its folder where this program dies; between start and stop."""
        if self._guardian is None:
            raise RuntimeError(f"{self.name} is not started")
        return self._guardian

    @abstractmethod
    def prepare(self) -> None:
        """Write what the server reads at its start; port and folder are known."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Connect really and say whether the server answers."""

    def environment(self) -> dict[str, str]:
        """Return variables for the server beyond this program's own."""
        return {}

    def stdin(self) -> bytes:
        """Return what the server is told on its standard input."""
        return b""

    def settle(self) -> None:  # noqa: B027 - most servers have nothing to add
        """Create what belongs inside the ready server: users, databases."""

    def start(self) -> Self:
        """Start and wait until the server answers; a port that was taken meanwhile is given up for another."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._start_once()
            except StartFailed as error:
                self.stop()
                if attempt == _ATTEMPTS or not any(words in str(error).lower() for words in _PORT_TAKEN):
                    raise
                self.port = 0
            except BaseException:  # also an interrupt: the server is a process of its own
                self.stop()
                raise
            else:
                break
        return self

    def _start_once(self) -> None:
        self._folder, self._guardian = new_folder(f"nocobase-cluster-demo-{self.name}-")
        self._own(self._folder)
        self.port = self.port or self.another_port()
        for name, content in self._files.items():
            self.write(name, content)
        self.prepare()
        self.process = ServerProcess(
            self.name,
            self.command(),
            folder=self._folder,
            guardian=self._guardian,
            account=None if self.as_root else self.account,
            environment=self.environment(),
            stdin=self.stdin(),
            polite=self.polite,
            grace=self.grace,
        )
        self.process.start()
        self.process.wait_until_ready(self.is_ready, self.start_within)
        self.settle()

    def stop(self) -> None:
        """Stop the server and remove its folder; harmless when it is not running."""
        process, self.process = self.process, None
        if process:
            process.stop()
        folder, self._folder = self._folder, None
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        guardian, self._guardian = self._guardian, None
        if guardian:
            guardian.dismiss()

    def another_port(self) -> int:
        """Return a port for this server that nobody else gets as long as this object lives."""
        port = HeldPort()
        self._ports.append(port)
        return port.number

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file into the folder, mode 0600, the server's own; return its path."""
        path = self.folder / name
        data = content.encode() if isinstance(content, str) else content
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
            file.write(data)
        self._own(path)
        return path

    def make_folder(self, name: str) -> Path:
        """Make a folder inside the server's own, mode 0700; return its path."""
        path = self.folder / name
        path.mkdir(mode=0o700)
        self._own(path)
        return path

    def write_tls(self, tls: Tls) -> None:
        """Write `server.crt`, `server.key` and `authority.crt`."""
        self.write("server.crt", tls.certificate)
        self.write("server.key", tls.key)
        self.write("authority.crt", tls.authority)

    def _own(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)
