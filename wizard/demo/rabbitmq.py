"""A throw-away RabbitMQ, where the machine has one installed.

Gives host, port, `user`, `password` and `vhost`. Users, virtual hosts, permissions and policies are read from a
definitions file at boot.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from wizard.dataclass import dataclass
from wizard.demo.process import Missing, accepts
from wizard.demo.server import Server, Tls, new_password

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pika

_SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_SOCKET_SECONDS = 10.0
# epmd in the foreground of the same group: one that RabbitMQ starts by itself outlives it.
_RUN = """#!/bin/sh
epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" &
exec /usr/lib/rabbitmq/bin/rabbitmq-server
"""


@dataclass(frozen=True)
class Permission:
    """What a user may do in a virtual host: three regular expressions over names of queues and exchanges."""

    user: str
    vhost: str = "/"
    configure: str = ".*"
    write: str = ".*"
    read: str = ".*"


def hashed(password: str) -> str:
    """Return the password as RabbitMQ keeps it: a salt and SHA-256, in base64."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


class RabbitMq(Server):
    """A private broker with the virtual host `nocobase` and a user that may do everything there.

    `users` (name to password), `vhosts`, `permissions` and `policies` (as in a definitions file) come on top; `lines`
    are further lines of rabbitmq.conf; `tls` makes the port a TLS port.
    """

    name = "rabbitmq"
    accounts = ("rabbitmq",)
    start_within: ClassVar[float] = 120.0

    def __init__(
        self,
        *,
        users: Mapping[str, str] | None = None,
        vhosts: Sequence[str] = (),
        permissions: Sequence[Permission] = (),
        policies: Sequence[Mapping[str, Any]] = (),
        lines: Sequence[str] = (),
        tls: Tls | None = None,
    ) -> None:
        super().__init__()
        self.user = "nocobase"
        self.password = new_password()
        self.vhost = "nocobase"
        self._users = {self.user: self.password, **(users or {})}
        self._vhosts = [self.vhost, *vhosts]
        self._permissions = [Permission(self.user, self.vhost), *permissions]
        self._policies = [dict(policy) for policy in policies]
        self._lines = list(lines)
        self._tls = tls

    @property
    def inside(self) -> Path:
        """The server's folder as the server itself sees it."""
        return self.folder

    def definitions(self) -> dict[str, Any]:
        """Return what the broker loads at boot."""
        users = [
            {
                "name": name,
                "password_hash": hashed(password),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": [],
            }
            for name, password in self._users.items()
        ]
        return {
            "users": users,
            "vhosts": [{"name": name} for name in self._vhosts],
            "permissions": [vars(permission) for permission in self._permissions],
            "policies": self._policies,
        }

    def prepare(self) -> None:
        self.write("definitions.json", json.dumps(self.definitions()))
        self.write("enabled_plugins", "[].\n")
        self.write("run.sh", _RUN)
        lines = [
            f"definitions.import_backend = local_filesystem\ndefinitions.local.path = {self.inside}/definitions.json"
        ]
        lines += ["loopback_users = none", "log.console = true", "log.console.level = warning", "log.file = false"]
        self.write("rabbitmq.conf", "\n".join([*lines, *self._listener(), *self._lines]) + "\n")

    def _listener(self) -> list[str]:
        if self._tls is None:
            return [f"listeners.tcp.1 = {self.host}:{self.port}"]
        self.write_tls(self._tls)
        names = {"cacertfile": "authority.crt", "certfile": "server.crt", "keyfile": "server.key"}
        options = [f"ssl_options.{key} = {self.inside}/{name}" for key, name in names.items()]
        listener = f"listeners.ssl.1 = {self.host}:{self.port}"
        return ["listeners.tcp = none", listener, *options, "ssl_options.verify = verify_none"]

    def command(self) -> list[str]:
        if not _SCRIPT.exists():
            raise Missing("there is no RabbitMQ server", "apt-get install rabbitmq-server")
        return ["/bin/sh", str(self.folder / "run.sh")]

    def environment(self) -> dict[str, str]:
        place = str(self.inside)
        return {
            "HOME": place,
            "TMPDIR": place,
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "ERL_EPMD_PORT": str(self.another_port()),
            "RABBITMQ_NODENAME": f"demo{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(self.another_port()),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none",
            "RABBITMQ_CONFIG_FILE": f"{place}/rabbitmq",
            "RABBITMQ_CONF_ENV_FILE": f"{place}/no-environment.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{place}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{place}/data",
            "RABBITMQ_LOG_BASE": f"{place}/log",
            "RABBITMQ_PID_FILE": f"{place}/pid",
            "RABBITMQ_LOGS": "-",
        }

    def connect(self, user: str = "", password: str = "", vhost: str = "") -> pika.BlockingConnection:
        """Return a connection as the usual user, or as another; close it after use."""
        import ssl

        import pika

        options = None
        if self._tls:
            trust = ssl.create_default_context(cadata=self._tls.authority.decode())
            options = pika.SSLOptions(trust, self.host)
        return pika.BlockingConnection(
            pika.ConnectionParameters(
                self.host,
                self.port,
                vhost or self.vhost,
                pika.PlainCredentials(user or self.user, password or self.password),
                socket_timeout=_SOCKET_SECONDS,
                stack_timeout=_SOCKET_SECONDS,
                connection_attempts=1,
                ssl_options=options,
            )
        )

    def is_ready(self) -> bool:
        import pika

        if not accepts(self.port):  # pika writes an error to the log for each refusal
            return False
        try:
            self.connect().close()
        except (pika.exceptions.AMQPError, OSError):
            return False
        return True
