"""The terms of a balancer's own configuration, beside what NocoBase needs. What they do is shown by tests/live."""

import pytest

from tests.unit.sites import haproxy_plan, judged, nginx_plan
from wizard.checks.balancer.site.lack import seconds
from wizard.plan.finding import ErrorKind, Severity

PASS, WARN, FAIL, UNKNOWN = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.UNKNOWN
LINES = {
    "client_max_body_size": "0",
    "proxy_http_version": "1.1",
    "proxy_read_timeout": "600s",
    "proxy_send_timeout": "600s",
    "Host": "$http_host",
    "X-Forwarded-Proto": "$scheme",
    "Upgrade": "$http_upgrade",
    "Connection": '"upgrade"',
}
HEADERS = 'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";'
NODES = "upstream nodes { server 10.0.0.1:13000; }"


def site(lines=None, *, listen="443 ssl", above="", location="", more=""):
    """A site with LINES, of which those in `lines` differ; None leaves one out."""
    said = [
        f"proxy_set_header {name} {value};" if name[0].isupper() else f"{name} {value};"
        for name, value in {**LINES, **(lines or {})}.items()
        if value is not None
    ]
    place = f"location / {{ {location} proxy_pass http://nodes; }}"
    return f"{NODES} {above} server {{ listen {listen}; {' '.join(said)} {place} {more} }}"


def whole(text):
    return f"events {{}} http {{ {text} }}"


def limits(text, plan=None, url="https://app.example.com"):
    plan = (plan or nginx_plan()).with_value("application.public_url", url)
    return judged(text, plan, known={})["balancer.limits"]


def told(finding):
    return finding.severity, finding.error


@pytest.mark.parametrize(
    "text",
    [
        site(),
        whole(f"include mime.types; {site()}"),
        site({"client_max_body_size": "20m"}),
        site({"client_max_body_size": "1g"}),
        site({"proxy_read_timeout": "10m", "proxy_send_timeout": "1h"}),
        site({"proxy_http_version": "2"}),
        site({"Host": "app.example.com", "X-Forwarded-Proto": "https"}),
        site({"Host": "$host", "Connection": "$connection_upgrade"}),
        site({"Host": "myapp", "X-Forwarded-Host": "$http_host"}),
        site({"proxy_read_timeout": None}, above="proxy_read_timeout 600s;"),
        site(more="location = /ws { proxy_pass http://nodes; }"),
        site({"Upgrade": None, "Connection": None}, more=f"location = /ws {{ {HEADERS} proxy_pass http://nodes; }}"),
    ],
)
def test_a_site_that_says_all_of_it_passes(text):
    assert told(limits(text)) == (PASS, None), limits(text)


@pytest.mark.parametrize(
    ("lines", "severity", "name", "line"),
    [
        ({"client_max_body_size": "1m"}, FAIL, "client_max_body_size", "client_max_body_size 0;"),
        ({"client_max_body_size": "10m"}, FAIL, "client_max_body_size", "client_max_body_size 0;"),
        ({"client_max_body_size": None}, FAIL, "client_max_body_size", "client_max_body_size 0;"),
        ({"proxy_read_timeout": "60s"}, WARN, "proxy_read_timeout", "proxy_read_timeout 600s;"),
        ({"proxy_send_timeout": None}, WARN, "proxy_send_timeout", "proxy_send_timeout 600s;"),
        ({"proxy_http_version": "1.0"}, FAIL, "proxy_http_version", "proxy_http_version 1.1;"),
        ({"proxy_http_version": None}, WARN, "proxy_http_version", "proxy_http_version 1.1;"),
        ({"Host": None}, FAIL, "Host", "proxy_set_header Host $http_host;"),
        ({"Host": "$proxy_host"}, FAIL, "Host", "proxy_set_header Host $http_host;"),
        ({"Host": "myapp"}, FAIL, "Host", "proxy_set_header Host $http_host;"),
        ({"X-Forwarded-Proto": None}, FAIL, "X-Forwarded-Proto", "proxy_set_header X-Forwarded-Proto $scheme;"),
        ({"X-Forwarded-Proto": "http"}, FAIL, "X-Forwarded-Proto", "proxy_set_header X-Forwarded-Proto $scheme;"),
        ({"Upgrade": None}, FAIL, "Upgrade", "proxy_set_header Upgrade $http_upgrade;"),
        ({"Connection": '""'}, FAIL, "Connection", 'proxy_set_header Connection "upgrade";'),
    ],
)
def test_each_thing_that_is_amiss_is_named_with_its_line(lines, severity, name, line):
    finding = limits(whole(site(lines)))
    assert told(finding) == (severity, ErrorKind.OTHER if severity is FAIL else None)
    assert name in finding.summary
    [put] = [found for found in finding.remedy.splitlines() if found.startswith(line)]
    assert put == line + ("" if next(iter(lines.values())) is None else "  # in the place of line 1")
    assert "nginx -t && nginx -s reload" in finding.remedy


