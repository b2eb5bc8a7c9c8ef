"""What is asked: server, account and names, taken from the plan."""

from __future__ import annotations

from datetime import UTC, datetime

from wizard.dataclass import dataclass
from wizard.engine.check import secret_at
from wizard.formats.image import STORAGE
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, Secrets
from wizard.plan.sections import Deployment, Dialect, Tls
from wizard.plan.sql import quoted_name, quoted_text
from wizard.plan.time_zones import broken_zone


@dataclass(frozen=True, slots=True)
class Target:
    """The database of a plan. `password` is None where the plan has none; `ca`, `cert` and `key` are paths on a node.

    `clear_password` says that the password may go in clear over a connection without TLS. `extra_ca` is the file of
    NODE_EXTRA_CA_CERTS: Node.js trusts it too where no `ca` is given. `nodes` are the hosts of the plan's nodes, from
    which NocoBase will come. `folder` is the shared storage as a node sees it, `broken_zone` the
    time zone of the connections where it is no whole number of hours from UTC.
    """

    dialect: Dialect
    host: str
    port: int
    name: str
    user: str
    password: Secret | None
    schema: str
    prefix: str
    underscored: bool
    tls: Tls
    ca: str
    cert: str
    key: str
    extra_ca: str
    clear_password: bool = False
    nodes: tuple[str, ...] = ()
    folder: str = STORAGE
    broken_zone: str = ""

    @classmethod
    def of(cls, plan: Plan, secrets: Secrets) -> Target:
        """Take it from `plan`; the password from `secrets`."""
        database = plan.database
        return cls(
            dialect=database.dialect,
            host=database.host,
            port=database.effective_port,
            name=database.name,
            user=database.user,
            password=secret_at(plan, secrets, "database.password"),
            schema=database.schema or "public",
            prefix=database.table_prefix,
            underscored=database.underscored,
            tls=database.tls,
            ca=database.tls_ca,
            cert=database.tls_cert,
            key=database.tls_key,
            extra_ca=plan.application.extra_ca_file,
            clear_password=database.allow_clear_password,
            folder=_folder(plan),
            broken_zone="" if database.dialect is Dialect.POSTGRES else broken_zone(plan, datetime.now(UTC)),
            nodes=tuple(dict.fromkeys(node.host for node in plan.nodes if node.host)),
        )

    @property
    def hides_password(self) -> bool:
        """Whether a server that asks for the password as it is does not get it: anybody on the way would read it."""
        return self.tls is Tls.OFF and not self.clear_password

    @property
    def postgres(self) -> bool:
        """Whether the plan says PostgreSQL."""
        return self.dialect is Dialect.POSTGRES

    @property
    def where(self) -> str:
        """The address as people write it: `db.internal:5432`, `[fd00::5]:5432`."""
        bare = self.host.strip("[]")
        return f"[{bare}]:{self.port}" if ":" in bare else f"{self.host}:{self.port}"

    @property
    def version_table(self) -> str:
        """The table in which this plan's NocoBase keeps its version."""
        return self.prefix + ("application_version" if self.underscored else "applicationVersion")

    @property
    def plugins_table(self) -> str:
        """The table in which this plan's NocoBase keeps its plug-ins."""
        return self.prefix + ("application_plugins" if self.underscored else "applicationPlugins")

    @property
    def package_column(self) -> str:
        """The column of `plugins_table` that holds the package's name."""
        return "package_name" if self.underscored else "packageName"

    @property
    def storages_table(self) -> str:
        """The table in which this plan's NocoBase keeps its file storages."""
        return self.prefix + "storages"

    @property
    def collections_table(self) -> str:
        """The table in which this plan's NocoBase keeps its collections, by either naming."""
        return self.prefix + "collections"

    @property
    def core_tables(self) -> tuple[str, ...]:
        """Some tables that every NocoBase has."""
        plain = (self.prefix + name for name in ("fields", "roles", "users"))
        return (self.version_table, self.plugins_table, self.storages_table, self.collections_table, *plain)


def _folder(plan: Plan) -> str:
    """Return the storage's folder as a node sees it: in a container it is always the image's."""
    if plan.application.deployment is Deployment.BARE:
        return plan.storage.path.rstrip("/") or "storage"
    return STORAGE


def sql_name(target: Target, name: str) -> str:
    """Quote a name for a statement that people paste; statements of our own go through the driver."""
    return quoted_name(name, '"' if target.postgres else "`")


def grant_all(target: Target, account: str = "") -> str:
    """Return MySQL's statement that lets the account do everything in the database, whose name is a pattern there."""
    pattern = target.name.replace("_", "\\_").replace("%", "\\%")
    return f"GRANT ALL ON {sql_name(target, pattern)}.* TO {sql_account(target, account)};"


def sql_account(target: Target, account: str = "") -> str:
    """Quote the plan's account for a statement that people paste; `account` is MySQL's own name for it, if known."""
    if target.postgres:
        return sql_name(target, target.user)
    user, _, host = (account or f"{target.user}@%").rpartition("@")
    return "@".join(quoted_text(part, backslash=True) for part in (user, host))
