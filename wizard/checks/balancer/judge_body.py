"""How large a body may be on its way through the balancer. Pure."""

from __future__ import annotations

from typing import Any

from wizard.checks.balancer import remedies
from wizard.checks.balancer.body import Fate, fate
from wizard.checks.balancer.probe import BalancerFacts
from wizard.checks.balancer.specs import BODY, FILES
from wizard.checks.balancer.target import BODY_BYTES, LARGE_BYTES, MIB, Target
from wizard.engine.check import obstructed
from wizard.engine.facts import Fact, Known, Pending, Trouble
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, sentences, tr
from wizard.plan.remedy import advice, commands, steps
from wizard.plan.sections import BalancerKind

_WHO = mark("Answered by {server}.")


def body(target: Target, facts: BalancerFacts) -> Finding:
    """Return the finding: which size passed and which was refused, beside what the plan wants."""
    if fate(facts.body) is not Fate.THROUGH:
        return _stopped(target, facts.body, BODY_BYTES, passed=0)
    if not target.lets_through(BODY_BYTES):
        return _unlimited(target, facts.body, BODY_BYTES)
    if fate(facts.large) is not Fate.THROUGH:
        return _stopped(target, facts.large, LARGE_BYTES, passed=BODY_BYTES)
    if not target.lets_through(LARGE_BYTES):
        return _unlimited(target, facts.large, LARGE_BYTES)
    return BODY.passed(tr("A body of 20 MiB reaches the application."), **_more(facts.large, passed=LARGE_BYTES))


def _stopped(target: Target, fact: Fact[Reply], size: int, *, passed: int) -> Finding:
    match fate(fact):
        case Fate.REFUSED:
            return _refused(target, fact, size, passed=passed)
        case Fate.REFUSED_BEHIND:
            return _refused_behind(fact, size)
    reason = tr("Could not be found out: a body of 2 MiB got no answer.")
    if passed:
        reason = tr("A body of 2 MiB reaches the application; whether one of 20 MiB does could not be found out.")
    return _unclear(target, fact, reason, passed=passed)


def _refused(target: Target, fact: Fact[Reply], size: int, *, passed: int) -> Finding:
    more = _more(fact, passed=passed, refused=size)
    values = {"size": size // MIB, "passed": passed // MIB, "limit": target.upload_limit}
    if not target.lets_through(size):
        wanted = tr("The balancer refuses a body of {size} MiB (HTTP 413), as the plan's upload limit wants.", **values)
        return BODY.passed(wanted, detail=tr("The plan's limit is {limit} bytes.", **values), **more)
    why = tr("Uploads fail.")
    if target.kind is BalancerKind.NGINX:
        why = tr("nginx allows 1 MiB unless told otherwise; uploads fail.")
    summary = tr("The balancer refuses a body of {size} MiB (HTTP 413).", **values)
    if passed:
        summary = tr(
            "The balancer lets a body of {passed} MiB through and refuses one of {size} MiB (HTTP 413).", **values
        )
        why = tr(
            "Somebody set a limit in between. NocoBase itself takes files of 20 MB by default; their upload fails."
        )
    keep = tr("If the limit is meant, enter it as “Upload limit” of the balancer.")
    return BODY.fail(
        summary,
        ErrorKind.OTHER,
        detail=sentences(why, _answered_by(fact)),
        remedy=commands(remedies.body_limit(target.kind, 10 * LARGE_BYTES), steps(keep)),
        **more,
    )


def _refused_behind(fact: Fact[Reply], size: int) -> Finding:
    return BODY.warn(
        tr("The balancer lets a body of {size} MiB through; the application refuses it (HTTP 413).", size=size // MIB),
        detail=tr(
            "The answer is in JSON, as NocoBase's API gives it. REQUEST_BODY_LIMIT is for JSON, forms and text; what "
            "was sent is none of them, so something else on the nodes limits it."
        ),
        remedy=advice(tr("Look for a limit of bodies between the balancer and NocoBase, and in the node's log.")),
        **_more(fact, passed=0, refused=size),
    )


def _unlimited(target: Target, fact: Fact[Reply], size: int) -> Finding:
    return BODY.warn(
        tr(
            "A body of {size} MiB reaches the application, though the plan limits bodies to {limit} bytes.",
            size=size // MIB,
            limit=target.upload_limit,
        ),
        detail=tr("The balancer does not run with the plan's configuration."),
        remedy=advice(tr("Export the plan and put the balancer's file in use, or correct “Upload limit”.")),
        **_more(fact, passed=size),
    )


def _unclear(target: Target, fact: Fact[Reply], reason: str, *, passed: int) -> Finding:
    match fact:
        case Pending():
            if passed:
                return BODY.unknown(reason, error=ErrorKind.TIMEOUT, **_more(fact, passed=passed))
            return obstructed(BODY, fact, FILES, what=reason)
        case Trouble():
            slow = tr("The way to the balancer may be slow: try again, or from a machine that is nearer to it.")
            remedy = advice(slow) if fact.kind is ErrorKind.TIMEOUT else remedies.log(target.kind)
            more = _more(fact, passed=passed)
            return BODY.unknown(reason, error=fact.kind, detail=fact.message, remedy=remedy, **more)
        case Known(reply):
            if not passed:
                reason = tr(
                    "Could not be found out: a body of 2 MiB was answered with HTTP {status}.", status=reply.status
                )
            said = tr("The answer was HTTP {status}: {said}", status=reply.status, said=reply.quote())
            more = _more(fact, passed=passed)
            return BODY.unknown(reason, error=ErrorKind.PROTOCOL, detail=said, remedy=remedies.log(target.kind), **more)


def _answered_by(fact: Fact[Reply]) -> str:
    server = fact.value.headers.get("server", "") if isinstance(fact, Known) else ""
    return tr(_WHO, server=server) if server else ""


def _more(fact: Fact[Reply], *, passed: int, refused: int = 0) -> dict[str, Any]:
    """Return the facts of a finding: bytes that passed and were refused (0: none), and the last status."""
    known: dict[str, Any] = {"passed_bytes": passed, "refused_bytes": refused}
    if isinstance(fact, Known):
        known["status"] = fact.value.status
    return {"facts": known, "elapsed_ms": None if isinstance(fact, Pending) else fact.elapsed_ms}
