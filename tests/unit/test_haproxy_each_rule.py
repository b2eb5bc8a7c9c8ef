"""The rules of HAProxy, word by word: checks, answers of its own, repeats, headers and limits."""

import pytest

from tests.unit.sites_read import wanted
from wizard.formats.sites.haproxy_health import answers, health
from wizard.formats.sites.haproxy_routes import Asked
from wizard.formats.sites.haproxy_site import read
from wizard.formats.sites.haproxy_terms import terms_of
from wizard.formats.sites.haproxy_text import sections

API = Asked("/api/app:getInfo", "app.example.com", tls=True)


def section(*lines, head="backend nodes", before=""):
    return sections(before + f"{head}\n" + "".join(f"  {line}\n" for line in lines))[-1]


@pytest.mark.parametrize(
    ("words", "watched"),
    [
        ("check", True),
        ("no-check", False),
        ("check no-check", False),
        ("agent-check", True),
        ("track nodes/a", True),
        ("", False),
        ("maxconn 3", False),
    ],
)
def test_a_server_is_looked_after_by_these_words(words, watched):
    assert health(section(f"server n1 x:80 {words}")).unwatched == (() if watched else (2,))


@pytest.mark.parametrize(
    "option",
    [
        *("ldap-check", "mysql-check user x", "pgsql-check user x", "redis-check", "smtpchk", "spop-check"),
        *("ssl-hello-chk", "tcp-check"),
    ],
)
def test_the_last_kind_of_check_counts_also_one_that_opens_a_connection_alone(option):
    assert health(section("option httpchk GET /api/x", f"option {option}")).path == ""
    assert health(section(f"option {option}", "option httpchk GET /api/x")).path == "/api/x"
    assert health(section("option httpchk GET /api/x", f"no option {option}")).path == ""


@pytest.mark.parametrize(
    ("lines", "path", "line"),
    [
        (("option httpchk",), "/", 2),
        (("option httpchk /a",), "/a", 2),
        (("option httpchk GET /a",), "/a", 2),
        (("option httpchk GET /a HTTP/1.1",), "/a", 2),
        (("option httpchk GET a",), None, 2),
        (("option httpchk", "http-check send uri /b"), "/b", 3),
        (("option httpchk", "http-check send meth GET uri /b ver HTTP/1.1"), "/b", 3),
        (("option httpchk GET /a", "http-check send meth GET"), "/a", 2),
        (("option httpchk", "http-check send uri-lf /%[path]"), None, 3),
        (("option httpchk", "http-check send uri /b", "http-check send uri /c"), "/c", 4),
        (("option httpchk", "http-check send uri /api/__health_check?x", "http-check send uri /c"), None, 3),
        (("option httpchk", "http-check expect status 200"), "/", 2),
        (("option tcp-check",), "", 2),
        (("option tcp-check", "tcp-check connect"), "", 2),
        (("option tcp-check", "tcp-check send x"), None, 2),
        (("option tcp-check", "tcp-check send-binary 00"), None, 2),
        (("option tcp-check", "tcp-check send 'GET /a\\r\\n'"), "/a", 3),
        (("option tcp-check", "tcp-check send 'HEAD /a HTTP/1.0'"), "/a", 3),
        (("option tcp-check", "tcp-check send 'OPTIONS /a HTTP/1.0'"), "/a", 3),
        (("option tcp-check", "tcp-check send 'POST /a HTTP/1.0'"), None, 2),
        (("option external-check",), None, 2),
        (("no option httpchk",), "", 1),
        (("option forwardfor",), "", 1),
        (("option httpchk GET /a", "server n x:80 healthcheck h"), None, 3),
    ],
)
def test_what_a_check_asks_for(lines, path, line):
    found = health(section(*lines))
    path = "/api/__health_check?x" if "__health" in "".join(lines) else path
    assert (found.backend, found.path, found.line) == ("nodes", path, line)


def test_the_nearest_section_with_a_check_counts():
    before = "defaults\n  option httpchk GET /far\n  http-check send uri /far\n"
    assert health(section("balance source", before=before)).path == "/far"
    assert health(section("option tcp-check", before=before)).path == ""
    assert health(section("option httpchk", "http-check send uri /near", before=before)).path == "/near"


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("monitor-uri /x", "/x"),
        ("http-request return if { path /api/__health_check }", "/api/__health_check"),
        ("http-request return status 200 if { path /api/__health_check }", "/api/__health_check"),
        ("http-request return status 299 if { path /healthz }", "/healthz"),
        ("http-request return status 200 unless { path_beg /x }", "/api/__health_check"),
        ("http-request return status 302 if { path /api/__health_check }", None),
        ("http-request return status 500 if { path /healthz }", None),
        ("http-request return status 200", None),
        ("http-request return status 200 if { path /x }", None),
        ("http-request return status 200 if { src 10.0.0.1 }", None),
        ("http-request deny if { path /healthz }", None),
        ("monitor-uri", None),
    ],
)
def test_health_paths_that_haproxy_answers_with_success(line, path):
    own = Asked("/api/__health_check", "app.example.com")
    frontend = section(line, head="frontend web")
    found = [(one.path, one.text, one.line) for one in answers((frontend, frontend), own)]
    assert found == ([(path, line, 2)] if path else [])


SERVERS = "  server node1 node1:13000 check\n  server n2 10.0.0.1:13000 check\n"
WEB = "frontend web\n  bind :443 ssl crt /x.pem\n  default_backend nodes\n"


