"""An archive with one file that is a source by itself is read as that; any other is refused as before."""

import zipfile

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.formats.files import SourceError
from wizard.plan.observed import Topic

NGINX = """\
upstream crm { server 10.0.0.11:13000; server 10.0.0.12:13000; }
server { listen 80; server_name crm.example.org; location / { proxy_pass http://crm; } }
"""
HAPROXY = """\
frontend crm
  mode http
  bind :80
  default_backend nodes
backend nodes
  mode http
  server a 10.0.0.11:13000
  server b 10.0.0.12:13000
"""
INSPECTED = (
    '[{"Id": "1", "Name": "/crm", "State": {"Running": true},'
    ' "Config": {"Image": "nocobase/nocobase:2.2.15", "Env": ["DB_HOST=db"]}}]'
)
UNIT = "[Service]\nEnvironment=DB_HOST=unit\nEnvironmentFile=/etc/crm/more.conf\nExecStart=/usr/bin/yarn start\n"
PM2 = 'module.exports = { apps: [{ name: "crm", script: "yarn", args: "start", env: { DB_HOST: "db" } }] }\n'
COMPOSE = "services:\n  app:\n    image: nocobase/nocobase\n    environment: {DB_HOST: $HOST_OF_IT}\n"


def packed(path, files):
    with zipfile.ZipFile(path / "got.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return str(path / "got.zip")


@pytest.mark.parametrize(
    ("files", "nodes"),
    [
        ({"crm.conf": NGINX}, ["10.0.0.11", "10.0.0.12"]),
        ({"etc/crm.cfg": HAPROXY, "etc/README.md": "It is so."}, ["10.0.0.11", "10.0.0.12"]),
    ],
)
def test_the_site_of_a_balancer_and_it_is_judged_itself(tmp_path, files, nodes):
    plan = open_source(packed(tmp_path, files)).plan
    assert [node.host for node in plan.nodes] == nodes
    [site] = plan.seen(Topic.SITE)
    assert site.value == next(iter(files.values()))
    assert plan.balancer.site_file == ""
    assert not [one for one in rules(plan, {}) if one.id == "plan.followed" and one.severity == "unknown"]


@pytest.mark.parametrize(
    ("files", "host"),
    [
        ({"got.json": INSPECTED}, "db"),
        ({"crm.service": UNIT}, "unit"),
        ({"crm.service": UNIT, "more.conf": "DB_HOST=more\n"}, "more"),
        ({"crm.service": UNIT, "crm.service.d/a.conf": "[Service]\nEnvironmentFile=\nEnvironment=DB_HOST=a\n"}, "a"),
        ({"ecosystem.config.js": PM2}, "db"),
        ({"crm.yml": COMPOSE, ".env": "HOST_OF_IT=beside\n"}, "beside"),
        ({".env": "DB_HOST=db\n"}, "db"),
        ({"crm/.env": "DB_HOST=db\n"}, "db"),
    ],
)
def test_each_kind_of_file_with_what_is_beside_it_in_the_archive(tmp_path, files, host):
    if ".env" in files and len(files) > 1:
        files = {f"all/{name}": text for name, text in files.items()}
    assert open_source(packed(tmp_path, files)).plan.database.host == host


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.conf": NGINX, "b.conf": NGINX}, "name the file itself"),
        ({"Caddyfile": "x {\n  reverse_proxy a:1\n}\n"}, "got.zip/Caddyfile is for Caddy"),
        ({"Caddyfile": "x {\n  reverse_proxy a:1\n}\n", "y": "z"}, "name the file itself"),
        ({"README.md": "DB_HOST=db"}, "name the file itself"),
        ({}, "name the file itself"),
    ],
)
def test_none_or_several_or_one_that_is_only_known_is_refused(tmp_path, files, words):
    with pytest.raises(SourceError, match=words):
        open_source(packed(tmp_path, files))


def test_nothing_is_read_that_lies_beside_the_archive(tmp_path):
    (tmp_path / "more.conf").write_text("DB_HOST=outside\n")
    assert open_source(packed(tmp_path, {"crm.service": UNIT})).plan.database.host == "unit"
