"""Who else is there: another NocoBase on the same server, foreign keys in the cache's database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from wizard.checks.redis.facts import KeySample, RedisFacts
from wizard.checks.redis.specs import CACHE_ALONE, NEIGHBOURS
from wizard.checks.redis.target import RedisTarget
from wizard.checks.redis.wording import not_known
from wizard.engine.facts import Known
from wizard.plan.finding import Finding
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.remedy import advice, steps

_CACHE_TYPES = {"string", "MBbloom--", "none"}
"""What NocoBase's cache consists of: texts, and one Bloom filter. `none`: gone since it was listed."""
_CACHE_NAMES = (
    "ai-",
    "app",
    "auth",
    "backup",
    "data-visualization",
    "idp-oauth",
    "llm",
    "locale",
    "localization",
    "main",
    "nocobase",
    "notification",
    "otp",
    "restore",
    "role",
    "token-black-list",
    "user",
    "verification",
    "workflow",
)
"""Beginnings of names that NocoBase's own caches use (packages/**/createCache, at 2.2)."""
_SHOWN = 3


def judge_neighbours(target: RedisTarget, facts: RedisFacts) -> Finding:
    """Another NocoBase on the same server hears this one's signals: every installation is called `main`.

    A process listens once to each channel, so no more than the plan has may be this very cluster.
    """
    if not isinstance(facts.listeners, Known) or facts.listeners.value is None:
        return not_known(NEIGHBOURS, target, facts, facts.listeners)
    channels = facts.listeners.value
    most = max(channels.values(), default=0)
    counted = {"channels": len(channels), "listeners": most, "processes": target.processes}
    more: dict[str, Any] = {"subject": target.role, "facts": counted}
    if not channels:
        return NEIGHBOURS.passed(tr("No NocoBase listens on {address} now.", address=target.address), **more)
    values: dict[str, Any] = {
        "address": target.address,
        "count": most,
        "processes": target.processes,
        "channel": min(channels),
    }
    if most <= target.processes:
        return NEIGHBOURS.info(
            _listening(target, values),
            detail=tr(
                "Channels such as {channel}. That is this cluster, if it is running now. If it is not, another one is "
                "there, and the two will hear each other's signals.",
                **values,
            ),
            **more,
        )
    return NEIGHBOURS.warn(
        _listening(target, values),
        detail=tr(
            "Channels such as {channel}. Another cluster is on the server, and the two hear each other's signals: "
            "channels bear the same names in every installation and ignore the database.",
            **values,
        ),
        remedy=advice(tr("Give each cluster a Redis server of its own for {variable}.", variable=target.variable)),
        **more,
    )


def _listening(target: RedisTarget, values: Mapping[str, Any]) -> str:
    """Say how often NocoBase listens, beside what the plan has where it has processes at all."""
    if target.processes:
        return trn(
            "NocoBase listens on {address}, {count} time; processes in the plan: {processes}.",
            "NocoBase listens on {address}, {count} times; processes in the plan: {processes}.",
            **values,
        )
    return trn(
        "NocoBase already listens on {address}, {count} time.",
        "NocoBase already listens on {address}, {count} times.",
        **values,
    )


def judge_cache_alone(target: RedisTarget, facts: RedisFacts) -> Finding:
    """The cache has its database to itself: “Clear cache” empties all of it."""
    if not isinstance(facts.keys, Known) or facts.keys.value is None:
        return not_known(CACHE_ALONE, target, facts, facts.keys)
    sample = facts.keys.value
    strangers = _strangers(sample)
    counted = {"keys": sample.total, "looked_at": sample.looked, "strangers": sum(strangers.values())}
    more = {"subject": target.role, "facts": counted}
    if not sample.total:
        return CACHE_ALONE.passed(tr("Database {database} is empty.", database=target.database), **more)
    if not strangers:
        values: dict[str, Any] = {"database": target.database, "count": sample.total, "looked": sample.looked}
        words = (
            trn(
                "Database {database} holds {count} key, as a cache would.",
                "Database {database} holds {count} keys, as a cache would.",
                **values,
            )
            if sample.looked >= sample.total
            else trn(
                "Database {database} holds {count} key; the {looked} looked at are a cache's.",
                "Database {database} holds {count} keys; the {looked} looked at are a cache's.",
                **values,
            )
        )
        return CACHE_ALONE.passed(words, **more)
    names = listing(f"{name} ({kind})" for (name, kind), _count in strangers.most_common(_SHOWN))
    return CACHE_ALONE.warn(
        tr("Database {database} holds keys that look foreign: {names}.", database=target.database, names=names),
        detail=trn(
            "“Clear cache” in NocoBase runs FLUSHDB and would erase the {count} key.",
            "“Clear cache” in NocoBase runs FLUSHDB and would erase all {count} keys.",
            count=sample.total,
        ),
        remedy=steps(
            tr("Give the cache a database that nobody else uses. What is in this one:"),
            f"{target.redis_cli('--scan', database=True)} | head -n 100",
        ),
        **more,
    )


def _strangers(sample: KeySample) -> Counter[tuple[str, str]]:
    return Counter(
        {
            (name, kind): count
            for (name, kind), count in sample.kinds.items()
            if kind not in _CACHE_TYPES or not name.startswith(_CACHE_NAMES)
        }
    )
