"""Which half of a rule decides what kind a text is: the file's name, its words, or that it begins as another kind."""

import pytest

from wizard.formats.recognise import Form, begins_as_env, has_script, line_of, recognise

SCRIPT = "#!/bin/sh\nset -e\nA=b\ndocker run x | tail\n"


@pytest.mark.parametrize(
    ("form", "called"),
    [
        (Form.NGINX, "nginx"),
        (Form.HAPROXY, "HAProxy"),
        (Form.CADDY, "Caddy"),
        (Form.TRAEFIK, "Traefik"),
        (Form.APACHE, "Apache"),
        (Form.KEEPALIVED, "keepalived"),
        (Form.SYSTEMD, "systemd"),
        (Form.PM2, "PM2"),
        (Form.TERRAFORM, "Terraform"),
        (Form.NOMAD, "Nomad"),
        (Form.DOCKERFILE, "Dockerfile"),
        (Form.DOCKER_INSPECT, "docker inspect"),
        (Form.COMPOSE, "Compose"),
        (Form.KUBERNETES, "Kubernetes"),
        (Form.SUPERVISOR, "Supervisor"),
        (Form.ECS, "Amazon ECS"),
        (Form.ANSIBLE, "Ansible"),
        (Form.ENVOY, "Envoy"),
        (Form.NPM, "npm"),
        (Form.CHART, "Helm"),
        (Form.GITHUB, "GitHub Actions"),
        (Form.GITLAB, "GitLab CI"),
        (Form.OPENAPI, "OpenAPI"),
        (Form.PROMETHEUS, "Prometheus"),
        (Form.LISTING, "docker ps"),
        (Form.SHELL, "sh"),
        (Form.PYTHON, "Python"),
        (Form.MAKE, "make"),
        (Form.RUBY, "Ruby"),
        (Form.JENKINS, "Jenkins"),
        (Form.POWERSHELL, "PowerShell"),
        (Form.BATCH, "cmd.exe"),
        (Form.SCRIPT, "JavaScript"),
        (Form.PROPERTIES, "Java"),
        (Form.SQL, "SQL"),
        (Form.MARKUP, "XML/HTML"),
        (Form.CRON, "cron"),
        (Form.FOREMAN, "foreman"),
        (Form.PEM, "PEM"),
        (Form.VARIABLES, "JSON"),
        (Form.SECTIONS, "INI/TOML"),
        (Form.TOML, "TOML"),
        (Form.INI, "INI"),
    ],
)
def test_each_kind_is_called_as_people_call_it(form, called):
    assert form == called


@pytest.mark.parametrize(
    ("file", "form"),
    [
        ("settings.py", Form.PYTHON),
        ("Makefile", Form.MAKE),
        ("app.rb", Form.RUBY),
        ("Jenkinsfile", Form.JENKINS),
        ("start.ps1", Form.POWERSHELL),
        ("start.cmd", Form.BATCH),
        ("compose.yaml", Form.SHELL),
        ("nginx.conf", Form.SHELL),
        ("x.env", Form.SHELL),
        ("", Form.SHELL),
    ],
)
def test_only_the_name_of_another_language_counts_more_than_a_script(file, form):
    assert recognise(SCRIPT, file) is form


def test_a_line_of_a_script_counts_last_where_the_text_begins_as_something_else():
    text = "server {\n  listen 80;\n}\nfor node in a b; do\n"
    assert has_script(text)
    assert recognise(text) is Form.NGINX
    assert recognise("x: y\nfor node in a b; do\n") is Form.SHELL
    assert recognise("x: y\n") is None


def test_a_script_that_only_sets_variables_is_none():
    assert not has_script("#!/bin/sh\nexport A=1\n")
    assert recognise("#!/bin/sh\nexport A=1\n") is None


@pytest.mark.parametrize(
    "file",
    [
        "nginx.conf",
        "haproxy.cfg",
        "Caddyfile",
        "traefik.toml",
        "compose.yaml",
        "x.service",
        "crontab",
        "x.sql",
        "x.toml",
    ],
)
def test_a_name_tells_nothing_of_what_begins_as_an_env_file(file):
    expected = Form.TOML if file == "x.toml" else None
    assert recognise("# x\nAPP_KEY=x\n", file) is expected


