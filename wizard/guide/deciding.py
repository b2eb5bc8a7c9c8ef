"""Which setting decides whether another one counts: the way to a field that is out of sight for this plan. No Qt."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.guide import layouts
from wizard.guide.layouts import Form
from wizard.plan.plan import Plan
from wizard.plan.sections import Layout, QueueKind, RedisRole

_DECIDING = (
    ("licence.", ("licence.method",)),
    ("database.tls", ("database.tls",)),
    ("database.", ("database.dialect",)),
    ("redis.", ("redis.layout", "queue.kind")),
    ("queue.", ("queue.kind",)),
    ("nodes.", ("application.deployment",)),
    ("reach.", ("reach.transport",)),
    ("balancer.", ("balancer.tls", "balancer.kind")),
)
"""By what their keys begin with, the settings that decide about others, the nearest first."""
_ROLES = {role.field: role for role in RedisRole}


def deciding(plan: Plan, key: str) -> str:
    """Return the key of the setting by which one does not count for this plan; nothing if it counts."""
    if counts(plan, key):
        return ""
    wanted = next((keys for begin, keys in _DECIDING if key.startswith(begin)), ())
    return next((one for one in wanted if one != key and counts(plan, one)), "")


def counts(plan: Plan, key: str) -> bool:
    """Whether the field of a setting is on its page for this plan, folded away or not."""
    section, _, rest = key.partition(".")
    group = rest.partition(".")[0]
    if section == "redis" and group in _ROLES:
        return plan.redis.layout is Layout.PER_ROLE and _ROLES[group] in plan.redis_roles
    if section == "redis" and group == "server":
        return plan.redis.layout is not Layout.PER_ROLE
    if section == "queue" and key != "queue.kind":
        return plan.queue.kind is QueueKind.RABBITMQ
    if section == "nodes" and key.rpartition(".")[2] in layouts.NODE_COLUMNS:
        return True
    lines = (line for form in _forms(plan) for line in (*form.lines, *form.more) if key in line.keys)
    return all(line.visible is None or line.visible(plan) for line in lines)


def _forms(plan: Plan) -> Iterator[Form]:
    yield from (layouts.LICENCE, layouts.DATABASE, layouts.REACH, layouts.BALANCER)
    yield from map(layouts.node_form, range(len(plan.nodes)))
