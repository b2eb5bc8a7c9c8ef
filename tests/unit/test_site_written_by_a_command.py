"""A balancer's site that a command of its service writes: here-documents, printf, echo; what a shell takes of it."""

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.plan.finding import Severity
from wizard.plan.observed import Topic

NODES = """\
services:
  app: {image: "nocobase/nocobase:2.2.15", environment: {APP_KEY: k, DB_DIALECT: postgres}}
  lb:
    image: nginx:1.27
"""
SITE = "server { listen 80; location / { proxy_pass http://app:80; proxy_set_header Host $$host; } }"
OTHER = "server { listen 80; location / { proxy_pass http://other:81; } }"
BROKEN = SITE.replace("listen 80; ", "listen 80;\\n")
FILE = "/etc/nginx/conf.d/default.conf"


def block(*lines):
    return "    command:\n      - sh\n      - -c\n      - |\n" + "".join(f"        {line}\n" for line in lines)


def words(text):
    return f"    command:\n      - sh\n      - -c\n      - >-\n        {text}\n"


def read(tmp_path, command):
    (tmp_path / "compose.yaml").write_text(NODES + command)
    return open_source(str(tmp_path / "compose.yaml")).plan


def told(plan):
    """Return what is told of signs that a shell or Compose takes, by their names: the line."""
    found = [one for one in rules(plan, {}) if one.id == "plan.value" and one.subject.startswith("$")]
    assert {one.severity for one in found} <= {Severity.FAIL}
    lines = {item.key: item.where for item in plan.unreadable}
    return {one.subject: lines[one.subject] for one in found}


WRITTEN = [
    block(f"cat > {FILE} <<'EOF'", SITE, "EOF", "nginx -g 'daemon off;'"),
    block(f'cat <<"EOF" > {FILE}', SITE, "EOF", "nginx"),
    block(f"cat <<\\EOF >{FILE}", SITE, "EOF"),
    block(f"tee {FILE} <<-'END'", f"\t{SITE}", "\tEND"),
    block(f"cat > {FILE} <<EOF", SITE.replace("$$", r"\$$"), "EOF"),
    block(f"printf '{SITE}\\n' > {FILE}", "exec nginx -g 'daemon off;'"),
    block(f"printf '%s\\n' 'server {{ listen 80;' '{SITE[20:]}' > {FILE}"),
    block(f"printf '%s\\n%s\\n' 'server {{ listen 80;' '{SITE[20:]}' > {FILE}"),
    block(f"echo '{SITE}' > {FILE} && nginx"),
    block(f"echo -e 'server {{\\nlisten 80;\\n{SITE[20:]}' | tee {FILE}"),
    block("set -e", f"echo 'server {{ listen 80;' > {FILE}", f"echo '{SITE[20:]}' >> {FILE}; nginx"),
    words(f"echo '{SITE}' >{FILE} && exec nginx -g 'daemon off;'"),
    f"""    command: sh -c "echo '{SITE}' > {FILE}; nginx"\n""",
    f"""    entrypoint: [/bin/sh, -c]\n    command: ["printf '{SITE}' > {FILE}"]\n""",
    words(f'echo "{SITE}" > {FILE}'.replace("$$", r"\$$")),
    block(f"echo '{OTHER}' > {FILE}", f"echo '{SITE}' > {FILE}; nginx"),
    block(f"cat > {FILE} <<'EOF'", OTHER, "EOF", f"cat <<'EOF' | tee {FILE} > /dev/null", SITE, "EOF"),
    block(f"printf '{OTHER}' | tee {FILE}", f"printf -- '%b' '{BROKEN}' | tee {FILE}; nginx"),
    block(f"echo 'server {{ listen 80;' | tee {FILE}", f"echo -n '{SITE[20:]}' | tee -a {FILE}; nginx"),
    block(f"cat > {FILE} <<'EOF'", "server { listen 80;", "EOF", f"cat >> {FILE} <<'EOF'", SITE[20:], "EOF"),
    block(f"cat > {FILE} <<EOF", "# $$HOSTNAME", "EOF", f"cat >> {FILE} <<'EOF'", SITE, "EOF"),
    block(f"if [ ! -f {FILE} ]; then", f"  echo '{SITE}' > {FILE}", "fi"),
    block("if true", f"then echo '{OTHER}' > {FILE}", "fi", f"echo '{SITE}' > {FILE}"),
    block("if true; then", "  echo no", "fi", f"echo '{OTHER}' > {FILE}", f"echo '{SITE}' > {FILE}"),
]


@pytest.mark.parametrize("command", WRITTEN)
def test_a_site_that_a_command_writes_is_read(tmp_path, command):
    plan = read(tmp_path, command)
    assert [(node.name, node.host, node.port) for node in plan.nodes] == [("app", "app", 80)]
    [site] = plan.seen(Topic.SITE)
    assert "proxy_set_header Host $host;" in site.value
    assert told(plan) == {}


