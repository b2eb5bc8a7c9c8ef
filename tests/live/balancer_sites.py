"""Sites before stand-ins of nodes, and what the balancer's checks find of them."""

from tests.live.running import findings_of
from wizard.checks.balancer import checks as balancer
from wizard.demo.nginx import Nginx
from wizard.plan.plan import Plan
from wizard.plan.sections import Node

LIVE = ("connect", "certificate", "health", "websocket", "origin", "files", "uploads", "body")
BEHIND = LIVE[2:]
TLS = "ssl_certificate server.crt; ssl_certificate_key server.key;"
GOOD = """
    client_max_body_size 0;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
"""


def findings(url="", rendered=None, timeout=None, plan=None, **values):
    """Return the findings by id; `values` are settings, `balancer__upload_limit`."""
    plan = (plan or Plan()).with_value("application.public_url", url)
    for key, value in values.items():
        plan = plan.with_value(key.replace("__", "."), value)
    syntax, *others = balancer.checks(plan, {})
    syntax = balancer.syntax_check(plan, rendered) if rendered else syntax
    found = findings_of([syntax, *others], timeout=timeout)
    return {identifier: finding for (identifier, _subject), finding in found.items()}


def told(finding):
    return finding.severity, finding.error


def severities(found, *names):
    return [found[f"balancer.{name}"].severity for name in names]


def site_of(behind, lines=GOOD, *, tls=False, more=""):
    """A site that passes everything on to `behind`, with these lines."""
    return lambda port: (
        f"server {{ listen {port}{' ssl' if tls else ''}; {TLS if tls else ''} {lines}"
        f" location / {{ proxy_pass {behind.url}; }} {more} }}"
    )


def planned(*servers, idle=()) -> Plan:
    """Return the plan of these nodes; those of `idle` are for tasks alone."""
    nodes = [
        Node(name=f"node{index}", host=server.host, port=server.port, worker_mode="*" if server in idle else "")
        for index, server in enumerate((*servers, *idle), start=1)
    ]
    return Plan(nodes=tuple(nodes), name="production")


def seen_behind_tls(inner, launch, authority, folder, **values):
    """Return the findings through a proxy that ends TLS before the balancer `inner` and passes the host on."""
    trust = folder / "authority.pem"
    trust.write_bytes(authority.pem)
    passing = f"location / {{ proxy_pass {inner.url}; proxy_set_header Host $http_host; }}"
    outer = launch(
        lambda: Nginx(lambda port: f"server {{ listen {port} ssl; {TLS} {passing} }}", tls=authority.sign()),
    )
    return findings(outer.url, application__extra_ca_file=str(trust), **values)
