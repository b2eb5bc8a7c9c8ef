"""What nginx is given becomes one tree: a whole configuration, a site alone, and all files that `nginx -T` prints."""

import pytest

from wizard.formats.sites.model import SiteError
from wizard.formats.sites.nginx_reading import http_of

SITE = "server { listen 80; location / { proxy_pass http://node1:13000; } }\n"
WHOLE = f"events {{}}\nhttp {{\n{SITE}}}\n"


def dump(main, **files):
    """Return what `nginx -T` prints of /etc/nginx/nginx.conf and of these files beside it."""
    every = {"nginx.conf": main, **{name.replace("__", "/").replace("_", "."): text for name, text in files.items()}}
    tested = "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"
    return tested + "".join(f"# configuration file /etc/nginx/{name}:\n{text}\n" for name, text in every.items())


def outline(block):
    """Return the names of all that stands in a block, however deep, those within one behind it in brackets."""
    return [[one.name, outline(one)] if one.block else one.name for one in block.block]


SERVER = ["server", ["listen", ["location", ["proxy_pass"]]]]


@pytest.mark.parametrize(("text", "whole"), [(SITE, False), (WHOLE, True)])
def test_a_site_alone_stands_in_a_block_http_as_nginx_includes_it(text, whole):
    http, found = http_of(text)
    assert (http.name, outline(http), found) == ("http", [SERVER], whole)


@pytest.mark.parametrize(("text", "line"), [(SITE, 1), (f"\n\n{SITE}", 3), (WHOLE, 3)])
def test_lines_are_those_of_the_text(text, line):
    http, _whole = http_of(text)
    assert http.block[0].line == line


@pytest.mark.parametrize(
    ("main", "files", "found"),
    [
        ("http {\n  include site.conf;\n}", {"site_conf": SITE}, [SERVER]),
        ("http {\n  include /etc/nginx/site.conf;\n}", {"site_conf": SITE}, [SERVER]),
        ("http {\n  include conf.d/*.conf;\n}", {"conf_d__a_conf": SITE, "conf_d__b_conf": SITE}, [SERVER, SERVER]),
        ("http {\n  include conf.d/[ab].conf;\n}", {"conf_d__a_conf": SITE, "conf_d__c_conf": SITE}, [SERVER]),
        ("http {\n  include conf.d/?.conf;\n}", {"conf_d__a_conf": SITE, "conf_d__bb_conf": SITE}, [SERVER]),
        ("http {\n  include *.conf;\n}", {"conf_d__a_conf": SITE, "site_conf": SITE}, [SERVER]),  # “/” is none of “*”
        ("http {\n  include none.d/*.conf;\n  gzip on;\n}", {}, ["gzip"]),  # a pattern may mean no file
        ("http {\n  include none.d/?.conf;\n  gzip on;\n}", {}, ["gzip"]),
        ("http {\n  include none.d/[a].conf;\n  gzip on;\n}", {}, ["gzip"]),
        (
            "http {\n  include gone.conf;\n  gzip on;\n}",
            {},
            ["include", "gzip"],
        ),  # of a file that is not shown nobody knows
        ("http {\n  include X.conf;\n}", {}, ["include"]),
        ("http {\n  include a.conf;\n}", {"a_conf": "include b.conf;\n", "b_conf": SITE}, [SERVER]),
        ("http {\n  include a.conf;\n}", {"a_conf": f"include a.conf;\n{SITE}"}, ["include", SERVER]),  # within itself
        ("include http.conf;", {"http_conf": f"http {{ {SITE} }}"}, [SERVER]),
        ("http {\n  include 'my site.conf';\n}", {"my site_conf": SITE}, [SERVER]),
    ],
)
def test_each_file_that_nginx_prints_stands_where_it_is_included(main, files, found):
    http, whole = http_of(dump(main, **files))
    assert (outline(http), whole) == (found, True)


def test_lines_of_an_included_file_are_those_of_the_whole_text():
    http, _whole = http_of(dump("http {\n  include site.conf;\n}", site_conf=f"\n{SITE}"))
    assert http.block[0].line == 8


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("events {}\nstream {\n server { listen 5432; proxy_pass db:5432; }\n}\n", "“stream” passes connections on", 2),
        ("server {\n listen 5432;\n proxy_pass db:5432;\n}\n", "“stream” passes connections on", 3),
        (dump("stream { server { listen 1; proxy_pass db:1; } }"), "“stream” passes connections on", 3),
        (dump("events {}"), "there is no “server” that passes requests on", 0),
        ("server {\n listen 80\n", 'directive "listen" is not terminated by ";"', 2),
        ("server {\n listen 80;\n", 'unexpected end of file, expecting "}"', 4),
    ],
)
def test_what_passes_no_requests_on_is_refused_with_its_line(text, says, line):
    with pytest.raises(SiteError, match=says) as refused:
        http_of(text)
    assert refused.value.line == line


def test_a_stream_beside_a_site_that_passes_requests_on_is_left_alone():
    http, whole = http_of(f"stream {{ server {{ listen 1; proxy_pass db:1; }} }}\n{WHOLE}")
    assert (outline(http), whole) == ([SERVER], True)


@pytest.mark.parametrize("count", [199, 200])
def test_as_many_files_as_two_hundred_are_put_in(count):
    files = {f"conf_d__{number}_conf": "gzip on;" for number in range(count)}
    text = dump("http {\n include conf.d/*.conf;\n}", **files)
    if count < 200:
        assert len(http_of(text)[0].block) == count
    else:
        with pytest.raises(SiteError, match="more than 200 files are included"):
            http_of(text)


@pytest.mark.parametrize("depth", [50, 51])
def test_blocks_stand_in_one_another_as_deep_as_fifty(depth):
    text = "if (1) { " * depth + "}" * depth
    if depth == 50:
        assert http_of(text)
    else:
        with pytest.raises(SiteError, match="more than 50 blocks stand in one another"):
            http_of(text)
