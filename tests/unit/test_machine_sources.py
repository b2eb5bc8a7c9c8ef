"""Nodes without Compose and Kubernetes as sources: running containers, units of systemd, PM2, values of the chart."""

import json

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.formats.compose import inspected
from wizard.formats.files import SourceError
from wizard.plan.finding import Severity
from wizard.plan.observed import Topic
from wizard.plan.secret import Secret
from wizard.plan.sections import Deployment

KEY = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"


def opened(tmp_path, name, text, **beside):
    for file, content in beside.items():
        (tmp_path / file.replace("__", ".")).write_text(content)
    (tmp_path / name).write_text(text)
    return open_source(str(tmp_path / name))


def unfollowed(plan):
    return [item.subject for item in plan.seen(Topic.UNFOLLOWED)]


def failed(found):
    return {one.id for one in rules(found.plan, found.secrets) if one.severity is Severity.FAIL}


def container(name, *env, image="nocobase/nocobase:2.2.15-full", port="13000", **more):
    return {
        "Id": "0123",
        "Name": f"/{name}",
        "Config": {
            "Image": image,
            "Env": ["PATH=/bin", "NODE_VERSION=20", *env],
            "Labels": {"com.docker.compose.project": "crm"},
        },
        "HostConfig": {"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": port}]}},
        "Mounts": [{"Type": "bind", "Source": "/srv/crm", "Destination": "/app/nocobase/storage"}],
        **more,
    }


def test_running_containers_are_nodes_with_what_they_are_really_given(tmp_path):
    env = (f"APP_KEY={KEY}", "DB_DIALECT=postgres", "DB_PASSWORD=a=b=c", "MINE=1")
    text = json.dumps([container("a", *env), container("b", *env, port="13001"), container("db", image="postgres:16")])
    found = opened(tmp_path, "inspect.json", text)
    plan = found.plan
    assert [(node.name, node.port) for node in plan.nodes] == [("a", 13000), ("b", 13001)]
    assert (plan.name, plan.application.version, plan.storage.path) == ("crm", "2.2.15", "/srv/crm")
    assert found.secrets["database.password"] == Secret("a=b=c")
    assert [extra.name for extra in plan.extras] == ["MINE"]
    assert plan.application.deployment is Deployment.DOCKER


@pytest.mark.parametrize(
    ("given", "address"),
    [("db:10.0.0.9", "10.0.0.9"), ("db=10.0.0.9", "10.0.0.9"), ("db:[fd00::9]", "fd00::9"), ("db:fd00::9", "fd00::9")],
)
def test_a_container_knows_a_host_by_the_address_it_was_given(given, address):
    project, _ = inspected.read(json.dumps([container("a", HostConfig={"ExtraHosts": [given]})]), "a.json")
    assert [(name, host) for one in project.services.values() for name, (host, _) in one.hosts.items()] == [
        ("db", address)
    ]


@pytest.mark.parametrize(
    ("running", "nodes"),
    [((True, True), ["a", "b"]), ((True, False), ["a"]), ((False, False), ["a", "b"]), ((None, True), ["a", "b"])],
)
def test_a_container_that_has_stopped_is_no_node_beside_one_that_runs(tmp_path, running, nodes):
    containers = [
        {"Id": name, "Name": f"/{name}", "Config": {"Image": "nocobase/nocobase:2.2.15", "Env": ["DB_HOST=db"]}}
        | ({} if state is None else {"State": {"Running": state}})
        for name, state in zip("ab", running, strict=True)
    ]
    plan = opened(tmp_path, "all.json", json.dumps(containers)).plan
    assert [node.name for node in plan.nodes] == nodes


