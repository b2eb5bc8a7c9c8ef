"""NocoBase's several applications (multi-app): their services stand in one file, and are no nodes of one cluster.

A supervisor and the workers of each environment have a database and a storage of their own: APP_MODE and
ENVIRONMENT_NAME, in NocoBase's page on several environments.
"""

from __future__ import annotations

from collections.abc import Sequence

from wizard.formats.compose import Service
from wizard.plan.observed import Observed, Topic, Unfollowed

_MODES = frozenset({"supervisor", "worker"})


def of_one_application(nodes: Sequence[Service]) -> tuple[list[Service], tuple[Observed, ...]]:
    """Return the services of the application that most of them are of, and what was seen of the others."""
    groups: dict[tuple[str, str], list[Service]] = {}
    for service in nodes:
        groups.setdefault(_application(service), []).append(service)
    kept = max(groups.values(), key=len)
    others = (service for group in groups.values() if group is not kept for service in group)
    return kept, tuple(Observed(Topic.UNFOLLOWED, one.name, one.place, Unfollowed.APPLICATION) for one in others)


def _application(service: Service) -> tuple[str, str]:
    """Return the mode and the environment of a service; nothing for one that is of no multi-app."""
    mode, environment = (
        service.variables[name].value if name in service.variables else "" for name in ("APP_MODE", "ENVIRONMENT_NAME")
    )
    return (mode, environment) if mode in _MODES else ("", "")
