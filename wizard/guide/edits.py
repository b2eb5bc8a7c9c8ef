"""Edits of a plan that are more than one value: nodes come and go, a pasted address fills many fields. Knows no Qt."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.accounts import OF_PASSWORD_FILE
from wizard.plan.i18n import alternatives, mark, tr
from wizard.plan.kinds import BadValueError
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.plan.sections import Balancer, Deployment, Dialect, Node, Tls, usual_paths
from wizard.plan.urls import Address, redis_database, split

_HOST_AND_PORT = pattern(r"([^\s:/@\[\]]+):(\d{1,5})/?")
_LAST_PORT = 65535
UNREADABLE = "unreadable."
"""What the names of whole addresses begin with, which a secret store holds until they are split or replaced."""
UNKNOWN_QUERY = mark(
    "Of what follows “?” in an address only sslmode, sslrootcert, sslcert and sslkey are understood: take the rest out."
)
_TLS_MODES = {
    **dict.fromkeys(("disable", "disabled", "allow", "prefer", "preferred"), Tls.OFF),
    **dict.fromkeys(("require", "required"), Tls.ENCRYPT),
    **dict.fromkeys(("verify-ca", "verify-full", "verify-identity"), Tls.VERIFY),
}
"""What `sslmode` of PostgreSQL and `ssl-mode` of MySQL ask for; those that do without where need be ask for nothing."""
_TLS_FILES = {"sslrootcert": "tls_ca", "sslca": "tls_ca", "sslcert": "tls_cert", "sslkey": "tls_key"}
_NODE_KEY = pattern(r"nodes\.(\d+)\.(.+)")


def with_new_node(plan: Plan) -> Plan:
    """Return a plan with one more node: named on from the others, with the port and processes of the last."""
    taken = {node.name for node in plan.nodes}
    number = next(n for n in range(1, len(taken) + 2) if f"node{n}" not in taken)
    last = plan.nodes[-1] if plan.nodes else Node()
    new = Node(name=f"node{number}", port=last.port, processes=last.processes)
    return with_own_paths(plan.with_value("nodes", (*plan.nodes, new)))


def with_own_paths(plan: Plan) -> Plan:
    """Return a plan in which each node without containers has the paths of its own, where none were given."""
    if plan.application.deployment is not Deployment.BARE:
        return plan
    for index, node in enumerate(plan.nodes):
        for name, path in usual_paths(node.name).items():
            key = f"nodes.{index}.{name}"
            if node.name and not getattr(node, name) and not plan.problem(key):
                plan = plan.with_value(key, path)
    return plan


def without_node(plan: Plan, index: int) -> Plan:
    """Return a plan without the node at `index`; texts kept as unreadable follow their nodes."""
    kept = []
    for item in plan.unreadable:
        match = _NODE_KEY.fullmatch(item.key)
        number = int(match[1]) if match else -1
        if match and number > index:
            kept.append(replace(item, key=f"nodes.{number - 1}.{match[2]}"))
        elif number != index:
            kept.append(item)
    nodes = (*plan.nodes[:index], *plan.nodes[index + 1 :])
    return replace(plan.with_value("nodes", nodes), unreadable=tuple(kept))


@dataclass(frozen=True, slots=True)
class Filled:
    """What a pasted address gave: the plan with its parts, and the password beside it.

    `left_out` names what it says besides, which fits no single setting.
    """

    plan: Plan
    password: Secret | None
    left_out: tuple[str, ...] = ()


def looks_like_address(text: str) -> bool:
    """Whether a text in a host's field is a whole address or what a client takes, so that it may hold a password."""
    return "://" in text or "@" in text or is_of_a_client(text)


def is_of_a_client(text: str) -> bool:
    """Whether a text is pairs (`host=db password=…`), a command line, or what stands in a client's file."""
    bare = text.strip()
    return "=" in bare or any(map(str.isspace, bare)) or OF_PASSWORD_FILE.fullmatch(bare) is not None


def host_and_port(text: str) -> tuple[str, int] | None:
    """Return host and port of `host:port` or of a whole http address; None for anything else."""
    text = text.strip()
    if text.startswith(("http://", "https://")):
        with contextlib.suppress(ValueError):
            parts = urlsplit(text)
            if parts.hostname and parts.port and not parts.username:
                return parts.hostname, parts.port
        return None
    match = _HOST_AND_PORT.fullmatch(text)
    return (match[1], int(match[2])) if match and 0 < int(match[2]) <= _LAST_PORT else None


def with_address(plan: Plan, group: str, text: str) -> Plan | None:
    """Return a plan in which `group` has the host and the port of `text`; None if it is not both."""
    found = host_and_port(text)
    return plan.with_text(f"{group}.host", found[0]).with_value(f"{group}.port", found[1]) if found else None


def with_balancer_of(plan: Plan, former: str) -> Plan:
    """Return a plan whose balancer listens as the public address says, where it did so by the `former` address.

    A balancer that was set otherwise by hand stays as it is, as does one of an address that says nothing.
    """
    now = _listening(plan.application.public_url)
    set_now = (plan.balancer.tls, plan.balancer.port, plan.balancer.tls_port)
    usual = Balancer()
    untouched = set_now in {(usual.tls, usual.port, usual.tls_port), _listening(former)}
    if now is None or not untouched or plan.problem("application.public_url"):
        return plan
    for name, value in zip(("tls", "port", "tls_port"), now, strict=True):
        plan = plan.with_value(f"balancer.{name}", value)
    return plan


