"""Whether the terms of the site are those that NocoBase needs. Pure; the rules are in docs/nocobase.md, "Balancer"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wizard.checks.balancer import remedies
from wizard.checks.balancer.site import terms_haproxy, terms_nginx
from wizard.checks.balancer.site.lack import Lack, remarks, told
from wizard.checks.balancer.specs import LIMITS
from wizard.formats.sites.model import Site, Wanted
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.remedy import Remedy, commands, steps
from wizard.plan.sections import BalancerKind


def terms(file: str, wanted: Wanted, site: Site) -> Finding:
    """Return the finding: what is amiss, the worst first, and the lines to put there."""
    if site.api is None:
        return LIMITS.unknown(
            tr(
                "Could not be found out from {file}: nothing below {path}api/ is passed on.",
                file=file,
                path=wanted.public_path,
            ),
            error=ErrorKind.PROTOCOL,
            detail=" ".join(site.notes),
        )
    haproxy = wanted.kind is BalancerKind.HAPROXY
    lacks = list(terms_haproxy.lacks(wanted, site) if haproxy else terms_nginx.lacks(wanted, site))
    more: dict[str, Any] = {"facts": {name: term.text for name, term in site.api.settings.items()}}
    if not lacks:
        says = tr("{file} gives NocoBase what it needs: size of bodies, patience, headers, WebSockets.", file=file)
        return LIMITS.passed(says, detail=sentences(*remarks(wanted, site)), **more)
    sure = [lack for lack in lacks if lack.severity is not Severity.UNKNOWN]
    fails = any(lack.severity is Severity.FAIL for lack in sure)
    shown = sorted(sure or lacks, key=lambda lack: lack.severity is not Severity.FAIL)
    detail = sentences(told([*shown, *(lack for lack in lacks if lack not in shown)]), *remarks(wanted, site))
    names = listing(dict.fromkeys(lack.name for lack in shown))
    if not sure:
        return LIMITS.unknown(
            tr("Could not be found out in full from {file}: {names}.", file=file, names=names), detail=detail, **more
        )
    remedy = commands(*_remedy(shown), steps(tr("Then:"), remedies.RELOAD[wanted.kind]))
    if fails:
        says = tr("{file} does not give NocoBase what it needs: {names}.", file=file, names=names)
        return LIMITS.fail(says, ErrorKind.OTHER, detail=detail, remedy=remedy, **more)
    says = tr("{file} may not give NocoBase what it needs: {names}.", file=file, names=names)
    return LIMITS.warn(says, detail=detail, remedy=remedy, **more)


def _remedy(lacks: list[Lack]) -> Iterator[str | Remedy]:
    """Return the lines to put, by the block where they belong."""
    for place in dict.fromkeys(lack.place for lack in lacks):
        if place:
            yield steps(tr("In the block that begins at line {line}:", line=place))
        else:
            yield steps(tr("In the “frontend” or “backend”, each where it belongs:"))
        yield from dict.fromkeys(lack.line for lack in lacks if lack.place == place)
