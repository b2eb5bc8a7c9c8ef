"""The demo without a window, on machines that lack servers and where one does not start."""

import pytest

from wizard.app.demo import running_demo
from wizard.cli import demo as command
from wizard.cli.codes import ExitCode
from wizard.demo import cluster
from wizard.demo.nodes import Health, NodeStandIn
from wizard.demo.process import Missing, StartFailed
from wizard.plan.finding import Severity

pytestmark = pytest.mark.live
SERVERS = ("InstalledPostgres", "Redis", "RabbitMq", "Nginx")


@pytest.fixture
def no_server(monkeypatch):
    """Let this machine have none of the demo's servers."""

    def lacks(*_args, **_options):
        raise Missing("there is no such server", "apt-get install it")

    monkeypatch.setattr(command, "_end_on_terminate", lambda: None)
    for name in SERVERS:
        monkeypatch.setattr(getattr(cluster, name), "__init__", lacks)


class Refusing(NodeStandIn):
    """The second node finds its port taken."""

    def start(self):
        if self.name == "node2":
            raise StartFailed("address already in use")
        return super().start()


class Alone(Refusing):
    """No node finds a port."""

    def start(self):
        raise StartFailed("address already in use")


class Paged(NodeStandIn):
    """Nodes that are dead behind something that answers for them."""

    def __init__(self, name, **options):
        super().__init__(name, health=Health.PAGE, **options)


def _demo() -> ExitCode:
    return command.demo(None, headless=True)


def test_a_machine_without_any_server_has_a_demo_and_nothing_failed(no_server, capsys):
    assert _demo() is ExitCode.OK
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == "2 of 6 parts of the demo run."
    rows = [line for line in shown.splitlines() if line.startswith("  unknown") and "no such server." in line]
    assert len(rows) == len(SERVERS)
    assert "apt-get install it" in shown
    assert "FAILED" not in shown
    assert shown.splitlines()[1] == "5 things could not be found out."
    assert "Exported on trial" in shown


def test_a_check_that_fails_for_another_reason_counts_on_a_machine_that_lacks_servers(no_server, monkeypatch):
    monkeypatch.setattr(cluster, "NodeStandIn", Paged)
    assert _demo() is ExitCode.FAILED


def test_a_stand_in_that_cannot_start_is_unknown_with_the_reason(no_server, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "NodeStandIn", Refusing)
    assert _demo() is ExitCode.OK
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == "1 of 6 parts of the demo run."
    [told] = [line for line in shown.splitlines() if "  node.demo" in line]
    assert "unknown" in told
    assert "did not start (address already in use)" in told


def test_what_does_not_start_for_whatever_reason_leaves_a_demo_of_the_others(no_server, monkeypatch):
    def breaks(*_):
        raise OSError("no space left")

    for name in ("Redis", "LicenceService"):
        monkeypatch.setattr(getattr(cluster, name), "__init__", breaks)
    with running_demo(lambda _line: None) as demo:
        told = {finding.id: finding for finding in demo.findings}
        assert [node.name for node in demo.plan.nodes] == ["node1", "node2"]
    for identifier in ("redis.demo", "licence.demo"):
        assert told[identifier].severity is Severity.UNKNOWN
        assert "no space left" in told[identifier].summary
    assert told["rabbitmq.demo"].severity is Severity.UNKNOWN


def test_without_a_node_there_is_no_balancer_and_the_demo_says_so(no_server, monkeypatch):
    monkeypatch.setattr(cluster, "NodeStandIn", Alone)
    with running_demo(lambda _line: None) as demo:
        assert demo.plan.nodes == ()
        assert sorted(one.subject for one in demo.findings if one.id == "node.demo") == ["node1", "node2"]
        [balancer] = [one for one in demo.findings if one.id == "balancer.demo"]
        assert "no node" in balancer.summary
        assert demo.share == "1 of 6 parts of the demo run."
