"""What no single role shows: whether two roles share a database, even under two names of one server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wizard.checks.redis.facts import RedisFacts
from wizard.checks.redis.specs import COMPONENT, CONNECT, DISTINCT
from wizard.checks.redis.target import RedisTarget
from wizard.engine.check import AllFacts, stopped_by
from wizard.engine.facts import Known
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, tr
from wizard.plan.remedy import advice
from wizard.plan.sections import RedisRole
from wizard.plan.sections.redis import SHARED_DATABASES


def judge_distinct(targets: Mapping[RedisRole, RedisTarget], facts: AllFacts) -> Iterable[Finding]:
    """Say which roles share a database: for the cache a failure, as clearing it empties the other's, too."""
    seen = {role: found for role in targets if (found := _reached(facts.get((COMPONENT, role))))}
    if len(seen) < 2:  # noqa: PLR2004 - two make a pair
        return [stopped_by(CONNECT, DISTINCT)]
    findings, told = [], set[RedisRole]()
    for role in seen:
        others = [other for other in seen if other is not role and _same(targets, seen, role, other)]
        if others and role not in told:
            findings.append(_shared(targets[role], others))
            told |= {role, *others}
    return findings or [_distinct(seen)]


def _reached(found: object) -> RedisFacts | None:
    return found if isinstance(found, RedisFacts) and isinstance(found.connection, Known) else None


def _same(
    targets: Mapping[RedisRole, RedisTarget], seen: Mapping[RedisRole, RedisFacts], one: RedisRole, other: RedisRole
) -> bool:
    if targets[one].database != targets[other].database:
        return False
    ids = _run_id(seen[one]), _run_id(seen[other])
    if all(ids):
        return ids[0] == ids[1]
    same_port = targets[one].port == targets[other].port
    return same_port and bool(_addresses(seen[one]) & _addresses(seen[other]))


def _run_id(facts: RedisFacts) -> str:
    return facts.server.value.run_id if isinstance(facts.server, Known) else ""


def _addresses(facts: RedisFacts) -> set[str]:
    return set(facts.addresses.value) if isinstance(facts.addresses, Known) else set()


def _shared(target: RedisTarget, others: list[RedisRole]) -> Finding:
    names = listing(others)
    words = tr(
        "{role} shares database {database} of {address} with: {others}.",
        role=target.role,
        database=target.database,
        address=target.address,
        others=names,
    )
    remedy = advice(tr("Give each role a database of its own, or a server of its own."))
    more: dict[str, Any] = {
        "subject": target.role,
        "facts": {"database": target.database, "others": list(others)},
        "remedy": remedy,
        "cause": SHARED_DATABASES,
    }
    if target.role is RedisRole.CACHE:
        return DISTINCT.fail(
            words,
            ErrorKind.OTHER,
            detail=tr("“Clear cache” in NocoBase runs FLUSHDB: it empties the whole database, theirs included."),
            **more,
        )
    return DISTINCT.warn(words, detail=tr("Their keys may get into each other's way."), **more)


def _distinct(seen: Mapping[RedisRole, RedisFacts]) -> Finding:
    names = listing(seen)
    return DISTINCT.passed(tr("Each of these roles has a database of its own: {names}.", names=names))
