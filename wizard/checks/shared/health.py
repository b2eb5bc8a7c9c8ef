"""What an answer to NocoBase's health check means, whether it came from a node or through the balancer.

The answers are those that a NocoBase 2.2.15 was seen to give (docs/nocobase.md, "Health"; source:
packages/core/server/src/gateway/index.ts). The check does not test the database or Redis.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.dataclass import dataclass
from wizard.net.http import OK, Reply
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import mark, tr
from wizard.plan.quoted import Quoted
from wizard.plan.remedy import Remedy, advice, steps
from wizard.plan.spec import Spec
from wizard.plan.web import HEALTH_PATH

PATH = HEALTH_PATH
"""Below the application's public path. The URL must end with it: a query string makes it another page."""
UNAVAILABLE, BAD_GATEWAY, GATEWAY_TIMEOUT = 503, 502, 504
REDIRECTS = range(300, 400)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one answer says. `summary`, `detail` and `remedy` are marked; they name {name}, {status} and {message}.

    `wordless` takes the place of `detail` where the answer is empty. `remedy` is advice, or the comment above `lines`
    to paste.
    """

    severity: Severity
    summary: str
    error: ErrorKind | None = None
    detail: str = ""
    remedy: str = ""
    lines: tuple[str, ...] = ()
    wordless: str = ""


SERVING = Verdict(
    Severity.PASS,
    mark("{name} serves requests: the health check answers 200 with “ok”."),
    detail=mark("NocoBase's health check tests neither the database nor Redis; the other checks do."),
)
_BUSY = Verdict(
    Severity.WARN,
    mark("{name} is up but not ready: “{message}”."),
    detail=mark(
        "It loads, installs or upgrades. A first start takes about 20 s, an upgrade minutes; it answers 503 until then."
    ),
    remedy=mark("Wait and check again. If the message stays the same for minutes, read the node's log."),
)
_MUTE = Verdict(
    Severity.FAIL,
    mark("{name} is up but does not get ready, and gives no reason."),
    ErrorKind.CREDENTIALS,
    mark("An empty message with APP_COMMANDING usually means that NocoBase cannot sign in to the database."),
    mark("Compare DB_HOST, DB_USER and DB_PASSWORD of this node with the plan, read the node's log, then restart it."),
)
_EMPTY = Verdict(
    Severity.FAIL,
    mark("{name} is up, but NocoBase is not installed in its database."),
    ErrorKind.MISSING,
    mark("The database that this node uses holds no installation (APP_NOT_INSTALLED_ERROR)."),
    mark("Check DB_HOST, DB_DATABASE and DB_SCHEMA of this node. For a first start, on one node:"),
    ("LOCK_ADAPTER_DEFAULT=local yarn nocobase install",),
)
_NO_LOCK = Verdict(
    Severity.FAIL,
    mark("{name} does not know the cluster's lock: “{message}”."),
    ErrorKind.MISSING,
    mark(
        "The plug-in of the lock is not enabled, or not on this node's disk. A first start breaks off so, and no later "
        "one makes it good (seen with 2.2.15)."
    ),
    mark(
        "Start this node alone with LOCK_ADAPTER_DEFAULT=local, enable the plug-in, then start it with the cluster's "
        "lock. If this was a first start, make the database anew and empty before."
    ),
)
_SERVER_REFUSED = Verdict(
    Severity.FAIL,
    mark("{name} cannot reach a server that it needs: “{message}”."),
    ErrorKind.REFUSED,
    mark("NocoBase names the address it tried; it was seen to be that of CACHE_REDIS_URL."),
    mark("Start what should listen there, or correct its address on this node, then restart the node."),
)
_UNKNOWN_NAME = Verdict(
    Severity.FAIL,
    mark("{name} cannot find the address of a server that it needs: “{message}”."),
    ErrorKind.DNS,
    mark("NocoBase names the host; it may be that of the database or of Redis."),
    mark("Correct that host in the environment of this node, or its DNS, then restart the node."),
)
_SERVER_SILENT = Verdict(
    Severity.FAIL,
    mark("{name} gets no answer from a server that it needs: “{message}”."),
    ErrorKind.TIMEOUT,
    mark("A firewall drops the packets, or the machine is down. NocoBase may name the address it tried."),
    mark("From this node, open a connection to that address; correct the way or the address, then restart the node."),
)
_NOT_TRUSTED = Verdict(
    Severity.FAIL,
    mark("{name} does not trust the certificate of a server that it needs: “{message}”."),
    ErrorKind.TLS,
    mark("It may be that of Redis, where Node.js takes a private authority from NODE_EXTRA_CA_CERTS, or the database."),
    mark("Give this node the authority's file, or that server a valid certificate, then restart the node."),
)
_NOT_ALLOWED = Verdict(
    Severity.FAIL,
    mark("{name} may not do what it needs in Redis: “{message}”."),
    ErrorKind.PERMISSION,
    remedy=mark("Allow the command to the user of that Redis address on this node, then restart the node."),
)
_DATABASE_LOGIN = Verdict(
    Severity.FAIL,
    mark("{name} cannot sign in to the database: “{message}”."),
    ErrorKind.CREDENTIALS,
    remedy=mark("Correct DB_USER and DB_PASSWORD of this node, then restart it."),
)
_LICENCE = Verdict(
    Severity.FAIL,
    mark("{name} refuses to start in this version for its licence: “{message}”."),
    ErrorKind.VERSION,
    mark(
        "With a licence key that is not active, NocoBase starts in no other version than the one in its database "
        "(plugin-license, server/plugin.ts)."
    ),
    mark("Renew the licence and put the new key into the storage, or start the version that the message names."),
)
_CACHE_LOGIN = Verdict(
    Severity.FAIL,
    mark("{name} cannot sign in to its cache in Redis: “{message}”."),
    ErrorKind.CREDENTIALS,
    remedy=mark("Correct the user and password in CACHE_REDIS_URL on this node, then restart the node."),
)
_AES = Verdict(
    Severity.FAIL,
    mark("{name} cannot start: its encryption key is not 32 bytes long."),
    ErrorKind.OTHER,
    mark("NocoBase says “{message}”."),
    mark(
        "Give this node the APP_AES_SECRET_KEY that the other nodes have, 64 hexadecimal digits, and restart it. Only "
        "a cluster that never ran takes a new one."
    ),
)
_RACE = Verdict(
    Severity.FAIL,
    mark("{name} is stuck: “{message}”."),
    ErrorKind.OTHER,
    mark("Seen when two nodes were first started at once on an empty database."),
    mark("Restart this node, now that another one has finished the installation."),
)
_NO_APP = Verdict(
    Severity.FAIL,
    mark("{name} is up but knows no such application (APP_NOT_FOUND)."),
    ErrorKind.MISSING,
    remedy=mark("Compare APP_PUBLIC_PATH of this node with the sub-path in the plan."),
)
_BROKEN = Verdict(
    Severity.FAIL,
    mark("{name} is up but does not run: “{message}”."),
    ErrorKind.OTHER,
    mark("The health check answers {status}."),
    mark("Read the node's log, correct what it names, then restart the node."),
)
_PAGE = Verdict(
    Severity.FAIL,
    mark("{name} answers the health check with a page instead of “ok”."),
    ErrorKind.PROTOCOL,
    mark(
        "NocoBase's web server gives its page for every path it does not know, even when the application is dead: "
        "the sub-path may be wrong, or the application behind the web server is down."
    ),
    mark("Compare APP_PUBLIC_PATH with the sub-path in the plan, and read the node's log."),
)
_GATEWAY = Verdict(
    Severity.FAIL,
    mark("{name} reaches no node: HTTP {status}."),
    ErrorKind.REFUSED,
    mark("A web server in front answers, and nobody answers behind it: “{message}”."),
    mark("Check each node by itself, then compare the addresses in the “upstream” block with the nodes."),
    wordless=mark("A web server in front answers with nothing in it, and nobody answers behind it."),
)
_CLOSED = Verdict(
    Severity.FAIL,
    mark("{name} answers 503 with a page that is not NocoBase's."),
    ErrorKind.OTHER,
    mark("A web server in front says that the service is closed, as during maintenance: “{message}”."),
    mark("Take the maintenance switch away when the work is done, and check again."),
    wordless=mark("A web server in front says that the service is closed, as during maintenance; its answer is empty."),
)
_REDIRECT = Verdict(
    Severity.FAIL,
    mark("{name} sends the health check elsewhere: HTTP {status} to {message}."),
    ErrorKind.PROTOCOL,
    remedy=mark("Write the address that it names into the plan, or take the redirect away."),
)
_FOREIGN = Verdict(
    Severity.FAIL,
    mark("{name} does not answer as NocoBase does: HTTP {status}."),
    ErrorKind.PROTOCOL,
    mark("The answer begins with “{message}”."),
    mark("Check that the host, the port and the sub-path in the plan are NocoBase's."),
    wordless=mark("The answer is empty."),
)

_TOLD_BY_WORDS = (
    ("WRONGPASS", _CACHE_LOGIN),
    ("NOAUTH", _CACHE_LOGIN),
    ("NOPERM", _NOT_ALLOWED),
    ("password authentication failed", _DATABASE_LOGIN),
    ("Access denied for user", _DATABASE_LOGIN),
    ("ENOTFOUND", _UNKNOWN_NAME),
    ("EAI_AGAIN", _UNKNOWN_NAME),
    ("ECONNREFUSED", _SERVER_REFUSED),
    ("EHOSTUNREACH", _SERVER_REFUSED),
    ("ENETUNREACH", _SERVER_REFUSED),
    ("ETIMEDOUT", _SERVER_SILENT),
    ("Connection timeout", _SERVER_SILENT),
    ("self-signed certificate", _NOT_TRUSTED),
    ("self signed certificate", _NOT_TRUSTED),
    ("unable to verify the first certificate", _NOT_TRUSTED),
    ("unable to get local issuer certificate", _NOT_TRUSTED),
    ("unable to get issuer certificate", _NOT_TRUSTED),
    ("certificate has expired", _NOT_TRUSTED),
    ("does not match certificate's altnames", _NOT_TRUSTED),
    ("license has expired", _LICENCE),
    ("license is invalid", _LICENCE),
    ('Lock adapter "', _NO_LOCK),
    ("Key must be 32 bytes", _AES),
    ("Validation error", _RACE),
)
"""What NocoBase's message tells, whatever its code: a fatal fault in the environment leaves the port open.

