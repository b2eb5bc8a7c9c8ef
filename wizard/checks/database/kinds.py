"""Which server it is, whatever DB_DIALECT says."""

from __future__ import annotations

from enum import Enum

from wizard.checks.database.facts import ServerVersion
from wizard.checks.database.target import Target
from wizard.plan.sections import Dialect
from wizard.plan.versions import numbers

PRODUCTS = {Dialect.POSTGRES: "PostgreSQL", Dialect.MYSQL: "MySQL", Dialect.MARIADB: "MariaDB"}
_LOOK_ALIKES = ("CockroachDB", "Redshift", "Yugabyte", "-YB-", "openGauss", "KingbaseES", "Materialize")


class ServerKind(Enum):
    """The kinds told apart; OTHER speaks PostgreSQL's language without being it."""

    POSTGRES = "PostgreSQL"
    MYSQL = "MySQL"
    MARIADB = "MariaDB"
    OTHER = "other"


def server_kind(target: Target, version: ServerVersion) -> ServerKind:
    """Tell the kind by what the server calls itself; the plan's dialect only tells the language it spoke."""
    if target.postgres:
        same = version.text.startswith("PostgreSQL") and not any(name in version.text for name in _LOOK_ALIKES)
        return ServerKind.POSTGRES if same else ServerKind.OTHER
    if "mariadb" in f"{version.text} {version.comment}".lower():
        return ServerKind.MARIADB
    return ServerKind.MYSQL


def server_name(target: Target, version: ServerVersion | None) -> str:
    """Name the server with its version: `PostgreSQL 15.18`."""
    if version is None:
        return PRODUCTS[target.dialect]
    kind = server_kind(target, version)
    if kind is ServerKind.OTHER:
        return version.text.split(" (")[0].split(" on ")[0]
    return f"{kind.value} {version_number(version)}".strip()


def version_number(version: ServerVersion) -> str:
    """Return the bare number: `15.18`, `10.11.19`."""
    return ".".join(map(str, numbers(version.text)))
