"""Env files and Compose files, each with all that the program reads out of it, a line for each thing.

`NAME.txt`: behind `=== CASE` the text, behind `~~~` what was read. A `␍` stands for a carriage return. After a
change that is wanted `python -m tests.unit.texts_read` writes them anew; read the diff.
"""

from functools import cache
from pathlib import Path

from wizard.formats.files import SourceError
from wizard.formats.kubernetes import containers, ingress, kustomize, objects, observing
from wizard.formats.kubernetes.given import Given
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef

FOLDER = Path(__file__).parent
_USUAL = Plan(id="x")


@cache
def cases(kind):
    """Return the cases of a kind by name: a text, and the lines of what is read out of it."""
    text = (FOLDER / f"{kind}.txt").read_text(encoding="utf-8")
    parts = [part.partition("\n") for part in text.split("=== ")[1:]]
    return {name: _split(body) for name, _, body in parts}


def _split(body):
    text, lines = body.split("~~~\n")
    return text.replace("␍", "\r"), lines


def of_plan(read, text):
    """Return all that is read as a plan: what differs from the usual one, the secrets, and what is known of it."""
    try:
        plan, secrets = read(text)
    except SourceError as error:
        return f"error: {error}\n"
    lines = [f"set {key} = {_shown(value)}" for key, _, value in plan.settings() if _differs(key, value)]
    lines += [f"extra {extra.name} = {_shown(extra.value)}" for extra in plan.extras]
    lines += [f"secret {name} = {secret.reveal()}" for name, secret in secrets.items()]
    for item in plan.unreadable:
        lines.append(f"unreadable {item.key} = {_shown(item.value)} ({item.where}): {item.problem}")
    lines += [f"unlike {item.name} ({item.where})" for item in plan.unlike]
    for item in plan.expressions:
        composed = " composed" if item.composed else ""
        lines.append(f"expression {item.name} of {item.key} at {item.place.words}{composed}: {_shown(item.meant)}")
        lines.append(f"  names {' '.join(item.named)}")
    lines += [f"place {key}: {place.words}" for key, place in plan.places.items()]
    return "\n".join([*lines, f"unsaid {' '.join(sorted(plan.unsaid))}"]) + "\n"


def of_cluster_file(read, text):
    """Return what is read out of a cluster file, and where it is otherwise for a tolerant reader and of a draft."""
    ways = {"strict": {}, "tolerant": {"tolerant": True}, "draft": {"draft": True}}
    found = {way: of_plan(lambda given, how=how: (read(given, "c.yaml", **how), {}), text) for way, how in ways.items()}
    return "".join(f"{way}:\n{lines}" for way, lines in found.items() if way == "strict" or lines != found["strict"])


def _differs(key, value):
    try:
        return _USUAL.get(key) != value
    except (KeyError, IndexError):
        return value not in {None, ""}


def _shown(value):
    match value:
        case SecretRef():
            return f"<{value.name}>"
        case Secret():
            return f"(secret) {value.reveal()}"
        case None:
            return "nothing"
        case _:
            return f"“{value}”"


def of_project(read, text, beside):
    """Return all services of a Compose project, its volumes and its configs."""
    try:
        project = read(text, "here/compose.yaml", "compose.yaml", beside.get)
    except SourceError as error:
        return f"error: {error}\n"
    lines = ["on Swarm"] if project.swarm else []
    for name, one in project.services.items():
        swarm = " placed by Swarm" if one.swarm else ""
        called = f"{name} called {' '.join(sorted(one.names))}"
        lines.append(f"service {called} at {one.place.words}, {one.replicas} times{swarm} {sorted(one.profiles)}")
        lines += [f"  image {one.image} at {one.image_place.words}"] if one.image_place else []
        lines += [f"  command {one.command} at {one.command_place.words}"] if one.command_place else []
        lines += _given(one)
        lines += [
            f"  mount {at} = {mount.source} {mount.target} {mount.kind} ({mount.place.words})"
            for at, mount in one.mounts.items()
        ]
        lines += [f"  config {at} = {called}" for at, called in one.configs.items()]
        lines += [
            f"  port {port.host}|{port.published}|{port.target} ({port.place.words})" for port in one.ports.values()
        ]
        lines += [f"  lost {place.words}" for place in one.lost]
        lines += [f"  refused {place.words}" for place in one.refused]
    lines += [f"volume {name}: {dict(options)}" for name, options in project.volumes.items()]
    lines += [f"config {name}: {one.content} {one.file} ({one.place.words})" for name, one in project.configs.items()]
    return "\n".join(lines) + "\n"


def _given(one):
    yield from (f"  {key} = {item.name} {_assigned(item)}" for key, item in one.variables.items())
    for key, item in one.expressions.items():
        yield f"  expression {key}: {item.value} of {' '.join(item.named)}, unset {' '.join(item.unset)}"


def _assigned(item):
    marks = "".join(f" {mark}" for mark in ("alike", "cut", "torn") if getattr(item, mark))
    return f"“{item.value}” ({item.file} line {item.line}{marks}, quote {item.quote or 'none'})"


def of_manifests(text):
    """Return all containers of Kubernetes manifests, how they are run, and the Ingresses."""
    try:
        found = objects.read(text, "app.yaml")
        given = Given(found)
        there = containers.read(found, given)
    except SourceError as error:
        return f"error: {error}\n"
    lines = []
    for one in there:
        lines.append(
            f"{one.workload.kind} {one.workload.name} at {one.place.words}, {one.replicas} times {one.address}"
        )
        lines += [f"  image {one.image} at {one.image_place.words}"] if one.image_place else []
        lines += _given(one)
        lines += [f"  from “{name}”: {' '.join(names)}" for name, names in one.maps.items()]
    seen = observing.observed(found, given, there)
    for front in ingress.fronts(found, set()):
        tls = " tls" if front.tls else ""
        hosts = [host.text() for host in front.hosts]
        lines.append(f"front {front.name} ({front.place.words}) {hosts}{tls} {'nginx' if front.is_nginx else 'other'}")
        lines += [f"  path {form} {path} ({place.words})" for form, path, place in front.paths]
        seen += ingress.observed(front)
    lines += [_observed(item) for item in seen]
    return "\n".join(lines) + "\n"


def _observed(item):
    return f"seen {item.topic} of {item.subject} ({item.place.words}): “{item.value}” {item.names} {item.target}"


def of_kustomization(text, beside):
    """Return what a kustomization comes to."""
    try:
        found = kustomize.read(text, "here/kustomization.yaml", beside.get)
    except SourceError as error:
        return f"error: {error}\n"
    lines = [f"object {one.place.words}" for one in found.objects]
    for (kind, name), held in found.generated.items():
        lines += [f"{kind} {name}: {key} = {item.name} {_assigned(item)}" for key, item in held.items()]
    for one in found.images:
        tag = f" tag {one.tag.text()} (line {one.tag.line})" if one.tag else ""
        lines.append(f"image {one.name} = {one.new_name}{tag} {one.digest}")
    lines += [f"count {name} = {tree.text()} (line {tree.line})" for name, tree in found.counts.items()]
    return "\n".join([*lines, *map(_observed, found.observed)]) + "\n"


def of_grammar(parse, ignored, text):
    """Return every assignment of an env file, and the lines that are passed over."""
    lines = [f"{name} {item.name} = {_assigned(item)}" for name, item in parse(text).items()]
    lines += [f"ignored {number}: {line}" for number, line in ignored(text)]
    return "\n".join(lines).replace("\r", "␍") + "\n"
