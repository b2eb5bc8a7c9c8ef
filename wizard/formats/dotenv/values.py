"""The variables of a plan: what every node shares, and what each node has for itself. No secret's value yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from wizard.dataclass import dataclass
from wizard.formats.files import UnwritableError
from wizard.pattern import pattern
from wizard.plan.env_text import PASSWORD_HERE
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.plugins import needed_plugins, short_name
from wizard.plan.secret import Secret, SecretRef, Secrets
from wizard.plan.sections import BARE_ONLY, Deployment, Dialect, Licence, LicenceMethod, Node, QueueKind, RedisRole, Tls
from wizard.plan.sections.redis import ROLE_VARIABLES
from wizard.plan.setting import settings_of
from wizard.plan.urls import Address, build, queue_address, redis_address

PRESET = "APPEND_PRESET_BUILT_IN_PLUGINS"
REJECT_UNAUTHORIZED = "DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED"
PLACEHOLDER = PASSWORD_HERE
NODE_NAME = pattern(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

_APPLICATION = mark("Application: the keys sign sessions and encrypt fields, and are the same on every node")
_DATABASE = mark("Database: one for all nodes; the pool counts for each process")
_REDIS = mark("Redis: cache, sync signal, lock, queue and worker IDs, each in a database of its own")
_RABBITMQ = mark("Message queue on RabbitMQ: the names are unverified, confirm them with NocoBase's support")
_LICENCE = mark("Licence: the commercial plug-ins of a cluster")
_STORAGE = mark("Shared storage: the folder all nodes share")
_NODE = mark("This node alone")
_EXTRAS = mark("Further variables, kept as they were given")
_PROBLEMS = mark("Not written: these could not be read")


@dataclass(frozen=True, slots=True)
class UrlValue:
    """A URL that holds a secret: its other parts, and the reference to the password."""

    address: Address
    password: SecretRef

    def with_password(self, password: Secret) -> Secret:
        """Build the whole URL, the password percent-encoded."""
        return build(replace(self.address, password=password))


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of an env file.

    `key` is the setting (or group) it comes from, `group` the comment above it. `problem` is a sentence if there is
    something that cannot be read in its place; such a variable is named and not written.
    """

    name: str
    key: str
    group: str
    value: str | SecretRef | UrlValue
    problem: str = ""

    @property
    def ref(self) -> SecretRef | None:
        """The secret its value needs, or None."""
        match self.value:
            case SecretRef():
                return self.value
            case UrlValue():
                return self.value.password
            case _:
                return None

    @property
    def may_be_shown(self) -> bool:
        """Whether its value is surely no secret: that of a setting, as an extra may hold anything."""
        return isinstance(self.value, str) and self.key != self.name

    def reveal(self, secrets: Secrets) -> str | None:
        """Return the plain value; None where its secret is not at hand, or empty (NocoBase fills in a known one)."""
        if isinstance(self.value, str):
            return self.value
        secret = secrets.get(self.ref.name) if self.ref else None
        if not secret:
            return None
        return (self.value.with_password(secret) if isinstance(self.value, UrlValue) else secret).reveal()

    def shown(self, stand_in: str) -> str:
        """Return the value with `stand_in` in the place of its secret."""
        match self.value:
            case UrlValue():
                return self.value.with_password(Secret(PLACEHOLDER)).reveal().replace(PLACEHOLDER, stand_in)
            case SecretRef():
                return stand_in
            case _:
                return self.value


@dataclass(frozen=True, slots=True)
class Variables:
    """All variables of a plan: `common` ones, and those of each node by its name, in the plan's order."""

    common: tuple[Variable, ...]
    nodes: tuple[tuple[str, tuple[Variable, ...]], ...]


