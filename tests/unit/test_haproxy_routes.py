"""Which backend HAProxy sends a request to: conditions on path, host and the header Upgrade; others are not guessed."""

import pytest

from tests.unit.sites_read import wanted
from wizard.formats.sites.haproxy_routes import Asked, Route, requests, route, uploads
from wizard.formats.sites.haproxy_text import sections
from wizard.formats.sites.model import SiteError

PAGE, SOCKET = Asked("/crm/x.png", "App.example.com:8443"), Asked("/ws", "app.example.com", websocket=True)


def taken(condition, asked, *more):
    """Return whether the condition is met: the backend that is taken, and what was not followed."""
    lines = [*more, f"use_backend met {condition}", "default_backend other"]
    [frontend] = sections("frontend web\n" + "".join(f"  {line}\n" for line in lines))
    return route(frontend, asked)


MET = [
    "",
    "if TRUE",
    "unless FALSE",
    "if { path /crm/x.png }",
    "if { path /a /crm/x.png }",
    "if { path_beg /crm }",
    "if { path_beg -i /CRM }",
    "if { path_end .png }",
    "if { path_end -i .PNG }",
    "if { path_sub /x. }",
    "if { path_dir crm }",
    "if { path_dir /crm/ }",
    "if { path_dir x.png }",
    "if { hdr(host) app.example.com:8443 }",
    "if { hdr(host) app.example.com }",
    "if { req.hdr(HOST) APP.example.com }",
    "if { hdr(host),lower app.example.com }",
    "if { req.hdr(host) other.org app.example.com }",
    "if { hdr_beg(host) app. }",
    "if { hdr_end(host) .example.com }",
    "if { hdr_dom(host) example }",
    "if { hdr_dom(host) .example.com. }",
    "if ! { path /a }",
    "if !{ path /a }",
    "if {path /crm/x.png}",
    "if { path /a } or { path_beg /crm }",
    "if { path /a } || { path_beg /crm }",
    "if { path_beg /crm } { path_end .png }",
    "if { path_beg /crm } !{ path_end .gif }",
    "unless { path /a }",
    "unless { path_beg /crm } { path_end .gif }",
    "if { src 10.0.0.1 } or { path_beg /crm }",
    "if !FALSE TRUE",
]
NOT_MET = [
    "if FALSE",
    "unless TRUE",
    "if { path /crm/ }",
    "if { path /CRM/x.png }",
    "if { path_beg /crM }",
    "if { path_beg x }",
    "if { path_end /crm }",
    "if { path_sub zz }",
    "if { path_dir cr }",
    "if { hdr(host) example.com }",
    "if { hdr_beg(host) example }",
    "if { hdr_end(host) app }",
    "if { hdr_dom(host) exam }",
    "if { hdr(upgrade) websocket }",
    "if { path_beg /crm } { path_end .gif }",
    "if !{ path_beg /crm }",
    "unless { path_beg /crm }",
    "if { src 10.0.0.1 } { path /a }",
    "if ! TRUE or { path /a }",
]
NOT_TOLD = [
    "if { path_sub -- }",
    "if { src 10.0.0.1 }",
    "if nowhere",
    "if { path }",
    "if { }",
    "if",
    "if { path -m reg ^/crm }",
    "if { path -f /etc/paths /crm }",
    "if { path_beg /crm } { src 10.0.0.1 }",
    "if { src 10.0.0.1 } or { path /a }",
    "unless { src 10.0.0.1 }",
    "if !{ src 10.0.0.1 }",
    "if { hdr(x-host) app.example.com }",
    "if { hdr(upgrade),base64 websocket }",
]


@pytest.mark.parametrize("condition", MET)
def test_a_condition_that_is_met_decides(condition):
    assert taken(condition, PAGE) == Route("met")


@pytest.mark.parametrize("condition", NOT_MET)
def test_a_condition_that_is_not_met_decides_nothing(condition):
    assert taken(condition, PAGE) == Route("other")


@pytest.mark.parametrize("condition", NOT_TOLD)
def test_a_condition_that_cannot_be_told_is_named(condition):
    assert taken(condition, PAGE) == Route("other", (("met", f"use_backend met {condition}"),))


@pytest.mark.parametrize(
    "condition",
    [
        "if { hdr(upgrade) websocket }",
        "if { req.hdr(Upgrade) -i x WebSocket }",
        "if { path /ws } { hdr(host) app.example.com }",
    ],
)
def test_a_websocket_is_told_by_its_header(condition):
    assert taken(condition, SOCKET) == Route("met")


def test_a_websocket_is_no_other_upgrade():
    assert taken("if { hdr(upgrade) h2c }", SOCKET) == Route("other")


