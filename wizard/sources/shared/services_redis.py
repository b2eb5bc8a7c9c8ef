"""The passwords that a project's Redis services are started with, beside those that its nodes are given."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from wizard.formats.compose import Project, Service
from wizard.pattern import pattern
from wizard.plan.place import Disagreement, Place
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.plan.sections import RedisRole

_REDIS = pattern(r"(?:^|/)(?:redis|valkey|keydb|redis-stack(?:-server)?)(?::|@|$)")
_BITNAMI = pattern(r"(?:^|/)bitnami(?:legacy|secure)?/(?:redis|valkey)(?::|@|$)")


def refusing(plan: Plan, secrets: Mapping[str, Secret], project: Project) -> tuple[Disagreement, ...]:
    """Return where a server of the project wants another password than the nodes have for it."""
    found = {one.key: one for service in project.services.values() for one in _of_service(plan, secrets, service)}
    return tuple(found.values())


def _of_service(plan: Plan, secrets: Mapping[str, Secret], service: Service) -> Iterator[Disagreement]:
    wanted = _wanted(service)
    if wanted is None:
        return
    password, place = wanted
    for role in RedisRole:
        endpoint, key = plan.redis.endpoint(role), plan.redis.endpoint_key(role)
        given = secrets.get(endpoint.password.name) if endpoint.password else Secret("")
        taken = plan.places.get(key)
        if endpoint.host in service.names and not endpoint.username and given and taken and given.reveal() != password:
            yield Disagreement(f"{key}.password", taken, place, service.name)


def _wanted(service: Service) -> tuple[str, Place] | None:
    """Return the password that the server is started with; None where there is none, or it cannot be made out."""
    if not _REDIS.search(service.image):
        return None
    if _BITNAMI.search(service.image):
        one = service.variables.get("REDIS_PASSWORD") or service.variables.get("VALKEY_PASSWORD")
        return (one.value, Place(one.file, one.line, one.name)) if one and _plain(one.value) else None
    try:
        words = shlex.split(service.command)
    except ValueError:
        return None
    for at, word in enumerate(words[:-1]):
        # What follows must be another option: a password with blanks cannot be told from what comes after it.
        if word == "--requirepass" and _plain(words[at + 1]) and (at + 2 == len(words) or words[at + 2][0:1] == "-"):
            return words[at + 1], service.command_place or service.place
    return None


def _plain(text: str) -> bool:
    return bool(text) and "$" not in text and "`" not in text
