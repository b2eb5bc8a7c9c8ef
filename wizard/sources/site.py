"""The site of a balancer, nginx or HAProxy: its servers are the nodes, and it says how users come in."""

from __future__ import annotations

from wizard.formats.files import SourceError
from wizard.formats.recognise import Form, recognise
from wizard.plan.i18n import mark, tr
from wizard.plan.sections import BalancerKind
from wizard.sources.cluster_file import is_env_file
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material

_KINDS = {Form.NGINX: BalancerKind.NGINX, Form.HAPROXY: BalancerKind.HAPROXY}


class BalancerSite:
    """Reads a configuration of nginx or HAProxy; it says nothing of what the nodes are given."""

    title = mark("A site of nginx or HAProxy")
    description = mark(
        "The configuration that a balancer runs with: the nodes that it passes requests to, hosts, ports and TLS. "
        "It is judged itself; a second source says what the nodes are given."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files or is_env_file(material):
            return Likeness.NO
        return Likeness.SURE if recognise(material.looks, material.path.name) in _KINDS else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        from wizard.formats.sites.model import SiteError
        from wizard.sources.shared.way_in import SiteText, opened

        form = recognise(material.looks, material.path.name)
        kind = _KINDS[form] if form else BalancerKind.NGINX
        try:
            path = None if material.archive else material.path
            return opened(SiteText(material.text, kind, material.title, path, exact=True), material.title)
        except SiteError as error:
            raise SourceError(
                tr("{name}, line {line}: {problem}.", name=material.title, line=error.line or 1, problem=str(error))
            ) from error


SOURCE = BalancerSite()
