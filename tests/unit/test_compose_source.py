"""Compose files as a source, by the rules that Compose's specification has for what a process is given."""

import pytest

from wizard.app.open_source import open_source, open_sources
from wizard.checks.plan.rules import rules
from wizard.formats.files import SourceError
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.observed import Topic
from wizard.plan.secret import Secret
from wizard.plan.sections import Deployment
from wizard.plan.sections.storage import StorageKind

KEY = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"
TWO = f"""\
x-env: &env
  APP_KEY: {KEY}
  DB_DIALECT: postgres
  DB_HOST: ${{DB_HOST:-db}}
  DB_PORT: 5433
  DB_DATABASE: shop
  DB_USER: shop
  DB_PASSWORD: a$$b
  DB_LOGGING: off
x-node: &node
  image: nocobase/nocobase:${{TAG:-2.2.15-full}}
  environment:
    <<: *env
    TZ: UTC
  volumes: ["files:/app/nocobase/storage"]
services:
  one: {{<<: *node}}
  two:
    <<: *node
    environment: {{<<: *env, TZ: UTC, APP_PORT: 13001}}
  cache: {{image: "redis:7"}}
volumes:
  files:
    driver_opts: {{type: nfs, o: "addr=nas", device: ":/export"}}
"""


def opened(tmp_path, text, name="compose.yaml", **beside):
    for file, content in beside.items():
        path = tmp_path / file.replace("__", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    (tmp_path / name).write_text(text)
    return open_source(str(tmp_path / name))


def service(body: str, image: str = "nocobase/nocobase:2.2.15") -> str:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"services:\n  app:\n    image: {image}\n{lines}\n"


def test_services_that_are_nocobase_are_the_nodes_and_merge_keys_are_followed(tmp_path):
    found = opened(tmp_path, TWO)
    plan = found.plan
    assert [(node.name, node.port) for node in plan.nodes] == [("one", 13000), ("two", 13001)]
    assert (plan.database.host, plan.database.port, plan.application.time_zone) == ("db", 5433, "UTC")
    assert (plan.application.version, plan.application.deployment) == ("2.2.15", Deployment.DOCKER)
    assert plan.storage.kind is StorageKind.NFS
    assert found.secrets["database.password"] == Secret("a$b")
    assert found.secrets["application.app_key"] == Secret(KEY)
    assert (plan.disagreements, plan.expressions) == ((), ())


def test_each_value_knows_its_line(tmp_path):
    plan = opened(tmp_path, TWO).plan
    place = plan.place_of("database.host")
    assert (place.name, place.line) == ("DB_HOST", 4)
    assert place.file.endswith("compose.yaml")


def test_a_folder_and_the_file_beside_it_are_read(tmp_path):
    opened(tmp_path, TWO, __env="DB_HOST=db.internal\nTAG=2.2.14\n")
    plan = open_source(str(tmp_path)).plan
    assert (plan.database.host, plan.application.version, plan.name) == ("db.internal", "2.2.14", tmp_path.name)


@pytest.mark.parametrize(
    "environment",
    [
        f"environment:\n- APP_KEY={KEY}\n- DB_DIALECT=postgres\n- DB_HOST=db",
        f"environment:\n  APP_KEY: {KEY}\n  DB_DIALECT: postgres\n  DB_HOST: db",
        "env_file: app.env",
        "env_file: [first.env, app.env]",
        "env_file:\n- path: app.env\n  required: true\n- path: nowhere.env\n  required: false",
        "env_file: first.env\nenvironment: {DB_HOST: db}",
        "environment: {DB_HOST: '${DB:-${OTHER:-db}}', APP_KEY: '${KEY?no key}', DB_DIALECT: postgres}",
    ],
)
def test_a_process_is_given_the_same_in_every_form(tmp_path, environment):
    text = f"APP_KEY={KEY}\nDB_DIALECT=postgres\n"
    found = opened(
        tmp_path, service(environment), app__env=f"{text}DB_HOST=db\n", first__env=f"{text}DB_HOST=x\n",
        __env=f"KEY={KEY}\n",
    )  # fmt: skip
    assert found.plan.database.host == "db"
    assert found.secrets["application.app_key"] == Secret(KEY)


def test_an_override_file_and_extends_and_include_are_followed(tmp_path):
    found = opened(
        tmp_path,
        "include:\n- parts/more.yaml\nservices:\n  app:\n    extends: {file: base.yaml, service: node}\n"
        "    environment: {DB_HOST: second}\n",
        base__yaml=service(f"environment: {{APP_KEY: {KEY}, DB_HOST: first, DB_USER: shop}}").replace(
            "app:", "node:", 1
        ),
        compose__override__yaml="services:\n  app:\n    environment: {DB_HOST: third}\n    deploy: {replicas: 2}\n",
        **{
            "parts/port__env": "APP_PORT=13001\n",
            "parts/more__yaml": service("env_file: port.env\nenvironment: {DB_HOST: third}").replace(
                "app:", "worker:", 1
            ),
        },
    )
    assert (found.plan.database.host, found.plan.database.user) == ("third", "shop")
    ports = {node.name: node.port for node in found.plan.nodes}
    assert ports == {"app": 13000, "app-2": 13000, "worker": 13001}


def test_what_only_the_shell_knows_is_named_and_not_guessed(tmp_path):
    text = service("environment:\n  APP_KEY: ${KEY:?say it}\n  DB_DIALECT: postgres\n  DB_HOST: $HOST_OF_DB\n  TOKEN:")
    plan = opened(tmp_path, text).plan
    [finding] = [one for one in rules(plan, {}) if one.id == "plan.expressions"]
    assert finding.severity is Severity.UNKNOWN
    for name in ("KEY", "HOST_OF_DB", "TOKEN"):
        assert name in finding.summary
    asking = [one for one in rules(plan, {}) if one.severity in {Severity.FAIL, Severity.WARN}]
    assert not [one for one in asking if one.facts.get("setting") in {"application.app_key", "database.host"}]


def test_a_second_source_gives_what_only_the_shell_knows(tmp_path):
    opened(tmp_path, service("environment: {APP_KEY: '${KEY:?}', DB_DIALECT: postgres, DB_HOST: '${H:?}'}"))
    (tmp_path / "secrets.env").write_text(f"APP_KEY={KEY}\nDB_HOST=db\n")
    found = open_sources([str(tmp_path / "compose.yaml"), str(tmp_path / "secrets.env")])
    assert found.plan.database.host == "db"
    assert found.secrets["application.app_key"] == Secret(KEY)
    assert (found.plan.expressions, found.plan.disagreements) == ((), ())


def test_services_that_disagree_are_told_with_both_lines(tmp_path):
    text = TWO.replace("{<<: *env, TZ: UTC, APP_PORT: 13001}", "{<<: *env, TZ: UTC, DB_HOST: db2}")
    found = opened(tmp_path, text)
    [finding] = [one for one in rules(found.plan, found.secrets) if one.id == "plan.sources"]
    assert (finding.severity, finding.subject) == (Severity.FAIL, "database.host")
    assert "line 4" in finding.detail
    assert "line 20" in finding.detail


def test_an_env_file_that_is_not_there_is_named(tmp_path):
    found = opened(tmp_path, service("env_file: [gone.env]\nenvironment: {DB_HOST: db}"))
    [finding] = [one for one in rules(found.plan, {}) if one.id == "plan.value" and one.subject == "gone.env"]
    assert finding.severity is Severity.FAIL


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("nocobase/nocobase:2.2.15-full-no-nginx", "2.2.15"),
        ("registry.example.com/nocobase/nocobase:2.2.15", "2.2.15"),
        ("nocobase/nocobase:latest", ""),
        ("nocobase/nocobase:2.3.0-beta.1", "2.3.0-beta.1"),
    ],
)
def test_the_image_says_the_version_if_it_says_one(tmp_path, image, version):
    plan = opened(tmp_path, service("environment: {DB_HOST: db}", image)).plan
    assert plan.application.version == version
    assert ("application.version" in plan.unsaid) is not bool(version)


