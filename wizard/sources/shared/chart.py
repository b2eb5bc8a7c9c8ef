"""From the values of NocoBase's Helm chart to a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from wizard.formats import dotenv
from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.kubernetes.containers import MOST_REPLICAS
from wizard.formats.kubernetes.objects import below, rows, text
from wizard.formats.kubernetes.observing import patience
from wizard.pattern import pattern
from wizard.plan.observed import Observed, Sharing, Topic, Unfollowed
from wizard.plan.place import Place
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment, Node
from wizard.plan.variables import may_be_secret
from wizard.sources.contract import OpenedSource
from wizard.sources.shared.containers import node_name, open_ended, replicated, said, tried, with_version

_OF_THE_CHART = frozenset({"configMap", "podSecurityContext", "securityContext", "imagePullSecrets"})
_MAY_SAY_MORE = pattern(r"env|secret|config|extra", re.IGNORECASE)
"""Keys that NocoBase's own chart passes over, and by which other charts give variables."""


def opened(content: str, title: str) -> OpenedSource:
    """Return the plan of the values; raises SourceError."""
    values = compose(content, title).merged()
    variables = dict(_variables(values))
    plan, secrets = dotenv.read_given(variables, {}, title, container=True)
    place = Place(title)
    name = node_name(text(values, "fullnameOverride") or text(values, "nameOverride") or "nocobase")
    node = replace(plan.nodes[0] if plan.nodes else Node(), name=f"{name}-0")
    plan = replace(
        plan,
        name=name,
        nodes=(node,),
        places={**plan.places, "nodes.0.name": place},
        unsaid=(plan.unsaid - {"nodes", "application.deployment"}) | {"nodes.0.host", "name"},
    )
    count = text(values, "replicaCount")
    replicas = min(int(count[:9]), MOST_REPLICAS) if count.isdecimal() else 1
    plan = said(plan, "application.deployment", Deployment.KUBERNETES, place)
    plan = _with_image(plan, values)
    plan = _with_hosts(replicated(plan, [(f"{name}-", replicas)], first=0), values)
    lost = [
        Observed(Topic.UNFOLLOWED, key, Place(title, part.line, key), Unfollowed.FORM)
        for key, part in values.items()
        if _MAY_SAY_MORE.search(key) and key not in _OF_THE_CHART and not part.is_null()
    ]
    seen = (*lost, *_observed(values, variables, name, replicas, place))
    plan = replace(plan, observed=seen)
    return OpenedSource(open_ended(plan) if lost else plan, secrets, title)


def _variables(values: Mapping[str, Tree]) -> Iterator[tuple[str, Assignment]]:
    for key, part in below(values, "configMap", "data").items():
        yield key, Assignment(key, text({key: part}, key), part.line, quote="'", file=part.place.file)


def _with_image(plan: Plan, values: Mapping[str, Tree]) -> Plan:
    image = below(values, "image")
    tag = image.get("tag")
    if tag is None:
        return plan
    return with_version(plan, f"{text(image, 'repository')}:{tag.text()}", Place(tag.place.file, tag.line, "tag"))


def _with_hosts(plan: Plan, values: Mapping[str, Tree]) -> Plan:
    ingress = below(values, "ingress")
    if text(ingress, "enabled") != "true":
        return plan
    scheme = "https" if rows(ingress, "tls") else "http"
    for row in rows(ingress, "hosts")[:1]:
        if host := row.get("host"):
            place = Place(host.place.file, host.line, "host")
            plan = tried(plan, "application.public_url", f"{scheme}://{host.text()}", place)
    return plan


def _observed(
    values: Mapping[str, Tree], variables: Mapping[str, Assignment], name: str, replicas: int, place: Place
) -> Iterator[Observed]:
    """Go through what the chart makes of any values: a Deployment that rolls, without a startup probe, links on."""
    yield Observed(Topic.UPDATE, name, place, "RollingUpdate", ("Deployment", str(replicas)), f"deployment/{name}")
    yield patience(values, name, f"deployment/{name}", place, ("livenessProbe",))
    free = [one for one in ("APP_PORT", "DB_PORT") if one not in variables]
    yield Observed(Topic.SERVICE_LINKS, name, place, "on" if free else "given", (), f"deployment/{name}")
    secret = tuple(key for key, one in variables.items() if one.value and may_be_secret(key, one.value))
    at = next((_place(variables[key]) for key in secret), place)
    yield Observed(Topic.PLAIN_SECRETS, "ConfigMap", at, names=secret)
    yield Observed(Topic.STORAGE, name, place, Sharing.UNKNOWN, ("persistent",))


def _place(one: Assignment) -> Place:
    return Place(one.file, one.line, one.name)
