"""The words of a command that leads into a node, and the keys of scripts that were printed."""

import json
import os

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.inside import from_inside, printed_script
from wizard.checks.inside.asked import endpoints, names_there, node_names, ports
from wizard.checks.inside.fingerprints import expected, fingerprint, id_of, new_key
from wizard.net.transport import words_of
from wizard.plan.secret import Secret
from wizard.plan.sections import Deployment, Dialect, QueueKind, Tls, Transport
from wizard.plan.sections.reach import PRESETS
from wizard.storage.probe_keys import MOST, ProbeKeys


@pytest.mark.parametrize(
    ("template", "name", "words"),
    [
        ("ssh -- {target} node -", "10.0.0.1", ["ssh", "--", "10.0.0.1", "node", "-"]),
        ("a 'b c' {target}; $(x)", "n 1", ["a", "b c", "n 1;", "$(x)"]),
    ],
)
def test_no_shell_reads_a_command(template, name, words):
    assert words_of(template, name) == words


@pytest.mark.parametrize(
    ("template", "name"), [("", "n"), ("  ", "n"), ("ssh {target}", "-oProxyCommand=x"), ("a 'b", "n")]
)
def test_what_is_no_command_is_refused(template, name):
    with pytest.raises(ValueError, match=r"."):
        words_of(template, name)


def test_every_way_in_has_its_command():
    for transport in set(Transport) - {Transport.NONE, Transport.COMMAND}:
        assert good_plan().with_value("reach.transport", transport).reach.template == PRESETS[transport]
    own = good_plan().with_value("reach.command", "mine").with_value("reach.transport", Transport.COMMAND)
    assert (own.reach.template, good_plan().reach.template) == ("mine", "")


def test_what_stands_for_a_node_is_its_own_name_there_its_host_or_its_name():
    plan = good_plan().with_value("nodes.1.reach", "deploy@second").with_value("nodes.2.name", "")
    assert names_there(plan) == {"node1": "node1", "node2": "deploy@second", "node3": "node3"}
    by_ssh = names_there(plan.with_value("reach.transport", Transport.SSH))
    assert by_ssh == {"node1": "10.0.0.1", "node2": "deploy@second", "node3": "10.0.0.3"}
    assert node_names(plan) == ("node1", "node2", "node3")


def test_a_port_tells_processes_apart_where_no_container_has_its_own():
    plan = good_plan().with_value("application.deployment", Deployment.DOCKER)
    assert ports(plan) == {}
    assert ports(plan.with_value("reach.transport", Transport.LOCAL))["node1"] == 13000
    assert ports(plan.with_value("application.deployment", Deployment.BARE))["node3"] == 13000


def _endpoints(**values):
    plan = good_plan()
    for key, value in values.items():
        plan = plan.with_value(key.replace("__", "."), value)
    return {one["name"]: (one["host"], one["port"], one["protocol"], one["tls"]) for one in endpoints(plan)}


def test_each_address_of_the_plan_is_tried_once():
    assert _endpoints() == {
        "database": ("db.internal", 5432, "postgres", False),
        "redis cache": ("redis.internal", 6379, "redis", False),
        "licence": ("pkg.nocobase.com", 443, "http", True),
    }
    more = _endpoints(queue__kind=QueueKind.RABBITMQ, queue__host="mq.internal", queue__tls=True)
    assert more["rabbitmq"] == ("mq.internal", 5671, "amqp", True)
    assert "licence" not in _endpoints(licence__skip_download=True)
    assert "licence" not in _endpoints(licence__without_plugins=True)
    assert _endpoints(licence__service_url="http://pkg.internal:8080/")["licence"] == (
        "pkg.internal",
        8080,
        "http",
        False,
    )


@pytest.mark.parametrize(
    ("dialect", "tls"), [(Dialect.POSTGRES, True), (Dialect.MYSQL, False), (Dialect.MARIADB, False)]
)
def test_the_tls_of_postgresql_alone_is_tried(dialect, tls):
    assert _endpoints(database__dialect=dialect, database__tls=Tls.VERIFY)["database"][3] is tls


def test_a_fingerprint_depends_on_key_name_and_value():
    key = Secret("00" * 32)
    assert fingerprint(key, "A", "b") != fingerprint(key, "Ab", "")
    assert len({fingerprint(k, n, v) for k in (key, Secret("11" * 32)) for n in "AB" for v in ("", "x")}) == 8
    assert len(fingerprint(key, "A", "b")) == 24


def test_what_is_expected_of_a_node_has_every_variable_with_a_value_at_hand():
    key = new_key()
    found = expected(good_plan(), SECRETS, key)["node1"]
    assert found["DB_PASSWORD"] == fingerprint(key, "DB_PASSWORD", "Db-Pw_12345")
    assert found["AES"] == fingerprint(key, "AES", "0a" * 32)
    assert "DB_PASSWORD" not in expected(good_plan(), {}, key)["node1"]
    assert expected(good_plan().with_value("nodes.0.name", "node2"), SECRETS, key) == {}


def test_a_printed_script_has_a_key_that_is_kept_for_its_owner_alone(tmp_path):
    keys = ProbeKeys(tmp_path / "keys")
    first = printed_script(good_plan(), keys).splitlines()[0]
    asked = json.loads(first.removeprefix("globalThis.NOCOBASE_CLUSTER_WIZARD = ").removesuffix(";"))
    assert keys.find(asked["key_id"]) == Secret(asked["key"])
    assert id_of(Secret(asked["key"])) == asked["key_id"]
    assert asked["ports"] == ports(good_plan())
    [file] = (tmp_path / "keys").iterdir()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_oldest_keys_are_forgotten_and_no_other_file_is_a_key(tmp_path):
    keys = ProbeKeys(tmp_path)
    for number in range(MOST + 1):
        keys.keep(f"{number:012x}", Secret(f"{number:064x}"))
        os.utime(tmp_path / f"{number:012x}", (number, number))
    keys.keep("f" * 12, Secret("f" * 64))
    assert (keys.find("0" * 12), keys.find("f" * 12)) == (None, Secret("f" * 64))
    (tmp_path / ("e" * 12)).write_text("no key")
    assert [keys.find(name) for name in ("e" * 12, "../secret", "", "d" * 12)] == [None] * 4


def test_the_id_of_a_key_is_no_path(tmp_path):
    (tmp_path / "secret").write_text("0" * 64)
    (tmp_path / "keys").mkdir()
    assert ProbeKeys(tmp_path / "keys").find("../secret") is None


def test_nothing_is_brought_from_inside_unless_it_is_asked_for():
    assert from_inside([], nodes=False) is None
