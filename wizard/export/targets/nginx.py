"""Target nginx: the balancer's site, and a configuration around it to try it by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from wizard.export.balancers import unfit, words
from wizard.export.target import Contents, Order, ReadmePart, Target
from wizard.formats.files import BundleFile
from wizard.formats.sites import nginx
from wizard.formats.sites.writers import site_path
from wizard.formats.templates import fill
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind


class _Nginx(Target):
    name = BalancerKind.NGINX.value
    title = mark("nginx")
    order = 20

    def unfit(self, plan: Plan) -> str:
        return unfit(plan, BalancerKind.NGINX)

    def files(self, order: Order) -> Sequence[BundleFile]:
        return (
            BundleFile(site_path(order.plan, BalancerKind.NGINX), nginx.render(order.plan)),
            BundleFile(nginx.TEST_PATH, nginx.render_around(order.plan)),
        )

    def readme(self, contents: Contents) -> ReadmePart:
        site = (
            tr("the balancer's site, for `/etc/nginx/conf.d/` of a machine outside Kubernetes")
            if contents.on_kubernetes
            else tr("the balancer's site, for `/etc/nginx/conf.d/`")
        )
        around = tr("a complete configuration around the site, to try it by itself")
        values = {**words(contents, BalancerKind.NGINX), "maintenance": contents.plan.balancer.maintenance_file}
        return ReadmePart(
            files=((f"`{values['file']}`", site), (f"`{nginx.TEST_PATH}`", around)),
            section="" if contents.on_kubernetes else fill("readme/nginx.md.j2", **values),
            balancer=True,
            **_drain(contents, values["file"]),
        )


def _drain(contents: Contents, path: str) -> dict[str, str]:
    """Return the scripts that take the first node out and back.

    A reload ends no request: the old processes answer what they have in hand.
    """
    own = contents.plan.balancer.kind is BalancerKind.NGINX
    if contents.first is None or not own:
        return {}
    mark = f"max_fails=[0-9]* fail_timeout=[0-9]*s;  # {contents.first.name}$"
    values = {
        "site": f"/etc/nginx/conf.d/{PurePosixPath(path).name}",
        "file": path,
        "service": words(contents, BalancerKind.NGINX)["service"],
    }
    return {
        "out": fill("readme/nginx-node.sh.j2", edit=f"s/ {mark}/ down&/", wait=True, **values),
        "back": fill("readme/nginx-node.sh.j2", edit=f"s/ down\\( {mark}\\)/\\1/", wait=False, **values),
    }


TARGET = _Nginx()
