"""Step balancer."""

from __future__ import annotations

from urllib.parse import urlsplit

from wizard.gui.steps.page import Page
from wizard.gui.widgets.form import Row, SettingsForm, rows
from wizard.plan.i18n import mark
from wizard.plan.plan import Plan


class BalancerPage(Page):
    """Names, ports, certificate, and how requests are spread."""

    def build(self) -> None:
        self.add(
            SettingsForm(
                self.session,
                [
                    *rows("balancer.kind"),
                    Row(keys=("balancer.server_name",), placeholder=_public_host),
                    Row(keys=("balancer.port", "balancer.tls"), label=mark("HTTP port")),
                    Row(keys=("balancer.tls_port", "balancer.redirect"), label=mark("HTTPS port"), visible=_tls),
                    Row(keys=("balancer.certificate",), visible=_tls),
                    Row(keys=("balancer.certificate_key",), visible=_tls),
                    *rows("balancer.distribution"),
                ],
                rows(
                    "balancer.behind_proxy", "balancer.upload_limit", "balancer.maintenance_file", "balancer.site_file"
                ),
            )
        )


def _public_host(plan: Plan) -> str:
    return urlsplit(plan.application.public_url).hostname or ""


def _tls(plan: Plan) -> bool:
    return plan.balancer.tls


PAGE = BalancerPage