def test_the_worst_decides_and_all_are_told():
    finding = limits(whole(site({"Host": None, "proxy_read_timeout": "60s"})))
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert "Host, proxy_read_timeout" in finding.summary


def test_a_header_of_its_own_shuts_out_those_from_above():
    finding = limits(site(location="proxy_set_header X-Real-IP $remote_addr;"))
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert all(name in finding.summary for name in ("Host", "X-Forwarded-Proto", "Upgrade", "Connection"))


def test_a_header_is_put_where_the_others_are_and_shuts_none_of_them_out():
    text = site({"Upgrade": None}).replace("location", "\nlocation", 1)
    finding = limits(text)
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert finding.remedy.startswith("# In the block that begins at line 1:\nproxy_set_header Upgrade $http_upgrade;")
    mended = text.replace("listen", "proxy_set_header Upgrade $http_upgrade; listen", 1)
    assert told(limits(mended)) == (PASS, None)


def test_a_directive_further_in_wins():
    assert "client_max_body_size is 1m" in limits(site(location="client_max_body_size 1m;")).detail


@pytest.mark.parametrize("name", ["client_max_body_size", "Host", "X-Forwarded-Proto", "Upgrade"])
def test_what_nginx_conf_may_say_above_a_site_alone_is_a_warning(name):
    lines = {name: None} if name[0].islower() else {key: None for key in LINES if key[0].isupper()}
    finding = limits(site(lines))
    assert told(finding) == (WARN, None)
    assert f"{name} (" in finding.detail
    assert "unless the “http” block of nginx.conf says otherwise" in finding.detail


def test_what_an_included_file_may_say_is_unknown():
    headers = {key: None for key in LINES if key[0].isupper()}
    finding = limits(site(headers, location="include proxy_params;"))
    assert told(finding) == (UNKNOWN, None)
    assert "include proxy_params;" in finding.detail


def test_a_fault_beside_an_included_file_is_told():
    headers = {key: None for key in LINES if key[0].isupper()}
    finding = limits(site(headers | {"client_max_body_size": "1m"}, location="include proxy_params;"))
    assert told(finding) == (FAIL, ErrorKind.OTHER)


def test_the_limit_of_the_plan_is_the_one_that_is_wanted():
    plan = nginx_plan().with_value("balancer.upload_limit", "5m")
    assert told(limits(site({"client_max_body_size": "5m"}), plan)) == (PASS, None)
    finding = limits(site({"client_max_body_size": "4m"}), plan)
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert "client_max_body_size 5242880;" in finding.remedy


def test_a_port_that_is_not_the_usual_one_must_be_passed_on():
    url = "https://app.example.com:8443"
    assert told(limits(site({"Host": "$host"}), url=url)) == (FAIL, ErrorKind.OTHER)
    assert told(limits(site(), url=url)) == (PASS, None)


def test_behind_another_proxy_the_own_scheme_is_the_wrong_one():
    finding = limits(site(listen="80"))
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert "proxy_set_header X-Forwarded-Proto https;" in finding.remedy


def test_plain_http_needs_no_scheme():
    assert told(limits(site({"X-Forwarded-Proto": None}, listen="80"), url="http://app.example.com")) == (PASS, None)


def test_a_websocket_that_is_not_passed_on_fails():
    text = site().replace("location /", "location /api/")
    assert told(limits(text)) == (FAIL, ErrorKind.OTHER)
    assert "/ws is not passed on" in limits(text).detail
    assert told(limits(text.replace("listen", "include more.conf; listen"))) == (UNKNOWN, None)


def test_a_site_that_passes_nothing_on_is_unknown():
    finding = limits(site().replace("location /", "location /other"))
    assert told(finding) == (UNKNOWN, ErrorKind.PROTOCOL)


