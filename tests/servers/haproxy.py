"""HAProxy with a configuration of ours."""

import socket
from pathlib import Path

from tests.patience import patience
from tests.servers.debian import foreign
from wizard.demo.process import Missing, accepts, find_program
from wizard.demo.server import Server


def debian_haproxy() -> list[str]:
    """Return the command of the machine's own HAProxy, on Debian 12 a 2.6."""
    found = find_program("haproxy", [Path("/usr/sbin")])
    if found is None:
        raise Missing("there is no HAProxy", "apt-get install haproxy")
    return [str(found)]


def newer_haproxy() -> list[str]:
    """Return the command of Debian 13's HAProxy, a 3.0."""
    return foreign("trixie", "usr/sbin/haproxy")


class HaProxy(Server):
    """A HAProxy; `config(server)` is its whole configuration, in which it listens on `server.port`."""

    name = "haproxy"
    as_root = True  # the cached folder of the newer one is root's

    def __init__(self, config, program, *, tls=None) -> None:
        super().__init__()
        self.http_port = self.another_port()
        self._config = config
        self._program = program
        self._tls = tls

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}"

    @property
    def socket(self) -> str:
        return str(self.folder / "admin.sock")

    def prepare(self) -> None:
        if self._tls:
            self.write_tls(self._tls)
            self.write("server.crt.key", self._tls.key)
        self.write("haproxy.cfg", self._config(self))

    def command(self) -> list[str]:
        return [*self._program, "-db", "-f", str(self.folder / "haproxy.cfg")]

    def is_ready(self) -> bool:
        return accepts(self.port) and self._listens_to_commands()

    def _listens_to_commands(self) -> bool:
        """Say whether the socket is there, too: HAProxy opens it after the ports."""
        try:
            return bool(self.tell("show version"))
        except OSError:
            return False

    def tell(self, command: str) -> str:
        """Return a command over the socket and return the answer."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(patience(10))
            link.connect(self.socket)
            link.sendall(command.encode() + b"\n")
            answer = b""
            while piece := link.recv(65536):
                answer += piece
        return answer.decode()