@pytest.mark.parametrize(
    ("file", "form"),
    [
        ("nginx.conf", Form.SQL),
        ("haproxy.cfg", Form.SQL),
        ("Caddyfile", Form.SQL),
        ("traefik.yml", Form.SQL),
        ("x.toml", Form.SQL),
        ("keepalived.conf", Form.KEEPALIVED),
        ("compose.yaml", Form.COMPOSE),
        ("crontab", Form.CRON),
    ],
)
def test_the_name_of_a_balancers_file_and_of_toml_gives_way_to_words_of_another_kind(file, form):
    assert recognise("CREATE TABLE a\n", file) is form


@pytest.mark.parametrize(
    ("file", "text", "form"),
    [
        ("nginx.conf", "frontend web\nserver {\n", Form.NGINX),
        ("Caddyfile", "server {\nreverse_proxy a\n", Form.CADDY),
        ("traefik.yml", "services:\nentryPoints:\n", Form.TRAEFIK),
        ("haproxy.cfg", "[Unit]\nfrontend web\n", Form.HAPROXY),
        ("x.toml", "[web]\nA = '''x'''\n", Form.TOML),
    ],
)
def test_the_name_counts_where_the_words_of_its_own_kind_are_there_too(file, text, form):
    assert recognise(text, file) is form
    assert recognise(text) is not form


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("A=1", True),
        ("export A=1", True),
        (" \t export\tA_1=", True),
        ("# x\n\n  # y\r\nA=1", True),
        ("_A=1", True),
        ("a=1", False),
        ("A =1", False),
        ("1A=1", False),
        ("x\nA=1", False),
        ("", False),
    ],
)
def test_an_env_file_begins_with_a_variable_in_capitals(text, begins):
    assert begins_as_env(text) is begins


@pytest.mark.parametrize(
    ("form", "text", "line"),
    [
        (Form.SHELL, "A=b\n\nexit 1\n", 3),
        (Form.SHELL, "A=b\n", 0),
        (Form.NGINX, "# x\n\nserver {\n", 3),
        (Form.NGINX, "server {", 1),
        (Form.GITLAB, "x: y\nstages: [a]\nb:\n  script: [x]\n", 2),
        (Form.CHART, "name: x\nversion: 1\napiVersion: v2\n", 3),
        (Form.CHART, "kind: Service\nmetadata:\n  name: {{ .Release.Name }}\n", 3),
        (Form.TRAEFIK, "\nhttp:\n  routers:\n", 3),
        (Form.CADDY, '{"apps": {"http": {}}}', 1),
        (Form.CADDY, "x {\n  reverse_proxy a\n", 2),
        (Form.NPM, "{}", 0),
        (Form.FOREMAN, "web: x", 0),
    ],
)
def test_the_line_that_tells_the_kind_is_counted_from_1(form, text, line):
    assert line_of(form, text) == line


@pytest.mark.parametrize(("blank", "line"), [(65536 - 8, 65529), (65536 - 7, 0)])
def test_words_behind_64_kib_tell_no_line(blank, line):
    assert line_of(Form.NGINX, "\n" * blank + "root /x;") == line


@pytest.mark.parametrize(("blank", "seen"), [(65536 - 2, True), (65536 - 1, False)])
def test_a_script_behind_64_kib_is_none(blank, seen):
    assert has_script("\n" * blank + "fi") is seen


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  mail.tmpl: '{{ range .Alerts }}{{ .Labels.x }}{{ end }}'\n",
        "apiVersion: v1\nkind: Secret\nstringData: {DB_PASSWORD: '{{ db_password }}'}\n",
    ],
)
def test_braces_of_others_make_no_manifest_a_template_of_a_chart(text):
    assert recognise(text) is Form.KUBERNETES


def test_an_env_file_with_the_values_of_a_chart_is_no_template_of_a_manifest():
    assert recognise("APP_KEY={{ .Values.appKey }}\nDB_HOST={{ .Values.dbHost }}\n") is not Form.CHART
