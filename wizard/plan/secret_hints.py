"""How an admin gives the value of a secret to the program: by its variable, or by a line in a file."""

from __future__ import annotations

from wizard.plan.env_text import PASSWORD_HERE
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.plan.secret import Secret
from wizard.plan.sections import QueueKind, RedisRole
from wizard.plan.sections.redis import ROLE_VARIABLES
from wizard.plan.urls import Address, build

OWN_VARIABLES = {"application.check_password": "NCW_CHECK_PASSWORD", "licence.key": "NCW_LICENCE_KEY"}
"""Names of this program's own for secrets that NocoBase reads from no variable, by their settings' keys."""


def variables_of(plan: Plan, key: str) -> tuple[str, ...]:
    """Return the variables that are wholly the secret setting `key`; raises KeyError."""
    own = OWN_VARIABLES.get(key)
    return plan.setting(key).env or ((own,) if own else ())


def how_to_give(plan: Plan, key: str) -> Remedy:
    """Return the remedy for the secret setting `key` that is not at hand, to be pasted; no secret is in it."""
    assignment = _assignment(plan, key)
    other = tr("or write that line without “export” into a file, and name it with --secrets-file FILE")
    if not assignment:
        return advice(tr("Name a file with it by --secrets-file FILE."))
    return commands(f"export {assignment}", steps(other))


def _assignment(plan: Plan, key: str) -> str:
    if names := variables_of(plan, key):
        return f"{names[0]}=…"
    if key == "queue.password":
        queue = plan.queue
        scheme = "amqps" if queue.tls else "amqp"
        return _url(queue.url_variable, scheme, queue.host, queue.effective_port, queue.username, queue.virtual_host)
    for role in RedisRole:
        unused = role is RedisRole.QUEUE and plan.queue.kind is QueueKind.RABBITMQ
        if key == f"{plan.redis.endpoint_key(role)}.password" and not unused:
            server, database = plan.redis.endpoint(role), str(plan.redis.database(role))
            scheme = "rediss" if server.tls else "redis"
            return _url(ROLE_VARIABLES[role], scheme, server.host, server.port, server.username, database)
    return ""


def _url(name: str, scheme: str, host: str, port: int, username: str, path: str) -> str:
    password = Secret(PASSWORD_HERE)
    address = Address(scheme=scheme, host=host, port=port, username=username, password=password, path=path)
    return f"{name}='{build(address).reveal()}'"
