"""Whether a large message goes through, and what limits it where it does not."""

from __future__ import annotations

import re
from typing import Any

from wizard.checks.rabbitmq.errors import MESSAGE_SIZE as ABOUT_SIZE
from wizard.checks.rabbitmq.errors import NOT_TAKEN
from wizard.checks.rabbitmq.facts import LARGE, BrokerFacts
from wizard.checks.rabbitmq.judge_use import behind_use
from wizard.checks.rabbitmq.specs import MESSAGE_SIZE
from wizard.checks.rabbitmq.target import BrokerTarget
from wizard.engine.facts import Known, Pending, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.remedy import steps

USUAL_LIMIT = 16 * 1024 * 1024
"""Bytes: what RabbitMQ 4 allows where nothing is configured; earlier ones allow 128 MiB."""
_LIMIT = re.compile(r"max size (\d+)")


def judge_message_size(target: BrokerTarget, facts: BrokerFacts) -> Finding:
    """One message of 1 MiB; a lower limit is no failure, as nobody has said how large NocoBase's messages are."""
    match facts.large:
        case Known(value=size, elapsed_ms=elapsed):
            return MESSAGE_SIZE.passed(
                tr("A message of 1 MiB goes through {address}.", address=target.address),
                detail=_undocumented(),
                facts={"bytes": size},
                elapsed_ms=elapsed,
            )
        case Trouble() as trouble:
            return _stopped(target, trouble)
        case Pending():
            return behind_use(MESSAGE_SIZE, target, facts)


def _stopped(target: BrokerTarget, trouble: Trouble) -> Finding:
    more: dict[str, Any] = {"error": trouble.kind, "facts": {"bytes": LARGE}, "elapsed_ms": trouble.elapsed_ms}
    if trouble.kind is ErrorKind.TIMEOUT:
        late = tr(
            "Could not be found out: a message of 1 MiB through {address} was not back in time.", address=target.address
        )
        return MESSAGE_SIZE.unknown(late, detail=trouble.message, **more)
    if trouble.about == ABOUT_SIZE:
        return _limited(target, trouble, more)
    remedy = None
    if trouble.about == NOT_TAKEN:
        remedy = steps(
            tr("See which policy limits the queues (max-length-bytes):"),
            *(target.rabbitmqctl(f"list_{kind}", inside=True) for kind in ("policies", "operator_policies")),
        )
    return MESSAGE_SIZE.warn(
        tr("A message of 1 MiB does not go through {address}.", address=target.address),
        detail=f"{trouble.message}. {_undocumented()}",
        remedy=remedy,
        **more,
    )


def _limited(target: BrokerTarget, trouble: Trouble, more: dict[str, Any]) -> Finding:
    said = _LIMIT.search(trouble.message)
    limit = int(said[1]) if said else None
    words = (
        tr("{address} refuses a message of 1 MiB: its limit is {limit} bytes.", address=target.address, limit=limit)
        if limit
        else tr("{address} refuses a message of 1 MiB.", address=target.address)
    )
    return MESSAGE_SIZE.warn(
        words,
        detail=f"{trouble.message}. {_undocumented()}",
        remedy=steps(tr("In rabbitmq.conf, then start the broker anew:"), f"max_message_size = {USUAL_LIMIT}"),
        **more | {"facts": {"bytes": LARGE, "limit": limit}},
    )


def _undocumented() -> str:
    return tr("How large NocoBase's messages become is documented nowhere.")