def variables(plan: Plan) -> Variables:
    """Return the variables of the plan. An extra takes the place of a variable of the same name."""
    extras = {extra.name for extra in plan.extras}

    def kept(found: Iterator[Variable]) -> tuple[Variable, ...]:
        return tuple(variable for variable in found if variable.name not in extras)

    nodes = tuple((name, kept(_node(plan, index, node))) for index, (name, node) in enumerate(_named(plan)))
    common = (*kept(_common(plan)), *_extras(plan))
    named = {variable.name for variable in common}
    left = tuple(variable for variable in _problems(plan) if variable.name not in named)
    return Variables((*common, *left), nodes)


def node_names(plan: Plan) -> tuple[str, ...]:
    """Return the name of each node, `nodeN` where it has none; raises UnwritableError if one is no file name.

    So it does where a name cannot be read: no other one takes its place.
    """
    return tuple(name for name, _node in _named(plan))


def _named(plan: Plan) -> list[tuple[str, Node]]:
    named = [(node.name or f"node{index}", node) for index, node in enumerate(plan.nodes, start=1)]
    for index, (name, _found) in enumerate(named):
        if problem := plan.problem(f"nodes.{index}.name"):
            raise UnwritableError(f"nodes.{index}.name", f"nodes.{index}.name: {problem}")
        if not NODE_NAME.fullmatch(name):
            raise UnwritableError(f"nodes.{index}.name", tr("A node's name is used as a file name and is not one."))
        if name in {other for other, _node in named[:index]}:
            raise UnwritableError(f"nodes.{index}.name", tr("Two nodes are called “{name}”.", name=name))
    return named


def _common(plan: Plan) -> Iterator[Variable]:
    yield from _settings(plan, "application", _APPLICATION)
    yield from _settings(plan, "database", _DATABASE)
    yield from _redis(plan)
    if plan.queue.kind is QueueKind.RABBITMQ:
        yield from _rabbitmq(plan)
    yield from _settings(plan, "licence", _LICENCE)
    yield from _preset(plan)
    if plan.application.deployment is Deployment.BARE and plan.storage.path:
        yield Variable("STORAGE_PATH", "storage.path", _STORAGE, plan.storage.path)


def _settings(plan: Plan, section: str, group: str) -> Iterator[Variable]:
    """Go through the variables of a section's settings; what is empty or does not apply is left out."""
    for name, setting in settings_of(plan.get(section)).items():
        key = f"{section}.{name}"
        value = plan.beyond(key) or _value(plan, key)
        problem = "" if plan.beyond(key) else plan.problem(key)
        if not setting.env or not (value or problem):
            continue
        for variable in setting.env:
            yield Variable(variable, key, group, "" if problem else value, problem)
    if section == "database" and plan.database.tls is not Tls.OFF:
        verify = "true" if plan.database.tls is Tls.VERIFY else "false"
        yield Variable(REJECT_UNAUTHORIZED, "database.tls", group, verify)


def _value(plan: Plan, key: str) -> str | SecretRef:
    if not _applies(plan, key):
        return ""
    if key == "database.port":
        return str(plan.database.effective_port if not plan.beyond("database.dialect") else plan.database.port or "")
    if key == "database.tls_mode":
        return plan.database.effective_tls_mode if not plan.beyond("database.dialect") else plan.database.tls_mode
    value = plan.get(key)
    if isinstance(value, SecretRef):
        return value
    # NocoBase takes a missing variable for “no”; the texts it takes for “no” differ from place to place
    return "" if value is False else plan.setting(key).kind.render(value)


def _applies(plan: Plan, key: str) -> bool:
    match key:
        case "database.schema":
            return plan.database.dialect is Dialect.POSTGRES
        case "database.tls_ca" | "database.tls_cert" | "database.tls_key" | "database.tls_mode":
            return plan.database.tls is not Tls.OFF
        case "licence.username" | "licence.password":
            return plan.licence.method is LicenceMethod.ACCOUNT
        case "licence.service_url":  # a licence key is used there, too
            account = plan.licence.method is LicenceMethod.ACCOUNT
            return account or plan.licence.service_url != Licence().service_url
        case _:
            return True


