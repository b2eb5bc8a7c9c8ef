"""Why files cannot be written: the setting by its label, and whether one target alone is in the way. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from wizard.plan.i18n import tr
from wizard.plan.plan import Plan

if TYPE_CHECKING:
    from wizard.formats.files import BundleFile

Render: TypeAlias = "Callable[[Sequence[str]], Sequence[BundleFile]]"
"""Renders the files of some targets; raises ExportError."""


class RefusedError(Exception):
    """Files that cannot be rendered: the sentence, the key of the setting, and the target that alone is in the way."""

    def __init__(self, message: str, key: str, culprit: str) -> None:
        """`culprit` is empty where leaving out one target does not help."""
        super().__init__(message)
        self.key, self.culprit = key, culprit


def rendered(render: Render, targets: Sequence[str]) -> Sequence[BundleFile]:
    """Return the files of `targets`; raises RefusedError. Not for the window's thread."""
    from wizard.app.export import ExportError

    try:
        return render(targets)
    except ExportError as error:
        message, key = str(error), error.key
    culprit = next((name for name in targets if _helps(render, targets, name)), "")
    raise RefusedError(message, key, culprit)


def _helps(render: Render, targets: Sequence[str], left_out: str) -> bool:
    """Whether the others can be written without this one."""
    from wizard.app.export import ExportError

    others = [name for name in targets if name != left_out]
    if not others:
        return False
    try:
        render(others)
    except ExportError:
        return False
    return True


def is_refusal(error: Exception) -> bool:
    """Whether an export says no, and did not break."""
    from wizard.app.export import ExportError

    return isinstance(error, ExportError)


def words(plan: Plan, error: Exception) -> str:
    """Return the sentence of an error, with the label of the setting it is about in the place of its key."""
    message, key = str(error), str(getattr(error, "key", ""))
    try:
        label = tr(plan.setting(key).label)
    except KeyError:
        return message
    if label in message:
        return message
    if message.startswith(f"{key} "):
        return message.replace(key, tr("“{label}” ({key})", label=label, key=key), 1)
    if key in message.removeprefix(key):  # it names several
        return message
    return tr("“{label}”: {reason}", label=label, reason=message.removeprefix(f"{key}: "))
