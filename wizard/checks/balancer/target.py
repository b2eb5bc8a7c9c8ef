"""The public address, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from wizard.plan.plan import Plan

BODY_BYTES = 2 * 1024 * 1024
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Where users reach the application. `authority_file` is the plan's private authority, if it has one.

    `upload_limit` is the balancer's limit of a body in bytes, 0 for none.
    """

    scheme: str
    host: str
    port: int
    public_path: str
    authority_file: str
    upload_limit: int

    @property
    def tls(self) -> bool:
        """Whether the address is an https one."""
        return self.scheme == "https"

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a browser names them in the header Origin."""
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def websocket_url(self) -> str:
        """Where the WebSocket is; the path must match exactly."""
        return f"{self.origin.replace('http', 'ws', 1)}{self.public_path}ws"

    def url(self, path: str) -> str:
        """Give the URL of a path below the public path."""
        return f"{self.origin}{self.public_path}{path}"


def target_of(plan: Plan) -> Target:
    """Take the public address of the plan apart; it must not be empty."""
    parts = urlsplit(plan.application.public_url)
    return Target(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or _DEFAULT_PORTS[parts.scheme],
        public_path=plan.application.public_path,
        authority_file=plan.application.extra_ca_file,
        upload_limit=_bytes(plan.balancer.upload_limit),
    )


def _bytes(size: str) -> int:
    match = re.fullmatch(r"([0-9]+)([kmg]?)", size.lower())
    return int(match[1]) * _UNITS[match[2]] if match else 0
