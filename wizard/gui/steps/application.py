"""Step application."""

from __future__ import annotations

from wizard.gui import tokens
from wizard.gui.steps.page import Page
from wizard.gui.widgets.basics import label
from wizard.gui.widgets.form import SettingsForm
from wizard.guide import layouts
from wizard.plan.i18n import tr


class ApplicationPage(Page):
    """Address and version, the shared keys, the first installation, and the account that checks may sign in with."""

    def build(self) -> None:
        for form in layouts.APPLICATION:
            if form.title:
                self.add(label(tr(form.title), "heading"), gap=tokens.M)
            self.add(SettingsForm(self.session, form), gap=tokens.XL)


PAGE = ApplicationPage
