"""Variables of an address that `map` and `split_clients` of nginx set, and blocks that pass connections on."""

import pytest

from tests.unit.sites import judged, nginx_plan
from wizard.app.open_source import open_source
from wizard.formats.files import SourceError
from wizard.plan.finding import Severity

GROUPS = (
    "upstream blue { server 10.0.0.1:13000; server 10.0.0.2:13000; }\nupstream green { server 10.0.0.3:13000; }\n"
    "upstream all { server 10.0.0.1:13000; server 10.0.0.2:13000; server 10.0.0.3:13000; }\n"
)
SITE = "server { listen 443 ssl; server_name app.example.com; location / { proxy_pass http://$where; } }\n"
CONNECTIONS = "upstream nodes { server 10.0.0.1:13000; }\nserver { listen 80; proxy_pass nodes; }"


def upstream(text):
    return judged(text, nginx_plan())["balancer.upstream"]


@pytest.mark.parametrize(
    "chooses",
    [
        "split_clients $remote_addr $where { 10% green; * blue; }",
        "map $cookie_group $where { default blue; ~^b green; '' all; }",
        "map $http_x $inner { default blue; y all; } map $cookie_group $where { default green; x $inner; }",
        "map $host $where { default blue; app.example.com all; }",
        "map $uri $where { default blue; ~*^/(API/|ws$)? all; }",
        "map $http_upgrade $where { default all; websocket all; '' all; x blue; }",
        "map $cookie_x $where { default 10.0.0.1:13000; b 10.0.0.2:13000; c 10.0.0.3:13000; }",
        "map $cookie_x $where { volatile; hostnames; default all; b ''; }",
    ],
)
@pytest.mark.parametrize("site", [SITE, SITE.replace("$where", "${where}")])
def test_all_servers_that_a_variable_may_choose_get_requests(chooses, site):
    assert upstream(f"{chooses}\n{GROUPS}{site}").severity is Severity.PASS


def test_of_a_request_for_the_websocket_the_group_is_known():
    finding = upstream(f"map $http_upgrade $where {{ default all; websocket blue; }}\n{GROUPS}{SITE}")
    assert finding.severity is Severity.FAIL
    assert "no request for /ws goes to node3" in finding.summary


def test_a_node_that_no_group_has_is_to_be_added_to_one_of_them():
    finding = upstream(f"split_clients $remote_addr $where {{ 10% blue; * blue; }}\n{GROUPS}{SITE}")
    assert "no request goes to node3" in finding.summary
    text = "split_clients $remote_addr $where { 10% a; * b; }\nupstream a { server 10.0.0.1:13000; }\n"
    finding = upstream(f"{text}upstream b {{ server 10.0.0.2:13000; }}\n{SITE}")
    assert "# Add to an “upstream” that $where of line 4 may be:" in finding.remedy
    assert "server 10.0.0.3:13000" in finding.remedy


@pytest.mark.parametrize(
    "chooses",
    [
        "map $cookie_x $where { include groups.map; default all; }",
        "map $cookie_x $where { default ''; }",
        "map $cookie_x $where { default blue_$1; }",
        "map $cookie_x $where { default $cookie_x; }",
        "map $cookie_x $where { default $where; x all; }",
        "map $cookie_x $where { " + "".join(f"k{number} 10.0.0.1:{number + 1};" for number in range(101)) + " }",
        "map $cookie_x $where { default " + "a" * 501 + "; x all; }",
        "map $cookie_x $where { default " + "$in" * 160 + "; } map $cookie_y $in { default " + "b" * 400 + "; }",
    ],
)
def test_where_the_groups_cannot_be_told_nothing_is_said_of_nodes(chooses):
    assert upstream(f"{chooses}\n{GROUPS}{SITE}").severity is Severity.UNKNOWN


def test_a_site_whose_groups_a_variable_chooses_is_a_source_of_nodes(tmp_path):
    (tmp_path / "crm.conf").write_text(f"split_clients $remote_addr $where {{ 10% green; * blue; }}\n{GROUPS}{SITE}")
    plan = open_source(str(tmp_path / "crm.conf")).plan
    assert [node.host for node in plan.nodes] == ["10.0.0.3", "10.0.0.1", "10.0.0.2"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"events {{}}\nstream {{ {CONNECTIONS} }}", 2),
        (CONNECTIONS, 2),
        (f"events {{}}\nhttp {{ server {{ listen 8080; }} }}\nstream {{ {CONNECTIONS} }}", 3),
        (f"# configuration file /etc/nginx/nginx.conf:\nevents {{}}\nstream {{ {CONNECTIONS} }}", 3),
    ],
)
def test_connections_that_are_passed_on_are_called_so(tmp_path, text, line):
    (tmp_path / "crm.conf").write_text(text)
    with pytest.raises(SourceError, match=rf"line {line}: “stream” passes connections on, not requests"):
        open_source(str(tmp_path / "crm.conf"))


def test_a_stream_beside_a_site_hinders_nothing():
    stream = f"stream {{ {CONNECTIONS} }}".replace("listen 80", "listen 5432")
    site = SITE.replace("$where", "all")
    assert upstream(f"events {{}} http {{ {GROUPS}{site} }} {stream}").severity is Severity.PASS