@pytest.mark.parametrize(
    ("mount", "volumes", "kind", "path"),
    [
        ("./storage:/app/nocobase/storage", "{}", None, ""),
        ("/srv/shop:/app/nocobase/storage:z", "{}", None, "/srv/shop"),
        ("files:/app/nocobase/storage", "{files: {}}", StorageKind.LOCAL, ""),
        ("files:/app/nocobase/storage", "{files: {external: true}}", None, ""),
        ("{type: volume, source: files, target: /app/nocobase/storage}", "{files: {}}", StorageKind.LOCAL, ""),
    ],
)
def test_what_is_mounted_says_what_is_shared_where_it_can_be_told(tmp_path, mount, volumes, kind, path):
    mount = mount if mount.startswith("{") else f'"{mount}"'
    plan = opened(tmp_path, service(f"environment: {{DB_HOST: db}}\nvolumes: [{mount}]") + f"volumes: {volumes}\n").plan
    assert plan.storage.path == path
    assert ("storage.kind" in plan.unsaid) is (kind is None)
    assert kind is None or plan.storage.kind is kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("services:\n  web: {image: nginx}\n", "no service in it is NocoBase"),
        ("services:\n  app: {extends: app}\n", "extends itself"),
        ("services:\n  app: {extends: {service: gone}}\n", "no service “gone”"),
        ("include: [gone.yaml]\nservices: {}\n", "gone.yaml is included and is not there"),
        ("include: [compose.yaml]\nservices: {}\n", "included by itself"),
        ("services:\n  app: [\n", "not YAML"),
    ],
)
def test_what_cannot_be_followed_is_said_with_file_and_line(tmp_path, text, words):
    with pytest.raises(SourceError, match=words) as refused:
        opened(tmp_path, text)
    assert "compose.yaml" in str(refused.value)


