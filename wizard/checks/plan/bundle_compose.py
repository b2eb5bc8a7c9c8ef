"""The services of a bundle's Compose file beside those of the plan: what each is started from, and on what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from posixpath import normpath

from wizard.checks.plan.bundle_shape import Meaning, Owner, Part, Shape, Value, differences, finding, gone, image
from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.compose.project import short_port
from wizard.plan.finding import Finding
from wizard.plan.i18n import mark, tr
from wizard.plan.place import Place

BALANCER = "services.balancer"
"""A service that an admin may leave out, and change: its site is judged by itself."""
_RESTARTING = {"always", "unless-stopped"}
_MEANINGS = {
    "image": Meaning(mark("Nodes of two versions on one database harm it, and what was checked is the plan's.")),
    "command": Meaning(mark("The image's own start installs, upgrades and fetches plug-ins; another one may do none.")),
    "entrypoint": Meaning(
        mark("The image's own start installs, upgrades and fetches plug-ins; another one may do none.")
    ),
    "ports": Meaning(mark("The balancer and the checks ask the node where the plan says.")),
    "replicas": Meaning(
        mark("Each service is one node: a further container wants the same port, and with none there is no node.")
    ),
    "restart": Meaning(
        mark("After a crash, or when the machine starts again, the node stays down."),
        lambda value: value in _RESTARTING,
    ),
    "depends_on": Meaning(
        mark("Nodes that start at once migrate one database at the same time, without a lock."),
        bool,
    ),
    "volumes": Meaning(
        mark("The node then has other files than those of the plan and of other nodes."), may_be_more=True
    ),
    "env_file": Meaning(mark("The node is given other variables than the plan's.")),
    "profiles": Meaning(mark("The node is started on another machine than the plan's, or on each.")),
    "healthcheck": Meaning(
        mark("Nobody waits for the node to be ready, and the next one starts beside its migration."),
        lambda value: value is not None,
    ),
}


def judge(path: str, text: str, planned: str) -> Iterator[Finding]:
    """Say what the services are given otherwise than by the plan's own file; raises SourceError."""
    now, wanted = _shape(text, path), _shape(planned, path)
    wanted = {name: owner for name, owner in wanted.items() if name != BALANCER}
    yield from gone(now, wanted, tr("Nothing of that name is started."))
    for name, owner in now.items():
        if owner.runs and name not in wanted:
            says = tr("{path} has {name}, of which the plan knows nothing.", path=path, name=name)
            why = tr("A further node takes a worker ID and connections, and nothing here was checked for it.")
            yield finding(name, says, owner.place, why)
    yield from differences(now, wanted, _MEANINGS)


def _shape(text: str, path: str) -> Shape:
    services = compose(text, path).merged().get("services")
    found = services.merged() if services is not None and services.is_mapping() else {}
    return {f"services.{name}": _owner(tree, path) for name, tree in found.items() if tree.is_mapping()}


def _owner(tree: Tree, path: str) -> Owner:
    given = tree.merged()
    parts = {key: part for key, part in _parts(given, tree, path) if part.value}
    from_image, files = parts.get("image"), parts.get("env_file")
    runs = "nocobase" in (from_image.words if from_image else "") or "../env/cluster.env" in (
        files.value if files else ()
    )
    return Owner(Place(path, tree.line), parts, runs)


def _parts(given: Mapping[str, Tree], owner: Tree, path: str) -> Iterator[tuple[str, Part]]:
    for key, read in _READ.items():
        if key in given:
            value, shown = read(given[key])
            yield key, Part(value, Place(path, given[key].line), shown)
    for target, source, line in _mounts(given.get("volumes")):
        yield f"volumes {target.rstrip('/')}", Part(source.rstrip("/"), Place(path, line))
    yield _replicas(given, owner, path)


def _replicas(given: Mapping[str, Tree], owner: Tree, path: str) -> tuple[str, Part]:
    deploy = given.get("deploy")
    count = deploy.merged().get("replicas") if deploy is not None and deploy.is_mapping() else None
    count = count if count is not None else given.get("scale")
    line = count.line if count is not None else owner.line
    return "replicas", Part(_text(count) if count is not None else "1", Place(path, line))


def _text(tree: Tree) -> str:
    return tree.text() if tree.is_scalar() else ""


def _all_texts(tree: Tree) -> tuple[str, ...]:
    return tuple(_text(row) for row in tree.rows()) if tree.is_list() else ()


def _listed(tree: Tree) -> Iterator[str]:
    """Go through the items of a list, or the one that stands in its place; of a mapping that is its `path`."""
    for row in tree.rows() if tree.is_list() else [tree]:
        text = _text(row.merged()["path"]) if row.is_mapping() and "path" in row.merged() else _text(row)
        yield normpath(text) if "/" in text else text


def _is_off(tree: Tree) -> bool:
    parts = tree.merged() if tree.is_mapping() else {}
    test = _all_texts(parts["test"]) if "test" in parts else ()
    return ("disable" in parts and _text(parts["disable"]) == "true") or test[:1] == ("NONE",)


def _ports(tree: Tree) -> Iterator[str]:
    for row in tree.rows() if tree.is_list() else ():
        if not row.is_mapping():
            found = short_port(_text(row), row.place)
            yield from (_port(one.host, one.published, one.target) for one in found)
            continue
        parts = {key: _text(value) for key, value in row.merged().items()}
        yield _port(parts.get("host_ip", ""), parts.get("published", ""), parts.get("target", ""))


def _port(host: str, published: str, target: str) -> str:
    return ":".join(filter(None, (host, published, target)))


def _mounts(tree: Tree | None) -> Iterator[tuple[str, str, int]]:
    """Go through what is mounted: where, what, and the line."""
    for row in tree.rows() if tree is not None and tree.is_list() else ():
        if row.is_mapping():
            parts = {key: _text(value) for key, value in row.merged().items()}
            yield parts.get("target", ""), parts.get("source", ""), row.line
        else:
            source, _sign, rest = _text(row).partition(":")
            yield rest.partition(":")[0], source, row.line


def _depended(tree: Tree) -> Value:
    return tuple(tree.merged()) if tree.is_mapping() else tuple(_listed(tree))


_READ: Mapping[str, Callable[[Tree], tuple[Value, str | None]]] = {
    "image": lambda tree: (image(_text(tree)), _text(tree)),
    "restart": lambda tree: (_text(tree), None),
    "command": lambda tree: (_all_texts(tree) or _text(tree), ""),
    "entrypoint": lambda tree: (_all_texts(tree) or _text(tree), ""),
    "env_file": lambda tree: (tuple(_listed(tree)), None),
    "profiles": lambda tree: (tuple(_listed(tree)), None),
    "depends_on": lambda tree: (_depended(tree), None),
    "ports": lambda tree: (tuple(sorted(_ports(tree))), None),
    "healthcheck": lambda tree: ("" if _is_off(tree) else "on", ""),
}
"""How each key of a service is compared, and how it is told (`Part.shown`); one with nothing in it is not there."""
