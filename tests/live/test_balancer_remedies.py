"""The lines that are told for a balancer's own site, put where they are told to go: the real balancer is cured."""

import pytest

from tests.live.balancer_sites import GOOD, findings, planned, told
from tests.servers.haproxy import HaProxy, debian_haproxy
from tests.unit.sites import judged, nginx_plan
from wizard.demo.nginx import Nginx
from wizard.plan.finding import Severity
from wizard.plan.sections import BalancerKind

pytestmark = pytest.mark.live
PASS = Severity.PASS
WITHOUT_UPGRADE = "\n".join(line for line in GOOD.splitlines() if "pgrade" not in line and "http_version" not in line)
PAGE = "root /no/such; try_files $uri /index.html;"
SPECIAL = {
    "files": f"location /files/ {{ {PAGE} }} location = /index.html",
    "uploads": "location ~ ^/storage/ { root /app/nocobase; }",
}
"""What a site does with such addresses in place of passing them on; the first one gives its page."""


def lines_of(remedy):
    """Return what is told for the site: neither comments nor a command that compares."""
    return "\n".join(line for line in remedy.splitlines() if not line.startswith(("#", "curl ")))


@pytest.fixture
def through(node_stand_in, launch):
    """Start a balancer before a node, and return what is found through it."""
    node = node_stand_in("node1")

    def nginx(server="", location="", around=""):
        own = f"upstream NODES {{ server {node.host}:{node.port}; }}\n{around}"
        passing = f"location / {{ {location} proxy_pass http://NODES; }}"
        site = launch(lambda: Nginx(lambda port: f"{own}\nserver {{ listen {port}; {server} {passing} }}"))
        return findings(site.url, plan=planned(node), application__version="2.2.15")

    def haproxy(first="", then=""):
        def config(server):
            return (
                f"global\n stats socket {server.socket}\n"
                "defaults\n mode http\n timeout connect 5s\n timeout client 600s\n timeout server 600s\n"
                f"frontend web\n bind 127.0.0.1:{server.port}\n{first}\n{then}\n default_backend NODES\n"
                f"backend NODES\n server one {node.host}:{node.port}\n"
                "backend page\n http-request return status 200 content-type text/html string <html>\n"
            )

        site = launch(lambda: HaProxy(config, debian_haproxy()))
        return findings(
            site.url, plan=planned(node), application__version="2.2.15", balancer__kind=BalancerKind.HAPROXY
        )

    return {BalancerKind.NGINX: nginx, BalancerKind.HAPROXY: haproxy}


@pytest.mark.parametrize("level", ["server", "location"])
def test_nginx_opens_websockets_with_the_lines_and_keeps_what_it_passed_on(through, level):
    site = through[BalancerKind.NGINX]
    broken = site(**{level: WITHOUT_UPGRADE})
    assert broken["balancer.websocket"].severity is Severity.FAIL
    mended = site(**{level: WITHOUT_UPGRADE + lines_of(broken["balancer.websocket"].remedy)})
    assert [mended[f"balancer.{name}"].severity for name in ("websocket", "origin")] == [PASS, PASS]


def test_nginx_opens_websockets_with_the_location_that_is_told_for_its_file(through):
    site, shut = through[BalancerKind.NGINX], "location = /ws { return 404; }"
    assert site(server=GOOD + shut)["balancer.websocket"].severity is Severity.FAIL
    nodes = "upstream NODES { server 10.0.0.1:13000; server 10.0.0.2:13000; server 10.0.0.3:13000; }"
    text = f"{nodes} server {{ listen 443 ssl; {shut} location / {{ proxy_pass http://NODES; }} }}"
    lines = judged(text, nginx_plan(), known={})["balancer.limits"].remedy.splitlines()
    begins = lines.index("location = /ws {")
    block = "\n".join(lines[begins : lines.index("}", begins) + 1])
    assert site(server=GOOD + block)["balancer.websocket"].severity is PASS


@pytest.mark.parametrize("where", ["server", "around"])
def test_nginx_takes_a_large_body_with_the_line(through, where):
    site = through[BalancerKind.NGINX]
    rest = GOOD.replace("client_max_body_size 0;", "")
    limit = "client_max_body_size 1m;"
    broken = site(**{"server": rest, where: rest * (where == "server") + limit})["balancer.body"]
    assert broken.severity is Severity.FAIL
    own = "" if where == "server" else limit  # in the place of such a line
    mended = site(server=rest + lines_of(broken.remedy), around=own)
    assert told(mended["balancer.body"]) == (PASS, None), mended["balancer.body"]


@pytest.mark.parametrize("name", ["files", "uploads"])
def test_nginx_passes_files_on_with_the_lines(through, name):
    site, special = through[BalancerKind.NGINX], SPECIAL[name]
    closed = special + (" { return 200 page; default_type text/html; }" if name == "files" else "")
    broken = site(server=GOOD + closed)[f"balancer.{name}"]
    assert broken.severity in {Severity.FAIL, Severity.WARN}
    kept = closed.replace("location /files/ {", "location /no-files/ {")  # the lines stand in the place of these
    mended = site(server=GOOD + kept + lines_of(broken.remedy))
    assert mended[f"balancer.{name}"].severity is PASS, mended[f"balancer.{name}"]


@pytest.mark.parametrize(
    ("name", "rule", "stays"),
    [
        ("websocket", " http-request del-header Upgrade", False),
        ("body", " http-request deny deny_status 413 if { req.hdr_val(content-length) gt 1048576 }", False),
        ("files", " use_backend page if { path_beg /files/ }", True),
        ("uploads", " use_backend page if { path_beg /storage/uploads/ }", True),
    ],
)
def test_haproxy_is_cured_by_the_rule_in_the_place_of_the_other_or_before_it(through, name, rule, stays):
    site = through[BalancerKind.HAPROXY]
    broken = site(rule)[f"balancer.{name}"]
    assert broken.severity in {Severity.FAIL, Severity.WARN}, broken
    mended = site(lines_of(broken.remedy), rule if stays else "")[f"balancer.{name}"]
    assert mended.severity is PASS, mended