def _redis(plan: Plan) -> Iterator[Variable]:
    yield Variable("CACHE_DEFAULT_STORE", "redis", _REDIS, "redis")
    local = plan.licence.without_plugins
    yield Variable("LOCK_ADAPTER_DEFAULT", "redis", _REDIS, "local" if local else "redis")
    if plan.queue.kind is QueueKind.REDIS and not local:
        yield Variable("QUEUE_ADAPTER", "queue.kind", _REDIS, "redis", plan.problem("queue.kind"))
    for role in RedisRole:
        if role in plan.redis_roles:
            yield from _redis_url(plan, role)


def _redis_url(plan: Plan, role: RedisRole) -> Iterator[Variable]:
    key = plan.redis.endpoint_key(role)
    server = plan.redis.endpoint(role)
    problem = plan.problem(ROLE_VARIABLES[role]) or plan.problem(f"{key}.host") or plan.problem(f"{key}.port")
    problem = problem or plan.problem(f"redis.databases.{role.field}")
    if not server.host and not problem:
        return
    address = redis_address(plan.redis, role)
    yield Variable(ROLE_VARIABLES[role], key, _REDIS, _url(address, server.password), problem)


def _rabbitmq(plan: Plan) -> Iterator[Variable]:
    queue = plan.queue
    if queue.adapter and not plan.licence.without_plugins:
        yield Variable("QUEUE_ADAPTER", "queue.adapter", _RABBITMQ, queue.adapter)
    problem = plan.problem("queue.host") or plan.problem("queue.port")
    if not queue.url_variable or not (queue.host or problem):
        return
    address = _url(queue_address(queue), queue.password)
    yield Variable(queue.url_variable, "queue", _RABBITMQ, address, problem)


def _url(address: Address, password: SecretRef | None) -> str | UrlValue:
    return UrlValue(address, password) if password else build(address).reveal()


def enables_plugins(plan: Plan) -> bool:
    """Whether each start is asked to enable the plug-ins of a cluster."""
    return plan.licence.enable_plugins and not plan.licence.without_plugins


def _preset(plan: Plan) -> Iterator[Variable]:
    if enables_plugins(plan):
        names = ",".join(short_name(package) for package in needed_plugins(plan))
        yield Variable(PRESET, "licence.enable_plugins", _LICENCE, names)


def _node(plan: Plan, index: int, node: Node) -> Iterator[Variable]:
    bare = plan.application.deployment is Deployment.BARE
    for name, setting in settings_of(node).items():
        key = f"nodes.{index}.{name}"
        unneeded = (name == "processes" and node.processes <= 1) or (name in BARE_ONLY and not bare)
        value = plan.beyond(key) or ("" if unneeded else setting.kind.render(getattr(node, name)))
        problem = "" if plan.beyond(key) else plan.problem(key)
        if setting.env and (value or problem):
            yield Variable(setting.env[0], key, _NODE, "" if problem else value, problem)


def _extras(plan: Plan) -> Iterator[Variable]:
    for extra in plan.extras:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", extra.name):
            problem = tr("“{name}” is no name that a shell can read.", name=extra.name)
            if not extra.name.isprintable():  # its note would be a line of its own
                raise UnwritableError(extra.name, problem)
            yield Variable(extra.name, extra.name, _EXTRAS, "", problem)
            continue
        value = extra.value
        if extra.name == PRESET and enables_plugins(plan) and isinstance(value, str):
            value = merged_preset(plan, value)
        yield Variable(extra.name, extra.name, _EXTRAS, value)


def merged_preset(plan: Plan, others: str) -> str:
    """Return the list of plug-ins to enable: those the cluster needs, then the admin's `others`."""
    needed = [short_name(package) for package in needed_plugins(plan)]
    names = [name.strip() for name in others.split(",")]
    return ",".join([*needed, *(name for name in names if name and short_name(name) not in needed)])


def _problems(plan: Plan) -> Iterator[Variable]:
    for item in plan.unreadable:
        if not plan.has_setting(item.key):
            yield Variable(item.key, item.key, _PROBLEMS, "", item.problem)
