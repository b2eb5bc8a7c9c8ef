"""A PgBouncer before a PostgreSQL: the same users and databases, on a port of its own."""

from pathlib import Path

import psycopg

from tests.patience import patience
from wizard.demo.postgres import Postgres
from wizard.demo.process import Missing, find_program
from wizard.demo.server import Server, Tls


class PgBouncer(Server):
    """Shares out the sessions of `behind`; `mode` is `session`, `transaction` or `statement`, `tls` is asked for."""

    name = "pgbouncer"
    accounts = ("postgres",)

    def __init__(self, behind: Postgres, mode: str, tls: Tls | None = None) -> None:
        super().__init__()
        self._program = find_program("pgbouncer", [Path("/usr/sbin")])
        if not self._program:
            raise Missing("there is no PgBouncer", "apt-get install pgbouncer")
        self.user, self.password, self.database = behind.user, behind.password, behind.database
        self._behind = behind
        self._mode = mode
        self._tls = tls

    def prepare(self) -> None:
        users = self.write("users.txt", f'"{self.user}" "{self.password}"\n')
        lines = {
            "listen_addr": self.host,
            "listen_port": self.port,
            "unix_socket_dir": "",
            "auth_type": "scram-sha-256",
            "auth_file": users,
            "pool_mode": self._mode,
        }
        if self._tls:
            self.write_tls(self._tls)
            names = {"key_file": "server.key", "cert_file": "server.crt"}
            lines |= {f"client_tls_{key}": self.folder / name for key, name in names.items()}
            lines |= {"client_tls_sslmode": "require", "server_tls_sslmode": "require"}
        settings = "\n".join(f"{key} = {value}" for key, value in lines.items())
        databases = f"[databases]\n* = host={self._behind.host} port={self._behind.port}\n"
        self.write("pgbouncer.ini", f"{databases}[pgbouncer]\n{settings}\n")

    def command(self) -> list[str]:
        return [str(self._program), str(self.folder / "pgbouncer.ini")]

    def is_ready(self) -> bool:
        login = {"host": self.host, "port": self.port, "user": self.user, "password": self.password}
        try:
            psycopg.connect(**login, dbname=self.database, connect_timeout=round(patience(10))).close()
        except psycopg.OperationalError:
            return False
        return True
