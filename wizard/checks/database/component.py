"""The database as a component."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wizard.checks.database.specs import (
    CONNECT,
    CONNECTIONS,
    DIALECT,
    INSTALLATION,
    PLUGINS,
    RIGHTS,
    SPECS,
    TLS,
    WRITABLE,
)
from wizard.checks.shared.connections import CONNECTIONS_READ
from wizard.engine.check import Check
from wizard.engine.component import Column, Component, Request, known
from wizard.plan.display import entered, label
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.plugins import PLUGINS_READ
from wizard.plan.secret import Secrets

ASKED = (
    "application.extra_ca_file",
    "database.allow_clear_password",
    "database.dialect",
    "database.host",
    "database.name",
    "database.password",
    "database.port",
    "database.schema",
    "database.table_prefix",
    "database.tls",
    "database.tls_ca",
    "database.tls_cert",
    "database.tls_key",
    "database.underscored",
    "database.user",
)
"""Which server is asked, how, and for which tables."""


class _Database(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:
        from wizard.checks.database.checks import checks

        return checks(plan, secrets, request.selection)

    def concerns(self, plan: Plan, finding: Finding) -> tuple[str, ...]:  # noqa: ARG002 - alike in every plan
        if finding.remedy_value:
            return (finding.remedy_value.setting,)
        about: tuple[str, ...] = ("host",)
        match finding.error:
            case ErrorKind.CREDENTIALS | ErrorKind.PERMISSION if finding.id != WRITABLE.id:
                about = ("user", "password")
            case ErrorKind.MISSING:
                about = ("schema",) if finding.id == RIGHTS.id else ("name",)
            case ErrorKind.TLS:
                about = ("tls", "host")
        return tuple(f"database.{name}" for name in about)

    def fact(self, plan: Plan, found: Sequence[Finding]) -> str:
        version, host = self.version(found), entered(plan, "database.host")
        if version or host:
            kind = label(plan, "database.dialect")
            return f"{kind} {version}" if version else tr("{kind} on {host}", kind=kind, host=host)
        return ""

    def box(self, plan: Plan) -> tuple[str, str]:
        return label(plan, "database.dialect"), entered(plan, "database.host")

    def figure(self, found: Sequence[Finding]) -> str:
        needed, limit = (known(found, CONNECTIONS.id, name) for name in ("needed", "max_connections"))
        return tr("{needed} of {limit} connections planned", needed=needed, limit=limit) if needed and limit else ""


COMPONENT = _Database(
    name="database",
    title=mark("Database"),
    specs=SPECS,
    step="database",
    overtaken_by=ASKED,
    overtaken_also={
        CONNECTIONS: CONNECTIONS_READ,
        DIALECT: ("application.time_zone",),
        INSTALLATION: ("application.version",),
        PLUGINS: PLUGINS_READ,
        TLS: ("licence.method", "licence.username", "licence.without_plugins"),
    },
    leads=(CONNECT,),
    never_left_out=(CONNECT,),
    secrets={"database": SPECS},
    variables=("DB_",),
    turn=50,
    column=Column.SERVICES,
)
