"""Env files and Compose files, each with all that the program reads out of it, a line for each thing.

`NAME.txt`: behind `=== CASE` the text, behind `~~~` what was read. A `␍` stands for a carriage return.
"""

from pathlib import Path

from wizard.formats.files import SourceError
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef

FOLDER = Path(__file__).parent
_USUAL = Plan(id="x")


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
    """Return all services of a Compose project, and its volumes."""
    try:
        project = read(text, "here/compose.yaml", "compose.yaml", beside.get)
    except SourceError as error:
        return f"error: {error}\n"
    lines = []
    for name, one in project.services.items():
        lines.append(f"service {name} {one.name} at {one.place.words}, {one.replicas} times")
        if one.image or one.image_place:
            lines.append(f"  image {one.image} at {one.image_place.words}")
        lines += [f"  {key} = {_assigned(item)}" for key, item in one.variables.items()]
        for key, item in one.expressions.items():
            lines.append(f"  expression {key}: {item.value} of {' '.join(item.named)}, unset {' '.join(item.unset)}")
        lines += [f"  mount {source} at {target} ({place.words})" for source, target, place in one.mounts]
        lines += [f"  lost {place.words}" for place in one.lost]
    lines += [f"volume {name}: {dict(options)}" for name, options in project.volumes.items()]
    return "\n".join(lines) + "\n"


def _assigned(item):
    marks = "".join(f" {mark}" for mark in ("alike", "cut", "torn") if getattr(item, mark))
    return f"“{item.value}” ({item.file} line {item.line}{marks}, quote {item.quote or 'none'})"


def of_containers(read, text):
    """Return all containers of Kubernetes manifests."""
    try:
        found = read(text, "app.yaml")
    except SourceError as error:
        return f"error: {error}\n"
    lines = []
    for one in found:
        claims = " with claims" if one.own_claims else ""
        lines.append(f"{one.kind} {one.workload} at {one.place.words}, {one.replicas} times{claims}")
        if one.image or one.image_place:
            lines.append(f"  image {one.image} at {one.image_place.words}")
        lines += [f"  {key} = {item.name} {_assigned(item)}" for key, item in one.variables.items()]
        for key, item in one.expressions.items():
            lines.append(f"  expression {key}: {item.value} of {' '.join(item.named)}, unset {' '.join(item.unset)}")
    return "\n".join(lines) + "\n"


def of_grammar(parse, ignored, text):
    """Return every assignment of an env file, and the lines that are passed over."""
    lines = [f"{name} {item.name} = {_assigned(item)}" for name, item in parse(text).items()]
    lines += [f"ignored {number}: {line}" for number, line in ignored(text)]
    return "\n".join(lines).replace("\r", "␍") + "\n"
