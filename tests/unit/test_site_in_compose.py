"""A balancer's site that is a part of a Compose file is judged as one in a file of its own, with its lines there."""

import pytest

from wizard.app.open_source import open_source
from wizard.checks.balancer.checks import checks
from wizard.checks.inside.balancer_list import entries
from wizard.plan.finding import Severity
from wizard.plan.remedy import RemedyKind

NODES = """\
services:
  app-1: &app {image: "nocobase/nocobase:2.2.15", environment: {APP_KEY: k, DB_DIALECT: postgres}}
  app-2: *app
"""
SITE = """\
upstream app { server app-1:80; }
server {
  listen 80;
  client_max_body_size 8m;
  location / { proxy_pass http://app; proxy_set_header Host $$host; }
}
"""
FRONTEND = "frontend fe\n  mode http\n  bind :80\n  default_backend be\nbackend be\n  server one app-1:80\n"


def indented(text, by):
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


CONFIG = f"""\
  lb: {{image: nginx, configs: [{{source: site, target: /etc/nginx/conf.d/default.conf}}]}}
configs:
  site:
    content: |
{indented(SITE, 6)}"""
COMMAND = f"""\
  lb:
    image: nginx:1.27
    command:
      - sh
      - -c
      - |
        set -e
        cat > /etc/nginx/conf.d/a.conf <<'EOF'
{indented(SITE, 8)}        EOF
        exec nginx -g 'daemon off;'
"""
HAPROXY = f"""\
  lb:
    image: haproxy:3
    entrypoint: [sh, -c]
    command: |-
        cat > /usr/local/etc/haproxy/haproxy.cfg <<EOF
{indented(FRONTEND, 8)}        EOF
"""


def read(tmp_path, balancer):
    (tmp_path / "compose.yaml").write_text(NODES + balancer)
    return open_source(str(tmp_path / "compose.yaml")).plan


def judged(plan):
    """Return the findings of the site by id, found without a network."""
    check = next(one for one in checks(plan, {}) if any(spec.id == "balancer.upstream" for spec in one.specs))
    facts = check.facts()
    check.probe(facts)
    return {finding.id: finding for finding in check.judge(facts)}


def line_of(text, word):
    return text[: text.index(word)].count("\n") + 1


@pytest.mark.parametrize(
    ("balancer", "first"),
    [(CONFIG, "upstream app"), (COMMAND, "upstream app"), (HAPROXY, "  backend be")],
    ids=["config", "here-document", "HAProxy"],
)
def test_a_node_that_it_does_not_know_is_told_with_the_line_of_the_compose_file(tmp_path, balancer, first):
    plan = read(tmp_path, balancer)
    finding = judged(plan)["balancer.upstream"]
    assert (finding.severity, finding.facts["missing"]) == (Severity.FAIL, ["app-2"])
    assert str(tmp_path / "compose.yaml") in finding.summary
    assert f"line {line_of(NODES + balancer, first)})" in finding.remedy
    assert "docker compose up -d --force-recreate lb" in finding.remedy.splitlines()
    assert entries(plan) == (str(tmp_path / "compose.yaml"), (("app-1", 80),))


def test_a_balancer_that_knows_all_nodes_passes(tmp_path):
    plan = read(tmp_path, CONFIG.replace("server app-1:80;", "server app-1:80; server app-2:80;"))
    assert judged(plan)["balancer.upstream"].severity is Severity.PASS


def test_lines_to_put_in_are_written_as_compose_wants_them(tmp_path):
    limits = judged(read(tmp_path, CONFIG))["balancer.limits"]
    assert (limits.severity, limits.remedy_kind) == (Severity.FAIL, RemedyKind.COMMANDS)
    assert f"Line {line_of(NODES + CONFIG, 'client_max')}: client_max_body_size is 8m." in limits.detail
    assert "proxy_set_header Upgrade $$http_upgrade;" in limits.remedy.splitlines()
    assert limits.remedy.startswith("# In a Compose file each “$” is written twice.")


@pytest.mark.parametrize(
    ("word", "host", "line"),
    [
        ("'EOF'", "$$host", "proxy_set_header Upgrade $$http_upgrade;"),
        ("\\EOF", "$$host", "proxy_set_header Upgrade $$http_upgrade;"),
        ("EOF", "\\$$host", "proxy_set_header Upgrade \\$$http_upgrade;"),
    ],
)
def test_lines_for_a_here_document_are_written_as_its_shell_wants_them(tmp_path, word, host, line):
    plan = read(tmp_path, COMMAND.replace("'EOF'", word).replace("$$host", host))
    found = judged(plan)
    assert line in found["balancer.limits"].remedy.splitlines()
    assert not any("\\" in finding.detail for finding in found.values())


def test_a_site_on_one_line_is_called_by_that_line(tmp_path):
    text = CONFIG.partition("content:")[0] + f"content: {SITE.replace(chr(10), ' ')!r}\n"
    assert (
        f"compose.yaml line {line_of(NODES + text, 'content:')}"
        in judged(read(tmp_path, text))["balancer.upstream"].summary
    )


def test_a_node_that_publishes_a_port_is_reached_there_and_not_by_its_name(tmp_path):
    text = NODES.replace("environment:", 'ports: ["13001:80"], environment:')
    (tmp_path / "compose.yaml").write_text(text + CONFIG)
    plan = open_source(str(tmp_path / "compose.yaml")).plan
    assert [(node.host, node.port) for node in plan.nodes] == [("", 13001), ("", 13001)]
    assert judged(plan)["balancer.upstream"].severity is Severity.SKIP


def test_its_text_is_in_no_repr(tmp_path):
    assert "proxy_pass" not in repr(read(tmp_path, CONFIG))


FOLDERS = [
    ("nginx:1.27", "./lb", "/etc/nginx/conf.d", "lb/site.conf", SITE, "lb/site.conf"),
    ("nginx:1.27", "./lb", "/etc/nginx", "lb/nginx.conf", f"http {{\n{SITE}}}\n", "lb/nginx.conf"),
    ("haproxy:3", "lb", "/usr/local/etc/haproxy", "lb/haproxy.cfg", FRONTEND, ""),
    ("haproxy:3", "./lb", "/usr/local/etc/haproxy/", "lb/haproxy.cfg", FRONTEND, "lb/haproxy.cfg"),
    ("nginx:1.27", "./lb", "/etc/nginx/conf.d", "lb/site.conf.off", SITE, ""),
    ("nginx:1.27", "./lb", "/usr/share/nginx/html", "lb/site.conf", SITE, ""),
]


@pytest.mark.parametrize(("image", "source", "target", "file", "text", "read_as"), FOLDERS)
@pytest.mark.parametrize("as_folder", [False, True])
def test_the_site_is_found_in_a_folder_that_is_mounted_as_a_whole(
    tmp_path, image, source, target, file, text, read_as, as_folder
):
    (tmp_path / "lb").mkdir()
    (tmp_path / file).write_text(text.replace("$$", "$"))
    balancer = f"  lb:\n    image: {image}\n    volumes: ['{source}:{target}:ro']\nvolumes: {{lb: }}\n"
    (tmp_path / "compose.yaml").write_text(NODES + balancer)
    plan = open_source(str(tmp_path if as_folder else tmp_path / "compose.yaml")).plan
    assert plan.balancer.site_file == (str(tmp_path / read_as) if read_as else "")