def test_one_container_alone_and_indented_otherwise_is_read_alike(tmp_path):
    one = container("a", "DB_DIALECT=postgres", "DB_HOST=db", HostConfig={})
    one["NetworkSettings"] = {"Ports": {"13000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "13005"}], "80/tcp": None}}
    plan = opened(tmp_path, "a.json", json.dumps(one, indent=4)).plan
    assert (plan.nodes[0].host, plan.nodes[0].port, plan.database.host) == ("127.0.0.1", 13005, "db")
    line = (tmp_path / "a.json").read_text().splitlines()[plan.place_of("database.host").line - 1]
    assert "DB_HOST=db" in line


def test_containers_that_are_something_else_are_said_so(tmp_path):
    with pytest.raises(SourceError, match="no container in it is NocoBase"):
        opened(tmp_path, "inspect.json", json.dumps([container("db", image="postgres:16")]))


UNIT = r"""
[Unit]
Description=CRM
[Service]
WorkingDirectory=/nowhere/my-app
Environment=HOME=/srv/crm NODE_ENV=production
Environment="APP_PORT=13001" 'TZ=Europe/Sofia' "DB_PASSWORD=two words" DB_DIALECT=postgres
# a comment
Environment=DB_HOST=first \
  DB_USER=shop
EnvironmentFile=-/nowhere/crm.env
ExecStart=/usr/local/bin/yarn start
"""


def test_a_unit_is_one_node_with_its_variables(tmp_path):
    found = opened(tmp_path, "crm.service", UNIT, crm__env='DB_HOST=db\n; note\nAPP_KEY="a b"\n')
    plan = found.plan
    assert [(node.name, node.port) for node in plan.nodes] == [("crm", 13001)]
    assert (plan.application.deployment, plan.application.time_zone) == (Deployment.BARE, "Europe/Sofia")
    assert (plan.database.host, plan.database.user) == ("db", "shop")
    assert found.secrets["database.password"] == Secret("two words")
    assert found.secrets["application.app_key"] == Secret("a b")
    assert (plan.place_of("database.user").line, plan.place_of("database.host").line) == (9, 1)
    assert unfollowed(plan) == ["/nowhere/my-app/.env"]
    assert "HOME" not in {extra.name for extra in plan.extras}


def test_what_a_file_that_is_not_there_may_say_is_not_missing(tmp_path):
    found = opened(tmp_path, "crm.service", UNIT.replace("DB_DIALECT=postgres", ""))
    assert unfollowed(found.plan) == ["/nowhere/my-app/.env", "/nowhere/crm.env"]
    assert failed(found) & {"plan.app_key", "plan.required", "plan.value", "plan.redis_address"} == set()


def test_drop_ins_come_after_the_unit_and_may_take_back(tmp_path):
    (tmp_path / "crm.service.d").mkdir()
    (tmp_path / "crm.service.d/20-more.conf").write_text("[Service]\nEnvironment=DB_USER=other\nUnsetEnvironment=TZ\n")
    (tmp_path / "crm.service.d/10-less.conf").write_text(
        "[Service]\nEnvironment=\nEnvironmentFile=\nEnvironment=DB_DIALECT=mysql 'DB_HOST=%H' TZ=UTC\n"
        "PassEnvironment=DB_NAME\n"
    )
    plan = opened(tmp_path, "crm.service", UNIT).plan
    assert (plan.database.user, plan.database.dialect.value, plan.nodes[0].port) == ("other", "mysql", 13000)
    assert {item.name: item.named for item in plan.expressions} == {"DB_HOST": ("%H",), "DB_NAME": ("DB_NAME",)}
    assert plan.place_of("database.user").file.endswith("crm.service.d/20-more.conf")


def test_a_unit_of_a_template_knows_its_instance(tmp_path):
    plan = opened(
        tmp_path, "crm@2.service", "[Service]\nEnvironment=DB_DIALECT=mysql APP_PORT=1300%i 'DB_USER=100%%'\n"
    ).plan
    assert (plan.nodes[0].name, plan.nodes[0].port, plan.database.user) == ("crm-2", 13002, "100%")


def test_files_that_a_wildcard_means_and_the_drop_ins_of_a_template_are_read(tmp_path):
    (tmp_path / "env.d").mkdir()
    (tmp_path / "env.d/1.env").write_text("DB_HOST=one\nDB_USER=shop\n")
    (tmp_path / "env.d/2.env").write_text("DB_HOST=two\nexport DB_DATABASE=shop\n")
    (tmp_path / "env.d/2.txt").write_text("DB_HOST=no\n")
    (tmp_path / "env.d/.env").write_text("DB_USER=hidden\n")
    (tmp_path / "env.d/.old.env").write_text("DB_PORT=1\n")
    (tmp_path / "crm@.service.d").mkdir()
    (tmp_path / "crm@.service.d/9.conf").write_text("[Service]\nEnvironment=TZ=UTC\n")
    found = opened(
        tmp_path, "crm@a.service", "[Service]\nEnvironmentFile=/etc/crm/env.d/*.env\nWorkingDirectory=%h/crm\n"
    )
    plan = found.plan
    assert (plan.database.host, plan.database.user, plan.application.time_zone) == ("two", "shop", "UTC")
    assert "database.port" not in plan.places
    assert unfollowed(plan) == ["%h/crm/.env"]
    told = [one for one in plan.unreadable if "export" in one.problem]
    assert [(one.key, one.where) for one in told] == [("2.env 2", "line 2")]
    assert plan.places["2.env 2"].file == str(tmp_path / "env.d/2.env")


def test_a_wildcard_with_a_dot_means_files_that_begin_with_one(tmp_path):
    (tmp_path / "env.d").mkdir()
    (tmp_path / "env.d/.a.env").write_text("DB_HOST=one\n")
    plan = opened(tmp_path, "crm.service", "[Service]\nEnvironmentFile=/etc/crm/env.d/.*.env\n").plan
    assert plan.database.host == "one"


def test_a_wildcard_that_means_no_file_is_named(tmp_path):
    plan = opened(tmp_path, "crm.service", "[Service]\nEnvironment=DB_HOST=db\nEnvironmentFile=-/etc/crm/*.env\n").plan
    assert unfollowed(plan) == ["/etc/crm/*.env"]


def test_a_container_of_podman_is_a_unit_with_an_image(tmp_path):
    text = "[Container]\nImage=docker.io/nocobase/nocobase:2.2.15\nEnvironment=DB_DIALECT=mysql\n"
    plan = opened(tmp_path, "crm.container", text).plan
    assert (plan.application.version, plan.application.deployment) == ("2.2.15", Deployment.DOCKER)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("crm.timer", "[Timer]\nOnCalendar=daily\n", "starts no service"),
        ("crm.service", "[Service]\nExecStart=/bin/true\n", "no variable"),
        ("crm.service", "[Service]\nEnvironmentFile=/nowhere/a.env\n", "beside it: /nowhere/a.env"),
    ],
)
def test_a_unit_without_variables_is_said_so(tmp_path, name, text, words):
    with pytest.raises(SourceError, match=words):
        opened(tmp_path, name, text)


