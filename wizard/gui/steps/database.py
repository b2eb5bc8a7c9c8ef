"""Step database."""

from __future__ import annotations

from wizard.gui.steps.page import Page
from wizard.gui.widgets.address_form import AddressForm
from wizard.guide import edits, layouts


class DatabasePage(Page):
    """Server, account and TLS; names and the pool's finer settings are folded."""

    def build(self) -> None:
        self.form = AddressForm(self.session, "database", edits.fill_database, layouts.DATABASE)
        self.add(self.form)


PAGE = DatabasePage
