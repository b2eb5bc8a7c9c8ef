"""Step application."""

from __future__ import annotations

from wizard.gui import tokens
from wizard.gui.steps.page import Page
from wizard.gui.widgets.basics import label
from wizard.gui.widgets.form import Row, SettingsForm, rows
from wizard.plan.words import mark, tr


class ApplicationPage(Page):
    """Address and version, the shared keys, and the first installation."""

    def build(self) -> None:
        self.add(
            SettingsForm(
                self.session,
                [
                    Row(keys=("application.public_url",), placeholder="https://app.example.com"),
                    *rows("application.version", "application.deployment", "application.time_zone"),
                ],
            ),
            gap=tokens.XL,
        )
        self.add(label(tr("Keys"), "heading"), gap=tokens.M)
        self.add(SettingsForm(self.session, rows("application.app_key", "application.aes_key")), gap=tokens.XL)
        self.add(label(tr("First installation"), "heading"), gap=tokens.M)
        self.add(
            SettingsForm(
                self.session,
                [
                    *rows("application.root_email"),
                    Row(keys=("application.root_username",), label=mark("User name")),
                    Row(keys=("application.root_password",), label=mark("Password")),
                    *rows("application.language"),
                ],
                rows(
                    "application.public_path",
                    "application.aes_key_path",
                    "application.root_nickname",
                    "application.environment",
                    "application.cors_origins",
                    "application.body_limit",
                    "application.lock_plugins",
                    "application.log_transport",
                    "application.async_tasks",
                    "application.extra_ca_file",
                    "application.check_account",
                    "application.check_password",
                    "application.try_default_admin",
                ),
            ),
        )


PAGE = ApplicationPage