CFG = """
defaults
    mode http
    timeout client 600s
    timeout server 10m
frontend web
    bind :443 ssl crt /x.pem
    http-request set-header X-Forwarded-Proto https if { ssl_fc }
    default_backend nodes
backend nodes
    option httpchk
    http-check send meth GET uri /api/__health_check
    http-check expect rstring ^ok$
    server one 10.0.0.1:13000 check
"""


@pytest.mark.parametrize(
    "text",
    [
        CFG,
        CFG.replace("600s", "600000").replace("    timeout server 10m\n", ""),
        CFG.replace("defaults", "defaults other\n mode tcp\ndefaults base").replace(
            "frontend web", "frontend web from base"
        ),
        CFG.replace(
            "    default",
            "    http-request deny deny_status 413 if { req.hdr_val(content-length) gt 20971520 }\n    default",
        ),
        CFG.replace(
            "    default", "    http-request del-header Upgrade unless { req.hdr(upgrade) -i websocket }\n    default"
        ),
        CFG.replace("    default", "    http-request set-header Host app.example.com\n    default"),
    ],
)
def test_haproxy_that_says_all_of_it_passes(text):
    assert told(limits(text, haproxy_plan())) == (PASS, None), limits(text, haproxy_plan())


@pytest.mark.parametrize(
    ("old", "new", "severity", "line"),
    [
        ("mode http", "mode tcp", FAIL, "mode http"),
        ("    mode http\n", "", FAIL, "mode http"),
        ("client 600s", "client 30s", WARN, "timeout client 600s"),
        ("server 10m", "server 10000", WARN, "timeout server 600s"),
        ("server 10m", "server 10m\n timeout tunnel 1m", WARN, "timeout tunnel 600s"),
        (
            "set-header X-Forwarded-Proto",
            "set-header X-Scheme",
            FAIL,
            "http-request set-header X-Forwarded-Proto https if { ssl_fc }",
        ),
        (
            "    default_",
            "    http-request set-header Host myapp\n    default_",
            FAIL,
            "http-request set-header Host %[req.hdr(host)]",
        ),
        (
            "    default_",
            "    http-request del-header Upgrade\n    default_",
            FAIL,
            "http-request del-header Upgrade unless",
        ),
        (
            "    default_",
            "    http-request deny deny_status 413 if { req.hdr_val(content-length) gt 1048576 }\n    default_",
            FAIL,
            "# line 9: take it out",
        ),
        ("default_", "http-request deny if { req.body_size ge 9 }\n default_", FAIL, "# line 9: take it out"),
    ],
)
def test_each_thing_that_is_amiss_in_haproxy_is_named_with_its_line(old, new, severity, line):
    finding = limits(CFG.replace(old, new), haproxy_plan())
    assert told(finding) == (severity, ErrorKind.OTHER if severity is FAIL else None)
    assert line in finding.remedy
    assert "systemctl reload haproxy" in finding.remedy
    assert "nginx" not in finding.remedy


@pytest.mark.parametrize(
    ("text", "usual", "value"),
    [
        ("600", "s", 600),
        ("600s", "s", 600),
        ("10m", "s", 600),
        ("1h 30m", "s", 5400),
        ("1h30m", "s", 5400),
        ("500ms", "s", 0.5),
        ("500000us", "s", 0.5),
        ("1d", "s", 86_400),
        ("1w", "s", 604_800),
        ("1M", "s", 2_592_000),
        ("1y", "s", 31_536_000),
        ("600000", "ms", 600),
        ("10m", "ms", 600),
        ("$timeout", "s", None),
        ("", "s", None),
    ],
)
def test_times_are_read_as_the_programs_read_them(text, usual, value):
    assert seconds(text, usual) == value


