"""What no single subject shows: clocks, the plan's database against the nodes', and one session shown to all nodes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from wizard.checks.cluster import assets, default_admin, judge_assets, judge_database, judge_keys, use_probe
from wizard.checks.cluster.assets import AssetFacts
from wizard.checks.cluster.default_admin import DefaultFacts
from wizard.checks.cluster.fan_out import Serving
from wizard.checks.cluster.judge_clocks import judge_clocks
from wizard.checks.cluster.judge_sync import judge_sync
from wizard.checks.cluster.judge_versions import judge_versions
from wizard.checks.cluster.session import Account
from wizard.checks.cluster.session_probe import LICENCE_SECONDS, SessionFacts, probe
from wizard.checks.cluster.session_target import Target, serving_nodes, target_of
from wizard.checks.cluster.specs import ASSETS, CLOCKS, DATABASE, DEFAULT_ADMIN, KEYS, SESSION, SYNC, VERSIONS
from wizard.checks.cluster.use_probe import UseFacts
from wizard.checks.database.checks import DRIVERS, prerequisites
from wizard.checks.database.target import Target as Database
from wizard.checks.licence import judge_validity
from wizard.checks.licence.specs import VALIDITY
from wizard.checks.licence.wanted import Wanted, wanted_of
from wizard.checks.node.target import Target as Node
from wizard.checks.node.target import name_of
from wizard.engine.check import Check, CrossCheck, Prerequisites, secret_at, settled
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice
from wizard.plan.secret import Secrets
from wizard.plan.secret_hints import how_to_give

DEADLINE = 20.0 + LICENCE_SECONDS
"""Seconds for the session; only a node that hangs in each step in turn takes so long."""
USE_DEADLINE, ASSETS_DEADLINE = 40.0, 25.0
"""Seconds for the plan's database and the nodes together, and for the files of the pages."""
_WITH_ACCOUNT = (*SESSION, *VALIDITY)


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Return the checks that sign in, each only where the plan asks for it; they have no subject."""
    nodes = serving_nodes(plan)
    serving = Serving(nodes)
    return [
        _session(plan, secrets, serving),
        _database(plan, secrets, nodes, serving),
        _assets(plan, nodes, serving),
        _default_admin(plan, nodes, serving),
    ]


def cross_checks(plan: Plan) -> list[CrossCheck]:
    """Return the comparisons; their findings have no subject."""
    return [
        CrossCheck(component="cluster", specs=(VERSIONS,), judge=judge_versions, needs=("node",)),
        CrossCheck(component="cluster", specs=(CLOCKS,), judge=judge_clocks, needs=("database", "redis", "node")),
        CrossCheck(component="cluster", specs=(SYNC,), judge=partial(judge_sync, plan), needs=("redis", "node")),
    ]


def _session(plan: Plan, secrets: Secrets, serving: Serving) -> Check[Any]:
    if not plan.application.check_account:
        return _skipped(
            tr("Not tested: the plan names no account of the application for checks."),
            because=("application.check_account",),
            remedy=_give_an_account(),
        )
    key = "application.check_password"
    needs = Prerequisites(plan, secrets, settings=(key,), secret_keys=(key,))
    if stopped := needs.missing("cluster", "", _WITH_ACCOUNT):
        return stopped
    target = target_of(plan, secrets)
    if not target.nodes:
        return _skipped(_no_nodes())
    return Check(
        component="cluster",
        specs=_WITH_ACCOUNT,
        facts=SessionFacts,
        probe=partial(probe, target, serving),
        judge=partial(_judge, target, wanted_of(plan)),
        deadline=DEADLINE,
    )


def _judge(target: Target, wanted: Wanted, facts: SessionFacts) -> Iterator[Finding]:
    yield from judge_keys.judge(target, facts)
    yield from judge_validity.judge(wanted, judge_keys.first_of(facts), facts.licence, KEYS)


def _skipped(reason: str, **more: Any) -> Check[Any]:
    return settled("cluster", "", _WITH_ACCOUNT, [spec.skip(reason, **more) for spec in _WITH_ACCOUNT])


def _give_an_account() -> Remedy:
    return advice(
        tr(
            "Give an account for checks on the step “Application”, or in the cluster file: application.check_account "
            "and application.check_password; any account with a role will do."
        )
    )


def _database(plan: Plan, secrets: Secrets, nodes: tuple[Node, ...], serving: Serving) -> Check[Any]:
    """Return the check of the database that the nodes use; without an account it compares versions alone."""
    own = (DATABASE,)
    if not nodes:
        return settled("cluster", "", own, [DATABASE.skip(_no_nodes())])
    if stopped := prerequisites(plan, secrets).missing("cluster", "", own):
        return stopped
    key = "application.check_password"
    password = secret_at(plan, secrets, key)
    named = plan.application.check_account
    database = Database.of(plan, secrets)
    names = {node.name for node in nodes}
    target = use_probe.Target(
        nodes=nodes,
        database=database,
        account=Account(named, password) if named and password else None,
        how_to_give=how_to_give(plan, key) if named else _give_an_account(),
        wants=key if named else "application.check_account",
        lacks=key if named and plan.get(key) and password is None else "",
        others=tuple(name for index in range(len(plan.nodes)) if (name := name_of(plan, index)) not in names),
    )
    return Check(
        component="cluster",
        part="use",
        specs=own,
        facts=UseFacts,
        probe=partial(use_probe.probe, target, serving),
        judge=partial(judge_database.judge, target),
        deadline=USE_DEADLINE,
        drivers=DRIVERS[database.postgres],
    )


def _assets(plan: Plan, nodes: tuple[Node, ...], serving: Serving) -> Check[Any]:
    own = (ASSETS,)
    if not nodes:
        return settled("cluster", "", own, [ASSETS.skip(_no_nodes())])
    if len(nodes) < 2:  # noqa: PLR2004 - it takes two to differ
        return settled(
            "cluster", "", own, [ASSETS.skip(tr("Not compared: the plan has one node that takes requests."))]
        )
    public = "" if plan.problem("application.public_url") else urlsplit(plan.application.public_url).hostname or ""
    return Check(
        component="cluster",
        part="assets",
        specs=own,
        facts=AssetFacts,
        probe=partial(assets.probe, serving, public),
        judge=partial(judge_assets.judge, tuple(node.name for node in nodes)),
        deadline=ASSETS_DEADLINE,
    )


def _no_nodes() -> str:
    return tr("Not tested: the plan has no node with an address that takes requests.")


def _default_admin(plan: Plan, nodes: tuple[Node, ...], serving: Serving) -> Check[Any]:
    own = (DEFAULT_ADMIN,)
    if not plan.application.try_default_admin:
        reason = tr("Not tested: the plan does not ask for it (application.try_default_admin).")
        return settled("cluster", "", own, [DEFAULT_ADMIN.skip(reason)])
    if not nodes:
        return settled("cluster", "", own, [DEFAULT_ADMIN.skip(_no_nodes())])
    return Check(
        component="cluster",
        part="default admin",
        specs=own,
        facts=DefaultFacts,
        probe=partial(default_admin.probe, serving),
        judge=default_admin.judge,
        deadline=15.0,
    )
