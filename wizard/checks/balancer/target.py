"""The public address, taken apart."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from wizard.checks.balancer.specs import PUBLIC_UPLOADS
from wizard.dataclass import dataclass
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind
from wizard.plan.versions import numbers
from wizard.plan.web import SIZE_UNITS, USUAL_PORTS, authority

MIB = 1024 * 1024
BODY_BYTES, LARGE_BYTES = 2 * MIB, 20 * MIB
"""Above nginx's default of 1 MiB, and what NocoBase lets users upload by default (docs/nocobase.md, "Balancer")."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where users reach the application, and what the plan says of the balancer in front of it.

    `authority_file` is the plan's private authority, if it has one. `upload_limit` is the planned limit of a body in
    bytes, 0 for none. `node` is where a node can be asked directly (`node1:13000`), if the plan has one. `version` is
    the planned one, empty if not told. `tls_before`: users come over https and the plan's balancer ends no TLS, so
    another one stands before it. `guards_uploads`: NocoBase gives uploaded files to those alone who are signed in.
    """

    scheme: str
    host: str
    port: int
    public_path: str
    authority_file: str
    upload_limit: int
    kind: BalancerKind = BalancerKind.NGINX
    node: str = ""
    version: str = ""
    tls_before: bool = False
    guards_uploads: bool = True

    @property
    def has_files(self) -> bool:
        """Whether the planned version may have addresses of files below `files/`, which came with 2.2."""
        return not self.version or numbers(self.version) >= (2, 2)  # its pre-releases, too

    def lets_through(self, size: int) -> bool:
        """Whether the plan wants a body of `size` bytes let through."""
        return not 0 < self.upload_limit < size

    @property
    def tls(self) -> bool:
        """Whether the address is an https one."""
        return self.scheme == "https"

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a browser names them in the header Origin."""
        return f"{self.scheme}://{authority(self.scheme, self.host, self.port)}"

    @property
    def websocket_url(self) -> str:
        """Where the WebSocket is; the path must match exactly."""
        return f"{self.origin.replace('http', 'ws', 1)}{self.public_path}ws"

    def url(self, path: str) -> str:
        """Return the URL of a path below the public path."""
        return f"{self.origin}{self.public_path}{path}"


def target_of(plan: Plan) -> Target:
    """Take the public address of the plan apart; it must not be empty."""
    parts = urlsplit(plan.application.public_url)
    return Target(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or USUAL_PORTS[parts.scheme],
        public_path=plan.application.public_path,
        authority_file=plan.application.extra_ca_file,
        upload_limit=bytes_of(plan.balancer.upload_limit),
        kind=plan.balancer.kind,
        node=next((f"{node.host}:{node.port}" for node in plan.nodes if node.host), ""),
        version=plan.application.version,
        tls_before=parts.scheme == "https" and not plan.balancer.tls and plan.balancer.is_written,
        guards_uploads=guards_uploads(plan),
    )


def guards_uploads(plan: Plan) -> bool:
    """Whether NocoBase asks for a session before it gives an uploaded file away, as it does since 2.2."""
    public = any(extra.name == PUBLIC_UPLOADS and extra.value == "true" for extra in plan.extras)
    return not public and (not plan.application.version or numbers(plan.application.version) >= (2, 2))


def bytes_of(size: str) -> int:
    """Return a size as nginx writes it (`500k`, `2m`) in bytes; 0 for what is none."""
    match = re.fullmatch(r"([0-9]+)([kmg]?)", size.lower())
    return int(match[1]) * SIZE_UNITS[match[2]] if match else 0
