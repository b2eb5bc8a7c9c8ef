"""The balancer: one self-contained site for nginx, and a whole configuration to test it with.

Where the page of NocoBase falls short (sign-in, WebSocket, uploads), see docs/nocobase.md, "Balancer".
"""

from __future__ import annotations

from functools import partial
from typing import Any

from wizard.formats.sites import serving
from wizard.formats.sites.serving import ABSOLUTE_PATH, LOOPBACK, PUBLIC_PATH, SIZE
from wizard.formats.templates import fill, one_line
from wizard.plan.plan import Plan, slug
from wizard.plan.sections import Distribution

UNPRIVILEGED = 20000
"""Added to a port below 1024 for a test: nginx opens its ports even then, and these are root's."""

TEST_PATH = "nginx/test/nginx.conf"
"""Where in a bundle the configuration for testing lies."""

_NGINX = "nginx"
_METHODS = {Distribution.LEAST_CONNECTIONS: "least_conn", Distribution.IP_HASH: "ip_hash"}
_checked = partial(serving.checked, program=_NGINX)


def file_name(plan: Plan) -> str:
    """Return the name of the site's file."""
    return f"{slug(plan.name)}.conf"


def render(plan: Plan, *, host: str = "") -> str:
    """Return the site for `conf.d`; raises UnwritableError where the plan lacks what it needs.

    It listens on every address, IPv6 too, or on `host` alone (an IPv4 address).
    """

    def listen(port: int) -> list[str]:
        return [f"{host}:{port}"] if host else [str(port), f"[::]:{port}"]

    return _site(
        plan,
        http_listen=listen(plan.balancer.port),
        tls_listen=listen(plan.balancer.tls_port),
        certificate=plan.balancer.certificate,
        certificate_key=plan.balancer.certificate_key,
        nodes=serving.servers(plan, _NGINX),
    )


def render_for_test(plan: Plan, *, certificate: str = "", certificate_key: str = "") -> str:
    """Return a complete configuration with the site in it, for `nginx -t -e stderr -p FOLDER -c FILE` without root.

    What this machine cannot know or do is replaced: nodes named by a host name stand at 127.0.0.1, as nginx looks names
    up; ports below 1024 are moved up by 20000; nginx listens on 127.0.0.1 alone. `certificate` and `certificate_key`
    are readable files to use in the place of the plan's. Temporary files go below FOLDER.
    """
    nodes = serving.at_hand(serving.servers(plan, _NGINX))
    site = _site(
        plan,
        http_listen=[_local(plan.balancer.port)],
        tls_listen=[_local(plan.balancer.tls_port)],
        certificate=certificate or plan.balancer.certificate,
        certificate_key=certificate_key or plan.balancer.certificate_key,
        nodes=nodes,
    )
    return fill("nginx-test.conf.j2", site=site)


def render_around(plan: Plan) -> str:
    """Return a complete configuration that includes the exported site beside it.

    To test the very file of the bundle.
    """
    return fill("nginx-around.conf.j2", site=file_name(plan))


def _site(plan: Plan, *, certificate: str, certificate_key: str, **places: Any) -> str:
    serving.refuse_unreadable(plan)
    balancer = plan.balancer
    if balancer.tls:
        _checked("balancer.certificate", certificate, ABSOLUTE_PATH)
        _checked("balancer.certificate_key", certificate_key, ABSOLUTE_PATH)
    prefix = serving.prefix(plan)
    names = serving.server_names(plan, _NGINX)
    return fill(
        "nginx-site.conf.j2",
        name=one_line(plan.name),
        prefix=prefix,
        method=_method(plan, prefix),
        by_client=balancer.distribution is Distribution.IP_HASH,
        behind_proxy=balancer.behind_proxy,
        tls=balancer.tls,
        redirect=balancer.redirect,
        hsts=balancer.hsts,
        certificate=certificate,
        certificate_key=certificate_key,
        server_name=" ".join(names),
        redirect_host=serving.single_name(names) or "$host",
        redirect_port="" if balancer.tls_port == 443 else f":{balancer.tls_port}",  # noqa: PLR2004 - HTTPS' own
        maintenance_file=_checked("balancer.maintenance_file", balancer.maintenance_file, ABSOLUTE_PATH),
        upload_limit=_checked("balancer.upload_limit", balancer.upload_limit, SIZE),
        public_path=_checked("application.public_path", plan.application.public_path or "/", PUBLIC_PATH),
        **places,
    )


def _local(port: int) -> str:
    return f"{LOOPBACK}:{port + UNPRIVILEGED if port < 1024 else port}"  # noqa: PLR2004 - the ports of root


def _method(plan: Plan, prefix: str) -> str:
    if plan.balancer.distribution is Distribution.IP_HASH and plan.balancer.behind_proxy:
        return f"hash ${prefix}_client consistent"  # every request comes from the one address of the other proxy
    return _METHODS.get(plan.balancer.distribution, "")
