"""What other programs change in a saved cluster while it is open here: what is accepted, and where secrets are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wizard.plan.accepted import merged
from wizard.plan.plan import Plan
from wizard.plan.secret import SecretRef


def with_outside(plan: Plan, name: str, reference: str) -> Plan:
    """Return the plan that says of the secret `name` that it is at `reference` (empty: nowhere outside)."""

    def placed(value: Any) -> Any:
        same = isinstance(value, SecretRef) and value.name == name
        return replace(value, outside=reference) if same else value

    for key, _setting, value in list(plan.settings()):
        if (changed := placed(value)) is not value:
            plan = plan.with_value(key, changed)
    extras = tuple(replace(extra, value=placed(extra.value)) for extra in plan.extras)
    return replace(plan, extras=extras)


def learned(plan: Plan, known: Plan, there: Plan) -> Plan:
    """Return the plan with what `there` has changed of `known`, as far as the plan has not changed the same itself."""
    plan = replace(plan, accepted=merged(known.accepted, plan.accepted, there.accepted))
    was, own = _places(known), _places(plan)
    for name in own.keys() & places_changed(known, there):
        if own[name] == was.get(name, ""):
            plan = with_outside(plan, name, _places(there)[name])
    return plan


def places_changed(known: Plan, there: Plan) -> set[str]:
    """Return the names of the secrets of which two plans do not say the same place outside."""
    was, now = _places(known), _places(there)
    return {name for name, place in now.items() if place != was.get(name, "")}


def _places(plan: Plan) -> dict[str, str]:
    """Return where each secret is outside, empty for nowhere, by the secrets' names."""
    found: dict[str, str] = {}
    for _key, ref in plan.secret_refs():
        found[ref.name] = found.get(ref.name) or ref.outside
    return found
