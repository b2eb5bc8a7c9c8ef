"""Why files cannot be written: the setting by its label, and whether one target alone is in the way. Knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.words import tr

if TYPE_CHECKING:
    from wizard.bundle.files import BundleFile
    from wizard.gui.services import Services


class RefusedError(Exception):
    """Files that cannot be rendered: the sentence, the key of the setting, and the target that alone is in the way."""

    def __init__(self, message: str, key: str, culprit: str) -> None:
        """`culprit` is empty where leaving out one target does not help."""
        super().__init__(message)
        self.key, self.culprit = key, culprit


def rendered(
    services: Services, plan: Plan, secrets: Secrets, mode: str, targets: Sequence[str]
) -> Sequence[BundleFile]:
    """Give the files of `targets`; raises RefusedError. Not for the window's thread."""
    from wizard.verbs.export import ExportError

    try:
        return services.preview(plan, secrets, mode, targets)
    except ExportError as error:
        message, key = str(error), error.key
    culprit = next((name for name in targets if _helps(services, plan, secrets, mode, targets, name)), "")
    raise RefusedError(message, key, culprit)


def _helps(services: Services, plan: Plan, secrets: Secrets, mode: str, targets: Sequence[str], left_out: str) -> bool:
    """Whether the others can be written without this one."""
    from wizard.verbs.export import ExportError

    others = [name for name in targets if name != left_out]
    if not others:
        return False
    try:
        services.preview(plan, secrets, mode, others)
    except ExportError:
        return False
    return True


def is_refusal(error: Exception) -> bool:
    """Whether an export says no, and did not break."""
    from wizard.verbs.export import ExportError

    return isinstance(error, ExportError)


def words(plan: Plan, error: Exception) -> str:
    """Give the sentence of an error, with the label of the setting it is about in the place of its key."""
    message, key = str(error), str(getattr(error, "key", ""))
    try:
        label = tr(plan.setting(key).label)
    except KeyError:
        return message
    if label in message:
        return message
    reason = message.removeprefix(key).lstrip(": ")
    return tr("“{label}”: {reason}", label=label, reason=reason)
