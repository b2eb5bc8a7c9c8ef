"""Units of systemd beyond variables: what a container publishes and mounts, and what a command sets by `env`."""

import pytest

from wizard.app.open_source import open_source


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


@pytest.mark.parametrize("value", ["$PORT", "${PORT}", "1300%i"])
def test_what_a_command_sets_and_only_the_machine_knows_is_named(tmp_path, value):
    text = f"[Service]\nEnvironment=APP_PORT=13003 DB_HOST=db\nExecStart=env APP_PORT={value} yarn start\n"
    plan = opened(tmp_path, "crm.service", text).plan
    assert [one.name for one in plan.expressions] == ["APP_PORT"]
