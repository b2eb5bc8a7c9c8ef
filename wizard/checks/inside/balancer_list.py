"""The balancer's list of nodes: of its site file where the plan names one, else the plan's own nodes."""

from __future__ import annotations

from urllib.parse import urlsplit

from wizard import reading
from wizard.formats.sites import haproxy_site, nginx_site
from wizard.formats.sites.inline import inline
from wizard.formats.sites.model import Wanted
from wizard.plan import worker_mode
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind

List = tuple[str, tuple[tuple[str, int], ...]]
_HTTP = 80


def entries(plan: Plan) -> List:
    """Return the file's name (empty: the plan) and the hosts and ports in it; raises OSError, SiteError."""
    there = inline(plan)
    if not plan.balancer.site_file and there is None:
        serving = (node for node in plan.nodes if worker_mode.read(node.worker_mode)[0].serves)
        return "", tuple((node.host, node.port) for node in serving if node.host)
    name = plan.balancer.site_file or (there.name if there else "")
    text = None if plan.balancer.site_file or there is None else there.read()
    if text is None:
        text = reading.read_text(reading.path_of(name), errors="replace")
    read = haproxy_site.read if plan.balancer.kind is BalancerKind.HAPROXY else nginx_site.read
    servers = [one for group in read(text, _wanted(plan)).groups for one in group.servers]
    named = [(one.host, one.port or _HTTP) for one in servers if not (one.off or one.vague)]
    return name, tuple(dict.fromkeys(named))


def _wanted(plan: Plan) -> Wanted:
    """Return what a site is read by: the public names and ports, below which the nodes' list is looked for."""
    balancer, url = plan.balancer, urlsplit(plan.application.public_url)
    names = balancer.server_name.split() or [url.hostname or ""]
    port = balancer.tls_port if balancer.tls else balancer.port
    return Wanted(
        kind=balancer.kind,
        scheme=url.scheme or ("https" if balancer.tls else "http"),
        names=tuple(name.lower() for name in names if name),
        netloc=url.netloc,
        ports=tuple(dict.fromkeys(found for found in (port, url.port) if found)),
        public_path=plan.application.public_path or "/",
        serving=(),
        idle=(),
        upload_limit=0,
    )
