"""The words of HAProxy's configuration, each with what it means: sections, matchers, hosts, servers."""

import pytest

from wizard.formats.sites.haproxy_routes import Asked, hosts_of, route
from wizard.formats.sites.haproxy_servers import listed, server_of
from wizard.formats.sites.haproxy_text import sections
from wizard.formats.sites.model import SiteError

API = Asked("/api/app:getInfo", "app.example.com", tls=True)


def section(*lines, head="backend nodes", before=""):
    return sections(before + f"{head}\n" + "".join(f"  {line}\n" for line in lines))[-1]


def holds(condition, path="/", host="app.example.com"):
    """Return whether a condition is met by a request; None where that cannot be told."""
    frontend = section(f"use_backend yes if {{ {condition} }}", "default_backend no", head="frontend web")
    found = route(frontend, Asked(path, host))
    return None if found.notes else found.backend == "yes"


@pytest.mark.parametrize(
    ("matcher", "path", "met"),
    [
        ("path /a/b", "/a/b", True),
        ("path /a", "/a/b", False),
        ("path_beg /a", "/a/b", True),
        ("path_beg /b", "/a/b", False),
        ("path_end /b", "/a/b", True),
        ("path_end /a", "/a/b", False),
        ("path_sub /b/", "/a/b/c", True),
        ("path_sub /b/a", "/a/b/c", False),
        ("path_dir b", "/a/b/c", True),
        ("path_dir b/c", "/a/b/c", True),
        ("path_dir b/c/", "/a/b/c", True),
        ("path_dir b", "/a/bc", False),
        ("path_dir a", "/ba/c", False),
        ("path_dir Xb", "/a/Xb/c", True),
        ("path_dir -i B", "/a/b/c", True),
        ("path_dir B", "/a/b/c", False),
    ],
)
def test_a_path_is_compared_by_its_matcher(matcher, path, met):
    assert holds(matcher, path) is met


@pytest.mark.parametrize(
    ("matcher", "host", "met"),
    [
        ("hdr(host) a.b.c", "a.b.c", True),
        ("hdr(host) a.b", "a.b.c", False),
        ("hdr_beg(host) a.b", "a.b.c", True),
        ("hdr_beg(host) b.c", "a.b.c", False),
        ("hdr_end(host) b.c", "a.b.c", True),
        ("hdr_end(host) a.b", "a.b.c", False),
        ("hdr_dom(host) b", "a.b.c", True),
        ("hdr_dom(host) .b.", "a.b.c", True),
        ("hdr_dom(host) .a.b", "a.b.c", True),
        ("hdr_dom(host) c.", "a.b.c", True),
        ("hdr_dom(host) xbx", "a.xbx.c", True),
        ("hdr_dom(host) X", "a.x.c", True),
        ("hdr_dom(host) b", "a.bb.c", False),
        ("hdr_dom(host) b", "a.xbx.c", False),
        ("hdr(host) a.b.c", "a.b.c:8443", True),
        ("hdr(host) a.b.c:8443", "a.b.c:8443", True),
        ("hdr(host) a.b.c:8444", "a.b.c:8443", False),
        ("hdr_end(host) :8443", "a.b.c:8443", True),
    ],
)
def test_a_host_is_compared_by_its_matcher_with_and_without_its_port(matcher, host, met):
    assert holds(matcher, host=host) is met


@pytest.mark.parametrize(
    ("lines", "backend"),
    [
        (("use_backend one if { src 10.0.0.1 }", "use_backend one if { src 10.0.0.2 }"), "one"),
        (("use_backend one if { src 10.0.0.1 }", "use_backend"), ""),
        (("default_backend one", "default_backend two"), "two"),
        (("server a 10.0.0.1:80",), "web"),
    ],
)
def test_where_requests_go_without_a_condition_that_can_be_told(lines, backend):
    assert route(section(*lines, head="listen web"), API).backend == backend


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("use_backend %[req.hdr(host)]", "where requests go is in a variable"),
        ("default_backend %[path]", "where requests go is in a variable"),
    ],
)
def test_a_backend_in_a_variable_is_not_guessed(line, words):
    with pytest.raises(SiteError, match=words) as error:
        route(section("mode http", line, head="frontend web"), API)
    assert error.value.line == 3


