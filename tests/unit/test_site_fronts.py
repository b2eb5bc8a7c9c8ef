"""Which of several servers or frontends of one balancer is read: the one that looks like NocoBase's, and it is said."""

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.formats.files import SourceError
from wizard.plan.observed import Topic, Unfollowed


def opened(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    return open_source(str(tmp_path / name)).plan


def server(host, location, listen="443 ssl"):
    return f"server {{\n  listen {listen};\n  server_name {host};\n  location {location}\n}}\n"


WIKI = server("wiki.shop.test", "/ { proxy_pass http://10.0.0.9:8080; }")
UPSTREAM = "upstream crm {\n  server 10.0.0.1:13000;\n}\n"


@pytest.mark.parametrize(
    "crm",
    [
        UPSTREAM + server("crm.shop.test", "/ { proxy_pass http://crm; }"),
        server("crm.shop.test", "/ { proxy_pass http://10.0.0.1:13001; }", listen="80"),
        server("crm.shop.test", "/ { proxy_pass http://10.0.0.1:8000; }\n  location /ws { return 404; }"),
        server("crm.shop.test", "/ { proxy_pass http://nocobase.lan:8000; }"),
    ],
)
@pytest.mark.parametrize("first", [False, True])
def test_the_server_of_nginx_that_has_signs_of_nocobase_is_read(tmp_path, crm, first):
    plan = opened(tmp_path, "all.conf", crm + WIKI if first else WIKI + crm)
    assert plan.balancer.server_name == "crm.shop.test"
    assert plan.seen(Topic.UNFOLLOWED) == []


def test_servers_without_any_sign_are_named_beside_the_one_that_is_read(tmp_path):
    plan = opened(tmp_path, "all.conf", WIKI + server("crm.shop.test", "/ { proxy_pass http://10.0.0.1:8081; }"))
    assert plan.balancer.server_name == "wiki.shop.test"
    [other] = plan.seen(Topic.UNFOLLOWED)
    assert (other.subject, other.place.line, other.value) == ("crm.shop.test", 6, Unfollowed.ANOTHER)
    [told] = [one.detail for one in rules(plan, {}) if one.id == "plan.followed"]
    assert told.endswith("crm.shop.test leads elsewhere: if that is NocoBase, give its site alone.")


HAPROXY = """\
defaults
    mode http
listen stats
    bind 127.0.0.1:8404
    stats enable
frontend fe
    bind :443 ssl crt /etc/ssl/all.pem
    acl crm hdr(host) -i -m str crm.shop.test
    use_backend wiki if { req.hdr(host),lower wiki.shop.test }
    use_backend nodes if { hdr(host) -i crm.shop.test www.crm.shop.test:443 }
    default_backend none
backend none
    http-request deny
backend wiki
    server w 10.0.0.9:8080
backend nodes
    option httpchk
    http-check send meth GET uri /api/__health_check
    server n1 10.0.0.1:8000 check
    server n2 10.0.0.2:8000 check
"""


def test_the_backend_that_a_host_is_sent_to_is_read_though_others_are_sent_elsewhere(tmp_path):
    plan = opened(tmp_path, "haproxy.cfg", HAPROXY)
    assert [(node.name, node.host) for node in plan.nodes] == [("n1", "10.0.0.1"), ("n2", "10.0.0.2")]
    assert (plan.application.public_url, plan.balancer.tls_port) == ("https://crm.shop.test", 443)
    assert plan.seen(Topic.UNFOLLOWED) == []


def test_hosts_that_lead_to_backends_alike_are_named(tmp_path):
    plan = opened(tmp_path, "haproxy.cfg", HAPROXY.replace("/api/__health_check", "/"))
    assert plan.application.public_url == "https://crm.shop.test"
    assert [one.subject for one in plan.seen(Topic.UNFOLLOWED)] == ["wiki.shop.test"]


def test_a_frontend_whose_hosts_all_lead_to_one_backend_says_no_address(tmp_path):
    text = HAPROXY.replace("default_backend none", "default_backend nodes").replace("use_backend wiki", "# use_backend")
    assert opened(tmp_path, "haproxy.cfg", text).application.public_url == ""


DUMP = """\
nginx: the configuration file /etc/nginx/nginx.conf syntax is ok
nginx: configuration file /etc/nginx/nginx.conf test is successful
# configuration file /etc/nginx/nginx.conf:
events {}
http {
  include mime.types;
  include /etc/nginx/conf.d/*.conf;
}

# configuration file /etc/nginx/mime.types:
types { text/html html; }

# configuration file /etc/nginx/conf.d/crm.conf:
server {
  server_name crm.shop.test;
  location / { include snippets/proxy.conf; }
}

# configuration file /etc/nginx/snippets/proxy.conf:
proxy_pass http://crm;
client_max_body_size 0;

# configuration file /etc/nginx/conf.d/up.conf:
upstream crm { server 10.0.0.1:13000;
  server 10.0.0.2:13000; }
"""


def test_what_nginx_prints_of_all_its_files_is_read_as_one_with_its_lines(tmp_path):
    plan = opened(tmp_path, "all.txt", DUMP)
    assert [node.host for node in plan.nodes] == ["10.0.0.1", "10.0.0.2"]
    assert [plan.place_of(f"nodes.{at}.host").line for at in (0, 1)] == [24, 25]
    assert (plan.balancer.server_name, plan.place_of("balancer.server_name").line) == ("crm.shop.test", 14)
    assert plan.seen(Topic.UNFOLLOWED) == []


def test_a_file_that_is_not_in_the_dump_is_named_with_the_line_that_includes_it(tmp_path):
    plan = opened(tmp_path, "all.txt", DUMP.replace("location / {", "include /etc/nginx/more.conf;\n  location / {"))
    [left] = plan.seen(Topic.UNFOLLOWED)
    assert (left.subject, left.place.line, left.value) == ("include /etc/nginx/more.conf;", 16, Unfollowed.INCLUDE)


def test_a_folder_without_a_file_in_a_dump_is_nothing_that_was_left_out(tmp_path):
    plan = opened(tmp_path, "all.txt", DUMP.replace("location / {", "include default.d/*.conf;\n  location / {"))
    assert plan.seen(Topic.UNFOLLOWED) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (DUMP.replace("10.0.0.2:13000; }", "10.0.0.2:13000;"), "all.txt, line 2"),
        (DUMP.replace("http {", "stream {"), "line 5: “stream” passes connections on, not requests"),
        (DUMP.replace("http {", "mail {"), "there is no “server” that passes requests on"),
        (
            DUMP.replace("location /", "include /etc/nginx/conf.d/crm.conf; location /").replace("_pass", "_off"),
            "no “se",
        ),
        (DUMP.replace("http {", "http {" + "include mime.types;" * 201), "line 5: more than 200 files are included"),
        (DUMP + "# configuration file a:\n" * 196, "line 221: more than 200 files are included"),
    ],
)
def test_a_dump_that_cannot_be_read_is_refused_with_its_line(tmp_path, text, words):
    with pytest.raises(SourceError, match=words):
        opened(tmp_path, "all.txt", text)


def test_a_site_of_which_a_part_is_elsewhere_says_how_to_get_all_of_it(tmp_path):
    text = "include up.conf;\n" + server("crm.shop.test", "/ { proxy_pass http://crm; }")
    with pytest.raises(
        SourceError, match=r"“upstream crm” is not in this file\. What it includes is not read: give what"
    ):
        opened(tmp_path, "crm.conf", text)
