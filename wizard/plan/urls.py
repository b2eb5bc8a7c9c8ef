"""Addresses of Redis and RabbitMQ: built from parts with percent-encoding, and taken apart without a library.

A library is never given a URL that may hold a secret: its error messages quote it. The grammar is the one that
NocoBase's own clients accept (docs/nocobase.md, "Redis" and "RabbitMQ").
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote, unquote

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.i18n import alternatives, mark, tr
from wizard.plan.kinds import NO_IPV6, BadValueError
from wizard.plan.secret import Secret
from wizard.plan.sections import Queue, Redis, RedisRole

_URL = pattern(
    r"(?P<scheme>[A-Za-z]+)://(?:(?P<user>[^:@/?#]*)(?::(?P<password>[^@/?#]*))?@)?(?P<host>[^:@/?#]*)(?::(?P<port>[^/?#]*))?"
    r"(?P<path>/[^?#]*)?(?P<rest>[?#].*)?",
    re.DOTALL,
)
RAW_SIGN = mark(
    "The password in the address must be percent-encoded: write “#” as %23, “@” as %40, “/” as %2F, “?” as %3F and "
    "“:” as %3A. An address has no “?” or “#” of its own."
)
NO_QUERY = mark("An address has no “?” and no “#”: take out what begins there.")
ACCOUNT_BEHIND = mark(
    "An address has no “?”: user and password stand before the host, as in “USER:PASSWORD@HOST”, and a password alone "
    "as in “:PASSWORD@HOST”."
)
ONE_SERVER = mark(
    "The address names several servers, or Sentinel. NocoBase takes one server: give an address that always leads to "
    "the one in charge."
)
USER_ALONE = mark(
    "What stands before “@” without a colon is taken for a user, and it looks like a password. Write a colon before a "
    "password."
)
MAYBE_PASSWORD = mark(
    "What stands before “@” without a colon is taken for a user without a password. It is not shown, as it may be a "
    "password: write a colon before a password, and one behind a user that has none."
)
_NAME = pattern(r"(?=.{1,40}$)[A-Za-z]+[0-9]{0,4}(?:[_.-](?:[A-Za-z]+[0-9]{0,4}|[0-9]{1,4}))*")
"""What a user without a password may be called, if it is one: words, each with a number behind it at most."""
_USUAL = frozenset(
    """
    default guest anonymous noco nocobase redis valkey keydb dragonfly rabbit rabbitmq amqp mq root admin administrator
    app apps application user users usr account client service svc server srv backend web api node worker job jobs task
    tasks cache caching session sessions sync pubsub lock locks queue queues broker main master primary replica read
    reader readonly ro write writer rw prod production staging stage dev development test testing demo monitor ops
    cluster crm erp shop team the
    """.split()  # noqa: SIM905 - a table of words
)
"""Words of which users of such servers are called: together they are no password that is worth hiding."""
_WORD = pattern(r"[a-z]{3,}|[0-9]{3,}")
"""What tells of a name: no letter or two; a number of two figures counts servers, one of four may be a year."""
_OF_SERVERS = frozenset(("redis", "rediss", "amqp", "amqps"))
"""Schemes whose servers let hardly a user in without a password; an address of a database often has none."""
_SEVERAL = pattern(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://)(?:[^/?#@]*@)?[^/?#@,]+(?:,[^/?#@,]+)+(?:[/?#][^@]*)?|rediss?[+-]sentinel://.*",
    re.IGNORECASE,
)
"""A list of hosts, as clients of Sentinel and of clusters take it; a comma before “@” belongs to a password."""
_ACCOUNT = pattern(r"[?&](?:user(?:name)?|pass(?:word)?|auth)=", re.IGNORECASE)
_IPV6 = pattern(r"[A-Za-z]+://(?:[^@/?#]*@)?\[")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a `redis`, `rediss`, `amqp` or `amqps` URL, decoded. `path` is without its leading slash."""

    scheme: str
    host: str
    port: int | None
    username: str = ""
    password: Secret | None = None
    path: str = ""


def redis_address(redis: Redis, role: RedisRole) -> Address:
    """Return where the plan has the server of a Redis role, without its password."""
    server = redis.endpoint(role)
    scheme = "rediss" if server.tls else "redis"
    return Address(scheme, server.host, server.port, server.username, path=str(redis.database(role)))


def queue_address(queue: Queue) -> Address:
    """Return where the plan has RabbitMQ, without its password."""
    scheme = "amqps" if queue.tls else "amqp"
    return Address(scheme, queue.host, queue.effective_port, queue.username, path=queue.virtual_host)


