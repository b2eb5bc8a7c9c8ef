"""The other end of a connection: where it is, who logs in, what is trusted; and the commands that look at it."""

from __future__ import annotations

import shlex

from wizard.dataclass import dataclass
from wizard.net.errors import is_address
from wizard.plan.secret import Secret
from wizard.plan.web import bracketed


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One server. `authority_file` is the plan's private authority: a path of the nodes, so it may lack here."""

    host: str
    port: int
    tls: bool = False
    username: str = ""
    password: Secret | None = None
    authority_file: str = ""

    @property
    def address(self) -> str:
        """Host and port, as texts name the server; an IPv6 address in brackets."""
        return f"{bracketed(self.host.strip('[]'))}:{self.port}"

    def look_up(self) -> str:
        """Return the command that asks this machine for the host's addresses."""
        return shlex.join(["getent", "hosts", self.host])

    def show_certificate(self) -> str:
        """Return the command that shows the certificate which the server sends."""
        named = [] if is_address(self.host) else ["-servername", self.host]
        words = ["openssl", "s_client", "-connect", self.address, *named]
        return f"{shlex.join(words)} </dev/null"