def test_merging_in_layers_has_an_end(tmp_path):
    layers = "".join(f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 9)}]}}\n" for n in range(1, 9))
    with pytest.raises(SourceError, match="merged"):
        opened(tmp_path, f"l0: &l0 {{A: 1}}\n{layers}services: {{app: {{environment: {{<<: *l8}}}}}}\n")


def test_a_site_of_nginx_inside_does_not_make_it_one(tmp_path):
    text = (
        service("environment: {DB_HOST: db}")
        + "configs:\n  site:\n    content: |\n      server {\n        listen 80;\n      }\n"
    )
    assert opened(tmp_path, text, "stack.yml").plan.database.host == "db"


def test_several_files_are_layers_as_with_several_f(tmp_path):
    (tmp_path / "compose.override.yaml").write_text("services: {app: {environment: {DB_USER: nobody}}}\n")
    (tmp_path / "prod").mkdir()
    more = "services: {app: {environment: {DB_HOST: db.internal}, env_file: prod.env, scale: 2}}\n"
    (tmp_path / "prod/more.yaml").write_text(more)
    (tmp_path / "prod.env").write_text("DB_HOST=less\nDB_DATABASE=shop\n")
    (tmp_path / "compose.yaml").write_text(service("environment: {DB_HOST: db, DB_DIALECT: mysql}"))
    plan = open_sources([str(tmp_path / "compose.yaml"), str(tmp_path / "prod/more.yaml")]).plan
    assert (plan.database.host, plan.database.name, plan.database.user) == ("db.internal", "shop", "")
    assert [node.name for node in plan.nodes] == ["app", "app-2"]
    assert plan.place_of("database.host").file.endswith("prod/more.yaml")
    assert plan.disagreements == ()


def test_layers_may_stand_in_the_file_beside(tmp_path):
    body = service("environment: {DB_HOST: db, DB_DIALECT: mysql}")
    more = "services: {app: {environment: {DB_HOST: other}}}\n"
    opened(tmp_path, body, __env="COMPOSE_FILE=compose.yaml:more.yaml\n", more__yaml=more)
    assert open_source(str(tmp_path)).plan.database.host == "other"


