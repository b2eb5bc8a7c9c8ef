"""What the package service's answers mean. Pure.

A service that cannot be reached from here, or that answers nonsense, tells nothing about the licence: `unknown`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

from wizard.checks.licence.probe import LicenceFacts, Login, Offer
from wizard.checks.licence.specs import LOGIN, PLUGINS, VERSION
from wizard.checks.licence.target import Target
from wizard.engine.check import ours, skip_rest, stopped_by
from wizard.engine.facts import Known, Pending, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.plugins import BUNDLE, short_name
from wizard.plan.remedy import advice, commands
from wizard.plan.spec import Spec
from wizard.plan.versions import order

ASKED = (LOGIN, PLUGINS, VERSION)
_UNAUTHORIZED, _FORBIDDEN, _SERVER_ERROR = 401, 403, 500
_LICENCE_INVALID = re.compile(r"licen[cs]e.*(not valid|invalid|expired)", re.IGNORECASE)


def judge(target: Target, facts: LicenceFacts) -> Iterator[Finding]:
    """Return a finding for each of ASKED, `licence.plugins` one for each plug-in that is missing."""
    if not isinstance(facts.login, Known):
        yield _unreachable(LOGIN, target, facts.login)
        yield from skip_rest(ASKED, LOGIN)
        return
    login = facts.login.value
    if login.token is None:
        yield _refused(target, login, facts.login.elapsed_ms)
        yield from skip_rest(ASKED, LOGIN)
        return
    yield LOGIN.passed(
        tr("The package service {url} accepts the account {user}.", url=target.url, user=target.username),
        facts={"url": target.url, "user": target.username},
        elapsed_ms=facts.login.elapsed_ms,
    )
    yield from _plugins(target, facts)
    yield _version(target, facts)


def _unreachable(spec: Spec, target: Target, fact: Trouble | Pending) -> Finding:
    trouble = fact if isinstance(fact, Trouble) else Trouble(ErrorKind.OTHER)
    if trouble.ours:
        return ours(spec, trouble)
    return spec.unknown(
        tr("Could not be found out: the package service {url} does not answer as expected.", url=target.url),
        error=trouble.kind,
        detail=tr(
            "It was asked from this machine ({said}). Every node asks it at each start; one that cannot starts without "
            "the plug-ins it lacks, and only its log says so.",
            said=trouble.message or trouble.kind.value,
        ),
        remedy=commands(f"curl -m 10 -v {shlex.quote(target.url)}"),
        elapsed_ms=trouble.elapsed_ms,
    )


def _refused(target: Target, login: Login, elapsed_ms: int | None) -> Finding:
    facts = {"url": target.url, "user": target.username, "status": login.status}
    said = tr("The service answered HTTP {status}: “{said}”.", status=login.status, said=login.quoted)
    if login.status < _SERVER_ERROR and _LICENCE_INVALID.search(login.quoted):
        return LOGIN.fail(
            tr("The licence of the account {user} is not valid.", user=target.username),
            ErrorKind.PERMISSION,
            detail=said,
            remedy=advice(
                tr("Renew the licence at https://www.nocobase.com/en/commercial, or use the account that holds it.")
            ),
            facts=facts,
            elapsed_ms=elapsed_ms,
        )
    if login.status in {_UNAUTHORIZED, _FORBIDDEN}:
        return LOGIN.fail(
            tr("The package service {url} refuses the account {user}.", url=target.url, user=target.username),
            ErrorKind.CREDENTIALS,
            detail=said,
            remedy=advice(
                tr("Correct NOCOBASE_PKG_USERNAME and NOCOBASE_PKG_PASSWORD: those of the NocoBase service account.")
            ),
            facts=facts,
            elapsed_ms=elapsed_ms,
        )
    return LOGIN.unknown(
        tr("Could not be found out: {url} does not answer as a package service does.", url=target.url),
        error=ErrorKind.PROTOCOL,
        detail=said,
        remedy=advice(
            tr("Check the address of the package service, and whether a proxy or a sign-in page stands in between.")
        ),
        facts=facts,
        elapsed_ms=elapsed_ms,
    )


def _plugins(target: Target, facts: LicenceFacts) -> Iterator[Finding]:
    if not isinstance(facts.licensed, Known):
        yield _unreachable(PLUGINS, target, facts.licensed)
        return
    licensed, elapsed = facts.licensed.value, facts.licensed.elapsed_ms
    if licensed is None:
        yield PLUGINS.unknown(
            tr("Could not be found out: {url} gives no list of packages.", url=target.list_url),
            error=ErrorKind.PROTOCOL,
            elapsed_ms=elapsed,
        )
        return
    missing = () if BUNDLE in licensed else tuple(name for name in target.packages if name not in licensed)
    for package in missing:
        yield PLUGINS.fail(
            tr("The licence of {user} does not cover {package}.", user=target.username, package=package),
            ErrorKind.MISSING,
            subject=short_name(package),
            detail=tr("NocoBase starts without it, and the nodes do not act as one cluster."),
            remedy=advice(
                tr(
                    "Ask NocoBase to add {package} to the licence; it belongs to the Enterprise edition.",
                    package=package,
                )
            ),
            facts={"package": package},
            elapsed_ms=elapsed,
        )
    if not missing:
        yield PLUGINS.passed(
            trn(
                "The licence covers the one plug-in that the cluster needs.",
                "The licence covers the {count} plug-ins that the cluster needs.",
                count=len(target.packages),
            ),
            detail=listing((BUNDLE,) if BUNDLE in licensed else target.packages),
            facts={"packages": list(target.packages), "bundle": BUNDLE in licensed},
            elapsed_ms=elapsed,
        )


def _version(target: Target, facts: LicenceFacts) -> Finding:
    if not target.version:
        return VERSION.skip(tr("Not looked at: the plan names no version of NocoBase."))
    if isinstance(facts.offers, Pending):
        return stopped_by(PLUGINS, VERSION)
    if isinstance(facts.offers, Trouble):
        return _unreachable(VERSION, target, facts.offers)
    lacking = [offer for offer in facts.offers.value if offer.versions and target.version not in offer.versions]
    mute = [offer.package for offer in facts.offers.value if not offer.versions]
    if lacking:
        return _not_offered(target, lacking)
    if mute:
        return VERSION.unknown(
            tr("Could not be found out: the service names no versions of {packages}.", packages=listing(mute)),
            error=ErrorKind.PROTOCOL,
        )
    return VERSION.passed(
        tr("The plug-ins are offered in version {version}.", version=target.version),
        facts={"version": target.version},
        elapsed_ms=facts.offers.elapsed_ms,
    )


def _not_offered(target: Target, lacking: list[Offer]) -> Finding:
    newest = {offer.package: _newest(offer.versions or ()) for offer in lacking}
    listed = listing(f"{short_name(package)}: {version}" for package, version in newest.items())
    summary = trn(
        "{count} plug-in is not offered in version {version}.",
        "{count} plug-ins are not offered in version {version}.",
        count=len(lacking),
        version=target.version,
    )
    detail = tr("The newest offered: {listed}.", listed=listed)
    remedy = advice(
        tr("Plan the version {version}, or one that the service offers.", version=min(newest.values(), key=order))
    )
    facts = {"version": target.version, "newest": newest}
    if "-" in target.version:
        note = tr("For an alpha or beta, NocoBase takes another of the same version if there is one.")
        more: dict[str, Any] = {
            "error": ErrorKind.VERSION,
            "detail": f"{detail} {note}",
            "remedy": remedy,
            "facts": facts,
        }
        return VERSION.warn(summary, **more)
    return VERSION.fail(summary, ErrorKind.VERSION, detail=detail, remedy=remedy, facts=facts)


def _newest(versions: tuple[str, ...]) -> str:
    return max(versions, key=order)
