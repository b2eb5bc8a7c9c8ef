"""Step licence."""

from __future__ import annotations

from wizard.gui import tokens
from wizard.gui.steps.page import Page
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import label
from wizard.gui.widgets.form import Row, SettingsForm, rows
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.plugins import needed_plugins, short_name
from wizard.plan.sections import LicenceMethod


class LicencePage(Page):
    """The right to the plug-ins, and which ones this plan needs."""

    def build(self) -> None:
        form = SettingsForm(
            self.session,
            [
                *rows("licence.method"),
                Row(
                    keys=("licence.username", "licence.password"),
                    label=mark("User and password"),
                    hint=mark("Of the account that bought the plug-ins."),
                    visible=_by_account,
                ),
                Row(keys=("licence.key",), visible=_by_key),
                *rows("licence.enable_plugins"),
            ],
            rows("licence.service_url", "licence.skip_download"),
        )
        self._plugins = label("", wrap=True)
        self._plugins.setMinimumHeight(theme().px(tokens.CONTROL))
        form.add_line(tr("Plug-ins needed"), self._plugins)
        self.add(form)
        self.plan_changed()

    def plan_changed(self) -> None:
        names = [short_name(package) for package in needed_plugins(self.document.plan)]
        self._plugins.setText(" · ".join(names))


def _by_account(plan: Plan) -> bool:
    return plan.licence.method is LicenceMethod.ACCOUNT


def _by_key(plan: Plan) -> bool:
    return plan.licence.method is LicenceMethod.KEY


PAGE = LicencePage