def test_what_is_set_in_environment_wins_over_files_of_a_later_layer(tmp_path):
    more = "services: {app: {env_file: more.env}}\n"
    body = service("environment: {DB_HOST: db, DB_DIALECT: mysql}")
    plan = opened(tmp_path, body, compose__override__yaml=more, more__env="DB_HOST=less\nDB_USER=shop\n").plan
    assert (plan.database.host, plan.database.user) == ("db", "shop")


def test_a_layer_takes_the_place_of_what_it_overrides_or_resets(tmp_path):
    more = "services: {app: {environment: !override {DB_DIALECT: mysql}, env_file: !reset [], ports: !reset null}}\n"
    body = service('environment: {DB_HOST: db}\nenv_file: a.env\nports: ["8080:80"]')
    plan = opened(tmp_path, body, compose__override__yaml=more, a__env="DB_USER=shop\n").plan
    assert (plan.database.host, plan.database.user, plan.nodes[0].port) == ("", "", 13000)


def test_a_layer_resets_how_many_there_are_and_what_labels_say(tmp_path):
    more = "services: {app: {deploy: !reset null, labels: !reset null}}\n"
    rule = "traefik.http.routers.a.rule: 'Host(`a.test`)'"
    body = service(f"environment: {{DB_HOST: db}}\ndeploy: {{mode: global, replicas: 3}}\nlabels: {{{rule}}}")
    assert len(opened(tmp_path, body).plan.nodes) == 3
    plan = opened(tmp_path, body, compose__override__yaml=more).plan
    assert (len(plan.nodes), plan.application.public_url, plan.seen(Topic.UNFOLLOWED)) == (1, "", [])


def test_an_included_file_has_its_own_folder_and_its_own_env_file(tmp_path):
    (tmp_path / "base/env").mkdir(parents=True)
    (tmp_path / "base/.env").write_text("HOST=db.base\n")
    (tmp_path / "base/env/app.env").write_text("DB_USER=$HOST\n")
    (tmp_path / "base/compose.yaml").write_text(
        service("environment: {DB_HOST: '${HOST}', DB_DIALECT: mysql}\nenv_file: env/app.env")
    )
    (tmp_path / "compose.yaml").write_text("include: [base/compose.yaml]\n")
    plan = open_source(str(tmp_path / "compose.yaml")).plan
    assert (plan.database.host, plan.database.user) == ("db.base", "db.base")
    (tmp_path / "compose.yaml").write_text("include: [{path: base/compose.yaml, env_file: own.env}]\n")
    (tmp_path / "own.env").write_text("HOST=db.own\n")
    assert open_source(str(tmp_path / "compose.yaml")).plan.database.host == "db.own"


def test_services_of_several_applications_are_no_nodes_of_one_cluster(tmp_path):
    def one(name, **given):
        variables = ", ".join(f"{key}: {value}" for key, value in {"DB_HOST": name, **given}.items())
        return f"  {name}: {{image: nocobase/nocobase, environment: {{{variables}}}}}\n"

    text = "services:\n" + one("hub", APP_MODE="supervisor") + one("a", APP_MODE="worker", ENVIRONMENT_NAME="x")
    plan = opened(tmp_path, text + one("b", APP_MODE="worker", ENVIRONMENT_NAME="y")).plan
    assert ([node.name for node in plan.nodes], plan.disagreements) == (["hub"], ())
    [finding] = [one for one in rules(plan, {}) if one.id == "plan.followed" and one.severity is Severity.UNKNOWN]
    assert finding.facts["names"] == ["a", "b"]
    plain = opened(tmp_path, text.replace("APP_MODE", "OTHER") + one("c", APP_MODE="normal")).plan
    assert len(plain.nodes) == 3


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("crm/portal:1.4.2", ""),
        ("registry.test:5000/acme-nocobase:3.0.1", ""),
        ("registry.test:5000/mirror/nocobase/nocobase:2.2.15-full", "2.2.15"),
        ("acme/nocobase:2.2.15", "2.2.15"),
    ],
)
def test_the_tag_of_an_image_that_is_not_called_nocobase_is_no_version_of_it(tmp_path, image, version):
    plan = opened(tmp_path, service("environment: {APP_KEY: k, DB_DIALECT: mysql}", image)).plan
    assert (plan.application.version, "application.version" in plan.unsaid) == (version, not version)


