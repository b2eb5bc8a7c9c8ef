"""What needs no broker: the version of NocoBase, and the variables that no document names."""

from __future__ import annotations

import re

from wizard.checks.rabbitmq.specs import APPLICATION_VERSION, VARIABLES
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice
from wizard.plan.sections.queue import UNPUBLISHED

RECOVERS = (2, 1, 25)
"""The NocoBase version from which on channels recover (changelog)."""
NAMES_MENDED = (2, 1, 19)
"""The NocoBase version from which on queue names have no `:` and `@`, which some brokers refuse (#9989)."""


def judge_application(plan: Plan) -> Finding:
    """Say whether the plan's NocoBase has the corrections for RabbitMQ."""
    version = plan.application.version
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    if not match:
        return APPLICATION_VERSION.skip(tr("Not looked at: the plan names no NocoBase version."))
    numbers = tuple(int(part) for part in match.groups())
    facts = {"version": version, "setting": "application.version"}
    if numbers >= RECOVERS:
        return APPLICATION_VERSION.passed(tr("NocoBase {version} gets on with RabbitMQ.", version=version), facts=facts)
    names = tr("Its queue names contain “:” and “@”, which some brokers refuse.") if numbers < NAMES_MENDED else ""
    return APPLICATION_VERSION.warn(
        tr("NocoBase {version} recovers badly from a broken channel, as versions before 2.1.25 do.", version=version),
        detail=names,
        remedy=advice(
            tr(
                "Bring every node to NocoBase {version} or later, and write that version into the plan.",
                version="2.1.25",
            )
        ),
        error=ErrorKind.VERSION,
        facts=facts,
    )


def judge_variables(plan: Plan) -> Finding:
    """Say that the names are a guess: by analogy with those for Redis."""
    queue = plan.queue
    return VARIABLES.unknown(
        tr("Whether NocoBase reads {variable} is unverified.", variable=queue.url_variable),
        detail=tr("No document of NocoBase names the variables for RabbitMQ; these are formed like those for Redis."),
        remedy=advice(
            tr(
                "Ask NocoBase's support to confirm QUEUE_ADAPTER={adapter} and {variable}; the plan can name others. "
                "After the first start, look for the queue adapter in the nodes' logs.",
                adapter=queue.adapter,
                variable=queue.url_variable,
            )
        ),
        facts={"adapter": queue.adapter, "variable": queue.url_variable},
        cause=UNPUBLISHED,
    )
