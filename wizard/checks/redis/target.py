"""What is asked: one role's server, account and database, out of the plan and its secrets."""

from __future__ import annotations

import shlex

from wizard.dataclass import dataclass
from wizard.engine.check import secret_at
from wizard.net.peer import Peer
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import RedisRole
from wizard.plan.sections.redis import ROLE_VARIABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisTarget(Peer):
    """One role's place, which the settings in `group` say.

    `processes` are the plan's in all, each with a worker ID; 0 where they are not known. `databases` is how many the
    server must have for all roles that the plan has there.
    """

    role: RedisRole
    group: str = "redis.server"
    database: int = 0
    processes: int = 0
    databases: int = 1

    @classmethod
    def of(cls, plan: Plan, secrets: Secrets, role: RedisRole) -> RedisTarget:
        """Read the target of `role` out of the plan."""
        endpoint = plan.redis.endpoint(role)
        return cls(
            role=role,
            group=plan.redis.endpoint_key(role),
            host=endpoint.host,
            port=endpoint.port,
            database=plan.redis.database(role),
            processes=_processes(plan),
            databases=1
            + max(plan.redis.database(other) for other in plan.redis_roles if _same_server(plan, role, other)),
            tls=endpoint.tls,
            username=endpoint.username,
            password=secret_at(plan, secrets, f"{plan.redis.endpoint_key(role)}.password"),
            authority_file=plan.application.extra_ca_file,
        )

    @property
    def account(self) -> str:
        """The name of the account in Redis' own terms."""
        return self.username or "default"

    @property
    def variable(self) -> str:
        """The variable of NocoBase that holds this role's address."""
        return ROLE_VARIABLES[self.role]

    @property
    def with_password(self) -> str:
        """The server's address as it is with a password and no user."""
        scheme = "rediss" if self.tls else "redis"
        return f"{scheme}://:PASSWORD@{self.host}:{self.port}"

    def redis_cli(self, *command: str, database: bool = False, admin: bool = False) -> str:
        """Return a command line for redis-cli against this server; it asks for the password itself.

        As `admin` it logs in as the default user, as an account of NocoBase's own should not change the server.
        """
        line = ["redis-cli", "-h", self.host, "-p", str(self.port)]
        line += ["--tls", *self._authority()] if self.tls else []
        line += ["--user", self.username] if self.username and not admin else []
        line += ["--askpass"] if self.password else []
        line += ["-n", str(self.database)] if database else []
        return shlex.join([*line, *command])

    def configure(self, setting: str, value: str) -> str:
        """Return the commands that change a setting of the server at once and write it to redis.conf."""
        note = tr("This changes the server at once, for everybody who uses it.")
        change = self.redis_cli("CONFIG", "SET", setting, value, admin=True)
        return f"# {note}\n{change}\n{self.redis_cli('CONFIG', 'REWRITE', admin=True)}"

    def _authority(self) -> list[str]:
        return ["--cacert", self.authority_file] if self.authority_file else []


def _same_server(plan: Plan, role: RedisRole, other: RedisRole) -> bool:
    one, another = plan.redis.endpoint(role), plan.redis.endpoint(other)
    return (one.host.lower(), one.port) == (another.host.lower(), another.port)


def _processes(plan: Plan) -> int:
    unread = any(plan.problem(f"nodes.{index}.processes") for index in range(len(plan.nodes)))
    return 0 if unread else plan.processes
