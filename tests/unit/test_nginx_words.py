"""How nginx chooses: locations by their modifiers, servers by names and ports, pages for failures, variables set."""

import pytest

from tests.unit.sites_read import wanted
from wizard.formats.sites.model import SiteError
from wizard.formats.sites.nginx_tree import (
    Statement,
    everything_in,
    failures_to,
    includes,
    literal,
    matches,
    place_of,
    ports,
    proxy_of,
    server_for,
    variables_in,
)


def block(text, *inside, line=1):
    """Return a directive of these words, and what stands in it."""
    name, *words = text.split()
    return Statement(name, tuple(words), line, tuple(inside))


def chosen(path, *locations):
    """Return the words of the location that serves a path."""
    chain = place_of(block("server", *(block(f"location {text}") for text in locations)), path)
    return " ".join(chain[-1].words)


@pytest.mark.parametrize(
    ("path", "locations", "found"),
    [
        ("/a", ("/", "= /a", "/a"), "= /a"),
        ("/ab", ("/", "= /a", "/a"), "/a"),
        ("/ab", ("/a", "/ab", "/"), "/ab"),
        ("/a.png", ("/a", "~ png$"), "~ png$"),
        ("/a.png", ("^~ /a", "~ png$"), "^~ /a"),
        ("/a.png", ("^~ /", "/a", "~ png$"), "~ png$"),
        ("/a.png", ("/", "^~ /a", "~ png$"), "^~ /a"),
        ("/a.PNG", ("/", "~ png$"), "/"),
        ("/a.PNG", ("/", "~* png$"), "~* png$"),
        ("/a.png", ("~ a", "~ png$"), "~ a"),
        ("/a", ("=/a", "/"), "=/a"),
        ("/a.png", ("^~/a", "~png$"), "^~/a"),
        ("/a.PNG", ("/", "~*png$"), "~*png$"),
        ("/a", ("/b",), ""),
        ("/a", ("@x", "/"), "/"),
    ],
)
def test_a_location_is_chosen_as_nginx_does(path, locations, found):
    assert chosen(path, *locations) == found


def test_a_location_in_a_location_is_chosen_further():
    inner = block("location /a", block("location /a/b"), block("location /a/c"))
    chain = place_of(block("server", inner), "/a/c/d")
    assert [one.words for one in chain] == [(), ("/a",), ("/a/c",)]


@pytest.mark.parametrize(
    ("location", "found"),
    [
        (block("location /", block("try_files $uri @app")), "@app"),
        (block("location /", block("try_files $uri /index.html")), "/"),
        (block("location /", block("try_files $uri @other")), "/"),
        (block("location /", block("proxy_pass http://x"), block("try_files $uri @app")), "/"),
    ],
)
def test_what_is_tried_last_serves_where_nothing_is_passed_on(location, found):
    server = block("server", location, block("location @app"), block("location /app"))
    assert place_of(server, "/x")[-1].words == (found,)
    assert place_of(server, "/x", followed=False)[-1].words == ("/",)


def test_a_proxy_under_a_condition_counts_after_one_without():
    under = block("if ($a)", block("proxy_pass http://b"))
    assert proxy_of(block("location /", under)).words == ("http://b",)
    assert proxy_of(block("location /", under, block("proxy_pass http://c"))).words == ("http://c",)
    assert proxy_of(block("location /", block("location /a", block("proxy_pass http://d")))) is None


@pytest.mark.parametrize(
    ("codes", "leads"),
    [
        *((code, True) for code in ("500", "502", "503", "504", "404 502", "502 =200")),
        *((code, False) for code in ("404", "501", "505", "413", "499", "=502")),
    ],
)
def test_pages_for_failures_of_a_node_lead_to_a_named_location(codes, leads):
    page, away = block(f"error_page {codes} @away"), block("location @away")
    server, place = block("server", page, away, block("location / x")), block("location /")
    assert failures_to([server, place]) == ([(page, away)] if leads else [])


def test_the_nearest_pages_hold_and_a_page_that_is_the_place_itself_leads_nowhere():
    away, near = block("location @away"), block("error_page 502 /50x.html")
    server = block("server", block("error_page 502 @away"), away)
    assert failures_to([server, block("location /", near)]) == []
    assert failures_to([server, away]) == []
    assert failures_to([block("server", block("error_page"), away)]) == []


@pytest.mark.parametrize(
    ("listens", "expected"),
    [
        ((), {80}),
        (("listen 8080",), {8080}),
        (("listen 10.0.0.1:8080", "listen [::]:8443 ssl"), {8080, 8443}),
        (("listen 10.0.0.1",), {80}),
        (("listen [::1]",), {80}),
        (("listen unix:/run/x",), {80}),
    ],
)
def test_the_ports_of_a_server(listens, expected):
    assert ports(block("server", *map(block, listens))) == expected


def server(names, listen="443"):
    inside = [block(f"server_name {names}")] if names else []
    return block("server", block(f"listen {listen}"), *inside, block("location /", block("proxy_pass http://x")))


