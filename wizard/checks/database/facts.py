"""What the probes find in a database server; the same for PostgreSQL and MySQL, so that judges are shared.

`Known(None)` means: does not apply (the other kind of server, nothing installed), or was not tried on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wizard.checks.database.executions import Work
from wizard.checks.database.target import Target
from wizard.dataclass import dataclass
from wizard.engine.facts import PENDING, Fact
from wizard.net.clock import Clock
from wizard.plan.versions import numbers
from wizard.program_name import PROGRAM

LATENCY_ROUNDS = 5
LOCK_SECONDS = 2
"""How long a statement of a probe may wait for a lock."""
CLIENT_NAME = PROGRAM
"""What the server lists us as."""
TABLE_HEAD = "ncw_check_"
"""How the name of every table begins that a probe creates; 8 hexadecimal digits follow."""
LEFT_SECONDS = 60
"""From this age on such a table was left by a program that was killed, and the next one removes it (MySQL alone).

A living one keeps it for five statements, each of which waits LOCK_SECONDS at most for a lock.
"""


@dataclass(frozen=True, slots=True)
class Trust:
    """The TLS files as they are on this machine; a path that cannot be read here is in `absent` and left out."""

    ca: str = ""
    cert: str = ""
    key: str = ""
    absent: tuple[str, ...] = ()

    @property
    def checkable(self) -> bool:
        """Whether the server's certificate can be checked here as on a node."""
        return not self.absent


@dataclass(frozen=True, slots=True)
class ServerVersion:
    """What the server calls itself: `text` is `SELECT version()`, `comment` MySQL's word on its build.

    `account` is MySQL's name of the account that let us in, such as `nocobase@10.0.0.%`.
    """

    text: str
    comment: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Encryption:
    """TLS in use, as the server says it (`TLSv1.3`); empty means none.

    `demanded` is what lets nobody in without it, in MySQL's words; empty where nothing does or nobody knows.
    """

    protocol: str
    cipher: str = ""
    demanded: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """What keeps the server from taking writes: the names of the settings that are on, such as `read_only`."""

    hindrances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ownership:
    """Tables of NocoBase's core that a role owns which is not ours, and the first of those roles."""

    foreign: tuple[str, ...]
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Connections the server allows this account, and what lowers them.

    `in_use` counts those of others: sessions of this account may be the cluster's own.
    """

    most: int
    reserved: int
    account: int | None
    database: int | None
    in_use: int | None

    @property
    def available(self) -> int:
        """Connections that an ordinary account can have at most."""
        return self._least(self.most - self.reserved)

    @property
    def left(self) -> int:
        """Connections that this account can have at this moment, its own included; as `available` if nobody knows."""
        return self._least(self.most - self.reserved - (self.in_use or 0))

    def _least(self, most: int) -> int:
        return min(limit for limit in (most, self.account, self.database) if limit is not None)


@dataclass(frozen=True, slots=True)
class Pooler:
    """Whether something between us and the server shares out its sessions.

    `mixed`: two clients got one session. `statements`: it changes after each statement, which allows no transaction.
    """

    present: bool
    mixed: bool = False
    statements: bool = False


@dataclass(frozen=True, slots=True)
class VersionTable:
    """A table that NocoBase keeps its version in, wherever it is."""

    schema: str
    table: str

    @property
    def underscored(self) -> bool:
        """Whether NocoBase made it with DB_UNDERSCORED=true."""
        return self.table.lower().endswith("application_version")

    @property
    def prefix(self) -> str:
        """What DB_TABLE_PREFIX was when NocoBase made it."""
        return self.table[: -len("application_version" if self.underscored else "applicationVersion")]


@dataclass(frozen=True, slots=True)
class Tables:
    """The version tables of the database, and how many tables of any kind the plan's schema holds.

    `collections`: whether the table of that name is there, by which NocoBase counts itself as installed, too; `narrow`
    are the tables with the plan's prefix that are not in utf8mb4 (MySQL).
    """

    versions: tuple[VersionTable, ...]
    total: int
    collections: bool = False
    narrow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plugin:
    """A row of NocoBase's list of plug-ins."""

    package: str
    enabled: bool
    installed: bool


@dataclass(frozen=True, slots=True)
class FileStorage:
    """NocoBase's default storage of new files; `kind` is `local`, `s3`, `ali-oss` or another."""

    name: str
    kind: str


@dataclass(slots=True)
class Facts:
    """Filled in this order; what follows `connected` is asked on one connection."""

    trust: Fact[Trust] = PENDING
    addresses: Fact[tuple[str, ...]] = PENDING
    connected: Fact[bool] = PENDING
    version: Fact[ServerVersion] = PENDING
    encryption: Fact[Encryption] = PENDING
    role: Fact[Role] = PENDING
    rights: Fact[tuple[str, ...] | None] = PENDING
    ownership: Fact[Ownership | None] = PENDING
    encoding: Fact[str] = PENDING
    table_names: Fact[int | None] = PENDING
    limits: Fact[Limits] = PENDING
    clock: Fact[Clock] = PENDING
    pooler: Fact[Pooler | None] = PENDING
    tables: Fact[Tables] = PENDING
    application: Fact[str | None] = PENDING
    plugins: Fact[tuple[Plugin, ...] | None] = PENDING
    storage: Fact[FileStorage | None] = PENDING
    roles: Fact[int | None] = PENDING
    work: Fact[Work | None] = PENDING
    latency: Fact[float] = PENDING


class RefusedStepError(Exception):
    """One of several statements was refused; `step` says in words what it was for."""

    def __init__(self, step: str) -> None:
        """Name the step; raise it from the driver's exception."""
        super().__init__(step)
        self.step = step


class GoneError(Exception):
    """The connection ended by an earlier question; whatever was still to be asked was not."""


class BadFileError(Exception):
    """A TLS file of the plan cannot be used; `about` says in what way (a word of `errors`)."""

    def __init__(self, problem: str, about: str) -> None:
        """Say what is wrong with which file, in words to be read."""
        super().__init__(problem)
        self.about = about


class ClearPasswordError(Exception):
    """The server asks for the password as it is, and the connection has no TLS: it was not sent."""


class NoVersionError(Exception):
    """The table for NocoBase's version is there, and names none: nobody can tell what is installed."""


def installed_version(row: Sequence[Any] | None) -> str:
    """Take NocoBase's version out of the row of its table; raises NoVersionError where there is none."""
    version = str(row[0] or "") if row else ""
    if not numbers(version):
        raise NoVersionError(version)
    return version


def version_tables(names: Iterable[tuple[str, str]]) -> tuple[VersionTable, ...]:
    """Take NocoBase's version tables out of (schema, table) pairs."""
    tails = ("applicationversion", "application_version")
    return tuple(VersionTable(schema, table) for schema, table in names if table.lower().endswith(tails))


def expected_table(target: Target, tables: Tables | None) -> VersionTable | None:
    """Return the version table at the place that the plan names, or None; MySQL may have folded its letters."""
    schema = target.schema if target.postgres else target.name
    for table in tables.versions if tables else ():
        same = table.table == target.version_table
        folded = not target.postgres and table.table.lower() == target.version_table.lower()
        if table.schema == schema and (same or folded):
            return table
    return None
