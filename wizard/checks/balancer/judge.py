"""What the answers through the balancer mean. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wizard.checks.balancer import remedies
from wizard.checks.balancer.judge_body import body
from wizard.checks.balancer.judge_certificate import certificate
from wizard.checks.balancer.judge_files import files
from wizard.checks.balancer.judge_uploads import uploads
from wizard.checks.balancer.probe import BalancerFacts
from wizard.checks.balancer.specs import CERTIFICATE, CONNECT, HEALTH, LIVE, ORIGIN, WEBSOCKET
from wizard.checks.balancer.target import Target
from wizard.checks.shared import health
from wizard.engine.check import obstructed, skip_rest
from wizard.engine.facts import Known, Pending, Trouble
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, sentences, tr
from wizard.plan.remedy import steps
from wizard.plan.sections import BalancerKind
from wizard.plan.spec import Spec

_FORBIDDEN = 403
_NO_NODE = {502, 503, 504}
_REFUSED_ACCOUNT = {400, 401, 422}

_BEHIND = tuple(spec for spec in LIVE if spec not in {CONNECT, CERTIFICATE})
_BEFORE = mark("Before the first deployment this is expected.")
_WHY_NOT = {
    ErrorKind.DNS: mark("The name {host} cannot be found from this machine."),
    ErrorKind.REFUSED: mark("Nothing listens there: the balancer is not started, or listens on another port."),
    ErrorKind.TIMEOUT: mark("No answer came: the machine is down, or a firewall drops the packets."),
    ErrorKind.TLS: mark("What listens there speaks no TLS, or one that this machine refuses."),
    ErrorKind.PROTOCOL: mark("Something listens there, but it does not speak HTTP."),
}


def judge(target: Target, facts: BalancerFacts) -> Iterator[Finding]:
    """Return a finding for each of LIVE."""
    if not isinstance(facts.certificate, Known):
        yield _unreachable(target, facts.certificate)
        yield from skip_rest(LIVE, CONNECT)
        return
    if not isinstance(facts.health, Known):
        yield _unreachable(target, facts.health)
        yield certificate(target, facts.certificate.value)
        yield from skip_rest(_BEHIND, CONNECT)
        return
    yield CONNECT.passed(
        tr("The public address {origin} answers.", origin=target.origin),
        facts={"origin": target.origin},
        elapsed_ms=facts.health.elapsed_ms,
    )
    yield certificate(target, facts.certificate.value)
    yield _health(target, facts.health)
    if health.is_serving(facts.health.value):
        yield _websocket(target, facts)
        yield _origin(target, facts)
        yield files(target, facts)
        yield uploads(target, facts)
        yield body(target, facts)
    else:
        yield from skip_rest(_BEHIND[1:], HEALTH)


def _unreachable(target: Target, found: Trouble | Pending) -> Finding:
    kind = found.kind if isinstance(found, Trouble) else ErrorKind.OTHER
    said = found.message if isinstance(found, Trouble) else ""
    why = tr(_WHY_NOT[kind], host=target.host) if kind in _WHY_NOT else ""
    return obstructed(
        CONNECT,
        found,
        CONNECT,
        what=tr("The public address {origin} does not answer.", origin=target.origin),
        detail=sentences(why, f"({said})" if said else "", tr(_BEFORE)),
        remedy=steps(tr("From this machine:"), f"curl -m 5 -v {target.url(health.PATH)}"),
        facts={"origin": target.origin},
    )


def _health(target: Target, found: Known[Reply]) -> Finding:
    reply, more = found.value, {"elapsed_ms": found.elapsed_ms}
    if target.kind is BalancerKind.HAPROXY and reply.status in _NO_NODE and reply.json() is None:
        told = sentences(tr(remedies.NO_NODE), tr("Its page: “{said}”.", said=reply.quote()))
        return health.judge(HEALTH, reply, target.origin, detail=told, remedy=remedies.nodes_of_haproxy(), **more)
    return health.judge(HEALTH, reply, target.origin, **more)


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
        remedy=remedies.upgrade(target.kind),
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
            remedy=remedies.headers(target.kind, tls_before=target.tls_before),
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


def _unanswered(spec: Spec, fact: Trouble | Pending, gate: Spec, reason: str) -> Finding:
    if isinstance(fact, Pending):
        return obstructed(spec, fact, gate, what=reason)
    return spec.unknown(reason, error=fact.kind, detail=fact.message, elapsed_ms=fact.elapsed_ms)
