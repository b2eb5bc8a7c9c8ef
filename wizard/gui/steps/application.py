"""Step application."""

from __future__ import annotations

from wizard.gui import tokens
from wizard.gui.steps.page import Page
from wizard.gui.widgets.basics import label
from wizard.gui.widgets.form import SettingsForm
from wizard.guide import edits, layouts
from wizard.plan.i18n import tr


class ApplicationPage(Page):
    """Address and version, the shared keys, the first installation, and the account that checks may sign in with."""

    def build(self) -> None:
        forms = [SettingsForm(self.session, form) for form in layouts.APPLICATION]
        for layout, form in zip(layouts.APPLICATION, forms, strict=True):
            if layout.title:
                self.add(label(tr(layout.title), "heading"), gap=tokens.M)
            self.add(form, gap=tokens.XL)
        forms[0].field("application.deployment").left.connect(self._give_nodes_their_paths)
        self._address = self.document.plan.application.public_url
        forms[0].field("application.public_url").left.connect(self._follow_address)

    def _give_nodes_their_paths(self) -> None:
        self.document.replace(edits.with_own_paths(self.document.plan), "nodes")

    def _follow_address(self) -> None:
        """Let the balancer listen as the public address says, unless it was set otherwise by hand."""
        former, self._address = self._address, self.document.plan.application.public_url
        if former != self._address:
            self.document.replace(edits.with_balancer_of(self.document.plan, former), "balancer")


PAGE = ApplicationPage