@pytest.mark.parametrize(
    ("line", "hosts"),
    [
        ("acl a hdr(host) App.Example.com", ["app.example.com"]),
        ("acl a hdr(host) -i app.example.com:8443 b.example.com", ["app.example.com", "b.example.com"]),
        ("acl a req.hdr(Host),lower app.example.com", ["app.example.com"]),
        ("use_backend x if { hdr(host) a.example } { path b.example }", ["a.example"]),
        ("use_backend x if { hdr(host) a.example } or { path b.example }", ["a.example"]),
        ("acl a hdr(host) a.example || b.example", ["a.example"]),
        ("acl a hdr_end(host) a.example", []),
        ("acl a hdr_beg(host) a.example", []),
        ("acl a hdr_dom(host) a.example", []),
        ("acl a hdr(host) .example.com localhost localhost.", []),
        ("acl a path a.example", []),
        ("acl a hdr(host) a.example hdr_end(host) b.example", ["a.example"]),
        ("http-request deny if { hdr(host) a.example }", []),
    ],
)
def test_whole_names_of_hosts_are_collected(line, hosts):
    assert hosts_of(section(line, head="frontend web")) == hosts


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("server n1 10.0.0.1:80", ("10.0.0.1", 80, False, False, False)),
        ("server n1 10.0.0.1", ("10.0.0.1", None, False, False, False)),
        ("server n1 [::1]:80", ("::1", 80, False, False, False)),
        ("server n1 ::1:80", ("::1", 80, False, False, False)),
        ("server n1 db:http", ("db:http", None, False, False, False)),
        *((f"server n1 {family}@x:80", ("x", 80, False, False, False)) for family in ("ipv4", "ipv6", "tcp")),
        *((f"server n1 {family}@x:80", ("x", 80, False, False, False)) for family in ("tcp4", "tcp6")),
        ("server n1 /run/x:80", ("/run/x:80", None, False, False, True)),
        ("server n1 unix@x:80", ("unix@x:80", None, False, False, True)),
        ("server n1 abns@x:80", ("abns@x:80", None, False, False, True)),
        ("server n1 fd@3", ("fd@3", None, False, False, True)),
        ("server n1 sockpair@3", ("sockpair@3", None, False, False, True)),
        ("server n1 abnsz@x", ("abnsz@x", None, False, False, True)),
        ("server n1", ("server n1", None, False, False, True)),
        ("server n1 x:80 disabled", ("x", 80, True, False, False)),
        ("server n1 x:80 disabled enabled", ("x", 80, False, False, False)),
        ("server n1 x:80 enabled disabled", ("x", 80, True, False, False)),
        ("server n1 x:80 weight 0", ("x", 80, True, False, False)),
        ("server n1 x:80 weight 1", ("x", 80, False, False, False)),
        ("server n1 x:80 weight 0 weight 1", ("x", 80, False, False, False)),
        ("server n1 x:80 weight 1 weight 0", ("x", 80, True, False, False)),
        ("server n1 x:80 backup", ("x", 80, False, True, False)),
        ("server n1 x:80 backup no-backup", ("x", 80, False, False, False)),
    ],
)
def test_a_server_is_read_word_by_word(line, expected):
    [one] = listed(section(line))
    found = server_of(one)
    assert (found.host, found.port, found.off, found.spare, found.vague) == expected
    assert (found.line, found.text, found.prefix, [*found.numbers]) == (2, line, "", [])


@pytest.mark.parametrize(
    ("count", "numbers"),
    [
        ("3", [1, 2, 3]),
        ("1", [1]),
        ("2-4", [2, 3, 4]),
        ("4-4", [4]),
        ("999999-999999", [999999]),
        ("0", []),
        ("4-3", []),
        ("x", []),
        ("1000000", []),
        ("1-", []),
    ],
)
def test_the_servers_of_a_template_are_counted(count, numbers):
    [one] = listed(section(f"server-template n {count} db:80 check"))
    found = server_of(one)
    assert ([*found.numbers], found.prefix, found.host, found.port) == (numbers, "n", "db", 80)
    assert found.unread is (not numbers)


def test_templates_are_last_and_one_without_an_address_is_not_read():
    first, last = [server_of(one) for one in listed(section("server-template n 3", "server a x:80"))]
    assert (first.host, last.host, last.unread, last.prefix) == ("x", "server-template n 3", True, "")


@pytest.mark.parametrize(
    "word",
    [
        *("backend", "defaults", "frontend", "global", "listen", "acme", "cache", "crt-store", "fcgi-app"),
        *("healthcheck", "http-errors", "log-forward", "log-profile", "mailers", "namespace_list", "peers"),
        *("program", "resolvers", "ring", "traces", "userlist"),
    ],
)
def test_each_section_that_haproxy_knows_begins_one(word):
    assert [(one.kind, one.name) for one in sections(f"global\n  a\n{word} x\n  b")] == [("global", ""), (word, "x")]