def _listening(address: str) -> tuple[bool, int, int] | None:
    """Return whether a balancer of this public address has TLS, and its ports for HTTP and HTTPS."""
    usual = Balancer()
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    if parts.scheme == "https":
        return True, usual.port, port or usual.tls_port
    return False, port or usual.port, usual.tls_port


def fill_redis(plan: Plan, group: str, text: Secret) -> Filled:
    """Fill the Redis server `group` (`redis.server`) from an address; raises BadValueError with a sentence."""
    return fill_redis_from(plan, group, split(text, ("redis", "rediss")))


def fill_redis_from(plan: Plan, group: str, address: Address) -> Filled:
    """Fill the Redis server `group` from the parts of an address; raises BadValueError with a sentence."""
    database = redis_database(address)
    plan = _filled(plan, group, address, default_port=6379)
    role = group.removeprefix("redis.")
    if role != "server" and address.path:
        plan = plan.with_value(f"redis.databases.{role}", database)
    shared = role == "server" and bool(database)  # each role has a database of its own there
    return Filled(plan, address.password, (tr("database {number}", number=database),) if shared else ())


def fill_rabbitmq(plan: Plan, group: str, text: Secret) -> Filled:
    """Fill the queue's server from an address; raises BadValueError with a sentence."""
    address = split(text, ("amqp", "amqps"))
    plan = _filled(plan, group, address, default_port=None)
    return Filled(plan.with_value(f"{group}.virtual_host", address.path or "/"), address.password)


def fill_database(plan: Plan, group: str, text: Secret) -> Filled:
    """Fill the database's server, dialect and TLS from an address; raises BadValueError with a sentence."""
    bare, asked = _asked(text.reveal())
    return fill_from(plan, group, database_address(Secret(bare)), asked)


def database_address(text: Secret) -> Address:
    """Take a database's address apart that asks for nothing; raises BadValueError with a sentence."""
    return split(text, ("postgres", "postgresql", "mysql", "mariadb"))


def fill_from(plan: Plan, group: str, address: Address, asked: dict[str, str]) -> Filled:
    """Fill the database's server, dialect and TLS from the parts of an address; raises BadValueError."""
    plan = _with_host(plan, group, address)
    dialect = _dialect(address.scheme, plan.database.dialect)
    plan = _with_tls(plan.with_value(f"{group}.dialect", dialect), group, asked)
    plan = plan.with_value(f"{group}.port", address.port)
    for name, given in (("user", address.username), ("name", address.path)):
        if given:
            plan = plan.with_value(f"{group}.{name}", given)
    return Filled(plan, address.password)


def _asked(address: str) -> tuple[str, dict[str, str]]:
    """Take what follows the `?` off an address; a `?` before an `@` is part of a password that is not encoded."""
    bare, _sign, rest = address.strip().partition("?")
    if "@" in rest or "#" in rest:
        return address, {}
    return bare, {name.casefold().replace("-", ""): value for name, value in parse_qsl(rest, keep_blank_values=True)}


def _with_tls(plan: Plan, group: str, asked: dict[str, str]) -> Plan:
    """Return a plan with the TLS that an address asks for, as clients of PostgreSQL and of MySQL write it."""
    for name, value in asked.items():
        if name in _TLS_FILES:
            plan = plan.with_text(f"{group}.{_TLS_FILES[name]}", value)
        elif name == "sslmode":
            mode = value.casefold().replace("_", "-")
            if mode not in _TLS_MODES:
                allowed = alternatives(("disable", "require", "verify-ca", "verify-full"))
                raise BadValueError(tr("The address's sslmode is none of {allowed}.", allowed=allowed))
            plan = plan.with_value(f"{group}.tls", _TLS_MODES[mode])
            own_word = mode == "verify-ca" and plan.database.dialect is Dialect.POSTGRES
            plan = plan.with_value(f"{group}.tls_mode", mode if own_word else "")
        else:
            raise BadValueError(tr(UNKNOWN_QUERY))
    return plan


def _dialect(scheme: str, now: Dialect) -> Dialect:
    """Return the dialect of a scheme; clients of MariaDB take `mysql://`, too."""
    if scheme.startswith("postgres"):
        return Dialect.POSTGRES
    return Dialect.MARIADB if scheme == "mariadb" or now is Dialect.MARIADB else Dialect.MYSQL


def _filled(plan: Plan, group: str, address: Address, default_port: int | None) -> Plan:
    plan = _with_host(plan, group, address)
    plan = plan.with_value(f"{group}.port", address.port or default_port)
    plan = plan.with_value(f"{group}.tls", address.scheme in {"rediss", "amqps"})
    return plan.with_value(f"{group}.username", address.username)


def _with_host(plan: Plan, group: str, address: Address) -> Plan:
    plan = plan.with_text(f"{group}.host", address.host)
    if problem := plan.problem(f"{group}.host"):
        raise BadValueError(problem)
    return plan
