"""Find the values of a plan's secrets among variables with NocoBase's own names: a file's, or the environment's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wizard.formats.dotenv.grammar import parse
from wizard.formats.dotenv.values import UrlValue, Variable, variables
from wizard.plan.kinds import BadValueError
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.plan.secret_hints import own_variables
from wizard.plan.urls import Address, split

_PORTS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}


def secrets_from(plan: Plan, values: Mapping[str, str]) -> dict[str, Secret]:
    """Return the secrets of `plan` found in `values`, by the names of their references.

    A password inside a URL is taken out of it if the URL names the plan's own server and account. What is missing,
    empty or malformed is not given.
    """
    found: dict[str, Secret] = {}
    for variable in variables(plan).common:
        value = values.get(variable.name, "")
        if variable.ref and value and (secret := _secret(variable, value)):
            found.setdefault(variable.ref.name, secret)
    return found


def _secret(variable: Variable, value: str) -> Secret | None:
    if not isinstance(variable.value, UrlValue):
        return Secret(value)
    planned = variable.value.address
    try:
        address = split(Secret(value), ("redis", "rediss", "amqp", "amqps"))
    except BadValueError:
        return None
    same = (address.host, address.port or _usual_port(address), address.username) == (
        planned.host,
        planned.port or _usual_port(planned),
        planned.username,
    )
    return address.password if same else None


def _usual_port(address: Address) -> int:
    return _PORTS[address.scheme]


def secrets_of(plan: Plan, text: str) -> dict[str, Secret]:
    """Find the secrets of `plan` in the text of an env file."""
    return secrets_in(plan, {name: item.value for name, item in parse(text).items()})


def names_of_secrets(plan: Plan) -> list[str]:
    """Return the names of the variables in which the secrets of `plan` are looked for, sorted."""
    exported = {item.name for item in variables(replace(plan, nodes=(), extras=())).common if item.ref}
    return sorted(exported | {name for name, _ref in own_variables(plan)})


def secrets_in(plan: Plan, variables: Mapping[str, str]) -> dict[str, Secret]:
    """Find the secrets of `plan` among variables with NocoBase's own names.

    A password inside the address of a Redis or RabbitMQ counts only where the address is the plan's.
    """
    # Nodes have no secrets, and a half-typed name of a node or an extra must not hide those of the rest.
    extras = tuple(extra for extra in plan.extras if extra.name.isidentifier())
    found = secrets_from(replace(plan, nodes=(), extras=extras), variables)
    for key, ref in own_variables(plan):
        if variables.get(key):
            found.setdefault(ref, Secret(variables[key]))
    return found
