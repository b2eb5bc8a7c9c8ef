"""The licence as a component."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wizard.checks.licence.specs import KEY, LOGIN, PLUGINS, SPECS, VALIDITY
from wizard.engine.check import Check
from wizard.engine.component import Column, Component, Request, known
from wizard.plan.display import entered
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import mark, tr, trn
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import LicenceMethod


class _Licence(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:  # noqa: ARG002
        from wizard.checks.licence.checks import checks

        return checks(plan, secrets)

    def version(self, found: Sequence[Finding]) -> str:  # noqa: ARG002 - what it finds is the plug-ins' version
        return ""

    def concerns(self, plan: Plan, finding: Finding) -> tuple[str, ...]:
        if plan.licence.method is LicenceMethod.KEY:
            return ("licence.key",)
        return ("licence.username", "licence.password") if finding.error is ErrorKind.CREDENTIALS else ()

    def fact(self, plan: Plan, found: Sequence[Finding]) -> str:
        licensed = self.figure(found)
        if licensed and any(item.id == PLUGINS.id and item.severity is Severity.PASS for item in found):
            return licensed
        return tr("Licence key") if plan.licence.key else entered(plan, "licence.username")

    def box(self, plan: Plan) -> tuple[str, str]:  # noqa: ARG002 - alike in every plan
        return tr("Licence service"), ""

    def figure(self, found: Sequence[Finding]) -> str:
        packages = known(found, PLUGINS.id, "packages")
        return trn("{count} plug-in licensed", "{count} plug-ins licensed", count=len(packages)) if packages else ""


_ASKED_OF_A_NODE = (
    "application.check_password",
    "application.public_path",
    "application.public_url",
    "nodes.*.host",
    "nodes.*.port",
    "nodes.*.worker_mode",
)

COMPONENT = _Licence(
    name="licence",
    title=mark("Licence"),
    specs=SPECS,
    step="licence",
    overtaken_by=("licence", "queue.kind", "application.version", "application.check_account"),
    overtaken_also=dict.fromkeys(VALIDITY, _ASKED_OF_A_NODE),
    leads=(LOGIN, KEY),
    secrets={"licence": SPECS, "application.check_password": VALIDITY},
    asked_by=("cluster",),
    turn=70,
    column=Column.BEYOND,
)
