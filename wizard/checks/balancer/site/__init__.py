"""The balancer's own configuration, as it is in use: read from a file, and held against the plan."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from wizard.checks.balancer.site.in_compose import in_compose
from wizard.checks.balancer.site.judge import NO_FILE, judge
from wizard.checks.balancer.site.probe import SiteFacts, probe, read_file
from wizard.checks.balancer.specs import OF_FILE, SITE
from wizard.checks.balancer.target import bytes_of, guards_uploads
from wizard.engine.check import Check, settled
from wizard.formats.sites.model import Node, SiteFile, Wanted
from wizard.plan import worker_mode
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.web import authority


def checks(plan: Plan, other: SiteFile | None) -> Check[SiteFacts]:
    """Return the check of the file that the plan names, else of `other`.

    Where there is neither, the one that says so.
    """
    named = plan.balancer.site_file
    file = SiteFile(named, partial(read_file, named)) if named else other
    if file is None:
        return settled("balancer", "", SITE, [spec.skip(tr(NO_FILE)) for spec in OF_FILE])  # type: ignore[return-value]
    wanted = wanted_of(plan)
    return Check(
        component="balancer",
        part="site",
        specs=SITE,
        facts=SiteFacts,
        probe=partial(probe, file, wanted),
        judge=partial(_judge, file, wanted),
    )


def _judge(file: SiteFile, wanted: Wanted, facts: SiteFacts) -> Iterator[Finding]:
    for finding in judge(file.name, wanted, facts):
        yield in_compose(finding, file, wanted.kind) if file.service else finding


def wanted_of(plan: Plan) -> Wanted:
    """Return what the plan wants of the balancer."""
    balancer, url = plan.balancer, urlsplit(plan.application.public_url)
    names = tuple(name.lower() for name in balancer.server_name.split() or [url.hostname or ""] if name)
    port = balancer.tls_port if balancer.tls else balancer.port
    planned = [
        (Node(node.name or f"node{index}", node.host, node.port), worker_mode.read(node.worker_mode)[0].serves)
        for index, node in enumerate(plan.nodes, start=1)
    ]
    return Wanted(
        kind=balancer.kind,
        scheme=url.scheme or ("https" if balancer.tls else "http"),
        names=names,
        netloc=authority(url.scheme, url.hostname, url.port),
        ports=tuple(dict.fromkeys(found for found in (port, url.port) if found)),
        public_path=plan.application.public_path or "/",
        serving=tuple(node for node, serves in planned if serves),
        idle=tuple(node for node, serves in planned if not serves),
        upload_limit=bytes_of(balancer.upload_limit),
        guards_uploads=guards_uploads(plan),
        behind_proxy=balancer.behind_proxy,
        storage=plan.storage.path,
    )