The words are those of Node.js (node:dns, node:net, node:tls), of Redis and of the databases, which NocoBase passes on.
"""


def read(reply: Reply) -> tuple[Verdict, str]:
    """Return what the answer says, and the message in it."""
    if reply.status == OK:
        if reply.body == b"ok":
            return SERVING, ""
        return (_PAGE if reply.is_page else _FOREIGN), reply.quote()
    if reply.status in REDIRECTS:
        return _REDIRECT, Quoted(reply.headers.get("location", ""))
    error = _error_of(reply)
    if error is None:
        return _from_in_front(reply), reply.quote()
    code, message = str(error.get("code", "")), str(error.get("message", ""))
    return _told(code, message), Quoted(message or code)


def _told(code: str, message: str) -> Verdict:
    for words, verdict in _TOLD_BY_WORDS:
        if words in message:
            return verdict
    match code:
        case "APP_COMMANDING":
            return _BUSY if message else _MUTE
        case "APP_NOT_INSTALLED_ERROR":
            return _EMPTY
        case "APP_NOT_FOUND":
            return _NO_APP
        case "APP_PREPARING" | "APP_INITIALIZING" | "APP_INITIALIZED" | "APP_STARTING":
            return _BUSY
    return _BROKEN


def _from_in_front(reply: Reply) -> Verdict:
    if reply.status in {BAD_GATEWAY, GATEWAY_TIMEOUT}:
        return _GATEWAY
    return _CLOSED if reply.status == UNAVAILABLE else _FOREIGN


def _error_of(reply: Reply) -> dict[str, Any] | None:
    body = reply.json()
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else None


def is_serving(reply: object) -> bool:
    """Whether it is the answer of an application that runs."""
    return isinstance(reply, Reply) and reply.status == OK and reply.body == b"ok"


def _remedy(verdict: Verdict, values: Mapping[str, object]) -> Remedy | None:
    words = tr(verdict.remedy, **values) if verdict.remedy else ""
    return steps(words, *verdict.lines) if verdict.lines else advice(words)


def _detail(verdict: Verdict, values: Mapping[str, object]) -> str:
    detail = (not values["message"] and verdict.wordless) or verdict.detail
    return tr(detail, **values) if detail else ""


def judge(spec: Spec, reply: Reply, name: str, **more: Any) -> Finding:
    """Return the finding of `spec` for an answer of `name`, a name with its address or an address alone."""
    verdict, message = read(reply)
    values = {"name": name, "status": reply.status, "message": message}
    parts = {
        "error": verdict.error,
        "detail": _detail(verdict, values),
        "remedy": _remedy(verdict, values),
        "facts": {"status": reply.status, "answer": reply.quote()},
    }
    return spec.finding(verdict.severity, tr(verdict.summary, **values), {**parts, **more})
