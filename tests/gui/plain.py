"""A plan as it is before somebody types its secrets."""

from wizard.plan.plan import Plan


def without_secrets(plan: Plan) -> Plan:
    """Return the plan with no reference at any secret setting."""
    for key, setting, _value in plan.settings():
        if setting.secret:
            plan = plan.with_value(key, None)
    return plan