PM2 = """\
// ours
const common = require('./common');
module.exports = {
  apps: [
    { name: 'crm-1', script: "yarn", args: 'start', instances: 2, watch: false,
      env: {
        APP_KEY: 'KEY', "DB_DIALECT": "postgres", DB_HOST: `db`, // the shared one
        DB_PASSWORD: process.env.DB_PASSWORD || 'x', APP_PORT: 13001, DB_USER: 'it\\'s', ...common,
      }, },
    { name: 'worker', script: 'other.js', env: { A: 1 } },
  ],
  deploy: { production: { user: 'x' } },
}
""".replace("KEY'", f"{KEY}'")


def test_an_ecosystem_file_is_read_as_the_literal_it_is(tmp_path):
    found = opened(tmp_path, "ecosystem.config.js", PM2)
    plan = found.plan
    assert [(node.name, node.port, node.processes) for node in plan.nodes] == [("crm-1", 13001, 2)]
    assert (plan.database.host, plan.database.user, plan.application.deployment) == ("db", "it's", Deployment.BARE)
    assert found.secrets["application.app_key"] == Secret(KEY)
    assert plan.place_of("database.host").line == 7
    assert [(item.name, item.place.line) for item in plan.expressions] == [("DB_PASSWORD", 8)]
    assert unfollowed(plan) == ["...common"]


