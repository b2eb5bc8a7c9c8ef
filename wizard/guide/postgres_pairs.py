"""A database's address as pairs (`host=db port=5432 user=app password=…`), as PostgreSQL's own clients do. No Qt."""

from __future__ import annotations

from wizard.guide import edits
from wizard.guide.edits import Filled
from wizard.pattern import pattern
from wizard.plan.i18n import mark, tr
from wizard.plan.kinds import BadValueError
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.plan.urls import Address

UNKNOWN_PAIR = mark(
    "Of the pairs of a database's address only host, hostaddr, port, dbname, user, password, sslmode, sslrootcert, "
    "sslcert and sslkey are understood: take the rest out."
)
_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
_UNDERSTOOD = frozenset({"host", "hostaddr", "port", "dbname", "user", "password", *_TLS})
_BEGINS = _UNDERSTOOD | {"application_name", "connect_timeout", "options", "service", "target_session_attrs"}
"""Names of pairs with which such a line begins: one that begins with another one is a variable's."""
_ONE = r"([a-z_]++)\s*+=\s*+(?:'((?:[^'\\]|\\.)*+)'(?!\S)|((?:[^\s'\\]|\\.)(?:[^\s\\]|\\.)*+))\s*+"
_PAIR = pattern(_ONE)
_PAIRS = pattern(rf"\s*+(?:{_ONE}){{2,}}+")
_ESCAPED = pattern(r"\\(.)")


def stand_in(line: str) -> bool:
    """Whether a line is two pairs or more that begin as a database's address does."""
    return bool(_PAIRS.fullmatch(line)) and line.partition("=")[0].strip() in _BEGINS


def fill_database(plan: Plan, group: str, text: Secret) -> Filled:
    """Fill the database's server and TLS from pairs; raises BadValueError with a sentence."""
    given = {name: _ESCAPED.sub(r"\1", quoted or bare) for name, quoted, bare in _PAIR.findall(text.reveal())}
    if not given.keys() <= _UNDERSTOOD:
        raise BadValueError(tr(UNKNOWN_PAIR))
    host = given.get("host") or given.get("hostaddr", "")
    if not host:
        raise BadValueError(tr("The address names no host."))
    port = plan.setting(f"{group}.port").kind.parse(given.get("port", ""))
    password = Secret(given["password"]) if given.get("password") else None
    address = Address("postgresql", host, port, given.get("user", ""), password, given.get("dbname", ""))
    return edits.fill_from(plan, group, address, {name: given[name] for name in _TLS if given.get(name)})
