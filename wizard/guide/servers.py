"""A server named by one line of text: an address, pairs, an address of JDBC, or a client's command line. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from wizard.formats import client_lines, jdbc
from wizard.formats.client_lines import Client
from wizard.guide import edits, postgres_pairs
from wizard.guide.edits import Filled
from wizard.pattern import pattern
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.kinds import BadValueError
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.plan.sections import Dialect
from wizard.plan.urls import Address

Fill = Callable[[Plan, str, Secret], Filled]

_FILLS: Mapping[str, tuple[str, Fill]] = {
    "redis": ("redis.server", edits.fill_redis),
    "rediss": ("redis.server", edits.fill_redis),
    "amqp": ("queue", edits.fill_rabbitmq),
    "amqps": ("queue", edits.fill_rabbitmq),
    **dict.fromkeys(("postgres", "postgresql", "mysql", "mariadb"), ("database", edits.fill_database)),
}
"""The server that an address fills, by its scheme."""
_ADDRESS = pattern(r"\s*([a-z]+)://\S+\s*")
_PAIRS_OF_TLS = frozenset({"sslmode", "sslrootcert", "sslca", "sslcert", "sslkey"})


def named(line: str) -> tuple[str, Fill] | None:
    """Return the group of settings that a line names the server of, and what fills it; None for any other line."""
    text = line.strip()
    if (match := _ADDRESS.fullmatch(text)) and match[1] in _FILLS:
        return _FILLS[match[1]]
    if postgres_pairs.stand_in(text):
        return "database", postgres_pairs.fill_database
    if jdbc.is_jdbc(text):
        return "database", _fill_from_jdbc
    if client := client_lines.client(text):
        return ("redis.server" if client.scheme == "redis" else "database"), _fill_from_client
    return None


def filling(text: str, group: str) -> Fill | None:
    """Return what fills `group` (`redis.cache`) from a text that names one server, of its kind; None for another."""
    line = client_lines.as_line(text)
    found = named(line)
    if found is None or found[0].partition(".")[0] != group.partition(".")[0]:
        return None
    fill = found[1]
    return lambda plan, to, _text: fill(plan, to, Secret(line))


def told(before: Plan, group: str, filled: Filled) -> str:
    """Say which settings of a server an address filled, and what in it fits no single setting."""
    after = filled.plan
    changed = {key for key, _setting, value in after.settings() if value != before.get(key)}
    changed |= {f"{group}.host"} | ({f"{group}.password"} if filled.password else set())
    labels = (tr(setting.label) for key, setting, _value in after.settings() if key in changed)
    taken = tr("Taken from it: {settings}.", settings=listing(dict.fromkeys(labels)))
    if not filled.left_out:
        return taken
    left = tr("Left out, as no single setting takes it: {options}.", options=listing(filled.left_out))
    return sentences(taken, left)


def _fill_from_jdbc(plan: Plan, group: str, text: Secret) -> Filled:
    address, told = jdbc.address(text.reveal())
    password, schema = told.pop("password", ""), told.pop("currentschema", "")
    filled = edits.fill_from(plan, group, edits.database_address(Secret(address)), told)
    if schema and filled.plan.database.dialect is Dialect.POSTGRES:
        filled = replace(filled, plan=filled.plan.with_text(f"{group}.schema", schema))
    known = Secret(password) if password else filled.password
    return replace(filled, password=known, left_out=jdbc.left_out(text.reveal()))


def _fill_from_client(plan: Plan, group: str, text: Secret) -> Filled:
    """Fill a server from a client's command line; raises BadValueError with a sentence."""
    client = client_lines.client(text.reveal())
    if client is None:  # it was one when it was asked for
        raise BadValueError(tr("The address names no host."))
    whole = client.given.get("address") or client.given.get("name", "")
    if (inner := named(whole)) and inner[1] is not _fill_from_client:
        filled = inner[1](plan, group, Secret(whole))
        password = client.given.get("password", "")
        return replace(filled, password=filled.password or (Secret(password) if password else None))
    if not client.given.get("host"):
        raise BadValueError(tr("The address names no host."))
    return _fill_from_parts(plan, group, client)


def _fill_from_parts(plan: Plan, group: str, client: Client) -> Filled:
    given = client.given
    port = plan.setting(f"{group}.port").kind.parse(given["port"]) if "port" in given else None
    password = Secret(given["password"]) if given.get("password") else None
    scheme = "rediss" if given.get("tls") else client.scheme
    address = Address(scheme, given["host"], port, given.get("user", ""), password, given.get("name", ""))
    if client.scheme == "redis":
        return edits.fill_redis_from(plan, group, address)
    return edits.fill_from(plan, group, address, {name: given[name] for name in _PAIRS_OF_TLS & given.keys()})
