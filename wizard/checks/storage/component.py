"""The shared storage as a component."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wizard.checks.storage.specs import AES_KEY, EXISTS, FILESYSTEM, JWT_KEY, LICENCE_FILES, LOCK, SPACE, SPECS
from wizard.engine.check import Check
from wizard.engine.component import Column, Component, Request, known
from wizard.plan.display import entered, label
from wizard.plan.finding import Finding
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


class _Storage(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:  # noqa: ARG002
        from wizard.checks.storage.checks import checks

        return checks(plan, secrets)

    def concerns(self, plan: Plan, finding: Finding) -> tuple[str, ...]:  # noqa: ARG002 - it is the one folder
        return ("storage.path",)

    def fact(self, plan: Plan, found: Sequence[Finding]) -> str:  # noqa: ARG002 - as planned
        return entered(plan, "storage.path") and label(plan, "storage.kind").partition(" (")[0]

    def box(self, plan: Plan) -> tuple[str, str]:
        return tr(self.title), entered(plan, "storage.path")

    def figure(self, found: Sequence[Finding]) -> str:
        kind, free = known(found, FILESYSTEM.id, "kind"), known(found, SPACE.id, "free_bytes")
        return tr("{kind}, {free} GB free", kind=kind, free=free // 10**9) if kind and isinstance(free, int) else ""


COMPONENT = _Storage(
    name="storage",
    title=mark("Shared storage"),
    specs=SPECS,
    step="storage",
    overtaken_by=("storage",),
    overtaken_also={
        FILESYSTEM: ("nodes.*.host",),
        LOCK: ("nodes.*.host",),
        JWT_KEY: ("application.app_key",),
        AES_KEY: ("application.aes_key", "application.aes_key_path"),
        LICENCE_FILES: ("licence.method", "licence.key"),
    },
    leads=(EXISTS,),
    never_left_out=(EXISTS,),
    turn=80,
    column=Column.SERVICES,
)
