"""The one check of all nodes from inside: what is asked, and what the plan says beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import Any

from wizard.checks.inside import asked
from wizard.checks.inside.balancer_list import entries
from wizard.checks.inside.facts import InsideFacts, Planned
from wizard.checks.inside.fingerprints import expected, id_of
from wizard.checks.inside.judge import judge
from wizard.checks.inside.probe import MEETING_SECONDS, MOST_EXTRA, Target, probe
from wizard.checks.inside.specs import ANSWERS, SPECS
from wizard.engine.check import Check, settled, skip_rest
from wizard.engine.component import FromInside
from wizard.net.transport import words_of
from wizard.plan.child_environment import without_ours
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice
from wizard.plan.secret import Secret, Secrets
from wizard.plan.sections import Transport

_READ_OURS = frozenset({Transport.COMPOSE, Transport.LOCAL, Transport.COMMAND})
"""Compose fills in its file from its environment; what runs on this machine may be in a node's."""
_CONTAINERS = frozenset({Transport.DOCKER, Transport.COMPOSE, Transport.KUBECTL})


def checks(plan: Plan, secrets: Secrets, request: FromInside) -> list[Check[Any]]:
    """Return the check; where the plan names no way into its nodes it says so."""
    words: dict[str, list[str]] = {}
    if request.script:
        try:
            words = {name: words_of(plan.reach.template, there) for name, there in asked.names_there(plan).items()}
        except ValueError as error:
            return [_no_way(error)]
    target = Target(
        script=request.script,
        key=request.key,
        endpoints=tuple(asked.endpoints(plan)),
        words=words,
        ports=asked.ports(plan),
        environment=without_ours(os.environ) if plan.reach.transport in _READ_OURS else None,
        seconds=float(plan.reach.seconds),
        collected=request.collected,
        entries=partial(entries, plan),
    )
    return [
        Check(
            component="inside",
            specs=SPECS,
            facts=InsideFacts,
            probe=partial(probe, target),
            judge=partial(judge, _planned(plan, secrets, request)),
            deadline=target.seconds + MEETING_SECONDS + MOST_EXTRA + 10,
        )
    ]


def _no_way(error: ValueError) -> Check[Any]:
    reason = tr("Not tested: the plan names no way into the nodes ({reason}).", reason=error)
    remedy = advice(
        tr(
            "Choose one on the step “Nodes”, or in the cluster file: reach.transport (ssh, docker, compose, kubectl, "
            "local, or command with reach.command)."
        )
    )
    first = ANSWERS.unknown(reason, remedy=remedy, because=("reach.transport",))
    return settled("inside", "", SPECS, [first, *skip_rest(SPECS, ANSWERS)])


def _planned(plan: Plan, secrets: Secrets, request: FromInside) -> Planned:
    names = asked.node_names(plan)
    return Planned(
        nodes=names,
        prints={id_of(key): expected(plan, secrets, key) for key in _keys(request)},
        processes={name: node.processes for name, node in zip(names, plan.nodes, strict=True)},
        version=plan.application.version,
        without_plugins=plan.licence.without_plugins,
        in_containers=plan.reach.transport in _CONTAINERS,
        endpoints={one["name"]: f"{one['host']}:{one['port']}" for one in asked.endpoints(plan)},
    )


def _keys(request: FromInside) -> list[Secret]:
    """Return the key of this run, and those of the files as far as they are at hand."""
    identifiers = {str(data.get("key") or "") for _file, data in request.collected if isinstance(data, Mapping)} - {""}
    kept = [request.known_key(identifier) for identifier in sorted(identifiers)]
    return [key for key in (request.key, *kept) if key]
