"""Target haproxy: the balancer's whole configuration."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.export import compose_file
from wizard.export.balancers import unfit, words
from wizard.export.target import Contents, Order, ReadmePart, Target
from wizard.formats.files import BundleFile
from wizard.formats.sites import haproxy
from wizard.formats.sites.writers import site_path
from wizard.formats.templates import fill
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind


class _HAProxy(Target):
    name = BalancerKind.HAPROXY.value
    title = mark("HAProxy")
    order = 30

    def unfit(self, plan: Plan) -> str:
        return unfit(plan, BalancerKind.HAPROXY)

    def files(self, order: Order) -> Sequence[BundleFile]:
        return (BundleFile(site_path(order.plan, BalancerKind.HAPROXY), haproxy.render(order.plan)),)

    def readme(self, contents: Contents) -> ReadmePart:
        plan = contents.plan
        balancer = plan.balancer
        values = {
            **words(contents, BalancerKind.HAPROXY),
            "certificate": balancer.certificate if balancer.tls else "",
            "certificate_key": balancer.certificate_key,
            "key_beside": haproxy.key_beside(balancer.certificate),
            "switch": haproxy.maintenance_server(plan),
            "socket": haproxy.SOCKET,
            "service_socket": compose_file.balancer_socket(plan),
        }
        whole = (
            tr("the balancer's configuration, for `/etc/haproxy/haproxy.cfg` of a machine outside Kubernetes")
            if contents.on_kubernetes
            else tr("the balancer's configuration, for `/etc/haproxy/haproxy.cfg`")
        )
        return ReadmePart(
            files=((f"`{values['file']}`", whole),),
            section="" if contents.on_kubernetes else fill("readme/haproxy.md.j2", **values),
            balancer=True,
            **_drain(contents),
        )


def _drain(contents: Contents) -> dict[str, str]:
    """Return the scripts that take the first node out and back: no new request, then wait for those in hand."""
    own = contents.plan.balancer.kind is BalancerKind.HAPROXY
    if contents.first is None or not own:
        return {}
    served = contents.deployer and contents.deployer.balancer()
    values = {
        "socket": haproxy.SOCKET,
        "service_socket": compose_file.balancer_socket(contents.plan) if served else "",
        "backend": haproxy.backend(contents.plan),
        "node": contents.first.name,
    }
    return {"out": fill("readme/haproxy-out.sh.j2", **values), "back": fill("readme/haproxy-back.sh.j2", **values)}


TARGET = _HAProxy()
