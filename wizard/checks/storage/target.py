"""Which folder is looked at, and what the plan says that it can be compared with."""

from __future__ import annotations

from wizard.dataclass import dataclass
from wizard.engine.check import secret_at
from wizard.plan.machines import on_several_machines
from wizard.plan.plan import Extra, Plan
from wizard.plan.secret import Secret, SecretRef, Secrets
from wizard.plan.sections import LicenceMethod
from wizard.plan.sections.storage import StorageKind

_APP_KEY_ALONE = "UNSAFE_USE_DEFAULT_JWT_SECRET"


@dataclass(frozen=True, slots=True)
class Target:
    """The shared folder as this machine sees it.

    `aes_key_planned` without `aes_key` is a key that is not at hand; so with the licence key.
    """

    path: str
    kind: StorageKind | None
    """None: the source does not say it."""
    several_machines: bool | None
    """None: their hosts may be names of containers of one machine."""
    hosts: tuple[str, ...]
    app_key: Secret | None
    aes_key: Secret | None
    aes_key_planned: bool
    aes_key_path: str
    licensed_by_key: bool
    licence_key: Secret | None
    app_key_alone: bool = False
    """Whether NocoBase is told to sign with APP_KEY, whatever lies in the folder."""


def target_of(plan: Plan, secrets: Secrets) -> Target:
    """Return what the storage check needs of the plan."""
    return Target(
        path=plan.storage.path,
        kind=None if "storage.kind" in plan.unsaid else plan.storage.kind,
        several_machines=on_several_machines(plan),
        hosts=tuple(node.host for node in plan.nodes),
        app_key=secret_at(plan, secrets, "application.app_key"),
        aes_key=secret_at(plan, secrets, "application.aes_key"),
        aes_key_planned=plan.application.aes_key is not None,
        aes_key_path=plan.application.aes_key_path,
        licensed_by_key=plan.licence.method is LicenceMethod.KEY,
        licence_key=secret_at(plan, secrets, "licence.key"),
        app_key_alone=any(_says_true(extra, secrets) for extra in plan.extras if extra.name == _APP_KEY_ALONE),
    )


def _says_true(extra: Extra, secrets: Secrets) -> bool:
    if not isinstance(extra.value, SecretRef):
        return extra.value == "true"
    secret = secrets.get(extra.value.name)
    return secret is not None and secret.reveal() == "true"