def test_an_ecosystem_file_of_json_with_several_apps_and_the_file_that_nocobase_reads(tmp_path):
    apps = [
        {"name": f"n{number}", "env": {"APP_PORT": 13000 + number, "APP_KEY": KEY, "DB_DIALECT": "mysql"}}
        for number in (1, 2)
    ]
    found = opened(tmp_path, "pm2.json", json.dumps({"apps": apps}), __env="DB_HOST=db\nAPP_KEY=less\n")
    assert [(node.name, node.port) for node in found.plan.nodes] == [("n1", 13001), ("n2", 13002)]
    assert found.plan.database.host == "db"
    assert found.secrets["application.app_key"] == Secret(KEY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("module.exports = make();\n", "no program is run"),
        ("const apps = make();\nmodule.exports = { apps };\n", "line 2: its apps are made by a program"),
        ("module.exports = { apps: [\n...more] }\n", "line 2: its apps are made by a program"),
        ("export default defineApps({})\n", "no program is run"),
        ("module.exports = { apps: [{ name: 'x' }] }\n", "no app in it is NocoBase"),
        ("module.exports = { apps: [{\n", "line 1: what is opened"),
        ("module.exports = {\n apps: [" + "[" * 40, "nested too deep"),
        ("module.exports = { apps: [" + "1," * 6000 + "] }", "too many values"),
        ("module.exports = { apps: f(", "not closed"),
    ],
)
def test_what_is_no_literal_is_said_with_its_line(tmp_path, text, words):
    with pytest.raises(SourceError, match=words):
        opened(tmp_path, "ecosystem.config.js", text)


ONE_APP = f"APP_KEY: '{KEY}', DB_DIALECT: 'postgres', DB_PORT: 5_433"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("x.js", f"const config = {{ apps: [{{ name: 'crm', env: {{ {ONE_APP} }} }}] }};\nmodule.exports = config\n"),
        ("ecosystem.config.mjs", f"export default {{ apps: [{{ name: 'crm', env: {{ {ONE_APP} }} }}] }}\n"),
        ("prod.yml", f"apps:\n  - script: yarn\n    name: crm\n    env: {{ {ONE_APP.replace('5_', '5')} }}\n"),
        ("pm2.yaml", f"apps: # all\n- name: crm\n  env: {{ {ONE_APP.replace('5_', '5')} }}\n"),
    ],
    ids=["constant", "module", "YAML", "YAML by its name"],
)
def test_an_ecosystem_file_has_more_forms_than_one(tmp_path, file, text):
    plan = opened(tmp_path, file, text).plan
    assert [node.name for node in plan.nodes] == ["crm"]
    assert (plan.database.port, plan.place_of("database.port").line) == (
        5433,
        text[: text.index("DB_PORT")].count("\n") + 1,
    )


@pytest.mark.parametrize(
    ("instances", "processes", "named"),
    [("4", 4, []), ("'max'", 1, ["instances: max"]), ("0", 1, ["instances: 0"]), ("-1", 1, ["instances: -1"])],
)
def test_how_many_processes_a_machine_has_room_for_is_not_guessed(tmp_path, instances, processes, named):
    text = f"module.exports = {{ apps: [{{ name: 'crm', instances: {instances}, env: {{ {ONE_APP} }} }}] }}\n"
    plan = opened(tmp_path, "ecosystem.config.js", text).plan
    assert (plan.nodes[0].processes, unfollowed(plan)) == (processes, named)
    assert ("nodes.0.processes" in plan.unsaid) is bool(named)


VALUES = """\
replicaCount: 2
image:
  repository: nocobase/nocobase
  tag: 2.2.15
configMap:
  data:
    DB_DIALECT: postgres
    DB_HOST: db
    DB_PASSWORD: Vt8kQ2mW
ingress:
  enabled: true
  hosts: [{host: crm.example.com}]
  tls: [{secretName: x}]
livenessProbe: {initialDelaySeconds: 60}
"""


