"""The site of a balancer, nginx or HAProxy: its servers are the nodes, and it says how users come in."""

from __future__ import annotations

import re

from wizard.formats.files import SourceError
from wizard.formats.recognise import Form
from wizard.pattern import pattern
from wizard.plan.i18n import mark, sentences, tr
from wizard.plan.sections import BalancerKind
from wizard.sources.cluster_file import is_env_file
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material

_KINDS = {Form.NGINX: BalancerKind.NGINX, Form.HAPROXY: BalancerKind.HAPROXY}

_INCLUDE = pattern(r"(?:^|[;{}])\s*include\s", re.MULTILINE)
_INCLUDES = mark("What it includes is not read: give what “nginx -T” prints on the balancer, which has all.")


class BalancerSite:
    """Reads a configuration of nginx or HAProxy; it says nothing of what the nodes are given."""

    title = mark("A site of nginx or HAProxy")
    description = mark(
        "The configuration that a balancer runs with, or what “nginx -T” prints: the nodes that it passes requests to, "
        "hosts, ports and TLS. "
        "It is judged itself; a second source says what the nodes are given."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files or is_env_file(material):
            return Likeness.NO
        return Likeness.SURE if material.form in _KINDS else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        from wizard.formats.sites.model import SiteError
        from wizard.sources.shared.way_in import SiteText, opened

        form = material.form
        kind = _KINDS[form] if form else BalancerKind.NGINX
        try:
            path = None if material.archive else material.path
            return opened(SiteText(material.text, kind, material.title, path, exact=True), material.title)
        except SiteError as error:
            said = tr("{name}, line {line}: {problem}.", name=material.title, line=error.line or 1, problem=str(error))
            more = [tr(_INCLUDES)] if kind is BalancerKind.NGINX and _INCLUDE.search(material.text) else []
            raise SourceError(sentences(said, *more)) from error


SOURCE = BalancerSite()
