"""The commercial plug-ins a cluster needs (NocoBase: cluster-mode/preparations; docs/nocobase.md, "Licence")."""

from __future__ import annotations

from wizard.plan.plan import Plan
from wizard.plan.sections import QueueKind

BUNDLE = "@nocobase/preset-cluster"
"""NocoBase 2 has a package that brings all of them (front matter of its cluster pages)."""


PLUGINS_READ = ("queue.kind",)
"""The settings that `needed_plugins` reads."""


def needed_plugins(plan: Plan) -> tuple[str, ...]:
    """Return the full package names of the four plug-ins that `plan` needs; the queue's depends on its kind."""
    queue = "rabbitmq" if plan.queue.kind is QueueKind.RABBITMQ else "redis"
    return (
        "@nocobase/plugin-pubsub-adapter-redis",
        f"@nocobase/plugin-queue-adapter-{queue}",
        "@nocobase/plugin-lock-adapter-redis",
        "@nocobase/plugin-workerid-allocator-redis",
    )


def short_name(package: str) -> str:
    """Return the name that APPEND_PRESET_BUILT_IN_PLUGINS takes too: the package's without its prefix."""
    return package.removeprefix("@nocobase/plugin-")
