"""Configurations of balancers, judged as the check of the site file does."""

from tests.unit.plans import good_plan
from wizard.checks.balancer import site
from wizard.checks.balancer.site.judge import judge
from wizard.checks.balancer.site.probe import SiteFacts, probe
from wizard.engine.facts import Known
from wizard.formats.sites.model import SiteFile
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind

BUNDLED = (
    {},
    {"balancer.behind_proxy": True},
    {"balancer.upload_limit": "500k"},
    {"balancer.tls_port": 8443, "application.public_url": "https://app.example.com:8443"},
    {"balancer.tls": False, "application.public_url": "http://app.example.com"},
    {"application.public_path": "/crm/"},
    {"balancer.server_name": "app.example.com *.example.com"},
)
"""Settings by which an exported site differs."""


def nginx_plan() -> Plan:
    return good_plan()


def haproxy_plan() -> Plan:
    return good_plan().with_value("balancer.kind", BalancerKind.HAPROXY)


def judged(text, plan, known=None):
    """Return the findings by id; `known` are the addresses behind names, else each is looked up."""
    wanted, facts = site.wanted_of(plan), SiteFacts()
    probe(SiteFile("site.conf", lambda: text), wanted, facts)
    if known is not None:
        facts.addresses = Known(known)
    return {finding.id: finding for finding in judge("site.conf", wanted, facts)}
