"""What the answers through the balancer mean. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wizard.checks import health
from wizard.checks.balancer.judge_certificate import certificate
from wizard.checks.balancer.probe import BalancerFacts
from wizard.checks.balancer.specs import BODY, CONNECT, HEALTH, LIVE, ORIGIN, WEBSOCKET
from wizard.checks.balancer.target import BODY_BYTES, Target
from wizard.checks.check import obstructed, skip_rest
from wizard.checks.facts import Known, Pending, Trouble
from wizard.checks.http import Reply
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.words import mark, tr

_FORBIDDEN, _TOO_LARGE, _SERVER_ERROR = 403, 413, 500
_REFUSED_ACCOUNT = {400, 401, 422}

HEADERS = """proxy_http_version 1.1;
proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_set_header X-Forwarded-Host $http_host;"""
UPGRADE = """proxy_http_version 1.1;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection "upgrade";"""
_BEFORE = mark("Before the first deployment this is expected.")
_WHY_NOT = {
    ErrorKind.DNS: mark("The name {host} cannot be found from this machine."),
    ErrorKind.REFUSED: mark("Nothing listens there: the balancer is not started, or listens on another port."),
    ErrorKind.TIMEOUT: mark("No answer came: the machine is down, or a firewall drops the packets."),
    ErrorKind.TLS: mark("What listens there speaks no TLS, or one that this machine refuses."),
    ErrorKind.PROTOCOL: mark("Something listens there, but it does not speak HTTP."),
}


def judge(target: Target, facts: BalancerFacts) -> Iterator[Finding]:
    """Give a finding for each of LIVE."""
    if not isinstance(facts.certificate, Known):
        yield _unreachable(target, facts.certificate)
        yield from skip_rest(LIVE, CONNECT)
        return
    if not isinstance(facts.health, Known):
        yield _unreachable(target, facts.health)
        yield certificate(target, facts.certificate.value)
        yield from skip_rest((HEALTH, WEBSOCKET, ORIGIN, BODY), CONNECT)
        return
    yield CONNECT.passed(
        tr("The public address {origin} answers.", origin=target.origin),
        facts={"origin": target.origin},
        elapsed_ms=facts.health.elapsed_ms,
    )
    yield certificate(target, facts.certificate.value)
    who = tr("The application behind {origin}", origin=target.origin)
    yield health.judge(HEALTH, facts.health.value, who, elapsed_ms=facts.health.elapsed_ms)
    if health.is_serving(facts.health.value):
        yield _websocket(target, facts)
        yield _origin(target, facts)
        yield _body(target, facts)
    else:
        yield from skip_rest((WEBSOCKET, ORIGIN, BODY), HEALTH)


def _unreachable(target: Target, found: Trouble | Pending) -> Finding:
    kind = found.kind if isinstance(found, Trouble) else ErrorKind.OTHER
    said = found.message if isinstance(found, Trouble) else ""
    why = tr(_WHY_NOT[kind], host=target.host) if kind in _WHY_NOT else ""
    return obstructed(
        CONNECT,
        found,
        CONNECT,
        what=tr("The public address {origin} does not answer.", origin=target.origin),
        detail=" ".join(part for part in (why, f"({said})" if said else "", tr(_BEFORE)) if part),
        remedy=tr("From this machine: {command}", command=f"curl -m 5 -v {target.url(health.PATH)}"),
        facts={"origin": target.origin},
    )


def _websocket(target: Target, facts: BalancerFacts) -> Finding:
    if isinstance(facts.websocket, Known):
        return WEBSOCKET.passed(
            tr("A WebSocket opens at {url}.", url=target.websocket_url),
            facts={"status": facts.websocket.value},
            elapsed_ms=facts.websocket.elapsed_ms,
        )
    return obstructed(
        WEBSOCKET,
        facts.websocket,
        HEALTH,
        what=tr("No WebSocket opens at {url}.", url=target.websocket_url),
        remedy=tr("The balancer must pass the upgrade on. In its “location”:") + f"\n{UPGRADE}",
    )


def _origin(target: Target, facts: BalancerFacts) -> Finding:
    if not isinstance(facts.origin, Known):
        return _unanswered(ORIGIN, facts.origin, WEBSOCKET, tr("Could not be found out: the sign-in does not answer."))
    reply = facts.origin.value
    more: dict[str, Any] = {"facts": {"status": reply.status}, "elapsed_ms": facts.origin.elapsed_ms}
    if reply.status == _FORBIDDEN and "origin" in reply.text.lower():
        return ORIGIN.fail(
            tr("Nobody can sign in at {origin}: NocoBase does not know it as its own.", origin=target.origin),
            ErrorKind.PERMISSION,
            detail=tr(
                "The answer was 403, “{said}”: from 2.2 on NocoBase compares the browser's origin with the host and "
                "scheme that the balancer passes on.",
                said=reply.quote(),
            ),
            remedy=tr("In the “location” of the balancer:") + f"\n{HEADERS}",
            **more,
        )
    if reply.status in _REFUSED_ACCOUNT and not reply.is_page:
        return ORIGIN.passed(
            tr("A sign-in from {origin} is judged by its password, not refused for its origin.", origin=target.origin),
            detail=tr("An account that does not exist was refused with HTTP {status}.", status=reply.status),
            **more,
        )
    return ORIGIN.unknown(
        tr("Could not be found out: the sign-in answers HTTP {status}.", status=reply.status),
        error=ErrorKind.PROTOCOL,
        detail=reply.quote(),
        **more,
    )


def _body(target: Target, facts: BalancerFacts) -> Finding:
    if 0 < target.upload_limit < BODY_BYTES:
        return BODY.skip(tr("Not tested: the plan limits uploads to less than 2 MiB."))
    if not isinstance(facts.body, Known):
        return _unanswered(BODY, facts.body, ORIGIN, tr("Could not be found out: a body of 2 MiB got no answer."))
    reply: Reply = facts.body.value
    more: dict[str, Any] = {"facts": {"status": reply.status, "bytes": BODY_BYTES}, "elapsed_ms": facts.body.elapsed_ms}
    if reply.status == _TOO_LARGE:
        return BODY.fail(
            tr("The balancer refuses a body of 2 MiB (HTTP 413)."),
            ErrorKind.OTHER,
            detail=tr("nginx allows 1 MiB unless told otherwise; uploads fail."),
            remedy=tr("In the “server” of the balancer:") + "\nclient_max_body_size 0;",
            **more,
        )
    if reply.status >= _SERVER_ERROR or reply.json() is None:  # NocoBase's API answers in JSON; a guard's page does not
        reason = tr("Could not be found out: a body of 2 MiB was answered with HTTP {status}.", status=reply.status)
        remedy = tr(
            "See what the balancer says, for example that it cannot store the body: tail /var/log/nginx/error.log"
        )
        return BODY.unknown(reason, error=ErrorKind.PROTOCOL, detail=reply.quote(), remedy=remedy, **more)
    return BODY.passed(tr("A body of 2 MiB reaches the application."), **more)


def _unanswered(spec: Any, fact: Trouble | Pending, gate: Any, reason: str) -> Finding:
    if isinstance(fact, Pending):
        return obstructed(spec, fact, gate, what=reason)
    found: Finding = spec.unknown(reason, error=fact.kind, detail=fact.message, elapsed_ms=fact.elapsed_ms)
    return found
