"""The balancer as a component."""

from __future__ import annotations

from typing import Any

from wizard.checks.balancer.specs import (
    BODY,
    CERTIFICATE,
    CONNECT,
    FILES,
    HEALTH,
    LIVE,
    OF_FILE,
    PUBLIC_UPLOADS,
    SPECS,
    SYNTAX,
    UPLOADS,
)
from wizard.engine.check import Check
from wizard.engine.component import Column, Component, Request
from wizard.plan.display import entered, label
from wizard.plan.finding import Finding
from wizard.plan.i18n import mark
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


class _Balancer(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:
        from wizard.checks.balancer.checks import checks

        return checks(plan, secrets, request.beside, starting=request.selection.starting)

    def concerns(self, plan: Plan, finding: Finding) -> tuple[str, ...]:  # noqa: ARG002 - alike in every plan
        return ("application.public_url",) if finding.id in {CONNECT.id, CERTIFICATE.id} else ()

    def box(self, plan: Plan) -> tuple[str, str]:
        host = entered(plan, "application.public_url").partition("://")[2]
        return label(plan, "balancer.kind"), entered(plan, "balancer.server_name") or host


_WRITTEN = ("balancer", "name", "nodes.*.host", "nodes.*.name", "nodes.*.port", "nodes.*.worker_mode")
"""What a balancer's configuration is made of, beside the public address."""

_TRUST = ("application.extra_ca_file",)

COMPONENT = _Balancer(
    name="balancer",
    title=mark("Balancer"),
    specs=SPECS,
    step="balancer",
    overtaken_by=("application.public_path", "application.public_url"),
    overtaken_also={
        **dict.fromkeys((SYNTAX, *OF_FILE), _WRITTEN),
        **dict.fromkeys(LIVE, _TRUST),
        BODY: (*_TRUST, "balancer.upload_limit"),
        FILES: (*_TRUST, "application.version"),
        UPLOADS: (*_WRITTEN, *_TRUST, "application.version", PUBLIC_UPLOADS),
    },
    leads=(SYNTAX, CONNECT),
    serving=HEALTH,
    turn=20,
    column=Column.BALANCER,
)
