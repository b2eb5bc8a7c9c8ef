"""What every balancer's configuration is made of: the nodes that serve, the public names, and checked values."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from urllib.parse import urlsplit

from wizard.dataclass import dataclass
from wizard.formats.dotenv.values import node_names
from wizard.formats.files import LackingError
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.kinds import HOST, INVISIBLE
from wizard.plan.plan import Plan, slug
from wizard.plan.worker_mode import read

ABSOLUTE_PATH = pattern(rf"/(?:(?!{INVISIBLE.pattern})[^\"\\\\$])*")
"""A path that means itself between the double quotes of nginx and of HAProxy."""
PUBLIC_PATH = pattern(r"/([A-Za-z0-9_-]+/)*")
SIZE = pattern(r"[0-9]+[kKmMgG]?")
LOOPBACK = "127.0.0.1"
_LONGEST = 24
_DIGEST = 6
_SERVER_NAME = pattern(r"[A-Za-z0-9_*.-]+")


@dataclass(frozen=True, slots=True)
class Server:
    """A node that gets requests: its name, and its address as the balancer reaches it (`10.0.0.1:13000`)."""

    name: str
    address: str


def prefix(plan: Plan) -> str:
    """Return what every name in the configuration begins with, so that it can live beside others.

    It has at most 33 letters, as nginx takes variables of 46 at most (its `variables_hash_bucket_size` is 64).
    """
    return f"nocobase_{shortened(slug(plan.name).replace('-', '_'), _LONGEST, '_')}"


def shortened(name: str, longest: int, joint: str) -> str:
    """Return the name, or its beginning and after a `joint` a digest of the whole: two long names stay two."""
    if len(name) <= longest:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGEST]
    return f"{name[: longest - _DIGEST - 1].strip(joint)}{joint}{digest}"


def refuse_unreadable(plan: Plan) -> None:
    """Raise LackingError where something that a balancer needs could not be read: no default takes its place."""
    for item in plan.unreadable:
        used = item.key.startswith("balancer.") or item.key in {"application.public_path", "application.public_url"}
        if used or re.fullmatch(r"nodes\.[0-9]+\.(host|port|worker_mode)", item.key):
            raise LackingError(item.key, f"{item.key}: {item.problem}")


def servers(plan: Plan, program: str) -> tuple[Server, ...]:
    """Return the nodes that may get requests (NocoBase's worker mode switches HTTP off nowhere)."""
    found = []
    for index, (name, node) in enumerate(zip(node_names(plan), plan.nodes, strict=True)):
        if not read(node.worker_mode)[0].serves:
            continue
        if not HOST.fullmatch(node.host):
            reason = tr("Node {name} has no host that {program} could use.", name=name, program=program)
            raise LackingError(f"nodes.{index}.host", reason)
        found.append(Server(name, f"{node.host}:{node.port}"))
    if not found:
        reason = tr("No node serves requests, so {program} would have nobody to pass them to.", program=program)
        raise LackingError("nodes", reason)
    return tuple(found)


def at_hand(found: tuple[Server, ...]) -> tuple[Server, ...]:
    """Return the nodes for a test on this machine: one named by a name, which programs look up, stands at LOOPBACK."""
    return tuple(Server(server.name, _numeric(server.address)) for server in found)


def _numeric(address: str) -> str:
    host, _, port = address.rpartition(":")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return f"{LOOPBACK}:{port}"
    return address


def server_names(plan: Plan, program: str) -> list[str]:
    """Return the names under which users come; `_` where the plan knows none."""
    names = plan.balancer.server_name.split() or [urlsplit(plan.application.public_url).hostname or "_"]
    for name in names:
        checked("balancer.server_name", name, _SERVER_NAME, program)
    return names


def single_name(names: list[str]) -> str:
    """Return the one plain name, which no request can forge; nothing where there are several, or a pattern."""
    single = len(names) == 1 and HOST.fullmatch(names[0]) and names[0] != "_"
    return names[0] if single else ""


def checked(key: str, value: str, pattern: re.Pattern[str], program: str) -> str:
    """Return the value if `program` can take it as it is; raises LackingError."""
    if not pattern.fullmatch(value):
        unfit = tr("{key} has no form that {program} can take.", key=key, program=program)
        raise LackingError(key, unfit if value else tr("{key} is empty.", key=key))
    return value
