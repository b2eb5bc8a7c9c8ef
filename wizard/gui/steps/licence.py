"""Step licence."""

from __future__ import annotations

from wizard.gui import tokens
from wizard.gui.steps.page import Page
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import label
from wizard.gui.widgets.form import SettingsForm
from wizard.guide import layouts
from wizard.plan.i18n import tr
from wizard.plan.plugins import needed_plugins, short_name

UNBROKEN = "\u2060"
"""The sign without width at which no line may break."""


class LicencePage(Page):
    """The right to the plug-ins, and which ones this plan needs."""

    def build(self) -> None:
        form = SettingsForm(self.session, layouts.LICENCE)
        self._plugins = label("", wrap=True)
        self._plugins.setMinimumHeight(theme().px(tokens.CONTROL))
        self._plugins.setContentsMargins(0, theme().px(tokens.S), 0, theme().px(tokens.S))
        form.add_line(tr("Plug-ins needed"), self._plugins)
        self.add(form)
        self.plan_changed()

    def plan_changed(self) -> None:
        names = [short_name(package).replace("-", f"-{UNBROKEN}") for package in needed_plugins(self.document.plan)]
        self._plugins.setText(" · ".join(names))


PAGE = LicencePage
