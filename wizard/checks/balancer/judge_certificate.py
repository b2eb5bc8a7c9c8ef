"""Whether browsers believe the balancer's certificate, and for how long. Pure."""

from __future__ import annotations

from typing import Any

from wizard.checks.balancer import remedies
from wizard.checks.balancer.specs import CERTIFICATE
from wizard.checks.balancer.target import Target
from wizard.net.certificate import Certificate
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.quoted import Quoted
from wizard.plan.remedy import Remedy, advice, steps

FEW_DAYS = 21


def certificate(target: Target, found: Certificate | None) -> Finding:
    """Return the finding; None is an address without TLS."""
    if found is None:
        return CERTIFICATE.skip(tr("Not looked at: the public address {origin} is without TLS.", origin=target.origin))
    values = {
        "host": target.host,
        "until": found.not_after.date().isoformat(),
        "since": found.not_before.date().isoformat(),
        "days": found.days_left,
        "reason": Quoted(found.distrust),
    }
    more: dict[str, Any] = {
        "detail": found.described,
        "facts": {
            "names": [Quoted(name) for name in found.names],
            "not_after": found.not_after.isoformat(),
            "issuer": Quoted(found.issuer),
        },
    }
    if fault := _fault(target, found, values):
        summary, remedy = fault
        return CERTIFICATE.fail(summary, ErrorKind.TLS, remedy=remedy, **more)
    if found.days_left < FEW_DAYS:
        says = tr("Renew the certificate, and see that its renewal runs by itself:")
        remedy = steps(says, "certbot renew --dry-run")
        return CERTIFICATE.warn(tr("The certificate ends in {days} days, on {until}.", **values), remedy=remedy, **more)
    return CERTIFICATE.passed(tr("The certificate is for {host} and valid for {days} days.", **values), **more)


def _fault(target: Target, found: Certificate, values: dict[str, Any]) -> tuple[str, Remedy] | None:
    """Return summary and remedy of what makes browsers refuse it."""
    if found.seen > found.not_after:
        return (
            tr("The certificate ended on {until}.", **values),
            remedies.renewed(target.kind),
        )
    if found.seen < found.not_before:
        return (
            tr("The certificate begins on {since}.", **values),
            steps(tr("Compare the clocks of the balancer and of this machine:"), "date -u"),
        )
    if not found.is_for(target.host):
        return (
            tr("The certificate is not for {host}.", **values),
            advice(tr("Get a certificate for {host}, or correct the public address.", **values)),
        )
    if found.distrust:
        return (
            tr("The certificate is not trusted: {reason}.", **values),
            remedies.whole_chain(target.kind),
        )
    return None
