"""Step balancer."""

from __future__ import annotations

from wizard.gui.steps.page import Page
from wizard.gui.widgets.form import SettingsForm
from wizard.guide import layouts


class BalancerPage(Page):
    """Names, ports, certificate, and how requests are spread."""

    def build(self) -> None:
        self.add(SettingsForm(self.session, layouts.BALANCER))


PAGE = BalancerPage