BY_RANK = ["app.example.com", "*.example.com", "app.example.*", "~^app\\.", "_"]


@pytest.mark.parametrize("at", range(1, 5))
def test_names_fit_in_the_order_of_nginx(at):
    better, worse = server(BY_RANK[at - 1]), server(BY_RANK[at])
    assert server_for(block("http", worse, better), wanted()) is better


@pytest.mark.parametrize(
    ("names", "fits"),
    [
        *((name, True) for name in (*BY_RANK, ".example.com", ".app.example.com", "App.Example.Com", "x _", "")),
        *((name, True) for name in ("~^APP", "~(app|x)[.]example")),
        *((name, False) for name in ("example.com", "*.com.org", "*.app.example.com", "app.*.com", "app2.example.*")),
        *((name, False) for name in ("~^example", "x", "p.example.com", ".p.example.com", "^app")),
    ],
)
def test_a_server_is_for_a_name_or_for_others(names, fits):
    one, other = server(names), server("other.example.org")
    http = block("http", other, one)
    if fits:
        assert server_for(http, wanted()) is one
    else:
        with pytest.raises(SiteError, match=r"no “server” is for app\.example\.com"):
            server_for(http, wanted())


def test_the_planned_port_counts_before_the_name_and_a_single_server_takes_all():
    plain, secure = server("app.example.com", "80"), server("_")
    assert server_for(block("http", plain, secure), wanted()) is secure
    assert server_for(block("http", server("other")), wanted()).line == 1
    with pytest.raises(SiteError, match="there is no “server” that passes requests on"):
        server_for(block("http", block("server", block("return 404"))), wanted())
    with pytest.raises(SiteError, match="the site is in a file that is included"):
        server_for(block("http", block("include sites/*.conf")), wanted())


@pytest.mark.parametrize(
    ("file", "harmless"),
    [
        *((name, True) for name in ("mime.types", "/etc/nginx/mime.types", "modules/x.conf", "modules-enabled/*.conf")),
        *((name, True) for name in ("options-ssl-nginx.conf", "snippets/snakeoil.conf", "fastcgi_params")),
        *((name, True) for name in ("uwsgi_params", "scgi_params")),
        *((name, False) for name in ("mime.types.bak", "modules/a/b.conf", "proxy_params", "conf.d/*.conf")),
    ],
)
def test_files_that_say_nothing_of_a_site_are_not_missed(file, harmless):
    assert (includes(block("http", block(f"include {file}"))) == []) is harmless


@pytest.mark.parametrize(
    ("sets", "target", "found"),
    [
        ([("$up x",)], "http://$up:80", "http://x:80"),
        ([("$up x",)], "http://${up}:80", "http://x:80"),
        ([("$up x",)], "http://$other", "http://$other"),
        ([("$a x",), ("$b $a-y",)], "$b", "x-y"),
        ([("$a $arg_x",)], "$a", "$a"),
        ([("$a x", "$a y")], "$a", "y"),
        ([("$a x y",)], "$a", "$a"),
        ([], "plain", "plain"),
    ],
)
def test_variables_that_are_set_once_are_put_in(sets, target, found):
    chain = [block("server", *(block(f"set {one}") for one in level)) for level in sets]
    assert literal(target, chain) == found


def test_a_variable_that_a_condition_sets_is_not_told():
    level = block("server", block("set $a x"), block("if ($b)", block("set $a y")))
    assert literal("$a", [level]) == "$a"


@pytest.mark.parametrize(("length", "refused"), [(500, False), (501, True)])
def test_a_variable_has_500_characters_and_no_more(length, refused):
    chain = [block("server", block("set $a " + "x" * length, line=7))]
    if refused:
        with pytest.raises(SiteError, match=r"the variable \$a becomes too long") as error:
            literal("$a", chain)
        assert error.value.line == 7
    else:
        assert literal("$a", chain) == "x" * 500


@pytest.mark.parametrize(("count", "refused"), [(200, False), (201, True)])
def test_200_variables_are_followed_and_no_more(count, refused):
    chain = [block("server", *(block("set $a x") for _each in range(count)))]
    if refused:
        with pytest.raises(SiteError, match="more than 200 variables"):
            literal("$a", chain)
    else:
        assert literal("$a", chain) == "x"


def test_expressions_of_a_map_have_their_letter_case_told():
    assert matches("^a", "abc")
    assert not matches("^A", "abc")
    assert matches("*^A", "abc")
    assert not matches("(", "abc")
    assert variables_in("a $b ${c} $") == {"b", "c"}
    assert [one.name for one in everything_in(block("a", block("b", block("c")), block("d")))] == ["b", "c", "d"]


@pytest.mark.parametrize(("length", "refused"), [(2000, False), (2001, True)])
def test_an_expression_has_2000_characters_and_no_more(length, refused):
    if refused:
        with pytest.raises(SiteError, match="takes too long"):
            matches("a" * length, "b")
    else:
        assert not matches("a" * length, "b")