@pytest.mark.parametrize(
    ("line", "repeats"),
    [
        *((f"retry-on {word}", True) for word in ("all-retryable-errors", "response-timeout", "empty-response")),
        *((f"retry-on conn-failure {word}", True) for word in ("junk-response", "500", "502", "503", "504")),
        ("retry-on none", False),
        ("retry-on conn-failure", False),
        ("retry-on 401 403 404 408 425", False),
        ("retry-on 503\n  http-request disable-l7-retry if METH_POST", False),
        ("retry-on 503\n  retry-on conn-failure", False),
        ("retries 3", False),
    ],
)
def test_failures_after_which_a_request_is_sent_again(line, repeats):
    site = read(f"{WEB}backend nodes\n  {line}\n{SERVERS}", wanted())
    assert [one.line for one in site.repeats] == ([5] if repeats else [])


def test_a_rule_of_the_frontend_spares_requests_from_being_sent_again():
    rule = "  http-request disable-l7-retry if METH_POST\n"
    assert read(f"{WEB}{rule}backend nodes\n  retry-on 503\n{SERVERS}", wanted()).repeats == ()


def terms(*lines, backend=()):
    frontend = section(*lines, head="frontend web")
    return terms_of(wanted(), frontend, section(*backend) if backend else frontend, API)


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        ("http-request deny if { req.body_size gt 1000 }", "1000"),
        ("http-request deny if { req.body_size ge 1000 }", "999"),
        ("http-request deny if { req.body_len GT 1000 }", "1000"),
        ("http-request reject if { req.hdr(content-length) gt 1000 }", "1000"),
        ("http-request silent-drop if { req.hdr(content-length) gt 1000 }", "1000"),
        ("http-request tarpit if { req.hdr(Content-Length) gt 1000 }", "1000"),
        ("http-request return status 413 if { req.body_size gt 1000 }", "1000"),
        ("block if { req.body_size gt 1000 } 413", "1000"),
        ("reqdeny deny if { req.body_size gt 1000 }", "1000"),
        ("http-request deny if { req.body_size lt 1000 }", None),
        ("http-request deny if { path /x } { req.body_size gt 1000 }", None),
        ("http-request return status 200 if { req.body_size gt 1000 }", None),
        ("http-response deny if { req.body_size gt 1000 }", None),
    ],
)
def test_the_largest_body_is_that_of_the_rule_that_refuses(line, limit):
    found = terms(line).settings.get("limit")
    assert (found and (found.text, found.line)) == (limit and (limit, 2))


def test_the_smallest_limit_counts_also_of_a_named_condition():
    lines = (
        "acl big req.body_size gt 500",
        "http-request deny if { req.body_size gt 900 }",
        "http-request deny if big",
    )
    found = terms(*lines).settings["limit"]
    assert (found.text, found.line) == ("500", 2)


def test_times_and_mode_are_those_of_their_section():
    found = terms(
        "mode http",
        "timeout client 1m",
        "timeout server 2m",
        backend=("mode tcp", "timeout server 3m", "timeout tunnel 4m"),
    )
    assert {name: one.text for name, one in found.settings.items()} == {
        "mode": "http",
        "timeout client": "1m",
        "timeout server": "3m",
        "timeout tunnel": "4m",
    }


NAME = "X-Forwarded-Host"
CAME = ("", 0)


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ((), [CAME]),
        ((f"http-request set-header {NAME} 1",), [("1", 2)]),
        ((f"http-request add-header {NAME} 1",), [("1", 2)]),
        ((f"http-request set-header {NAME} 1", f"http-request set-header {NAME} 2"), [("2", 3)]),
        ((f"http-request set-header {NAME} 1", f"http-request add-header {NAME} 2"), [("1", 2)]),
        ((f"http-request set-header {NAME} 1", f"http-request del-header {NAME}"), [("", 3)]),
        ((f"http-request set-header {NAME} 1", "http-request del-header Host"), [("1", 2)]),
        ((f"http-request set-header {NAME} 1 if {{ path /x }}",), [CAME]),
        ((f"http-request set-header {NAME} 1 if {{ src 10.0.0.1 }}",), [CAME, ("1 if { src 10.0.0.1 }", 2)]),
        ((f"http-request del-header {NAME} if {{ src 10.0.0.1 }}",), [CAME, ("", 2)]),
        (
            (f"http-request set-header {NAME} 1", f"http-request set-header {NAME} 2 if {{ src 10.0.0.1 }}"),
            [("1", 2), ("2 if { src 10.0.0.1 }", 3)],
        ),
        (
            (f"http-request del-header {NAME} if {{ src 10.0.0.1 }}", f"http-request add-header {NAME} 2"),
            [("2", 3)],
        ),
        (("http-request add-header Host 1",), [CAME]),
        ((f"http-response set-header {NAME} 1",), [CAME]),
        ((f"http-request set-header {NAME}",), [CAME]),
        ((f"http-request set-var {NAME} 1",), [CAME]),
        ((f"http-request replace-header {NAME} a b",), [CAME, ("b", 2)]),
        ((f"http-request replace-header {NAME} ^none b",), [CAME]),
    ],
)
def test_a_header_is_what_the_rules_leave_of_it(lines, left):
    assert [(one.text, one.line) for one in terms(*lines).may_be[NAME.lower()]] == left


@pytest.mark.parametrize(
    ("line", "left"),
    [("del-header Upgrade", ("", 2)), ("del-header Upgrade if { path /x }", CAME), ("del-header Other", CAME)],
)
def test_the_header_upgrade_is_taken_out_or_not(line, left):
    assert [(one.text, one.line) for one in terms(f"http-request {line}").may_be["upgrade"]] == [left]


def test_tls_ends_where_a_line_binds_with_it():
    assert terms("bind :443 ssl crt /x").tls is True
    assert terms("bind :443").tls is False
