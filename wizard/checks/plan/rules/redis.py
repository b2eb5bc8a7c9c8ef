"""Rules on the five Redis addresses and the queue (docs/nocobase.md, "Redis" and "RabbitMQ")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from wizard.checks.plan.rule import Rule
from wizard.checks.plan.rules.localhost import astray, places_read
from wizard.checks.plan.specs import BY_ID, QUEUE_LOCALHOST, QUEUE_NAMES, REDIS_ADDRESS, REDIS_DISTINCT, REDIS_LOCALHOST
from wizard.checks.shared.unread import rested
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, mark, tr
from wizard.plan.localhost import goes_astray, why
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice, commands
from wizard.plan.secret import Secrets
from wizard.plan.sections import QueueKind, RedisRole
from wizard.plan.sections.queue import DEFAULT_URL_VARIABLE, UNPUBLISHED
from wizard.plan.sections.redis import ROLE_VARIABLES, SHARED_DATABASES, Layout
from wizard.plan.variables import known_variables

_FOR_QUEUES = {DEFAULT_URL_VARIABLE, ROLE_VARIABLES[RedisRole.QUEUE]}
_WITHOUT_ADAPTER = mark(
    "Without {variable} it falls back to redis://localhost:6379/0; in a container nothing listens there."
)
_WITHOUT = {
    RedisRole.CACHE: mark(
        "Without {variable} the cache falls back to REDIS_URL, the database of the worker IDs: “Clear cache” would "
        "empty that. Without that variable, too, there is no Redis for it."
    ),
    RedisRole.WORKER_ID: mark(
        "Without {variable} each process takes a worker ID from 0 to 31 at random. Two processes with one can make "
        "the same primary key."
    ),
}


def _of_roles(
    judge: Callable[[Plan, list[RedisRole]], Iterator[Finding]],
) -> Callable[[Plan, Secrets], Iterator[Finding]]:
    """Return the rule that judges the roles without those whose address could not be read."""

    def rule(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
        used = plan.redis_roles
        unread = [ROLE_VARIABLES[role] for role in used if plan.problem(ROLE_VARIABLES[role])]
        for finding in judge(plan, [role for role in used if ROLE_VARIABLES[role] not in unread]):
            yield rested(BY_ID[finding.id], finding, plan, unread)

    return rule


def _with_host(plan: Plan, roles: list[RedisRole]) -> list[RedisRole]:
    return [role for role in roles if plan.redis.endpoint(role).host]


def _addresses(plan: Plan, roles: list[RedisRole]) -> Iterator[Finding]:
    missing = [role for role in roles if not plan.redis.endpoint(role).host]
    for role in missing:
        variable = ROLE_VARIABLES[role]
        yield REDIS_ADDRESS.fail(
            tr("An address of Redis is missing: NocoBase would not find the server that is meant."),
            ErrorKind.MISSING,
            subject=role.value,
            detail=tr(_WITHOUT.get(role, _WITHOUT_ADAPTER), variable=variable),
            remedy=commands(f"{variable}=redis://HOST:6379/{plan.redis.database(role)}"),
            facts={"setting": f"{plan.redis.endpoint_key(role)}.host"},
        )
    if roles and not missing:
        yield REDIS_ADDRESS.passed(tr("Every role has an address."), facts={"setting": "redis.layout"})


def _localhost(plan: Plan, roles: list[RedisRole]) -> Iterator[Finding]:
    present = _with_host(plan, roles)
    local = [role for role in present if goes_astray(plan, plan.redis.endpoint(role).host)]
    for role in local:
        host = plan.redis.endpoint(role).host
        facts = {"setting": f"{plan.redis.endpoint_key(role)}.host"}
        summary = why(plan, "Redis", host)
        yield astray(plan, REDIS_LOCALHOST, summary, subject=role.value, facts=facts)
    if present and not local:
        yield REDIS_LOCALHOST.passed(tr("Every node reaches the same Redis."), facts={"setting": "redis.layout"})


def _distinct(plan: Plan, roles: list[RedisRole]) -> Iterator[Finding]:
    places = defaultdict(list)
    present = _with_host(plan, roles)
    for role in present:
        endpoint = plan.redis.endpoint(role)
        place = (endpoint.host.lower(), endpoint.port, plan.redis.database(role))
        if not _unread_place(plan, role):
            places[place].append(role)
    shared = [(place, together) for place, together in places.items() if len(together) > 1]
    for (host, port, database), together in shared:
        names = listing(role.value for role in together)
        text = tr(
            "{names} share database {database} of {host}:{port}.", names=names, database=database, host=host, port=port
        )
        facts = {
            "setting": f"redis.databases.{together[-1].field}",
            "roles": [role.value for role in together],
        }
        subject = names if len(shared) > 1 else ""  # one finding an id and subject
        found = (plan.place_of(f"redis.databases.{role.field}") for role in together)
        more: dict[str, Any] = {"places": tuple(place for place in found if place), "cause": SHARED_DATABASES}
        if RedisRole.CACHE in together:
            detail = tr("“Clear cache” empties the whole database, and the others' data with it.")
            yield REDIS_DISTINCT.fail(text, subject=subject, detail=detail, facts=facts, **more)
        else:
            detail = tr("NocoBase advises a database for each role.")
            yield REDIS_DISTINCT.warn(text, subject=subject, detail=detail, facts=facts, **more)
    if present and not shared:
        yield REDIS_DISTINCT.passed(
            tr("Every role has a database of its own."), facts={"setting": "redis.databases.cache"}
        )


def _unread_place(plan: Plan, role: RedisRole) -> bool:
    """Whether the role's port or database is a default that stands where a value could not be read."""
    own_port = plan.redis.layout is Layout.PER_ROLE and plan.problem(f"{plan.redis.endpoint_key(role)}.port")
    return bool(own_port or plan.problem(f"redis.databases.{role.field}"))


