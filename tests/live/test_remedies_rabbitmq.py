"""Remedies for RabbitMQ that are commands: each is pasted beside a real broker with the fault, and cures it."""

import shlex

import pytest

from tests.live.test_rabbitmq import PASSED, LimitedRabbitMq, StrictRabbitMq, as_user, failed, found, outcome
from tests.patience import wait_until
from tests.remedies import lines_of
from tests.servers.again import append, start_again
from tests.servers.fixtures import running
from tests.servers.rabbitmq import ForeignRabbitMq
from wizard.demo.rabbitmq import Permission
from wizard.plan.finding import ErrorKind, Severity

pytestmark = [pytest.mark.live, pytest.mark.slow]
RIGHTS = {"nowrite": {"write": "^$"}, "narrow": {"configure": "^ncw-check-[0-9a-f]{8}$"}}


@pytest.fixture(scope="module")
def broker():
    """A broker with users that lack one right each; the password of each is its name."""
    permissions = [Permission(name, "nocobase", **lacking) for name, lacking in RIGHTS.items()]
    users = {name: name for name in (*RIGHTS, "limited")}
    with running(
        lambda: LimitedRabbitMq("trixie", users=users, vhosts=["forbidden"], permissions=permissions)
    ) as server:
        yield server


def test_a_virtual_host_that_is_closed_is_open_after_the_command(broker):
    values = {"queue.virtual_host": "forbidden"}
    finding = found(broker, values)["rabbitmq.virtual_host"]
    assert outcome(finding) == failed(ErrorKind.PERMISSION)
    broker.paste(finding.remedy)
    assert outcome(found(broker, values)["rabbitmq.virtual_host"]) == PASSED


def test_a_virtual_host_that_is_missing_is_made(broker):
    values = {"queue.virtual_host": "made/anew"}
    finding = found(broker, values)["rabbitmq.virtual_host"]
    assert outcome(finding) == failed(ErrorKind.MISSING)
    broker.paste(finding.remedy)
    assert outcome(found(broker, values)["rabbitmq.use"]) == PASSED


@pytest.mark.parametrize(
    ("user", "check"),
    [("nowrite", "permissions"), ("nowrite", "use"), ("narrow", "queue_kinds")],
)
def test_a_right_that_is_granted_as_told_is_there(broker, user, check):
    rights = {"configure": ".*", "write": ".*", "read": ".*"} | RIGHTS[user]
    broker.paste(shlex.join(["rabbitmqctl", "set_permissions", "-p", "nocobase", user, *rights.values()]))
    finding = found(broker, as_user(user), password=user)[f"rabbitmq.{check}"]
    assert finding.error is ErrorKind.PERMISSION
    broker.paste(finding.remedy)
    assert outcome(found(broker, as_user(user), password=user)[f"rabbitmq.{check}"]) == PASSED


def test_an_account_that_is_missing_is_made_with_the_password_that_is_typed(broker):
    values = as_user("new")
    finding = found(broker, values, password="typed")["rabbitmq.connect"]
    assert outcome(finding) == failed(ErrorKind.CREDENTIALS)
    _compare, test, _words, *make = finding.remedy.splitlines()
    with pytest.raises(AssertionError, match="failed to authenticate"):
        broker.paste(test, "typed\n")
    for line in make:
        broker.paste(line, "typed\n")
    broker.paste(test, "typed\n")
    assert outcome(found(broker, values, password="typed")["rabbitmq.use"]) == PASSED


def test_an_account_with_a_limit_gets_in_when_it_is_taken_away(broker):
    finding = found(broker, as_user("limited"), password="limited")["rabbitmq.connect"]
    assert outcome(finding) == failed(ErrorKind.REFUSED)
    assert "max-connections" in broker.paste(finding.remedy)
    assert outcome(found(broker, as_user("limited"), password="limited")["rabbitmq.connect"]) == PASSED


def test_what_a_refused_connection_asks_for_shows_the_port(broker, closed_port):
    finding = found(broker, {"queue.port": closed_port.port})["rabbitmq.connect"]
    assert str(broker.port) in broker.paste(finding.remedy)


def test_a_policy_that_limits_the_queues_is_shown(launch):
    policy = {"vhost": "nocobase", "name": "short", "pattern": ".*", "apply-to": "queues", "priority": 0}
    policies = [policy | {"definition": {"max-length-bytes": 100_000, "overflow": "reject-publish"}}]
    server = launch(lambda: ForeignRabbitMq("trixie", policies=policies))
    finding = found(server)["rabbitmq.message_size"]
    assert finding.severity is Severity.WARN
    assert "max-length-bytes" in server.paste(finding.remedy)


@pytest.mark.parametrize(
    ("line", "alarm"),
    [("disk_free_limit.absolute = 900TB", "disk"), ("vm_memory_high_watermark.absolute = 1MB", "memory")],
)
def test_an_alarm_ends_with_the_command(launch, line, alarm):
    server = launch(lambda: ForeignRabbitMq("trixie", lines=[line]))
    assert wait_until(lambda: f"{alarm} resource limit alarm set" in server.process.log_tail(), within=20)
    finding = found(server)["rabbitmq.alarm"]
    assert finding.severity is Severity.FAIL
    assert alarm in server.paste(finding.remedy).lower()
    assert wait_until(lambda: f"{alarm} resource limit alarm cleared" in server.process.log_tail(), within=30)
    assert outcome(found(server)["rabbitmq.alarm"]) == PASSED


def test_a_limit_of_messages_is_raised_with_the_next_start(launch):
    server = launch(lambda: ForeignRabbitMq("trixie", lines=["max_message_size = 1000"]))
    finding = found(server)["rabbitmq.message_size"]
    assert finding.severity is Severity.WARN
    append(server, "rabbitmq.conf", lines_of(finding.remedy, "rabbitmq.conf"))
    start_again(server)
    assert outcome(found(server)["rabbitmq.message_size"]) == PASSED


def test_a_broker_that_asks_for_a_client_certificate_asks_no_more_after_the_next_start(launch, authority, tmp_path):
    lines = ["ssl_options.fail_if_no_peer_cert = true"]
    server = launch(lambda: StrictRabbitMq("trixie", tls=authority.sign(), lines=lines))
    (tmp_path / "authority.pem").write_bytes(authority.pem)
    values = {"queue.tls": True, "application.extra_ca_file": str(tmp_path / "authority.pem")}
    finding = found(server, values)["rabbitmq.connect"]
    assert outcome(finding) == failed(ErrorKind.TLS)
    append(server, "rabbitmq.conf", lines_of(finding.remedy, "rabbitmq.conf"))
    start_again(server)
    assert outcome(found(server, values)["rabbitmq.connect"]) == PASSED
