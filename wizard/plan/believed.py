"""Variables that people believe NocoBase reads, and what it reads instead (docs/nocobase.md)."""

from __future__ import annotations

from enum import Enum

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.i18n import mark
from wizard.plan.variables import known_variables


class Belief(Enum):
    """What the variable was meant for, and so what follows from its not being read."""

    TLS = "tls"
    DRIVER_TLS = "driver-tls"
    ADDRESS = "address"
    NAME = "name"
    FILE = "file"
    WORKER_ID = "worker-id"
    PUBSUB = "pubsub"
    REDIS_PART = "redis-part"


@dataclass(frozen=True, slots=True)
class Believed:
    """One such variable: what it was meant for, what NocoBase reads instead, and what follows; marked sentences."""

    belief: Belief
    instead: tuple[str, ...]
    follows: str


_TLS = Believed(
    Belief.TLS,
    ("DB_DIALECT_OPTIONS_SSL_MODE", "DB_DIALECT_OPTIONS_SSL_CA", "DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED"),
    mark("The connection to the database is not encrypted by it."),
)
_DRIVER_TLS = Believed(
    Belief.DRIVER_TLS,
    _TLS.instead,
    mark(
        "The driver for PostgreSQL reads it itself where no DB_DIALECT_OPTIONS_SSL_ variable is set (seen with pg 8): "
        "every word but “disable” and “allow” encrypts, and all but “no-verify” want a certificate that Node.js knows."
    ),
)
_ADDRESS = Believed(
    Belief.ADDRESS,
    ("DB_DIALECT", "DB_HOST", "DB_PORT", "DB_DATABASE", "DB_USER", "DB_PASSWORD"),
    mark("NocoBase connects to the database that its single variables name, whatever this address says."),
)
_REDIS = Believed(
    Belief.REDIS_PART,
    ("REDIS_URL", "CACHE_REDIS_URL", "PUBSUB_ADAPTER_REDIS_URL", "LOCK_ADAPTER_REDIS_URL", "QUEUE_ADAPTER_REDIS_URL"),
    mark("Each role has a whole address; this part of one decides nothing."),
)
_PUBSUB = Believed(
    Belief.PUBSUB,
    ("PUBSUB_ADAPTER_REDIS_URL",),
    mark("It decides nothing: the plug-in for the sync signal does, once it is enabled and has its address."),
)
_WORKER_ID = Believed(
    Belief.WORKER_ID,
    ("REDIS_URL",),
    mark("The worker IDs are counted where REDIS_URL says; without it each node counts for itself."),
)


def _named(*instead: str) -> Believed:
    return Believed(Belief.NAME, instead, mark("What it says reaches no node."))


_TABLE = {
    **dict.fromkeys(
        [
            "DB_SSL",
            "DB_SSLMODE",
            "DB_SSL_MODE",
            "DB_USE_SSL",
            "DB_TLS",
            "DATABASE_SSL",
            "POSTGRES_SSL",
            "MYSQL_SSL",
            "DB_SSL_CA",
            "DB_SSL_REJECT_UNAUTHORIZED",
        ],
        _TLS,
    ),
    **dict.fromkeys(["DATABASE_URL", "DATABASE_URI", "DB_URL", "DB_URI", "POSTGRES_URL", "MYSQL_URL"], _ADDRESS),
    **dict.fromkeys(["DB_TYPE", "DB_DRIVER", "DB_CLIENT", "DB_CONNECTION", "DATABASE_TYPE"], _named("DB_DIALECT")),
    **dict.fromkeys(["DB_NAME", "DATABASE_NAME"], _named("DB_DATABASE")),
    **dict.fromkeys(["DB_USERNAME", "DATABASE_USER"], _named("DB_USER")),
    **dict.fromkeys(["DB_PASS", "DB_PWD", "DATABASE_PASSWORD"], _named("DB_PASSWORD")),
    **dict.fromkeys(["JWT_SECRET", "APP_SECRET", "SECRET_KEY", "JWT_SECRET_KEY"], _named("APP_KEY")),
    **dict.fromkeys(["AES_SECRET_KEY", "APP_AES_KEY", "ENCRYPTION_KEY"], _named("APP_AES_SECRET_KEY")),
    **dict.fromkeys(["REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "REDIS_DB", "REDIS_USERNAME", "REDIS_TLS"], _REDIS),
    "PGSSLMODE": _DRIVER_TLS,
    "PUBSUB_ADAPTER": _PUBSUB,
    "WORKER_ID_REDIS_URL": _WORKER_ID,
    "PUBSUB_REDIS_URL": _named("PUBSUB_ADAPTER_REDIS_URL"),
    "SYNC_REDIS_URL": _named("PUBSUB_ADAPTER_REDIS_URL"),
    "LOCK_REDIS_URL": _named("LOCK_ADAPTER_REDIS_URL"),
    "QUEUE_REDIS_URL": _named("QUEUE_ADAPTER_REDIS_URL"),
    "CACHE_ADAPTER": _named("CACHE_DEFAULT_STORE"),
    "LOCK_ADAPTER": _named("LOCK_ADAPTER_DEFAULT"),
}
_FILE = pattern(r"(?P<base>[A-Z][A-Z0-9_]*)_FILE")
_OF_TLS = pattern(
    r"(?!DB_DIALECT_)(?:DB|DATABASE|PG|POSTGRES|POSTGRESQL|MYSQL|MARIADB)_?(?:\w+_)?(?:SSL|TLS)(?:MODE|_\w+)?"
)
"""As people name a switch for TLS to the database; NocoBase's own begin with DB_DIALECT_OPTIONS."""


def believed(name: str) -> Believed | None:
    """Return what is to be known of a variable that NocoBase does not read; None where nobody believes in it."""
    if name in known_variables():
        return None
    file = _FILE.fullmatch(name)
    if file and (instead := _of_file(file["base"])):
        return instead
    return _TABLE.get(name) or (_TLS if _OF_TLS.fullmatch(name) else None)


def _of_file(base: str) -> Believed | None:
    """Return what is to be known of `base`_FILE; None where no variable like `base` is read or believed in."""
    known = _TABLE.get(base)
    if known and known.belief in {Belief.REDIS_PART, Belief.ADDRESS}:
        return known
    instead = known.instead[0] if known and known.belief is Belief.NAME else base
    if instead not in known_variables():
        return None
    return Believed(
        Belief.FILE,
        (instead,),
        mark("NocoBase reads no variable that ends with _FILE: the path in it is not opened by anybody."),
    )
