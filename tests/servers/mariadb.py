"""A throw-away MariaDB: host, port, user, password, database, and the administrator root with `admin_password`."""

from pathlib import Path

import pymysql

from wizard.demo.process import Missing, find_program, run_tool
from wizard.demo.server import Server, Tls, new_password


class MariaDb(Server):
    """A private MariaDB; `lines` are further lines of its `[mariadbd]` section, `tls` offers TLS."""

    name = "mariadb"
    accounts = ("mysql",)

    def __init__(self, *, database: str = "nocobase", lines: tuple[str, ...] = (), tls: Tls | None = None) -> None:
        super().__init__()
        self._program = find_program("mariadbd", [Path("/usr/sbin")])
        self._installer = find_program("mariadb-install-db")
        if not self._program or not self._installer:
            raise Missing("there is no MariaDB server", "apt-get install mariadb-server")
        self.database = database
        self.user = "nocobase"
        self.password = new_password()
        self.admin = "root"
        self.admin_password = new_password()
        self._lines = list(lines)
        self._tls = tls

    def prepare(self) -> None:
        data = self.folder / "data"
        install = [str(self._installer), "--no-defaults", f"--datadir={data}", "--skip-test-db"]
        install.append("--auth-root-authentication-method=normal")
        run_tool(install, folder=self.folder, guardian=self.guardian, account=self.account)
        self.write(
            "init.sql",
            f"ALTER USER root@localhost IDENTIFIED BY '{self.admin_password}';\n"
            f"CREATE DATABASE `{self.database}` CHARACTER SET utf8mb4;\n"
            f"CREATE USER {self.user}@'%' IDENTIFIED BY '{self.password}';\n"
            f"GRANT ALL ON `{self.database}`.* TO {self.user}@'%';\n",
        )
        self.write("my.cnf", "\n".join(["[mariadbd]", *self._settings(data), *self._lines]) + "\n")

    def _settings(self, data: Path) -> list[str]:
        settings = {
            "datadir": data,
            "port": self.port,
            "bind-address": self.host,
            "socket": "server.sock",
            "pid-file": "server.pid",
            "init-file": self.folder / "init.sql",
            "innodb-buffer-pool-size": "16M",
            "innodb-log-file-size": "8M",
            "innodb-flush-log-at-trx-commit": 0,
        }
        if self._tls:
            self.write_tls(self._tls)
            names = {"ssl-cert": "server.crt", "ssl-key": "server.key", "ssl-ca": "authority.crt"}
            settings |= {key: self.folder / name for key, name in names.items()}
        return [f"{key}={value}" for key, value in settings.items()]

    def command(self) -> list[str]:
        return [str(self._program), f"--defaults-file={self.folder / 'my.cnf'}"]

    def connect(self, **options) -> pymysql.Connection:
        """Return a connection as the administrator, or as another user; close it after use."""
        usual = {"user": self.admin, "password": self.admin_password, "autocommit": True}
        times = {"connect_timeout": 10, "read_timeout": 30, "write_timeout": 30}
        return pymysql.connect(host=self.host, port=self.port, **{**usual, **times, **options})

    def is_ready(self) -> bool:
        try:
            self.connect(user=self.user, password=self.password, database=self.database).close()
        except pymysql.OperationalError:
            return False
        return True

    def add_user(self, name: str, password: str, grants: str = "SELECT") -> None:
        """Create a user with some rights in the database."""
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE USER `{name}`@'%%' IDENTIFIED BY %s", (password,))
            cursor.execute(f"GRANT {grants} ON `{self.database}`.* TO `{name}`@'%'")