UNQUOTED = block(f"cat > {FILE} <<EOF", "# all", SITE, "EOF")


@pytest.mark.parametrize(
    ("command", "lost"),
    [
        (UNQUOTED, {"$host": "line 11"}),
        (UNQUOTED.replace("$$host", "$${host}"), {"$host": "line 11"}),
        (UNQUOTED.replace("# all", "# $$scheme"), {"$scheme": "line 10", "$host": "line 11"}),
        (words(f'echo "{SITE}" > {FILE}'), {"$host": "line 5"}),
        (words(f'printf "{SITE}" > {FILE}'), {"$host": "line 5"}),
        # Compose comes before the shell, quotes or not
        (block(f"cat > {FILE} <<'EOF'", SITE.replace("$$", "$"), "EOF"), {"$host": "line 5"}),
        (words(f"echo '{SITE}' > {FILE}".replace("$$", "$")), {"$host": "line 5"}),
    ],
)
def test_a_variable_that_a_shell_or_compose_takes_is_told_with_its_line(tmp_path, command, lost):
    plan = read(tmp_path, command)
    assert told(plan) == lost
    assert [(node.name, node.host) for node in plan.nodes] == [("app", "app")]


@pytest.mark.parametrize(
    "more",
    ["    environment: {host: crm.example.com}\n", "    environment: [host=crm.example.com]\n"],
)
def test_a_variable_that_the_shell_has_is_put_in(tmp_path, more):
    plan = read(tmp_path, UNQUOTED + more)
    [site] = plan.seen(Topic.SITE)
    assert ("Host crm.example.com;" in site.value, told(plan)) == (True, {})


@pytest.mark.parametrize(
    "command",
    [
        block("host=crm.example.com", f"cat > {FILE} <<EOF", SITE, "EOF"),
        UNQUOTED + "    env_file: gone.env\n",
        *[
            block(f"cat > {FILE} <<EOF", f"# {name}", SITE.replace("$$", r"\$$"), "EOF")
            for name in ("$$HOSTNAME", "$$PWD", "$$NGINX_VERSION", "$${DOMAIN}", "${DOMAIN}", "$$http_proxy")
        ],
        block("echo $FOO; echo $host", f"cat > {FILE} <<'EOF'", SITE.replace("Host $$host", "A b"), "EOF", "nginx"),
    ],
)
def test_a_variable_that_the_shell_may_have_is_not_told(tmp_path, command):
    assert told(read(tmp_path, command)) == {}


@pytest.mark.parametrize(
    "command",
    [
        block("echo hello", "exec nginx"),
        block(f"echo '{SITE}' > /tmp/other.conf"),
        block(f"echo '{SITE}"),
        block(f"cat > {FILE} <<EOF", SITE),
        block("if true; then", f"echo '{SITE}' > {FILE}", "else", f"echo '{OTHER}' > {FILE}", "fi"),
        block("if true", f"then cat > {FILE} <<'EOF'", SITE, "EOF", f"else cat > {FILE} <<'EOF'", OTHER, "EOF", "fi"),
        block(f"test -f x && echo '{SITE}' > {FILE} || echo '{OTHER}' > {FILE}"),
        block(f"case $$A in a) echo '{SITE}' > {FILE};; *) echo '{OTHER}' > {FILE};; esac"),
        block(f"echo -a '{SITE}' > {FILE}"),
        block("printf"),
    ],
)
def test_a_command_that_writes_no_site_says_nothing(tmp_path, command):
    plan = read(tmp_path, command)
    assert (plan.seen(Topic.SITE), [node.host for node in plan.nodes]) == ([], [""])


def test_an_override_puts_its_command_in_the_place_of_the_first(tmp_path):
    (tmp_path / "compose.override.yaml").write_text(f"services:\n  lb:\n{block('exec nginx')}")
    assert read(tmp_path, WRITTEN[0]).seen(Topic.SITE) == []


def test_nothing_is_told_of_variables_in_a_text_for_haproxy(tmp_path):
    lines = (
        "defaults",
        "  mode http",
        "frontend a",
        "  bind :80",
        "  default_backend b",
        "backend b",
        "  server a app:80",
    )
    text = block("cat > /usr/local/etc/haproxy/haproxy.cfg <<EOF", "# $$host $scheme", *lines, "EOF")
    (tmp_path / "compose.yaml").write_text(NODES.replace("nginx:1.27", "haproxy:3.0") + text)
    plan = open_source(str(tmp_path / "compose.yaml")).plan
    assert ([(node.host, node.port) for node in plan.nodes], told(plan)) == ([("app", 80)], {})
