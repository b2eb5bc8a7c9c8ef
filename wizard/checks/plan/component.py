"""The plan as a component: the rules, which need no network, and the files of the bundle it was read from."""

from __future__ import annotations

from typing import Any

from wizard.checks.plan.specs import RULES, SPECS
from wizard.engine.check import Check
from wizard.engine.component import Component, Request
from wizard.plan.i18n import mark
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


class _Plan(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:
        from wizard.checks.plan import bundle_deployed, bundle_env, bundle_files, checks

        made: list[Check[Any]] = checks.checks(plan, secrets)
        if beside := request.beside:
            made += bundle_files.checks(beside.files, beside.path, edited=beside.edited)
            if not beside.edited:  # after an edit they hold the former plan, until an export
                made += bundle_env.checks(beside.read, plan, secrets, starting=request.selection.starting)
                made += bundle_deployed.checks(beside.deployed, beside.opened, plan, secrets)
        return made


COMPONENT = _Plan(
    name="plan",
    title=mark("Plan"),
    specs=SPECS,
    step="application",
    secrets=dict.fromkeys(("application.app_key", "application.aes_key", "application.root_password"), RULES),
    turn=90,
    offline=True,
    names_subjects=True,
)
