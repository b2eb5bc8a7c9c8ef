"""What no single subject shows: clocks, the plan's database against the nodes', and one session shown to all nodes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from wizard.checks.cluster import default_admin, judge_keys
from wizard.checks.cluster.default_admin import DefaultFacts
from wizard.checks.cluster.judge import judge_clocks, judge_database
from wizard.checks.cluster.judge_versions import judge_versions
from wizard.checks.cluster.session_probe import LICENCE_SECONDS, SessionFacts, probe
from wizard.checks.cluster.session_target import Target, serving_nodes, target_of
from wizard.checks.cluster.specs import CLOCKS, DATABASE, DEFAULT_ADMIN, KEYS, SESSION, VERSIONS
from wizard.checks.licence import judge_validity
from wizard.checks.licence.specs import VALIDITY
from wizard.checks.licence.wanted import Wanted, wanted_of
from wizard.engine.check import Check, CrossCheck, Prerequisites, settled
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice
from wizard.plan.secret import Secrets

DEADLINE = 20.0 + LICENCE_SECONDS
"""Seconds for the session; only a node that hangs in each step in turn takes so long."""
_WITH_ACCOUNT = (*SESSION, *VALIDITY)


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Return the checks that sign in, each only where the plan asks for it; they have no subject."""
    return [_session(plan, secrets), _default_admin(plan)]


def cross_checks() -> list[CrossCheck]:
    """Return the comparisons; their findings have no subject."""
    return [
        CrossCheck(component="cluster", specs=(VERSIONS,), judge=judge_versions),
        CrossCheck(component="cluster", specs=(CLOCKS,), judge=judge_clocks),
        CrossCheck(component="cluster", specs=(DATABASE,), judge=judge_database),
    ]


def _session(plan: Plan, secrets: Secrets) -> Check[Any]:
    if not plan.application.check_account:
        return _skipped(
            tr("Not tested: the plan names no account of the application for checks."),
            remedy=advice(
                tr(
                    "Give one on the step “Application”, or in the cluster file: application.check_account and "
                    "application.check_password; any account with a role will do."
                )
            ),
        )
    key = "application.check_password"
    needs = Prerequisites(plan, secrets, settings=(key,), secret_keys=(key,))
    if stopped := needs.missing("cluster", "", _WITH_ACCOUNT):
        return stopped
    target = target_of(plan, secrets)
    if not target.nodes:
        return _skipped(tr("Not tested: the plan has no node with an address that takes requests."))
    return Check(
        component="cluster",
        specs=_WITH_ACCOUNT,
        facts=SessionFacts,
        probe=partial(probe, target),
        judge=partial(_judge, target, wanted_of(plan)),
        deadline=DEADLINE,
    )


def _judge(target: Target, wanted: Wanted, facts: SessionFacts) -> Iterator[Finding]:
    yield from judge_keys.judge(target, facts)
    yield from judge_validity.judge(wanted, judge_keys.first_of(facts), facts.licence, KEYS)


def _skipped(reason: str, **more: Any) -> Check[Any]:
    return settled("cluster", "", _WITH_ACCOUNT, [spec.skip(reason, **more) for spec in _WITH_ACCOUNT])


def _default_admin(plan: Plan) -> Check[Any]:
    own = (DEFAULT_ADMIN,)
    nodes = serving_nodes(plan)
    if not plan.application.try_default_admin:
        reason = tr("Not tested: the plan does not ask for it (application.try_default_admin).")
        return settled("cluster", "", own, [DEFAULT_ADMIN.skip(reason)])
    if not nodes:
        reason = tr("Not tested: the plan has no node with an address that takes requests.")
        return settled("cluster", "", own, [DEFAULT_ADMIN.skip(reason)])
    return Check(
        component="cluster",
        specs=own,
        facts=DefaultFacts,
        probe=partial(default_admin.probe, nodes),
        judge=default_admin.judge,
        deadline=15.0,
    )