def test_values_of_the_chart_are_read_as_what_it_makes_of_them(tmp_path):
    found = opened(tmp_path, "values.yaml", VALUES)
    plan = found.plan
    assert [node.name for node in plan.nodes] == ["nocobase-0", "nocobase-1"]
    assert (plan.database.host, plan.application.version) == ("db", "2.2.15")
    assert plan.application.public_url == "https://crm.example.com"
    assert {"plan.rolling_update", "plan.startup_probe"} <= failed(found)
    assert [one.severity for one in rules(plan, {}) if one.id == "plan.secret_objects"] == [Severity.WARN]


def test_values_without_an_ingress_and_a_probe_say_less(tmp_path):
    text = (
        VALUES.partition("ingress:")[0]
        .replace("tag: 2.2.15", "pullPolicy: Always")
        .replace("replicaCount: 2", "nameOverride: crm")
    )
    plan = opened(tmp_path, "values.prod.yaml", text).plan
    assert ([node.name for node in plan.nodes], plan.application.public_url) == (["crm-0"], "")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/usr/local/bin/yarn start --quickstart", {Severity.PASS}),
        ("/usr/bin/yarn run start", {Severity.WARN}),
        ("/usr/bin/npm start", {Severity.WARN}),
        ("/opt/start.sh", set()),
        ("/usr/bin/node restart.js start", set()),
    ],
)
def test_a_node_is_started_so_that_it_installs_itself(tmp_path, command, expected):
    found = opened(tmp_path, "crm.service", f"[Service]\nEnvironment=DB_DIALECT=mysql\nExecStart={command}\n")
    assert {one.severity for one in rules(found.plan, {}) if one.id == "plan.start_command"} == expected


def test_a_start_without_quickstart_is_told(tmp_path):
    found = opened(tmp_path, "crm.service", UNIT)
    [finding] = [one for one in rules(found.plan, {}) if one.id == "plan.start_command"]
    assert (finding.severity, finding.subject) == (Severity.WARN, "crm")
    assert "crm.service line" in finding.detail


def test_pm2s_arguments_may_be_a_list(tmp_path):
    text = PM2.replace("args: 'start'", "args: ['start', '--quickstart']")
    found = opened(tmp_path, "ecosystem.config.js", text)
    assert [one.severity for one in rules(found.plan, {}) if one.id == "plan.start_command"] == [Severity.PASS]


def test_pm2s_sets_are_read_where_they_agree_and_named_where_they_differ(tmp_path):
    app = {
        "name": "nocobase",
        "env": {"APP_KEY": "one", "DB_DIALECT": "postgres", "DB_HOST": "db"},
        "env_production": {"DB_HOST": "prod", "DB_DATABASE": "shop", "DB_DIALECT": "postgres"},
    }
    plan = opened(tmp_path, "pm2.json", json.dumps({"apps": [app]})).plan
    assert plan.database.name == "shop"
    assert [(item.name, item.named) for item in plan.expressions] == [("DB_HOST", ("env, env_production",))]
    assert not plan.seen(Topic.UNFOLLOWED)


ECOSYSTEM = (
    "module.exports = { apps: [{ name: 'crm', script: 'yarn', args: 'start', env: { DB_DIALECT: 'postgres' } }] }\n"
)


@pytest.mark.parametrize("name", ["x.env", ".env", ".env.prod"])
@pytest.mark.parametrize("text", [UNIT, ECOSYSTEM], ids=["unit", "PM2"])
def test_what_a_file_holds_counts_more_than_the_name_of_an_env_file(tmp_path, name, text):
    plan = opened(tmp_path, name, text).plan
    assert plan.application.deployment is Deployment.BARE
    assert [extra.name for extra in plan.extras] == []


def test_a_folder_of_env_files_takes_no_unit_for_a_node(tmp_path):
    (tmp_path / "one.env").write_text("DB_HOST=db\n")
    (tmp_path / "two.env").write_text(UNIT)
    with pytest.raises(SourceError, match=r"two\.env is for systemd"):
        open_source(str(tmp_path))
