"""Whether the nodes that serve listen for the sync signal. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.checks.cluster.specs import SYNC
from wizard.checks.node.judge import nodes_of
from wizard.checks.node.specs import HEALTH
from wizard.checks.redis import specs as redis_specs
from wizard.checks.redis.facts import RedisFacts
from wizard.checks.shared import health
from wizard.engine.check import AllFacts, told_by, value_of
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice
from wizard.plan.sections import RedisRole
from wizard.plan.sections.redis import ROLE_VARIABLES

PLUGIN = "@nocobase/plugin-pubsub-adapter-redis"


def judge_sync(plan: Plan, facts: AllFacts) -> Iterator[Finding]:
    """Compare the listeners on the sync server with the nodes that serve: a process listens once to each channel."""
    if plan.licence.without_plugins:
        yield SYNC.skip(
            tr("Not compared: the cluster runs without the commercial plug-ins, so no node hears of the others.")
        )
        return
    nodes = nodes_of(facts)
    serving = [name for name, found in sorted(nodes.items()) if health.is_serving(value_of(found.health))]
    if len(serving) < 2:  # noqa: PLR2004 - a node alone tells nobody
        mute = {HEALTH.id} if len(serving) < len(nodes) else set()
        words = tr("Not compared: fewer than two nodes serve.")
        yield SYNC.skip(sentences(words, told_by(mute)), because=tuple(mute))
        return
    yield _listening(serving, facts.get(("redis", RedisRole.SYNC.value)))


def _listening(serving: list[str], found: object) -> Finding:
    if not isinstance(found, RedisFacts) or not isinstance(found.listeners, Known) or found.listeners.value is None:
        return _not_asked(found)
    channels = found.listeners.value
    count = max(channels.values(), default=0)
    more: dict[str, Any] = {"facts": {"serving": serving, "listeners": count, "channels": len(channels)}}
    values: Mapping[str, Any] = {"count": count, "nodes": len(serving), "names": listing(serving)}
    if count >= len(serving):
        return SYNC.passed(
            trn(
                "{count} process listens for the sync signal; nodes that serve: {nodes}.",
                "{count} processes listen for the sync signal; nodes that serve: {nodes}.",
                **values,
            ),
            **more,
        )
    if not count and not isinstance(found.patterns, Known):
        return SYNC.unknown(
            tr("Could not be found out: no channel of NocoBase has a listener, and whether a pattern has is not told."),
            error=ErrorKind.PERMISSION,
            **more,
        )
    if not count and value_of(found.patterns):
        return SYNC.unknown(
            tr("Could not be found out: somebody listens by a pattern, and Redis does not tell of which channels."),
            error=ErrorKind.OTHER,
            **more,
        )
    return _too_few(count, values, more)


def _too_few(count: int, values: Mapping[str, Any], more: Mapping[str, Any]) -> Finding:
    """Say that nobody listens, or fewer than serve."""
    remedy = advice(
        tr(
            "Enable {plugin} in the plug-in manager, give every node {variable}, the same on all, and restart {names}.",
            plugin=PLUGIN,
            variable=ROLE_VARIABLES[RedisRole.SYNC],
            **values,
        )
    )
    if not count:
        return SYNC.fail(
            tr("{names} serve, and nobody listens for the sync signal on the plan's server.", **values),
            ErrorKind.MISSING,
            detail=tr(
                "A channel of NocoBase begins with “main.”; none has a listener. So the plug-in is not at work, or the "
                "nodes have another server for the signal."
            ),
            remedy=remedy,
            **more,
        )
    return SYNC.warn(
        trn(
            "{count} process listens for the sync signal, and {nodes} nodes serve: {names}.",
            "{count} processes listen for the sync signal, and {nodes} nodes serve: {names}.",
            **values,
        ),
        error=ErrorKind.MISSING,
        detail=tr("The others have another server for the signal, or lost their connection to it."),
        remedy=remedy,
        **more,
    )


def _not_asked(found: object) -> Finding:
    said = found.listeners if isinstance(found, RedisFacts) else None
    connected = isinstance(found, RedisFacts) and isinstance(found.connection, Known)
    gate = redis_specs.NEIGHBOURS if connected else redis_specs.CONNECT
    return SYNC.unknown(
        sentences(tr("Could not be found out: the sync server did not tell who listens."), told_by({gate.id})),
        because=(gate.id,),
        error=said.kind if isinstance(said, Trouble) else ErrorKind.OTHER,
    )
