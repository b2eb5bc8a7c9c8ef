"""Whether a licence key is valid as a node sees it. Pure.

NocoBase takes the status from the key itself and takes no answer for a yes. So a key whose service the node does not
reach may have been withdrawn since: `unknown`, never a pass.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from wizard.checks.licence.specs import STATUS
from wizard.checks.licence.validity import Validity
from wizard.checks.licence.wanted import Wanted
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import sentences, tr
from wizard.plan.remedy import advice, steps

_SHOP = "https://www.nocobase.com/en/commercial"


def judge(wanted: Wanted, node: str, found: Validity) -> Finding:
    """Say whether the key is valid, and whether that is certain."""
    facts = {
        "status": found.status,
        "upgrades_ended": found.upgrades_ended,
        "service_reached": found.service_reached,
        "packages_reached": found.packages_reached,
        "service_login": found.service_login,
        "version": found.version,
    }
    return (
        _withdrawn(wanted, found, facts)
        or _too_old(wanted, found, facts)
        or _not_certain(wanted, node, found, facts)
        or _refused(wanted, node, found, facts)
        or _ended(wanted, found, facts)
        or STATUS.passed(
            tr("NocoBase calls its licence key active, and upgrades are allowed."),
            detail=tr("{node} reaches the licence service, which gives it a newer key if there is one.", node=node),
            facts=facts,
        )
    )


def _withdrawn(wanted: Wanted, found: Validity, facts: Mapping[str, Any]) -> Finding | None:
    if found.status in {"", "active"}:
        return None
    if wanted.version and found.version and wanted.version != found.version:
        return STATUS.fail(
            tr(
                "NocoBase calls its licence key “{word}”, so it refuses to start in the version {planned}.",
                word=found.status,
                planned=wanted.version,
            ),
            ErrorKind.VERSION,
            detail=tr(
                "With such a key it starts in no other version than the one in its database, {held}.",
                held=found.version,
            ),
            remedy=advice(
                tr(
                    "Get a new key from NocoBase's service at {shop}, or plan the version {held}.",
                    shop=_SHOP,
                    held=found.version,
                )
            ),
            facts=facts,
        )
    return STATUS.fail(
        tr("NocoBase calls its licence key “{word}”.", word=found.status),
        ErrorKind.PERMISSION,
        detail=tr("With such a key NocoBase starts in no other version than the one in its database."),
        remedy=advice(tr("Get a new key from NocoBase's service at {shop}.", shop=_SHOP)),
        facts=facts,
    )


def _too_old(wanted: Wanted, found: Validity, facts: Mapping[str, Any]) -> Finding | None:
    if not (found.upgrades_ended and wanted.upgrades(found)):
        return None
    return STATUS.fail(
        tr(
            "The licence key no longer allows upgrades, and the plan goes from {held} to {planned}.",
            held=found.version,
            planned=wanted.version,
        ),
        ErrorKind.VERSION,
        detail=tr(
            "Plug-ins are given in versions that were published before the time was over. Once NocoBase's service "
            "calls such a key invalid, no node starts in another version than {held}.",
            held=found.version,
        ),
        remedy=advice(tr("Renew the licence before the upgrade, or plan the version {held}.", held=found.version)),
        facts=facts,
    )


def _not_certain(wanted: Wanted, node: str, found: Validity, facts: Mapping[str, Any]) -> Finding | None:
    if not found.status:
        return _unsaid(tr("{node} does not tell the status of its licence key.", node=node), facts)
    if found.service_reached is None:
        return _unsaid(tr("{node} does not tell whether it reaches the licence service.", node=node), facts)
    if not found.service_reached:
        why = tr("{node} does not reach the licence service.", node=node)
        return _out_of_reach(node, found.service or _SHOP, why, facts)
    if found.service_login is None:
        return _unsaid(tr("{node} does not tell whether its key opens the package service.", node=node), facts)
    if not found.service_login and not found.packages_reached:
        why = tr("{node} does not reach the package service.", node=node)
        return _out_of_reach(node, wanted.service_url, why, facts)
    return None


def _unsaid(why: str, facts: Mapping[str, Any]) -> Finding:
    return STATUS.unknown(
        tr("Whether the licence key is valid could not be found out: {why}", why=why),
        error=ErrorKind.PROTOCOL,
        facts=facts,
    )


def _out_of_reach(node: str, url: str, why: str, facts: Mapping[str, Any]) -> Finding:
    return STATUS.unknown(
        tr("Whether the licence key is valid could not be found out: {why}", why=why),
        error=ErrorKind.REFUSED,
        detail=sentences(
            tr("The key itself says “{word}”, which may be out of date.", word=facts["status"]),
            tr("The time in which it allows upgrades is over.") if facts["upgrades_ended"] else "",
            tr("Plug-ins that are there go on working; others are not downloaded."),
        ),
        remedy=steps(tr("On {node}:", node=node), f"curl -m 10 -v {shlex.quote(url)}"),
        facts=facts,
    )


def _refused(wanted: Wanted, node: str, found: Validity, facts: Mapping[str, Any]) -> Finding | None:
    if found.service_login:
        return None
    return STATUS.warn(
        tr("The package service does not let {node} in with its licence key.", node=node),
        error=ErrorKind.CREDENTIALS,
        detail=tr(
            "{node} reaches the service {url}. Plug-ins that are there go on working; others are not downloaded.",
            node=node,
            url=wanted.service_url,
        ),
        remedy=steps(tr("Get a new key from NocoBase's service. What the present one says:"), wanted.look),
        facts=facts,
    )


def _ended(wanted: Wanted, found: Validity, facts: Mapping[str, Any]) -> Finding | None:
    if not found.upgrades_ended:
        return None
    return STATUS.warn(
        tr("The time in which the licence key allows upgrades is over."),
        error=ErrorKind.VERSION,
        detail=tr("The plug-ins go on working in the versions that are there; newer ones are not given."),
        remedy=steps(tr("Renew the licence before the next upgrade. What the key says:"), wanted.look),
        facts=facts,
    )
