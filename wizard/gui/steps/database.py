"""Step database."""

from __future__ import annotations

from wizard.gui.steps.page import Page
from wizard.gui.widgets.form import Row, rows
from wizard.gui.widgets.server import AddressForm
from wizard.guide import edits
from wizard.plan.i18n import mark
from wizard.plan.plan import Plan
from wizard.plan.sections import Dialect, Tls
from wizard.plan.sections.database import DEFAULT_PORTS

_HINT = mark("Paste a whole postgres:// or mysql:// address to fill all fields.")


class DatabasePage(Page):
    """Server, account and TLS; names and the pool's finer settings are folded."""

    def build(self) -> None:
        lines = [
            *rows("database.dialect"),
            Row(keys=("database.host",), hint=_HINT),
            Row(keys=("database.port",), placeholder=_usual_port),
            *rows("database.name"),
            Row(keys=("database.user", "database.password"), label=mark("User and password")),
            Row(keys=("database.schema",), visible=_postgres),
            *rows("database.tls"),
            Row(keys=("database.tls_ca",), visible=_encrypted),
            *rows("database.pool_max"),
        ]
        more = [
            Row(keys=("database.tls_cert",), visible=_encrypted),
            Row(keys=("database.tls_key",), visible=_encrypted),
            *rows(
                "database.tls_mode",
                "database.table_prefix",
                "database.underscored",
                "database.time_zone",
                "database.pool_min",
                "database.pool_idle",
                "database.pool_acquire",
                "database.pool_evict",
                "database.pool_max_uses",
            ),
        ]
        self.form = AddressForm(self.session, "database", edits.fill_database, lines, more)
        self.add(self.form)


def _usual_port(plan: Plan) -> str:
    return str(DEFAULT_PORTS[plan.database.dialect])


def _postgres(plan: Plan) -> bool:
    return plan.database.dialect is Dialect.POSTGRES


def _encrypted(plan: Plan) -> bool:
    return plan.database.tls is not Tls.OFF


PAGE = DatabasePage
