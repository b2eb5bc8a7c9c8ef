"""Find the values of a plan's secrets among variables with NocoBase's own names: a file's, or the environment's."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.formats.dotenv.values import UrlValue, Variable, variables
from wizard.plan.kinds import BadValueError
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
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
