"""Units of systemd beyond variables: what a container publishes and mounts, and what a command sets by `env`."""

import pytest

from wizard.app.open_source import open_source
from wizard.plan.observed import Topic, Unfollowed


def opened(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    return open_source(str(tmp_path / name))


@pytest.mark.parametrize(
    ("lines", "port", "path"),
    [
        ("PublishPort=13001:80\nVolume=/srv/crm:/app/nocobase/storage:Z", 13001, "/srv/crm"),
        ("PublishPort=127.0.0.1:13001:13000/tcp", 13001, ""),
        ("PublishPort=53:53/udp\nVolume=crm:/app/nocobase/storage", 13000, ""),
        ("PublishPort=13001:80\nPublishPort=\nVolume=/srv/other:/data", 13000, ""),
    ],
)
def test_the_unit_of_a_container_says_where_it_is_reached_and_what_it_mounts(tmp_path, lines, port, path):
    text = f"[Container]\nImage=nocobase/nocobase:2.2.15\nEnvironment=DB_HOST=db\n{lines}\n"
    plan = opened(tmp_path, "crm.container", text).plan
    assert (plan.nodes[0].port, plan.storage.path) == (port, path)


@pytest.mark.parametrize(
    ("start", "port"),
    [
        ("/usr/bin/env APP_PORT=13001 DB_USER='a b' yarn start --quickstart", 13001),
        ("env APP_PORT=13002 yarn start", 13002),
        ("yarn start APP_PORT=13001", 13003),
        ("env yarn start APP_PORT=13001", 13003),
        ("env APP_PORT=13001 yarn start\nExecStart=\nExecStart=yarn start", 13003),
    ],
)
def test_what_a_command_sets_by_env_wins(tmp_path, start, port):
    text = f"[Service]\nEnvironment=APP_PORT=13003 DB_HOST=db\nExecStart={start}\n"
    assert opened(tmp_path, "crm.service", text).plan.nodes[0].port == port


@pytest.mark.parametrize(
    ("start", "host", "port"),
    [
        ("/usr/bin/env -i DB_HOST=b DB_DIALECT=mysql yarn start", "b", 13000),
        ("-/usr/bin/env - DB_HOST=b DB_DIALECT=mysql yarn start", "b", 13000),
        ("env --ignore-environment -- DB_HOST=b DB_DIALECT=mysql yarn start", "b", 13000),
        ("env -- DB_HOST=b yarn start", "b", 13003),
        ("env -u APP_PORT DB_HOST=b yarn start", "b", 13000),
        ("env -uAPP_PORT --unset DB_HOST --unset=DB_USER DB_HOST=b yarn start", "b", 13000),
        ("env -u DB_HOST yarn -u APP_PORT", "", 13003),
        ("env DB_HOST=b -u APP_PORT", "b", 13003),
        ("env -u DB_HOST -u", "", 13003),
    ],
)
def test_options_of_env_are_followed(tmp_path, start, host, port):
    text = f"[Service]\nEnvironment=APP_PORT=13003 DB_HOST=db\nEnvironment=DB_DIALECT=mysql\nExecStart={start}\n"
    plan = opened(tmp_path, "crm.service", text).plan
    assert (plan.database.host, plan.nodes[0].port) == (host, port)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ("-S 'DB_HOST=b yarn start'", "env -S"),
        ("'-SDB_HOST=b yarn start'", "env -S"),
        ("'--split-string=DB_HOST=b yarn'", "env --split-string"),
        ("-v DB_HOST=b yarn", "env -v"),
        ("--chdir=/app DB_HOST=b yarn", "env --chdir"),
        ("-C /app DB_HOST=b yarn", "env -C"),
    ],
)
def test_what_stands_behind_other_options_of_env_is_named(tmp_path, options, shown):
    text = f"[Service]\nEnvironment=APP_PORT=13003 DB_HOST=db\nExecStart=env {options}\n"
    plan = opened(tmp_path, "crm.service", text).plan
    assert ([one.name for one in plan.expressions], plan.nodes[0].port) == (["DB_HOST"], 13003)
    lost = plan.seen(Topic.UNFOLLOWED)
    assert [(one.subject, one.value, one.place.line) for one in lost] == [(shown, Unfollowed.FORM, 3)]


def test_what_a_unit_takes_away_a_command_may_set(tmp_path):
    text = "[Service]\nEnvironment=DB_HOST=db\nUnsetEnvironment=DB_HOST\nExecStart=env DB_HOST=b yarn start\n"
    assert opened(tmp_path, "crm.service", text).plan.database.host == "b"


@pytest.mark.parametrize("value", ["$PORT", "${PORT}", "1300%i"])
def test_what_a_command_sets_and_only_the_machine_knows_is_named(tmp_path, value):
    text = f"[Service]\nEnvironment=APP_PORT=13003 DB_HOST=db\nExecStart=env APP_PORT={value} yarn start\n"
    plan = opened(tmp_path, "crm.service", text).plan
    assert [one.name for one in plan.expressions] == ["APP_PORT"]
