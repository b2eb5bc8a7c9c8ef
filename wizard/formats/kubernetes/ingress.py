"""Ingresses: under which hosts users come, whether TLS ends there, and what ingress-nginx is told beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wizard.dataclass import dataclass
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.kubernetes.objects import Object, below, rows, text, texts
from wizard.plan.observed import Observed, Topic
from wizard.plan.place import Place

_NGINX = "nginx.ingress.kubernetes.io/"
_TOPICS = {
    "proxy-body-size": Topic.BODY_LIMIT,
    "proxy-read-timeout": Topic.READ_TIMEOUT,
    "rewrite-target": Topic.REWRITE,
}


@dataclass(frozen=True, slots=True)
class Front:
    """One Ingress: the hosts of its rules, and their paths: type, text and place of each."""

    name: str
    place: Place
    hosts: tuple[Tree, ...]
    tls: Tree | None
    paths: tuple[tuple[str, str, Place], ...]
    annotations: Mapping[str, Tree]
    is_nginx: bool
    target: str


def fronts(objects: Sequence[Object], services: set[str]) -> list[Front]:
    """Return the Ingresses that lead to one of these Services; all of them where no Service is known."""
    found = [(one, _front(one)) for one in objects if one.kind == "Ingress"]
    leading = [front for one, front in found if services & set(_backends(one))]
    return leading or [front for _one, front in found]


def _front(one: Object) -> Front:
    spec, annotations = below(one.parts, "spec"), below(one.parts, "metadata", "annotations")
    entries = rows(spec, "rules")
    paths = [path for entry in entries for path in rows(below(entry, "http"), "paths")]
    kind = text(spec, "ingressClassName") or text(annotations, "kubernetes.io/ingress.class")
    tls = spec.get("tls")
    secured = [host for row in rows(spec, "tls") for host in texts(row.get("hosts"))]
    hosts = [entry["host"] for entry in entries if text(entry, "host")] or secured
    return Front(
        name=one.called,
        place=one.place,
        hosts=tuple(hosts),
        tls=tls if tls is not None and rows(spec, "tls") else None,
        paths=tuple(map(_path, paths)) or (("Prefix", "/", one.place),),
        annotations=annotations,
        is_nginx="nginx" in kind or any(key.startswith(_NGINX) for key in annotations),
        target=one.target,
    )


def _path(entry: Mapping[str, Tree]) -> tuple[str, str, Place]:
    part = entry.get("path") or next(iter(entry.values()))
    return text(entry, "pathType"), text(entry, "path") or "/", Place(part.place.file, part.line, "path")


def _backends(one: Object) -> Iterator[str]:
    spec = below(one.parts, "spec")
    entries = [path for entry in rows(spec, "rules") for path in rows(below(entry, "http"), "paths")]
    for parts in (*(below(entry, "backend") for entry in entries), below(spec, "defaultBackend")):
        yield text(below(parts, "service"), "name") or text(parts, "serviceName")


def observed(front: Front) -> Iterator[Observed]:
    """Go through what is seen of an Ingress of ingress-nginx; of others nothing is known."""
    if not front.is_nginx:
        return
    for form, path, place in front.paths:
        for key, topic in _TOPICS.items():
            part = front.annotations.get(_NGINX + key)
            found = part.text() if part is not None else ""
            yield Observed(topic, front.name, _place(part, key) or place, found, (form, path), front.target)


def _place(part: Tree | None, name: str) -> Place | None:
    return None if part is None else Place(part.place.file, part.line, name)


def body_limit(front: Front) -> Tree | None:
    """Return the largest body of an Ingress, where it says one."""
    return front.annotations.get(_NGINX + "proxy-body-size")


def services_of(objects: Sequence[Object], labels: Mapping[str, str]) -> set[str]:
    """Return the names of the Services whose selector a pod with these labels meets."""
    found = set()
    for one in objects:
        selector = below(one.parts, "spec", "selector") if one.kind == "Service" else {}
        if selector and all(labels.get(key) == part.text() for key, part in selector.items()):
            found.add(one.name)
    return found