def test_a_service_without_replicas_is_no_node(tmp_path):
    text = service("environment: {DB_HOST: db}\ndeploy: {replicas: 0}") + service("environment: {DB_HOST: db}").replace(
        "services:\n  app", "  other"
    )
    assert [node.name for node in opened(tmp_path, text).plan.nodes] == ["other"]


REDIS = """
  redis:
    image: {image}
    command: {command}
    environment: {{REDIS_PASSWORD: "{password}"}}
"""
ROLES = 'APP_KEY: "x", CACHE_REDIS_URL: "redis://:right@redis:6379/0"'


@pytest.mark.parametrize(
    ("image", "command", "password", "told"),
    [
        ("redis:7", "redis-server --requirepass other", "", True),
        ("redis:7", '["redis-server", "--requirepass", "other", "--maxmemory-policy", "noeviction"]', "", True),
        ("redis/redis-stack-server:7", "redis-server --requirepass 'other'", "", True),
        ("bitnami/redis:7", '""', "other", True),
        ("redis:7", "redis-server --requirepass right", "", False),
        ("redis:7", '["redis-server", "--requirepass", "a password", "with blanks"]', "", False),
        ("redis:7", "sh -c 'redis-server --requirepass $$REDIS_PASSWORD'", "other", False),
        ("redis:7", "redis-server", "other", False),
        ("redis:7", "redis-server --requirepass", "", False),
        ("bitnami/redis:7", '""', "right", False),
        ("example/other:7", "redis-server --requirepass other", "", False),
    ],
)
def test_a_redis_that_is_started_with_another_password_is_told(tmp_path, image, command, password, told):
    text = service(f"environment: {{{ROLES}}}") + REDIS.format(image=image, command=command, password=password)
    plan = opened(tmp_path, text).plan
    assert [one.server for one in plan.disagreements] == (["redis"] if told else [])
    [finding] = [one for one in rules(plan, {}) if one.id == "plan.sources"]
    assert (finding.severity, finding.error) == (
        (Severity.FAIL, ErrorKind.CREDENTIALS) if told else (Severity.PASS, None)
    )
    assert ("compose.yaml line" in finding.detail) is told
    assert "right" not in finding.summary + finding.detail


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"compose.yaml": f"name: shop\n{TWO}"}, "shop"),
        ({"compose.yaml": f"name: ${{STAGE:-live}}-shop\n{TWO}"}, "live-shop"),
        ({"compose.yaml": f"name: shop\n{TWO}", ".env": "COMPOSE_PROJECT_NAME=other\n"}, "other"),
        ({"compose.yaml": f"name: shop\n{TWO}", "compose.override.yaml": "name: last\n"}, "last"),
        ({"compose.yaml": f"name: {{a: b}}\n{TWO}"}, "folder"),
        ({"compose.yaml": f"include: [more.yaml]\n{TWO}", "more.yaml": "name: included\n"}, "folder"),
    ],
)
def test_a_project_is_called_as_compose_calls_it(tmp_path, files, name):
    (folder := tmp_path / "folder").mkdir()
    for file, text in files.items():
        (folder / file).write_text(text)
    assert open_source(str(folder)).plan.name == name
    assert open_source(str(folder / "compose.yaml")).plan.name == name


def test_the_name_of_a_project_is_a_variable_of_its_files(tmp_path):
    text = f"name: shop\n{TWO.replace('DB_HOST:-db', 'COMPOSE_PROJECT_NAME')}"
    assert opened(tmp_path, text).plan.database.host == "shop"
