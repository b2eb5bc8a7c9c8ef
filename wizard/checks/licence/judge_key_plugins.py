"""Whether the licence key that a node holds covers what a cluster needs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.checks.licence.specs import KEY_PLUGINS
from wizard.checks.licence.validity import EXPIRED, LICENSED, UNLICENSED, Right, Validity
from wizard.checks.licence.wanted import Wanted
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.plugins import BUNDLE, short_name
from wizard.plan.remedy import advice

_BEST_FIRST = (LICENSED, EXPIRED)


def judge(wanted: Wanted, node: str, found: Validity) -> Iterator[Finding]:
    """Return a finding for each plug-in that the key does not cover now, or one pass."""
    if found.plugins is None:
        yield KEY_PLUGINS.unknown(
            tr("Could not be found out: {node} does not tell which plug-ins its key covers.", node=node),
            error=ErrorKind.PROTOCOL,
        )
        return
    rights = {package: _right(found.plugins, package) for package in wanted.packages}
    lacking = {package: right for package, right in rights.items() if right is None or right.status != LICENSED}
    for package, right in lacking.items():
        yield _lacking(wanted, found, package, right)
    if not lacking:
        yield KEY_PLUGINS.passed(
            trn(
                "The licence key covers the one plug-in that the cluster needs.",
                "The licence key covers the {count} plug-ins that the cluster needs.",
                count=len(rights),
            ),
            detail=listing(rights),
            facts={"packages": list(rights)},
        )


def _right(plugins: Mapping[str, Right], package: str) -> Right | None:
    """Return the better of what the key says of a package and of the bundle that brings it."""
    own = [plugins[name] for name in (package, BUNDLE) if name in plugins]
    return min(own, key=lambda right: (*_BEST_FIRST, right.status).index(right.status), default=None)


def _lacking(wanted: Wanted, found: Validity, package: str, right: Right | None) -> Finding:
    more: dict[str, Any] = {
        "subject": short_name(package),
        "facts": {"package": package, "status": right.status if right else "", "until": right.until if right else ""},
    }
    if right is None or right.status == UNLICENSED:
        return KEY_PLUGINS.fail(
            tr("The licence key does not cover {package}.", package=package),
            ErrorKind.MISSING,
            detail=tr(
                "A start takes such a plug-in out of the storage, and the nodes do not act as one cluster without it."
            ),
            remedy=advice(
                tr(
                    "Ask NocoBase to add {package} to the licence, which belongs to the Enterprise edition.",
                    package=package,
                )
            ),
            **more,
        )
    if right.status == EXPIRED:
        return _expired(wanted, found, package, right.until or "?", more)
    return KEY_PLUGINS.unknown(
        tr("Could not be found out: NocoBase calls {package} “{word}”.", package=package, word=right.status or "?"),
        error=ErrorKind.PROTOCOL,
        **more,
    )


def _expired(wanted: Wanted, found: Validity, package: str, until: str, more: Mapping[str, Any]) -> Finding:
    values = {"package": package, "until": until, "planned": wanted.version, "held": found.version}
    if wanted.upgrades(found):
        return KEY_PLUGINS.fail(
            tr("The licence key gives {package} no newer than of {until}, and the plan goes to {planned}.", **values),
            ErrorKind.VERSION,
            detail=tr(
                "The database holds {held}. Only a version that was published before that day is given; else the "
                "nodes go on with a plug-in made for {held}.",
                **values,
            ),
            remedy=advice(tr("Renew the licence before the upgrade, or plan the version {held}.", **values)),
            **more,
        )
    return KEY_PLUGINS.warn(
        tr("The time in which the licence key gives new versions of {package} ended on {until}.", **values),
        error=ErrorKind.VERSION,
        detail=tr("It goes on working in the version that is there."),
        remedy=advice(tr("Renew the licence before the next upgrade.")),
        **more,
    )
