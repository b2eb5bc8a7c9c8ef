"""A setting's value as people read it."""

from __future__ import annotations

from wizard.plan.i18n import tr
from wizard.plan.kinds import Choice
from wizard.plan.plan import Plan


def label(plan: Plan, key: str) -> str:
    """Return the words for the value of a choice."""
    kind = plan.setting(key).kind
    if not isinstance(kind, Choice):
        return plan.text(key)
    options = [option.value for option in kind.options]
    return tr(kind.labels[options.index(plan.get(key).value)])


def entered(plan: Plan, key: str) -> str:
    """Return the text of a setting as it was entered; nothing where that cannot be read: what stands there is older."""
    return "" if plan.problem(key) else str(plan.get(key))
