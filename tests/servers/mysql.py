"""A throw-away MySQL itself, out of Debian's unstable release: its stable ones have MariaDB alone."""

import shlex

from tests.servers.debian import folder_of, foreign
from tests.servers.mariadb import MariaDb

RELEASE = "sid"


class MySql(MariaDb):
    """A private MySQL with the same accounts as the MariaDB of the tests."""

    name = "mysql"
    as_root = True  # the cached folder may be within root's own

    def prepare(self) -> None:
        self.write(
            "init.sql",
            f"ALTER USER root@localhost IDENTIFIED BY '{self.admin_password}';\n"
            f"CREATE DATABASE `{self.database}` CHARACTER SET utf8mb4;\n"
            f"CREATE USER {self.user}@'%' IDENTIFIED BY '{self.password}';\n"
            f"GRANT ALL ON `{self.database}`.* TO {self.user}@'%';\n",
        )

    def command(self) -> list[str]:
        data = self.folder / "data"
        server = [*foreign(RELEASE, "usr/sbin/mysqld"), "--no-defaults", "--user=root"]
        server += [f"--basedir={folder_of(RELEASE) / 'usr'}", f"--datadir={data}"]
        settings = {
            "port": self.port,
            "bind-address": self.host,
            "socket": self.folder / "server.sock",
            "pid-file": self.folder / "server.pid",
            "init-file": self.folder / "init.sql",
            "mysqlx": "OFF",
            "secure-file-priv": "NULL",
        }
        run = [*server, *(f"--{key}={value}" for key, value in settings.items())]
        return ["/bin/sh", "-ec", f"{shlex.join(server)} --initialize-insecure\nexec {shlex.join(run)}"]
