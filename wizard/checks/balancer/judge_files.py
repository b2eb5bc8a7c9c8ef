"""Whether addresses of uploaded files reach NocoBase through the balancer. Pure."""

from __future__ import annotations

from typing import Any

from wizard.checks.balancer import remedies
from wizard.checks.balancer.probe import FILE, BalancerFacts
from wizard.checks.balancer.specs import FILES, ORIGIN
from wizard.checks.balancer.target import Target
from wizard.engine.check import obstructed
from wizard.engine.facts import Known, Pending
from wizard.net.http import Reply
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr

_REDIRECT, _SERVER_ERROR, _CLIENT_ERROR = 300, 500, 400


def files(target: Target, facts: BalancerFacts) -> Finding:
    """Return the finding: what comes back for a file that does not exist must be no page of HTML."""
    fact = facts.files
    if not isinstance(fact, Known):
        reason = tr("Could not be found out: {url} gets no answer.", url=target.url(FILE))
        if isinstance(fact, Pending):
            return obstructed(FILES, fact, ORIGIN, what=reason)
        return FILES.unknown(reason, error=fact.kind, detail=fact.message, elapsed_ms=fact.elapsed_ms)
    if fact.value is None:
        version = target.version
        return FILES.skip(tr("Not asked: NocoBase {version} has no addresses below “files/”.", version=version))
    return _answered(target, fact.value, fact.elapsed_ms)


def _answered(target: Target, reply: Reply, elapsed_ms: int | None) -> Finding:
    kind = reply.headers.get("content-type", "")
    values = {"url": target.url(FILE), "status": reply.status}
    more: dict[str, Any] = {
        "facts": {"status": reply.status, "content_type": kind},
        "elapsed_ms": elapsed_ms,
    }
    if reply.status >= _SERVER_ERROR or _REDIRECT <= reply.status < _CLIENT_ERROR:
        reason = tr("Could not be found out: {url} is answered with HTTP {status}.", **values)
        return FILES.unknown(reason, error=ErrorKind.PROTOCOL, detail=reply.quote(), **more)
    if "html" in kind.lower():
        return FILES.warn(
            tr("Addresses of files do not reach NocoBase: {url} is answered with a page (HTTP {status}).", **values),
            detail=tr(
                "From 2.2 on uploaded files have addresses below “files/”, of which NocoBase itself decides; for one "
                "that does not exist it answers 404 and no page. Here a web server in front answers with its own, so "
                "that users see the application's page in the place of their files."
            ),
            remedy=remedies.files(target.kind, target.public_path, _directly(target)),
            **more,
        )
    return FILES.passed(
        tr("Addresses of files reach NocoBase: {url} is answered with no page (HTTP {status}).", **values), **more
    )


def _directly(target: Target) -> str:
    return f"http://{target.node}{target.public_path}{FILE}" if target.node else ""
