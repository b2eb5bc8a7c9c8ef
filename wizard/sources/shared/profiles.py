"""Which services of a project are its nodes, as their profiles are active or not."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.formats.compose import Project, Service
from wizard.plan.observed import Observed, Topic

MACHINE = "machine-"
"""How the profile of a machine begins in a bundle's Compose file; its host follows."""


def started(nodes: Sequence[Service], project: Project) -> tuple[list[Service], tuple[Observed, ...]]:
    """Return the services that Compose starts, and what was seen of the others.

    Where it would start none of them, each machine chooses its own by a profile: then all are nodes. So are those whose
    profile is a machine's.
    """
    active = [one for one in nodes if one.starts(project.profiles) or any(map(_is_machine, one.profiles))]
    if not active:
        return [*nodes], ()
    idle = [one for one in nodes if one not in active]
    return active, tuple(Observed(Topic.IDLE, one.name, one.place, names=tuple(sorted(one.profiles))) for one in idle)


def _is_machine(profile: str) -> bool:
    return profile.startswith(MACHINE)