def _queue_localhost(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    if plan.queue.kind is QueueKind.RABBITMQ and plan.queue.host:
        yield _queue_reached(plan)


def _queue_reached(plan: Plan) -> Finding:
    host, facts = plan.queue.host, {"setting": "queue.host"}
    if goes_astray(plan, host):
        summary = why(plan, "RabbitMQ", host)
        return astray(plan, QUEUE_LOCALHOST, summary, facts=facts)
    return QUEUE_LOCALHOST.passed(tr("Every node reaches RabbitMQ as {host}.", host=host), facts=facts)


def _queue_names(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    if plan.queue.kind is QueueKind.RABBITMQ:
        yield _named(plan)


def _named(plan: Plan) -> Finding:
    variable, facts = plan.queue.url_variable, {"setting": "queue.url_variable"}
    if variable in known_variables() and variable not in _FOR_QUEUES:
        keys = [key for key, setting, _value in plan.settings() if variable in setting.env]
        keys += [plan.redis.endpoint_key(role) for role, name in ROLE_VARIABLES.items() if name == variable]
        return QUEUE_NAMES.fail(
            tr(
                "{variable} shall hold the address of RabbitMQ, and NocoBase reads it as something else.",
                variable=variable,
            ),
            detail=tr("It is the variable of {key}: one of the two would be lost.", key=keys[0]) if keys else "",
            remedy=advice(tr("Give queue.url_variable a name of its own: {name}.", name=DEFAULT_URL_VARIABLE)),
            facts=facts,
        )
    return QUEUE_NAMES.warn(
        tr(
            "QUEUE_ADAPTER={adapter} and {variable} are unverified names.",
            adapter=plan.queue.adapter,
            variable=variable,
        ),
        detail=tr(
            "No public document or source of NocoBase names the variables of its RabbitMQ plug-in; these follow those "
            "of the Redis one. Confirm them with NocoBase's support, and look into the log after the first start.",
        ),
        cause=UNPUBLISHED,
        facts=facts,
    )


def _reads(*parts: str, databases: bool = True, places: bool = False) -> Callable[[Plan], tuple[str, ...]]:
    """Return what a rule on roles reads: these parts of the servers in use, the databases, and where nodes run."""

    def keys(plan: Plan) -> tuple[str, ...]:
        servers = dict.fromkeys(plan.redis.endpoint_key(role) for role in plan.redis_roles)
        found = [f"{server}.{part}" for server in servers for part in parts]
        found += [f"redis.databases.{role.field}" for role in plan.redis_roles] if databases else []
        found += places_read(*(plan.redis.endpoint(role).host for role in plan.redis_roles)) if places else ()
        return ("redis.layout", "queue.kind", *found)

    return keys


def _queue_reads(plan: Plan) -> tuple[str, ...]:
    """Return what the rule on RabbitMQ's address reads; where Redis carries the queue it says nothing."""
    return ("queue.kind", "queue.host", *places_read(plan.queue.host))


RULES = (
    Rule(_of_roles(_addresses), _reads("host")),
    Rule(_of_roles(_localhost), _reads("host", databases=False, places=True)),
    Rule(_of_roles(_distinct), _reads("host", "port")),
    Rule(_queue_names, ("queue.adapter", "queue.kind", "queue.url_variable")),
    Rule(_queue_localhost, _queue_reads),
)
