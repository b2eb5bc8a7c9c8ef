"""Section database: the one database behind all nodes."""

from __future__ import annotations

from enum import StrEnum

from wizard.dataclass import dataclass
from wizard.plan.i18n import mark
from wizard.plan.kinds import Boolean, Choice, FilePath, Host, Integer, SecretValue, Text, TimeZone
from wizard.plan.secret import SecretRef
from wizard.plan.setting import setting

_HELPERS = "packages/core/database/src/helpers.ts"
_BY_PLUGIN = mark("NocoBase knows it by a commercial plug-in; it is not checked by this program.")
_NAME = r"[a-z_][a-z0-9_]*"
_NAME_WORDS = mark("use small letters, digits and “_”, and begin with a letter")


class Dialect(StrEnum):
    """NocoBase's DB_DIALECT, as far as it is fit for a cluster."""

    POSTGRES = "postgres"
    MYSQL = "mysql"
    MARIADB = "mariadb"


DEFAULT_PORTS = {Dialect.POSTGRES: 5432, Dialect.MYSQL: 3306, Dialect.MARIADB: 3306}


class Tls(StrEnum):
    """How the connection is protected; any of NocoBase's DB_DIALECT_OPTIONS_SSL_* variables switches TLS on."""

    OFF = "off"
    ENCRYPT = "encrypt"
    VERIFY = "verify"


KIT_TLS_MODES = ("verify-full", "verify-ca", "require", "prefer")
"""What NocoBase's licence kit takes for PostgreSQL: docs/nocobase.md, "Licence"."""
USUAL_TLS_MODES = {Tls.OFF: "", Tls.ENCRYPT: "require", Tls.VERIFY: "verify-full"}


@dataclass(frozen=True, slots=True)
class Database:
    """The database server, the account, and how NocoBase names its tables."""

    dialect: Dialect = setting(
        Dialect.POSTGRES,
        Choice(Dialect, (mark("PostgreSQL"), mark("MySQL"), mark("MariaDB"))),
        mark("Kind"),
        "DB_DIALECT",
        beyond=dict.fromkeys(("kingbase", "oceanbase"), _BY_PLUGIN),
        source="packages/core/database/src/dialects",
    )
    host: str = setting("", Host(), mark("Host"), "DB_HOST", source=_HELPERS)
    port: int | None = setting(
        None,
        Integer(1, 65535, optional=True),
        mark("Port"),
        "DB_PORT",
        help=mark("5432 for PostgreSQL, 3306 for MySQL and MariaDB if empty."),
        source=_HELPERS,
    )
    name: str = setting("nocobase", Text(), mark("Database"), "DB_DATABASE", source=_HELPERS)
    user: str = setting("nocobase", Text(), mark("User"), "DB_USER", source=_HELPERS)
    password: SecretRef | None = setting(None, SecretValue(), mark("Password"), "DB_PASSWORD", source=_HELPERS)
    schema: str = setting(
        "public",
        Text(_NAME, _NAME_WORDS),
        mark("Schema"),
        "DB_SCHEMA",
        help=mark("PostgreSQL only."),
        source="packages/core/database/src/database.ts",
    )
    tls: Tls = setting(
        Tls.OFF,
        Choice(Tls, (mark("Off"), mark("Encrypt, trust any certificate"), mark("Encrypt and check the certificate"))),
        mark("TLS"),
        source=_HELPERS,
    )
    tls_ca: str = setting(
        "",
        FilePath(),
        mark("Authority file"),
        "DB_DIALECT_OPTIONS_SSL_CA",
        help=mark("PEM file, readable on every node under this path."),
        source=_HELPERS,
    )
    tls_cert: str = setting("", FilePath(), mark("Client certificate"), "DB_DIALECT_OPTIONS_SSL_CERT", advanced=True)
    tls_key: str = setting("", FilePath(), mark("Client key file"), "DB_DIALECT_OPTIONS_SSL_KEY", advanced=True)
    tls_mode: str = setting(
        "",
        Text(),
        mark("TLS mode text"),
        "DB_DIALECT_OPTIONS_SSL_MODE",
        help=mark(
            "For PostgreSQL: verify-full, verify-ca, require or prefer. NocoBase's licence kit reads it, too: without "
            "it the kit uses no TLS at all, and with another word it fails. Empty: verify-full where the certificate "
            "is checked, else require. MySQL and MariaDB do without."
        ),
        advanced=True,
        source=_HELPERS,
    )
    allow_clear_password: bool = setting(
        False,
        Boolean(),
        mark("Send the password in clear"),
        help=mark(
            "Lets a check send the password where a server asks for it as it is, over a connection without TLS. "
            "Whoever listens on the way then has it. NocoBase itself does as its driver does."
        ),
        advanced=True,
    )
    table_prefix: str = setting(
        "", Text(_NAME, _NAME_WORDS), mark("Table prefix"), "DB_TABLE_PREFIX", advanced=True, source=_HELPERS
    )
    underscored: bool = setting(
        False,
        Boolean(),
        mark("Underscored names"),
        "DB_UNDERSCORED",
        help=mark("Never change it after the installation."),
        advanced=True,
        source=_HELPERS,
    )
    time_zone: str = setting(
        "",
        TimeZone(offset=True),
        mark("Database time zone"),
        "DB_TIMEZONE",
        help=mark("Best left empty: it then follows the application's time zone."),
        advanced=True,
        source="packages/core/cli-v1/src/util.js",
    )
    pool_max: int = setting(
        5,
        Integer(1, 10000),
        mark("Connections per process"),
        "DB_POOL_MAX",
        help=mark("The most connections one process keeps open."),
        source=_HELPERS,
    )
    pool_min: int = setting(0, Integer(0, 10000), mark("Kept open at least"), "DB_POOL_MIN", advanced=True)
    pool_idle: int = setting(
        10000, Integer(0, unit="ms"), mark("Idle connections close after"), "DB_POOL_IDLE", advanced=True
    )
    pool_acquire: int = setting(
        60000, Integer(0, unit="ms"), mark("Wait for a connection up to"), "DB_POOL_ACQUIRE", advanced=True
    )
    pool_evict: int = setting(
        1000, Integer(0, unit="ms"), mark("Look for idle ones every"), "DB_POOL_EVICT", advanced=True
    )
    pool_max_uses: int = setting(
        0,
        Integer(0),
        mark("Uses of one connection"),
        "DB_POOL_MAX_USES",
        help=mark("0: without limit."),
        advanced=True,
        source=_HELPERS,
    )

    @property
    def effective_tls_mode(self) -> str:
        """What DB_DIALECT_OPTIONS_SSL_MODE says: the mode given, or for PostgreSQL the one that fits `tls`.

        As licence kit 0.3.8 was seen to do: docs/nocobase.md, "Licence".
        """
        return self.tls_mode or (USUAL_TLS_MODES[self.tls] if self.dialect is Dialect.POSTGRES else "")

    @property
    def effective_port(self) -> int:
        """The port in use: the one given, or the dialect's own."""
        return self.port or DEFAULT_PORTS[self.dialect]
