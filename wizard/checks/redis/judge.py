"""From facts to findings: the gate first, then each id the role has."""

from __future__ import annotations

from collections.abc import Callable

from wizard.checks.redis import specs
from wizard.checks.redis.facts import RedisFacts
from wizard.checks.redis.judge_coexistence import judge_cache_alone, judge_neighbours
from wizard.checks.redis.judge_connect import judge_connect
from wizard.checks.redis.judge_server import (
    judge_cluster,
    judge_eviction,
    judge_memory,
    judge_persistence,
    judge_primary,
    judge_product,
    judge_timeout,
    judge_version,
)
from wizard.checks.redis.judge_use import judge_bloom, judge_commands, judge_database, judge_latency, judge_use
from wizard.checks.redis.judge_worker_ids import judge_worker_ids
from wizard.checks.redis.target import RedisTarget
from wizard.engine.check import skip_rest
from wizard.engine.facts import Known
from wizard.plan.finding import Finding, Severity
from wizard.plan.spec import Spec

_JUDGES: dict[Spec, Callable[[RedisTarget, RedisFacts], Finding]] = {
    specs.VERSION: judge_version,
    specs.PRIMARY: judge_primary,
    specs.CLUSTER: judge_cluster,
    specs.DATABASE: judge_database,
    specs.PRODUCT: judge_product,
    specs.BLOOM: judge_bloom,
    specs.COMMANDS: judge_commands,
    specs.EVICTION: judge_eviction,
    specs.PERSISTENCE: judge_persistence,
    specs.TIMEOUT: judge_timeout,
    specs.MEMORY: judge_memory,
    specs.NEIGHBOURS: judge_neighbours,
    specs.CACHE_ALONE: judge_cache_alone,
    specs.WORKER_IDS: judge_worker_ids,
    specs.LATENCY: judge_latency,
    **dict.fromkeys(specs.USES.values(), judge_use),
}


def judge(target: RedisTarget, facts: RedisFacts) -> list[Finding]:
    """Judge one role; nothing more is said where the gate did not pass, and of a Sentinel only that it is one."""
    wanted = specs.specs_of(target.role)
    gate = judge_connect(target, facts)
    if gate.severity is not Severity.PASS:
        return [gate, *skip_rest(wanted, specs.CONNECT, target.role)]
    if isinstance(facts.server, Known) and facts.server.value.mode == "sentinel":
        others = [spec for spec in wanted if spec not in {specs.CONNECT, specs.CLUSTER}]
        return [gate, judge_cluster(target, facts), *skip_rest(others, specs.CLUSTER, target.role)]
    return [gate, *(_JUDGES[spec](target, facts) for spec in wanted if spec is not specs.CONNECT)]