@pytest.mark.parametrize(
    ("lines", "backend", "notes"),
    [
        (["acl here path_beg /a", "acl here path_beg /crm"], "met", ()),
        (["acl here path_beg /a"], "other", ()),
        (["acl here src 10.0.0.1", "acl here path_beg /crm"], "met", ()),
        (["acl here src 10.0.0.1", "acl here path_beg /a"], "other", ("use_backend met if here",)),
        (["acl there path_beg /crm"], "other", ("use_backend met if here",)),
    ],
)
def test_one_line_of_a_named_condition_is_enough(lines, backend, notes):
    assert taken("if here", PAGE, *lines) == Route(backend, tuple(("met", text) for text in notes))


def test_the_first_rule_that_is_met_is_taken():
    text = "use_backend first if {{ src 10.0.0.1 }}\n use_backend second\n {rest}"
    [frontend] = sections("frontend web\n " + text.format(rest="use_backend third\n default_backend other\n"))
    assert route(frontend, PAGE) == Route("second", (("first", "use_backend first if { src 10.0.0.1 }"),))


@pytest.mark.parametrize(
    ("lines", "backend"),
    [
        ("", "web"),
        ("use_backend one if { src 10.0.0.1 }\n use_backend one if { src 10.0.0.2 }", "one"),
        ("use_backend one if { path /nowhere }", "one"),
        ("default_backend", ""),
    ],
)
def test_without_a_default_the_one_backend_that_is_named_is_meant(lines, backend):
    [frontend] = sections(f"listen web\n {lines}\n")
    assert route(frontend, PAGE) == Route(backend)


@pytest.mark.parametrize(
    ("lines", "message", "number"),
    [
        ("bind :1\n use_backend %[src]", "where requests go is in a variable (%[src])", 3),
        (
            "use_backend a if { src 1 }\n use_backend b if { src 2 }",
            "conditions decide where requests go (use_backend a if { src 1 }, use_backend b if { src 2 })",
            2,
        ),
    ],
)
def test_where_it_cannot_be_told_the_line_is_named(lines, message, number):
    [frontend] = sections(f"frontend web\n {lines}\n")
    with pytest.raises(SiteError) as raised:
        route(frontend, PAGE)
    assert (str(raised.value), raised.value.line) == (message, number)


def test_a_page_the_api_and_the_websocket_are_asked_for_below_the_public_path():
    assert requests(wanted(public_path="/crm/")) == {
        "/crm/": Asked("/crm/", "app.example.com", websocket=False, ports=(443,)),
        "/crm/api/": Asked("/crm/api/app:getInfo", "app.example.com", websocket=False, ports=(443,)),
        "/crm/ws": Asked("/crm/ws", "app.example.com", websocket=True, ports=(443,)),
    }
    assert uploads(wanted(public_path="/crm/")) == {
        "storage/uploads/": Asked("/crm/storage/uploads/1.png", "app.example.com", websocket=False, ports=(443,)),
        "files/": Asked("/crm/files/1.png", "app.example.com", websocket=False, ports=(443,)),
    }


def inheriting(count):
    """Return defaults that inherit from so many others, one through another."""
    lines = [f"defaults d{n} from d{n - 1}\n mode http" for n in range(1, count + 1)]
    return "defaults d0\n mode http\n" + "\n".join(lines) + f"\nfrontend f from d{count - 1}\n"


def test_a_section_inherits_from_fifty_others():
    assert len(sections(inheriting(50))[-1].defaults) == 50


def test_the_line_of_a_section_that_inherits_from_more_is_named():
    with pytest.raises(SiteError, match="it inherits from more than 50 sections of defaults") as told:
        sections(inheriting(51))
    assert told.value.line == 103


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("frontend f", ["b"]),
        ("frontend f from a", ["a"]),
        ("frontend f from nowhere", []),
        ("defaults", []),
        ("defaults b from b", ["b"]),
    ],
)
def test_defaults_are_the_named_ones_else_the_last(head, names):
    found = sections(f"defaults a\n mode tcp\ndefaults b\n mode http\n{head}\n")
    assert [one.name for one in found[-1].defaults] == names


def test_a_section_may_have_no_name():
    assert [one.name for one in sections("defaults\nfrontend web\ndefaults from web\n")] == ["", "web", ""]


def test_only_what_haproxy_knows_as_a_section_begins_one():
    found = sections(
        "backend a\n  crt-list x\n  dynamic-update x\nnamespace_list\n  namespace b\nhealthcheck c\n  type http\n"
    )
    assert [(one.kind, len(one.lines)) for one in found] == [("backend", 2), ("namespace_list", 1), ("healthcheck", 1)]


def test_a_condition_that_decides_nothing_is_passed_over():
    text = (
        '.if defined(A)\n .if version_atleast(2.6)\n  .notice "a"\n .endif\n.endif\nbackend a\n .diag "b"\n mode http\n'
    )
    assert [(one.name, [line.number for line in one.lines]) for one in sections(text)] == [("a", [8])]


def test_a_condition_that_decides_what_holds_is_named_with_the_line_that_it_decides():
    with pytest.raises(SiteError, match=r"“.if defined\(A\)” decides what holds, and is not followed") as told:
        sections("backend a\n.if defined(A)\n.else\n  mode http\n.endif\n")
    assert told.value.line == 4
