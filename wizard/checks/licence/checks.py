"""The right to the commercial plug-ins: by an account, asked at the package service, or by a licence key.

A key can only be decoded by NocoBase's own native kit, so of a key nothing more than its presence is found out here.
What a running node says of its key is asked in a session (`wizard.checks.cluster`) and judged by `judge_validity`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from wizard.checks.licence.commands import decode_command
from wizard.checks.licence.judge import ASKED, judge
from wizard.checks.licence.probe import LicenceFacts, probe
from wizard.checks.licence.specs import BY_KEY, KEY, KEY_PLUGINS, LOGIN, PLUGINS, VERSION
from wizard.checks.licence.target import Target
from wizard.checks.shared.unread import not_judged
from wizard.engine.check import Check, Prerequisites, secret_at, settled
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr, trn
from wizard.plan.plan import Plan
from wizard.plan.plugins import needed_plugins
from wizard.plan.remedy import advice, commands
from wizard.plan.secret import Secret, Secrets
from wizard.plan.secret_hints import how_to_give
from wizard.plan.sections import LicenceMethod
from wizard.plan.versions import release_of

DEADLINE = 10.0
_EMPTY = Secret("")


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Return the check of the licence; it has no subject."""
    if plan.licence.method is LicenceMethod.KEY:
        return [settled("licence", "", BY_KEY, _of_key(plan, secrets))]
    if plan.licence.skip_download:
        reason = tr("Not tested: the plan downloads no plug-ins (DISABLE_PKG_DOWNLOAD); they must be in the storage.")
        return [settled("licence", "", ASKED, [spec.skip(reason) for spec in ASKED])]
    needs = Prerequisites(
        plan,
        secrets,
        settings=("licence.username", "licence.password", "licence.service_url"),
        secret_keys=("licence.password",),
    )
    if stopped := needs.missing("licence", "", ASKED):
        return [stopped]
    target = Target(
        url=plan.licence.service_url,
        username=plan.licence.username,
        password=secret_at(plan, secrets, "licence.password") or _EMPTY,
        packages=needed_plugins(plan),
        version=release_of(plan.application.version),
    )
    return [
        Check(
            component="licence",
            specs=ASKED,
            facts=LicenceFacts,
            probe=partial(probe, target),
            judge=partial(judge, target),
            deadline=DEADLINE,
            drivers=("httpx", "httpcore", "idna", "certifi"),
        )
    ]


def _of_key(plan: Plan, secrets: Secrets) -> Iterator[Finding]:
    yield LOGIN.skip(tr("Not tested: the plan is licensed by a key, not by an account."))
    told_by_node = bool(plan.application.check_account)
    if told_by_node:
        yield PLUGINS.skip(tr("A node is asked what its key covers: see {id}.", id=KEY_PLUGINS.id))
    for spec in (VERSION,) if told_by_node else (PLUGINS, VERSION):
        yield spec.unknown(
            tr("Could not be found out: only NocoBase's own licence kit can decode a licence key."),
            detail=tr("The key says which plug-ins it covers, for which domain and database, and until when."),
            remedy=commands(decode_command(plan)),
        )
    yield _key(plan, secrets)


def _key(plan: Plan, secrets: Secrets) -> Finding:
    if plan.licence.key is None and "licence.key" in plan.unsaid:
        return not_judged(KEY, plan, ["licence.key"])
    if plan.licence.key is None:
        return KEY.fail(
            tr("The plan has no licence key."),
            ErrorKind.MISSING,
            remedy=advice(
                tr("Enter the key that NocoBase gave for this cluster's instance ID, or choose the account instead.")
            ),
        )
    key = secret_at(plan, secrets, "licence.key")
    if key is None:
        return KEY.unknown(
            tr("Not tested: the licence key is not at hand."),
            detail=tr("The plan refers to it, but neither the secret store nor the environment gave a value."),
            remedy=how_to_give(plan, "licence.key"),
            error=ErrorKind.MISSING,
            lacks="licence.key",
        )
    if not key.reveal().strip():
        return KEY.fail(tr("The licence key is empty."), ErrorKind.MISSING)
    return KEY.passed(
        trn(
            "A licence key of {count} character is at hand.",
            "A licence key of {count} characters is at hand.",
            count=len(key.reveal().strip()),
        ),
        detail=tr("It goes into the shared storage as .license/license-key before the first node starts."),
        facts={"fingerprint": key.fingerprint()},
    )
