"""Worker IDs that appear in use, against the processes of the plan. All of it is inferred, and says so."""

from __future__ import annotations

from typing import Any

from wizard.checks.redis.facts import RedisFacts, WorkerKeys
from wizard.checks.redis.specs import WORKER_IDS
from wizard.checks.redis.target import RedisTarget
from wizard.checks.redis.wording import grant, not_known
from wizard.checks.redis.worker_ids import PATTERN
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.remedy import steps
from wizard.plan.sections import WORKER_ID_COUNT

_SHOWN = 3


def judge_worker_ids(target: RedisTarget, facts: RedisFacts) -> Finding:
    """More IDs than the plan has processes means that somebody else takes from the same 32."""
    if not isinstance(facts.workers, Known) or facts.workers.value is None:
        return _not_known(target, facts)
    found = facts.workers.value
    counted = {"keys": found.total, "ids": found.count, "processes": target.processes, "complete": found.complete}
    more: dict[str, Any] = {"subject": target.role, "facts": counted, "elapsed_ms": facts.workers.elapsed_ms}
    if 0 < target.processes < found.count:
        return _too_many(target, found, more)
    if not found.complete:
        return _stopped_early(target, found, more)
    return WORKER_IDS.info(_seen(target, found), detail=_inferred(found), **more)


def _not_known(target: RedisTarget, facts: RedisFacts) -> Finding:
    finding = not_known(WORKER_IDS, target, facts, facts.workers)
    refused = isinstance(facts.workers, Trouble) and facts.workers.kind is ErrorKind.PERMISSION
    return finding.with_remedy(grant(target, "SCAN", "DBSIZE")) if refused else finding


def _too_many(target: RedisTarget, found: WorkerKeys, more: dict[str, Any]) -> Finding:
    return WORKER_IDS.warn(
        trn(
            "{count} worker ID appears in use in database {database}; processes in the plan: {processes}.",
            "{count} worker IDs appear in use in database {database}; processes in the plan: {processes}.",
            count=found.count,
            database=target.database,
            processes=target.processes,
        ),
        detail=sentences(
            _inferred(found),
            tr(
                "IDs of processes that ended a short time ago may be among them. Otherwise another cluster shares the "
                "database, and both take from the same {all} IDs.",
                all=WORKER_ID_COUNT,
            ),
        ),
        remedy=steps(
            tr(
                "Give each cluster a database of its own for {variable}. What is in this one:", variable=target.variable
            ),
            _list_keys(target),
        ),
        **more,
    )


def _stopped_early(target: RedisTarget, found: WorkerKeys, more: dict[str, Any]) -> Finding:
    return WORKER_IDS.unknown(
        tr(
            "Could not be found out: database {database} holds {keys} keys, too many to look through.",
            database=target.database,
            keys=found.total,
        ),
        detail=tr("Worker IDs need a few dozen at most."),
        remedy=steps(tr("Give the worker IDs a database of their own, or look for yourself:"), _list_keys(target)),
        **more,
    )


def _seen(target: RedisTarget, found: WorkerKeys) -> str:
    if found.count:
        return trn(
            "{count} of {all} worker IDs appears in use in database {database}.",
            "{count} of {all} worker IDs appear in use in database {database}.",
            count=found.count,
            all=WORKER_ID_COUNT,
            database=target.database,
        )
    if found.speaking:
        return trn(
            "{count} key of database {database} speaks of worker IDs; how many are in use, its name does not tell.",
            "{count} keys of database {database} speak of worker IDs; how many are in use, their names do not tell.",
            count=found.speaking,
            database=target.database,
        )
    return tr("No key of database {database} speaks of worker IDs.", database=target.database)


def _inferred(found: WorkerKeys) -> str:
    if not found.speaking:
        return tr(
            "So it is before the first start. Where the cluster runs, the plug-in is not enabled, or names its keys "
            "otherwise: its code is closed. Each process logs its own: allocate worker id: N",
        )
    words = tr("Inferred from the names of the keys: the plug-in's code is closed, and no document tells them.")
    begun = tr("These begin with: {names}.", names=listing(list(found.ids)[:_SHOWN])) if found.ids else ""
    return sentences(words, begun)


def _list_keys(target: RedisTarget) -> str:
    return target.redis_cli("--scan", "--pattern", PATTERN, database=True)
