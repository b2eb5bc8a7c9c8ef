"""The URLs of an env file: five of Redis, one of RabbitMQ. A malformed one is kept, hidden, with what is wrong."""

from __future__ import annotations

from dataclasses import replace

from wizard.dataclass import dataclass
from wizard.formats.dotenv.draft import Draft
from wizard.formats.dotenv.grammar import Assignment
from wizard.plan.i18n import tr
from wizard.plan.kinds import BadValueError, Host
from wizard.plan.placeholders import is_placeholder_of_an_account
from wizard.plan.secret import Secret
from wizard.plan.sections import Layout, QueueKind, RedisEndpoint, RedisRole
from wizard.plan.sections.redis import ROLE_VARIABLES
from wizard.plan.urls import RAW_SIGN, Address, redis_database, split

_REDIS_PORT = 6379
_OF_QUEUE = ROLE_VARIABLES[RedisRole.QUEUE]


@dataclass(frozen=True, slots=True)
class _Server:
    """Where one role lives, its password still in the open."""

    endpoint: RedisEndpoint
    password: Secret | None


def read_redis(draft: Draft) -> None:
    """Read the roles' URLs: one server if all that are needed name the same, else a server for each role."""
    servers: dict[RedisRole, _Server] = {}
    for role in RedisRole:
        found = draft.take(ROLE_VARIABLES[role])
        if found:
            draft.place(ROLE_VARIABLES[role], found)
            if server := _server(draft, role, found):
                servers[role] = server
    needed = draft.plan.redis_roles
    if all(role in servers for role in needed) and len(set(servers.values())) == 1:
        _place(draft, "redis.server", servers[RedisRole.CACHE])
    elif servers:
        draft.set("redis.layout", Layout.PER_ROLE)
        for role, server in servers.items():
            _place(draft, f"redis.{role.field}", server)


def _address(draft: Draft, found: Assignment, *schemes: str) -> Address:
    """Take an address apart; what NocoBase's reader left of one with a raw “#” is none, and its rest may be secret."""
    if found.torn:
        raise BadValueError(tr(RAW_SIGN))
    database = draft.plan.database
    return split(Secret(found.value), schemes, (database.user, database.name))


def _server(draft: Draft, role: RedisRole, found: Assignment) -> _Server | None:
    try:
        address = _address(draft, found, "redis", "rediss")
        host = Host().parse(address.host)
        draft.set(f"redis.databases.{role.field}", redis_database(address))
        draft.place(f"redis.databases.{role.field}", found)
        draft.place(f"redis.{role.field}", found)
        draft.place("redis.server", found)
    except BadValueError as error:
        draft.refuse(found.name, found, str(error), secret=True)
        return None
    endpoint = RedisEndpoint(
        host=host,
        port=address.port or _REDIS_PORT,
        tls=address.scheme == "rediss",
        username=address.username,
    )
    return _Server(endpoint, address.password)


def _place(draft: Draft, key: str, server: _Server) -> None:
    name = f"{key}.password"
    password = draft.hide(name, server.password.reveal()) if server.password else None
    draft.set(key, replace(server.endpoint, password=password))


def read_queue(draft: Draft, *, cluster: bool) -> None:
    """Read what carries the queue; RabbitMQ's variable is known by its value, as no document names it."""
    adapter = draft.take("QUEUE_ADAPTER")
    url = None if _is_on_redis(draft, adapter) else _amqp_url(draft)
    if adapter:
        draft.place("queue.kind", adapter)
    if url or (adapter and "rabbit" in adapter.value and not is_placeholder_of_an_account(adapter.value)):
        draft.set("queue.kind", QueueKind.RABBITMQ)
        if adapter:
            draft.read("queue.adapter", adapter)
        else:
            draft.set("queue.adapter", "")
        if url:
            _read_amqp(draft, url)
    elif (adapter and adapter.value != "redis") or (cluster and not adapter):
        problem = tr("QUEUE_ADAPTER must be redis in a cluster: any other queue stays inside one process.")
        draft.refuse("queue.kind", adapter or Assignment("QUEUE_ADAPTER", "", 0), problem)


def _is_on_redis(draft: Draft, adapter: Assignment | None) -> bool:
    """Whether the queue is on Redis, so that an address of RabbitMQ beside it is that of another program."""
    if adapter:
        return adapter.value == "redis"
    return _OF_QUEUE in draft.left


def _amqp_url(draft: Draft) -> Assignment | None:
    names = ["QUEUE_ADAPTER_RABBITMQ_URL", *sorted(draft.left)]
    for name in names:
        found = draft.left.get(name)
        if found and found.value.lower().startswith(("amqp://", "amqps://", "amqp:/")):
            return draft.take(name)
    return None


def _read_amqp(draft: Draft, found: Assignment) -> None:
    try:
        address = _address(draft, found, "amqp", "amqps")
        host = Host().parse(address.host)
    except BadValueError as error:
        draft.refuse(found.name, found, str(error), secret=True)
        return
    draft.read("queue.url_variable", replace(found, value=found.name))
    draft.place("queue", found)
    _set_amqp(draft, address, host)


def _set_amqp(draft: Draft, address: Address, host: str) -> None:
    draft.set("queue.host", host)
    draft.set("queue.port", address.port)
    draft.set("queue.tls", address.scheme == "amqps")
    draft.set("queue.virtual_host", address.path or "/")
    draft.set("queue.username", address.username)
    if address.password:
        draft.set("queue.password", draft.hide("queue.password", address.password.reveal()))
