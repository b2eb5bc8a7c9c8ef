"""Step application."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.gui import tokens
from wizard.gui.steps.page import Page
from wizard.gui.widgets.basics import label
from wizard.gui.widgets.form import Row, SettingsForm, rows
from wizard.plan.i18n import mark, tr


class ApplicationPage(Page):
    """Address and version, the shared keys, the first installation, and the account that checks may sign in with."""

    def build(self) -> None:
        self._section(
            "",
            [
                Row(keys=("application.public_url",), placeholder="https://app.example.com"),
                *rows("application.version", "application.deployment", "application.time_zone"),
            ],
            rows(
                "application.public_path",
                "application.environment",
                "application.cors_origins",
                "application.body_limit",
                "application.lock_plugins",
                "application.log_transport",
                "application.async_tasks",
                "application.extra_ca_file",
            ),
        )
        self._section(
            tr("Keys"),
            rows("application.app_key", "application.aes_key"),
            rows("application.aes_key_path"),
        )
        self._section(
            tr("First installation"),
            [
                *rows("application.root_email"),
                Row(keys=("application.root_username",), label=mark("User name")),
                Row(keys=("application.root_password",), label=mark("Password")),
                *rows("application.language"),
            ],
            rows("application.root_nickname"),
        )
        self._section(
            tr("Signing in for checks"),
            rows("application.check_account", "application.check_password", "application.try_default_admin"),
        )

    def _section(self, title: str, lines: Sequence[Row], more: Sequence[Row] = ()) -> None:
        if title:
            self.add(label(title, "heading"), gap=tokens.M)
        self.add(SettingsForm(self.session, lines, more), gap=tokens.XL)


PAGE = ApplicationPage
