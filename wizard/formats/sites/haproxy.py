"""The balancer as a configuration for HAProxy 2.6 and newer: it asks each node for its health, which nginx cannot.

Where the page of NocoBase falls short (sign-in, WebSocket, uploads), see docs/nocobase.md, "Balancer".
"""

from __future__ import annotations

from functools import partial

from wizard.formats.sites import serving
from wizard.formats.sites.serving import ABSOLUTE_PATH, LOOPBACK, PUBLIC_PATH, SIZE, Server
from wizard.formats.templates import fill, one_line
from wizard.plan.plan import Plan, slug
from wizard.plan.sections import Distribution
from wizard.plan.web import HEALTH_PATH

SOCKET = "/run/haproxy/admin.sock"
"""Where Debian's and Ubuntu's packages have the socket for commands."""
ACCOUNT = "haproxy"
"""The account that those packages, and the official image, have for it."""

_HAPROXY = "HAProxy"
_UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3}
_checked = partial(serving.checked, program=_HAPROXY)


def file_name(plan: Plan) -> str:
    """Return the name of the configuration's file."""
    return f"{slug(plan.name)}.cfg"


def maintenance_server(plan: Plan) -> str:
    """Return the switch that a command enables to close the site: `BACKEND/SERVER`."""
    return f"{serving.prefix(plan)}_maintenance/closed"


def backend(plan: Plan) -> str:
    """Return the name of the group of nodes."""
    return f"{serving.prefix(plan)}_nodes"


def key_beside(certificate: str) -> str:
    """Return the path at which HAProxy looks for the key of a certificate."""
    return f"{certificate}.key"


def render(plan: Plan, *, host: str = "", socket: str = SOCKET, account: str = ACCOUNT) -> str:
    """Return the whole configuration; raises UnwritableError where the plan lacks what it needs.

    It listens on every address, IPv6 too, or on `host` alone (an IPv4 address). `account` is the user and group that it
    runs as once its ports are open; empty, it stays who started it.
    """
    return _whole(plan, serving.servers(plan, _HAPROXY), host=host, socket=socket, account=account)


def render_for_test(plan: Plan) -> str:
    """Return the configuration for `haproxy -c -f FILE` on a machine that is not the balancer, without root.

    What this machine cannot know is replaced: nodes named by a host name stand at 127.0.0.1, as HAProxy looks names up,
    and no account is asked for. The certificate is the plan's.
    """
    nodes = serving.at_hand(serving.servers(plan, _HAPROXY))
    return _whole(plan, nodes, host=LOOPBACK, socket=SOCKET, account="")


def _whole(plan: Plan, nodes: tuple[Server, ...], *, host: str, socket: str, account: str) -> str:
    serving.refuse_unreadable(plan)
    balancer = plan.balancer
    if balancer.tls:
        _checked("balancer.certificate", balancer.certificate, ABSOLUTE_PATH)
        _checked("balancer.certificate_key", balancer.certificate_key, ABSOLUTE_PATH)
    names = serving.server_names(plan, _HAPROXY)
    single = serving.single_name(names)

    def listen(port: int) -> list[str]:
        return [f"{host}:{port}"] if host else [f"*:{port}", f":::{port} v6only"]

    return fill(
        "haproxy.cfg.j2",
        name=one_line(plan.name),
        file=file_name(plan),
        prefix=serving.prefix(plan),
        backend=backend(plan),
        switch=maintenance_server(plan),
        socket=socket,
        account=account,
        http_listen=listen(balancer.port),
        tls_listen=listen(balancer.tls_port),
        tls=balancer.tls,
        redirect=balancer.redirect,
        hsts=balancer.hsts,
        redirect_host=single or "%[req.hdr(host),host_only,lower]",
        redirect_port="" if balancer.tls_port == 443 else f":{balancer.tls_port}",  # noqa: PLR2004 - HTTPS' own
        certificate=balancer.certificate,
        certificate_key=balancer.certificate_key,
        key_beside=key_beside(balancer.certificate),
        behind_proxy=balancer.behind_proxy,
        balance=_balance(plan),
        consistent=balancer.distribution is Distribution.IP_HASH,
        health_path=HEALTH_PATH,
        health_host=single or "nocobase",
        public_path=_checked("application.public_path", plan.application.public_path or "/", PUBLIC_PATH),
        upload_bytes=_bytes(_checked("balancer.upload_limit", balancer.upload_limit, SIZE)),
        nodes=nodes,
    )


def _balance(plan: Plan) -> str:
    match plan.balancer.distribution:
        case Distribution.LEAST_CONNECTIONS:
            return "leastconn"
        case Distribution.IP_HASH if plan.balancer.behind_proxy:
            return "hash req.hdr(x-forwarded-for,1)"  # every connection comes from the one address of the other proxy
        case Distribution.IP_HASH:
            return "source"
        case _:
            return "roundrobin"


def _bytes(size: str) -> int:
    unit = size[-1:].lower()
    return int(size[:-1]) * _UNITS[unit] if unit in _UNITS else int(size)