def build(address: Address) -> Secret:
    """Write the URL; a Secret, as it may hold one. `path` is encoded whole, `/` too, as AMQP wants it."""
    user = quote(address.username, safe="")
    if address.password:
        user += ":" + quote(address.password.reveal(), safe="")
    elif _may_be_password(address.username) or _is_in_doubt(address.scheme, address.username, address.host):
        user += ":"  # so that it is read as a user again
    port = f":{address.port}" if address.port else ""
    path = "/" + quote(address.path, safe="") if address.path else ""
    return Secret(f"{address.scheme}://{user}{'@' if user else ''}{address.host}{port}{path}")


def split(url: Secret, schemes: tuple[str, ...], users: Collection[str] = ()) -> Address:
    """Take a URL apart; raises BadValueError with a sentence that quotes nothing of a possible secret.

    `users` are words that are known for users: one alone before the `@` may be a password that lost its colon.
    """
    text = url.reveal().strip()
    if re.match(r"[A-Za-z]+:/[^/]", text):
        raise BadValueError(
            tr("The address has one slash after the scheme; write two, as in {scheme}://", scheme=schemes[0])
        )
    if _IPV6.match(text):
        raise BadValueError(tr(NO_IPV6))
    if _SEVERAL.fullmatch(text):
        raise BadValueError(tr(ONE_SERVER))
    if text.count("@") > 1:
        raise BadValueError(tr(RAW_SIGN))
    match = _URL.fullmatch(text)
    if not match or match["scheme"].lower() not in schemes:
        allowed = alternatives([f"{scheme}://" for scheme in schemes])
        if "@" not in text:
            raise BadValueError(tr("The address must begin with {allowed}.", allowed=allowed))
        raise BadValueError(
            tr(
                "The address must begin with {allowed} and “@”, “/”, “#” and “?” in a password must be "
                "percent-encoded.",
                allowed=allowed,
            )
        )
    if not match["host"]:
        raise BadValueError(tr("The address names no host."))
    if not match["user"] and "@" in (match["path"] or ""):  # a raw “/” ended what was meant for the account
        raise BadValueError(tr(RAW_SIGN))
    if match["rest"]:
        raise BadValueError(tr(_against(match["rest"])))
    return Address(
        scheme=match["scheme"].lower(),
        host=match["host"],
        port=_port(match["port"]),
        username=_user(match, users),
        password=Secret(_decoded(match["password"])) if match["password"] else None,
        path=_decoded((match["path"] or "").removeprefix("/")),
    )


def _against(rest: str) -> str:
    """Return what is said of a “?” or “#” with all that follows it."""
    if "@" in rest:
        return RAW_SIGN
    return ACCOUNT_BEHIND if _ACCOUNT.search(rest) else NO_QUERY


def is_maybe_password(url: Secret) -> bool:
    """Whether the one word before the `@` of an address is no user for sure, and does not look like a password."""
    match = _URL.fullmatch(url.reveal().strip())
    user = unquote(match["user"] or "") if match else ""
    if not match or match["password"] is not None or _may_be_password(user):
        return False
    return _is_in_doubt(match["scheme"].lower(), user, match["host"])


def _user(match: re.Match[str], users: Collection[str]) -> str:
    """Return the user; one alone that may be a password is never shown as a name."""
    user = _decoded(match["user"] or "")
    if match["password"] is None and _may_be_password(user):
        raise BadValueError(tr(USER_ALONE))
    if match["password"] is None and user not in users and _is_in_doubt(match["scheme"].lower(), user, match["host"]):
        raise BadValueError(tr(MAYBE_PASSWORD))
    return user


def _may_be_password(user: str) -> bool:
    return bool(user) and not _NAME.fullmatch(user)


def _is_in_doubt(scheme: str, user: str, host: str) -> bool:
    """Whether a user without a password is of other words than users are called by, and than its host."""
    if scheme not in _OF_SERVERS:
        return False
    return not _USUAL.union(_WORD.findall(host.lower())).issuperset(_WORD.findall(user.lower()))


def _port(text: str | None) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:  # noqa: PLR2004 - the range of ports
        raise BadValueError(
            tr("The port in the address is no number from 1 to 65535. Percent-encode “:” and “#” in a password.")
        )
    return int(text)


def _decoded(text: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise BadValueError(tr("A “%” in the address must be written %25."))
    return unquote(text)


def redis_database(address: Address) -> int:
    """Read the database index from the path of a Redis address; raises BadValueError unless it is a whole number."""
    if not address.path:
        return 0
    if not re.fullmatch(r"[0-9]{1,5}", address.path):
        raise BadValueError(tr("The database in the address must be a whole number, as in redis://host:6379/0"))
    return int(address.path)
