"""Docker Compose: one service a node, valid on one machine and on several (the Compose specification).

The env files of the bundle give the values. What they leave out, the secrets, Compose takes from its own environment,
and refuses to start without it: NocoBase would take an empty key for a publicly known one.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from wizard.dataclass import dataclass
from wizard.export import containers
from wizard.export.containers import IMAGE
from wizard.formats.dotenv.values import Variable, node_names, variables
from wizard.formats.files import LackingError, SecretsMode
from wizard.formats.image import STORAGE
from wizard.formats.sites import haproxy
from wizard.formats.templates import fill, one_line
from wizard.plan.i18n import tr
from wizard.plan.localhost import is_localhost
from wizard.plan.plan import Plan, slug
from wizard.plan.secret import Secrets
from wizard.plan.sections import BalancerKind, Deployment, Node
from wizard.plan.web import HEALTH_PATH

PATH = "compose/compose.yaml"
ENV_FILE = "../env/cluster.env"
BALANCER = "balancer"
"""The balancer's service."""
_NGINX_IMAGE = "nginx:1.30"
_HAPROXY_IMAGE = "haproxy:3.0"
_IN_CONTAINER = {
    "APP_HOST": "0.0.0.0",  # noqa: S104 - the container's own
    "STORAGE_PATH": STORAGE,
    "PM2_HOME": "/root/.nocobase/pm2",
    "SOCKET_PATH": "/root/.nocobase/gateway.sock",
}
"""What a plan for bare metal says of its own machine, as it is inside the image."""


@dataclass(frozen=True, slots=True)
class Service:
    """One node as a service. `profile` names its machine where there are several; `after` the node it waits for."""

    name: str
    published: str
    profile: str
    after: str
    replaced: tuple[tuple[str, str], ...]


def render(plan: Plan, secrets: Secrets, mode: SecretsMode, balancer: str = "") -> str:
    """Return `compose/compose.yaml`; `balancer` is the path of the balancer's file in the bundle, if it has one.

    Raises UnwritableError where the plan lacks what it needs.
    """
    containers.refuse_none(plan)
    ports = [f"nodes.{index}.{name}" for index in range(len(plan.nodes)) for name in ("host", "port")]
    containers.refuse_unreadable(plan, ["application.version", "application.public_path", "storage.path", *ports])
    found = variables(plan)
    services = _services(plan, dict(found.nodes), found.common)
    if BALANCER in {service.name for service in services}:
        balancer = ""  # a node has the name already
    return fill(
        "compose.yaml.j2",
        name=one_line(plan.name),
        project=project(plan),
        image=IMAGE,
        version=plan.application.version,
        storage=plan.storage.path,
        storage_target=STORAGE,
        several=plan.several_machines,
        volume=not plan.storage.path and not plan.several_machines,
        files=containers.mounted_files(plan),
        local=containers.local_hosts(plan),
        health=containers.health_script(_health_url(plan)),
        env_file=ENV_FILE,
        missing=containers.part(found.common, secrets, mode).missing,
        services=services,
        balancer=balancer,
        haproxy=plan.balancer.kind is BalancerKind.HAPROXY,
        balancer_image=_HAPROXY_IMAGE if plan.balancer.kind is BalancerKind.HAPROXY else _NGINX_IMAGE,
        certificates=_certificates(plan),
        socket_folder=PurePosixPath(balancer_socket(plan)).parent,
        socket_target=PurePosixPath(haproxy.SOCKET).parent,
    )


def project(plan: Plan) -> str:
    """Return the name that Compose puts before those of its containers."""
    return f"nocobase-{slug(plan.name)}"


def balancer_socket(plan: Plan) -> str:
    """Return where the machine has the socket of the balancer's container, if that is HAProxy."""
    return f"/run/{project(plan)}/{PurePosixPath(haproxy.SOCKET).name}"


def port_of(published: str) -> int:
    """Return the port outside of what a container publishes."""
    return int(published.split(":")[-2])


def published(plan: Plan) -> dict[str, str]:
    """Return for each node, by its name, what its container publishes: `[ADDRESS:]PORT:PORT`.

    A node on the machine itself is open to that alone, as the balancer is on it, too. Nodes without hosts, pods of a
    plan for Kubernetes, may all have one port and get one each.
    """
    found: dict[str, str] = {}
    taken: set[int] = set()
    for name, node in zip(node_names(plan), plan.nodes, strict=True):
        outside = node.port if node.host else _free(node.port, taken)
        taken.add(outside)
        found[name] = f"{'127.0.0.1:' if is_localhost(node.host) else ''}{outside}:{node.port}"
    return found


def _health_url(plan: Plan) -> str:
    """Return the address as JavaScript: each container knows its own port."""
    return f"'http://127.0.0.1:'+process.env.APP_PORT+'{plan.application.public_path}{HEALTH_PATH}'"


def _services(plan: Plan, own: dict[str, tuple[Variable, ...]], common: tuple[Variable, ...]) -> list[Service]:
    services: list[Service] = []
    last_on: dict[str, str] = {}
    ports = published(plan)
    for index, (name, node) in enumerate(zip(node_names(plan), plan.nodes, strict=True)):
        machine = _machine(plan, index, node)
        replaced = _replaced(plan, (*common, *own[name]))
        profile = f"machine-{machine}" if machine else ""
        services.append(Service(name, ports[name], profile, last_on.get(machine, ""), replaced))
        last_on[machine] = name
    return services


def _machine(plan: Plan, index: int, node: Node) -> str:
    if not plan.several_machines:
        return ""
    if not node.host:
        raise LackingError(f"nodes.{index}.host", tr("A node without a host cannot be put on one of the machines."))
    return node.host


def _free(port: int, taken: set[int]) -> int:
    return next(number for number in range(port, port + len(taken) + 1) if number not in taken)


def _replaced(plan: Plan, found: tuple[Variable, ...]) -> tuple[tuple[str, str], ...]:
    if plan.application.deployment is not Deployment.BARE:
        return ()
    names = {variable.name for variable in found}
    return tuple((name, value) for name, value in _IN_CONTAINER.items() if name in names)


def _certificates(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the balancer's files: where each is on the machine, and where the balancer looks for it."""
    if not plan.balancer.tls:
        return ()
    certificate, key = plan.balancer.certificate, plan.balancer.certificate_key
    if plan.balancer.kind is BalancerKind.NGINX:
        return ((certificate, certificate), (key, key))
    beside = () if key == certificate else ((key, haproxy.key_beside(certificate)),)
    return ((certificate, certificate), *beside)