class TestHealthChecksOfHaproxy:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("uri /api/__health_check", "uri /", "asks for /, which NocoBase's web server answers"),
            ("uri /api/__health_check", "uri /admin", "asks for /admin, which"),
            (
                "    option httpchk\n    http-check send meth GET uri /api/__health_check\n",
                "    option httpchk GET /\n",
                "asks for /, which",
            ),
            ("    http-check send meth GET uri /api/__health_check\n", "", "asks for /, which"),
            (
                CFG.partition("\nbackend nodes\n")[2].partition("    server one")[0],
                "",
                "looks at the port alone",
            ),
            ("13000 check", "13000", "Nobody looks whether the server of line 14 lives"),
            ("13000 check", "13000 check no-check", "Nobody looks whether the server of line 14 lives"),
        ],
    )
    def test_one_that_cannot_see_a_dead_application_warns(self, old, new, said):
        finding = limits(CFG.replace(old, new), haproxy_plan())
        assert told(finding) == (WARN, None)
        assert said in finding.detail

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (
                "    option httpchk\n    http-check send meth GET uri /api/__health_check\n",
                "    option httpchk GET /api/__health_check\n",
            ),
            ("    server one 10.0.0.1:13000 check", "    default-server check\n    server one 10.0.0.1:13000"),
        ],
    )
    def test_one_that_asks_the_application_passes(self, old, new):
        assert told(limits(CFG.replace(old, new), haproxy_plan())) == (PASS, None)

    def test_the_lines_that_are_told_cure_it(self):
        finding = limits(CFG.replace("uri /api/__health_check", "uri /"), haproxy_plan())
        lines = finding.remedy.splitlines()
        assert "http-check send meth GET uri /api/__health_check" in lines
        assert "http-check expect rstring ^ok$" in lines


@pytest.mark.parametrize(
    ("location", "repeated"),
    [
        ("error_page 502 504 = @second;", True),
        ("error_page 502 503 504 =200 @second;", True),
        ("proxy_next_upstream error timeout non_idempotent;", True),
        ("error_page 404 = @second;", False),
        ("error_page 502 /sorry.html;", False),
        ("error_page 502 = @sorry;", False),
        ("proxy_next_upstream error timeout http_502;", False),
    ],
)
def test_nginx_that_repeats_a_post_is_named(location, repeated):
    text = site(location=location, more="location @second { proxy_pass http://nodes; } location @sorry { return 503; }")
    finding = limits(text)
    assert told(finding) == ((WARN, None) if repeated else (PASS, None))
    assert ("a POST too" in finding.detail) is repeated


def test_the_upstream_that_is_told_takes_the_place_of_the_error_page():
    page, one = "error_page 502 503 504 = @second;", "proxy_pass http://10.0.0.1:13000; "
    second = "location @second { proxy_pass http://10.0.0.2:13000; }"
    ill = site(location=one + page, more=second).replace("proxy_pass http://nodes;", "")
    lines = limits(ill).remedy.splitlines()
    begins = next(at for at, line in enumerate(lines) if line.startswith("upstream "))
    block = lines[begins : lines.index("}", begins) + 1]
    proxy = next(line for line in lines if line.startswith("proxy_pass "))
    assert [line.split()[1] for line in block[1:-1]] == ["10.0.0.1:13000", "10.0.0.2:13000", "10.0.0.3:13000"]
    cured = "\n".join([*block, ill.replace(one + page, proxy)])
    assert told(limits(cured)) == (PASS, None)


@pytest.mark.parametrize(
    ("words", "repeated"),
    [
        ("retry-on all-retryable-errors", True),
        ("retry-on conn-failure 503", True),
        ("retry-on conn-failure empty-response", True),
        ("retry-on conn-failure", False),
        ("retry-on all-retryable-errors\n    http-request disable-l7-retry if METH_POST", False),
    ],
)
def test_haproxy_that_repeats_a_post_is_named(words, repeated):
    finding = limits(CFG.replace("    server one", f"    {words}\n    server one"), haproxy_plan())
    assert told(finding) == ((WARN, None) if repeated else (PASS, None))
    assert ("a POST too" in finding.detail) is repeated


def test_a_time_that_is_none_is_left_to_haproxy_which_refuses_it():
    finding = limits(CFG.replace("client 600s", "client long").replace("server 10m", "server 1m"), haproxy_plan())
    assert ("timeout client" in finding.detail, "timeout server" in finding.detail) == (False, True)


@pytest.mark.parametrize("name", ["timeout server", "timeout client", "mode"])
def test_what_haproxy_takes_from_a_variable_is_not_known(name):
    line = next(line for line in CFG.splitlines() if line.strip().startswith(name))
    finding = limits(CFG.replace(line, f'    {name} "${{IT}}"'), haproxy_plan())
    assert (finding.severity, f"{name} is in a variable (${{IT}})" in finding.detail) == (UNKNOWN, True)


@pytest.mark.parametrize("name", ["client_max_body_size", "proxy_read_timeout"])
def test_what_a_template_of_nginx_takes_from_a_variable_is_not_known(name):
    finding = limits(site({name: "${IT}"}))
    assert (finding.severity, f"{name} is in a variable (${{IT}})" in finding.detail) == (UNKNOWN, True)
