"""How an admin gives the value of a secret to the program: by its variable, or by a line in a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wizard.plan.env_text import PASSWORD_HERE
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.plan.secret import Secret
from wizard.plan.sections.redis import ROLE_VARIABLES
from wizard.plan.urls import Address, build, queue_address, redis_address

OWN_VARIABLES = {"application.check_password": "NCW_CHECK_PASSWORD", "licence.key": "NCW_LICENCE_KEY"}
"""Names of this program's own for secrets that NocoBase reads from no variable, by their settings' keys."""


def variables_of(plan: Plan, key: str) -> tuple[str, ...]:
    """Return the variables that are wholly the secret setting `key`; raises KeyError."""
    own = OWN_VARIABLES.get(key)
    return plan.setting(key).env or ((own,) if own else ())


def own_variables(plan: Plan) -> Iterator[tuple[str, str]]:
    """Return each variable that is wholly one secret, with the reference's name; also of settings out of use now."""
    for key, ref in plan.secret_refs():
        try:
            names = variables_of(plan, key)
        except KeyError:
            names = (key,)
        for name in names:
            yield name, ref.name


def how_to_give(plan: Plan, key: str) -> Remedy:
    """Return the remedy for the secret setting `key` that is not at hand, to be pasted; no secret is in it."""
    assignment = _assignment(plan, key)
    other = tr("or write such a line without “export” into a file, and name it with --secrets-file FILE")
    if not assignment:
        return advice(tr("Name a file with it by --secrets-file FILE."))
    return commands(f"export {assignment}", steps(other))


def _assignment(plan: Plan, key: str) -> str:
    if names := variables_of(plan, key):
        return f"{names[0]}=…"
    if key == "queue.password":
        return _with_placeholder(plan.queue.url_variable, queue_address(plan.queue))
    for role in plan.redis_roles:
        if key == f"{plan.redis.endpoint_key(role)}.password":
            return _with_placeholder(ROLE_VARIABLES[role], redis_address(plan.redis, role))
    return ""


def _with_placeholder(name: str, address: Address) -> str:
    return f"{name}='{build(replace(address, password=Secret(PASSWORD_HERE))).reveal()}'"
