"""What specifications say of forms that are rare: each is read as its program reads it, or named."""

import pytest

from wizard.app.open_source import open_source
from wizard.formats.units.systemd import words
from wizard.plan.observed import Topic

LAYERED = """\
services:
  app:
    image: nocobase/nocobase:2.2.15
    command: [yarn, start]
    environment: {DB_HOST: db, DB_USER: crm, TZ: UTC}
  worker:
    extends: app
    image: nocobase/nocobase:2.2.15
    command: !reset null
    environment: {DB_USER: !reset null, TZ: !override Europe/Sofia}
"""


def test_a_variable_that_an_override_resets_is_none(tmp_path):
    (tmp_path / "compose.yaml").write_text(LAYERED)
    plan = open_source(str(tmp_path)).plan
    assert (plan.database.user, plan.place_of("database.user").line) == ("crm", 5)
    found = [(item.key, item.other.line, item.node, item.lacks) for item in plan.disagreements]
    assert found == [("application.time_zone", 10, "worker", False), ("database.user", 6, "worker", True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r'"A=a\x20b"', ["A=a b"]),
        (r"A=\101\x42\u0043\U00000044", ["A=ABCD"]),
        (r"A=\a\b\f\v", ["A=\a\b\f\v"]),
        (r"A=\u20ac", ["A=€"]),
        (r"A=\x00", [r"A=\x00"]),
        (r"A=\000", [r"A=\000"]),
        (r"A=\ud800", [r"A=\ud800"]),
        (r"A=\xzz\u12\U0000004\400\q", [r"A=\xzz\u12\U0000004\400\q"]),
        ("A=\\", ["A=\\"]),
    ],
)
def test_a_unit_writes_signs_by_their_numbers(text, found):
    assert words(text) == found


def test_an_app_of_pm2_whose_variables_are_made_by_a_program_is_named(tmp_path):
    (tmp_path / "ecosystem.config.js").write_text(
        "module.exports = { apps: [\n"
        "{ name: 'a', script: 'yarn', env: { APP_KEY: 'k', DB_DIALECT: 'postgres' } },\n"
        "{ name: 'b', script: '/usr/bin/yarn', env: Object.assign({}, common) },\n"
        "{ name: 'other', script: 'server.js', env: Object.assign({}, common) },\n"
        "] }\n"
    )
    plan = open_source(str(tmp_path / "ecosystem.config.js")).plan
    assert [node.name for node in plan.nodes] == ["a"]
    assert [item.place.line for item in plan.seen(Topic.UNFOLLOWED)] == [3]


def test_keys_of_other_charts_that_may_give_variables_are_named(tmp_path):
    (tmp_path / "values.yaml").write_text(
        "replicaCount: 2\nimage: {repository: nocobase/nocobase}\n"
        "env: [{name: DB_DIALECT, value: postgres}]\nextraEnvFrom: []\nextraEnv:\n"
        "configMap: {data: {DB_HOST: db}}\npodSecurityContext: {}\n"
    )
    plan = open_source(str(tmp_path / "values.yaml")).plan
    assert [item.subject for item in plan.seen(Topic.UNFOLLOWED)] == ["env", "extraEnvFrom"]
    assert "database.dialect" in plan.unsaid
    assert not plan.unreadable


QUADLET = """\
[Service]
Environment=DB_HOST=of-podman TZ=UTC
ExecStart=/usr/bin/true
[Container]
Image=docker.io/nocobase/nocobase:2.2.15
Environment=DB_DIALECT=postgres
Secret=dbpw,type=env,target=DB_PASSWORD
Secret=APP_KEY,type=env
Secret=file,target=/run/x
EnvironmentHost=true
PodmanArgs=--cpus 2
PodmanArgs=--env-file=/etc/x.env --env-file=/etc/y.env
[Service]
Environment=DB_USER=of-podman
"""


def test_what_podman_itself_is_given_is_not_what_its_container_is_given(tmp_path):
    (tmp_path / "crm.container").write_text(QUADLET)
    plan = open_source(str(tmp_path / "crm.container")).plan
    assert (plan.database.dialect, plan.place_of("database.host"), plan.place_of("database.user")) == (
        "postgres",
        None,
        None,
    )
    assert {item.name: item.place.line for item in plan.expressions} == {"DB_PASSWORD": 7, "APP_KEY": 8}
    assert {(item.subject, item.place.line) for item in plan.seen(Topic.UNFOLLOWED)} == {
        ("EnvironmentHost", 10),
        ("PodmanArgs=--env-file", 12),
    }
    assert not plan.seen(Topic.START)


def test_an_empty_line_of_a_container_takes_back_those_before(tmp_path):
    text = QUADLET + "[Container]\nSecret=\nSecret=SMTP,type=env\nEnvironmentHost=false\nPodmanArgs=\n"
    (tmp_path / "crm.container").write_text(text)
    plan = open_source(str(tmp_path / "crm.container")).plan
    assert [item.name for item in plan.expressions] == ["SMTP"]
    (tmp_path / "crm.container").write_text(f"{text}PublishPort=[fd00::9]:13001:80\n")
    assert [item.subject for item in open_source(str(tmp_path / "crm.container")).plan.seen(Topic.UNFOLLOWED)] == [
        "[fd00::9]:13001:80"
    ]
    assert not plan.seen(Topic.UNFOLLOWED)


def test_what_cannot_be_read_of_a_further_node_is_told_of_that_node(tmp_path):
    (tmp_path / "a.env").write_text("DB_DIALECT=postgres\nAPP_PORT=13001\n")
    (tmp_path / "b.env").write_text("DB_DIALECT=postgres\nAPP_PORT=abc\n")
    plan = open_source(str(tmp_path)).plan
    assert [(item.key, item.value) for item in plan.unreadable] == [("nodes.1.port", "abc")]
    assert plan.place_of("nodes.1.port").line == 2
