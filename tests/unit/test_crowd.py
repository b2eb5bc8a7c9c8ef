"""A server on a machine that many want is not called dead: others take its time, and no clock of ours sees it."""

import os
import socket
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from tests.patience import patience
from tests.unit.test_runner import check, fine, half, report_of
from wizard.engine.check import Check
from wizard.engine.facts import attempt
from wizard.engine.lateness import Pulse, crowd, is_crowded, wanting
from wizard.engine.sockets import Scope, is_own, watch
from wizard.net.errors import explain_any
from wizard.plan.finding import OUT_OF_TIME, ErrorKind, Severity
from wizard.plan.remedy import advice
from wizard.plan.spec import Spec

BUSY = "Could not be found out: this machine was too busy to tell."


@pytest.fixture
def crowded(monkeypatch):
    """Return a way to say how many seconds others took since a check began; nobody keeps us ourselves waiting."""
    monkeypatch.setattr("wizard.engine.runner.queued", lambda _thread: 0.0)
    monkeypatch.setattr("wizard.engine.lateness.Pulse.lost_since", lambda _self, _when: 0.0)

    def crowded(seconds):
        monkeypatch.setattr("wizard.engine.lateness.Pulse.crowded_since", lambda _self, _when: seconds)

    return crowded


@pytest.fixture
def release():
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def here():
    """Return a port of this machine that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()


@pytest.mark.parametrize(("lost", "severity"), [(0.26, Severity.UNKNOWN), (0.24, Severity.FAIL), (0.0, Severity.FAIL)])
def test_a_silent_server_of_this_machine_fails_unless_many_wanted_it_meanwhile(
    crowded, here, release, monkeypatch, lost, severity
):
    crowded(lost)
    clock = [0.0]
    monkeypatch.setattr("wizard.engine.runner.time", SimpleNamespace(monotonic=lambda: clock[0]))

    def asks(_facts):
        with socket.create_connection(here):
            clock[0] = 60.0  # now that the server is asked its time is up, however late this thread gets to run
            release.wait()

    report, _ = report_of([check(asks, deadline=0.1, facts=half)])
    first, second = report.findings
    assert (first.severity, second.severity, second.error) == (Severity.PASS, severity, ErrorKind.TIMEOUT)
    assert (second.summary == BUSY) is (severity is Severity.UNKNOWN)


def test_a_server_of_this_machine_gets_the_time_back_that_others_took(crowded, here, monkeypatch):
    crowded(30.0)
    given = threading.Event()
    clock = [0.0]
    monkeypatch.setattr("wizard.engine.runner.time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr("wizard.engine.sockets.Scope.is_here", property(lambda _self: given.set() or True))

    def answers_late(facts):
        clock[0] = 0.45
        given.wait(patience())
        fine(facts)

    report, _ = report_of([check(answers_late, deadline=0.3)])
    assert [finding.severity for finding in report.findings] == [Severity.PASS, Severity.PASS]


def test_a_driver_that_is_loaded_in_a_crowd_gets_the_time_back_that_others_took(monkeypatch, tmp_path):
    clock, given = [0.0], threading.Event()
    monkeypatch.setattr("wizard.engine.runner.queued", lambda _thread: 0.0)
    monkeypatch.setattr("wizard.engine.runner.LOADING", 0.5)
    monkeypatch.setattr("wizard.engine.runner.time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr("wizard.engine.lateness.Pulse.lost_since", lambda _self, _when: 0.0)
    monkeypatch.setattr("wizard.engine.lateness.Pulse.crowded_since", lambda _self, _when: given.set() or 30.0)

    def loads():
        clock[0] = 0.6  # its time is up, and it has asked no server yet
        given.wait(patience())

    monkeypatch.setitem(sys.modules, "crowd_of_the_driver", SimpleNamespace(loads=loads))
    (tmp_path / "driver_in_a_crowd.py").write_text("import sys\nsys.modules['crowd_of_the_driver'].loads()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = check(fine, deadline=0.5)
    with_driver = Check(**{name: getattr(made, name) for name in made.__slots__} | {"drivers": ("driver_in_a_crowd",)})
    report, _ = report_of([with_driver])
    assert [finding.severity for finding in report.findings] == [Severity.PASS, Severity.PASS]


def test_who_is_silent_elsewhere_is_not_excused_by_a_crowd_here(crowded, release):
    crowded(9.0)
    report, _ = report_of([check(lambda _facts: release.wait(), deadline=0.1, facts=half)])
    assert [finding.severity for finding in report.findings] == [Severity.PASS, Severity.FAIL]


def test_a_port_that_refuses_is_told_in_a_crowd(crowded):
    crowded(9.0)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))

        def refused(facts):
            facts.connect = attempt(lambda: socket.create_connection(bound.getsockname()), explain_any)

        report, _ = report_of([check(refused)])
    assert (report.findings[0].severity, report.findings[0].error) == (Severity.FAIL, ErrorKind.REFUSED)


def test_a_driver_s_own_time_out_counts_by_the_time_that_the_check_took(crowded, here, monkeypatch):
    """A part may give up long before the deadline: what was lost then is held against what it had."""
    crowded(0.9)
    clock = [0.0]
    monkeypatch.setattr("wizard.engine.runner.time", SimpleNamespace(monotonic=lambda: clock[0]))

    def gives_up(after):
        def probe(facts):
            with socket.create_connection(here):
                facts.connect = attempt(lambda: (_ for _ in ()).throw(TimeoutError("timed out")), explain_any)
            clock[0] += after

        return report_of([check(probe, deadline=60)])[0].findings[0].severity

    assert gives_up(4.4) is Severity.UNKNOWN
    assert gives_up(4.6) is Severity.FAIL


SLOW, OTHER = Spec("thing.latency", "m", timed=True), Spec("thing.other", "m")


def _measured(severity):
    def judge(_facts):
        yield SLOW.finding(severity, "It takes 90 ms.", {"facts": {"ms": 90}, "remedy": advice("Bring both nearer.")})
        yield OTHER.warn("It is old.", remedy=advice("Renew it when you can."))

    return Check(component="thing", specs=(SLOW, OTHER), facts=half, probe=fine, judge=judge)


def test_a_time_that_was_measured_in_a_crowd_is_nobody_s_slowness(crowded, monkeypatch):
    crowded(9.0)
    monkeypatch.setattr("wizard.engine.sockets.Scope.is_here", property(lambda _self: True))
    slow, other = report_of([_measured(Severity.WARN)])[0].findings
    assert (slow.severity, slow.summary, slow.facts) == (Severity.UNKNOWN, BUSY, {OUT_OF_TIME: True})
    assert (other.severity, other.summary) == (Severity.WARN, "It is old.")
    assert report_of([_measured(Severity.PASS)])[0].findings[0].severity is Severity.PASS


def test_a_short_check_in_a_crowd_is_nobody_s_slowness_either(crowded, monkeypatch):
    """A Redis was told to be slow at a load of ten, as less was lost than a deadline bears."""
    crowded(0.2)
    monkeypatch.setattr("wizard.engine.sockets.Scope.is_here", property(lambda _self: True))
    slow, other = report_of([_measured(Severity.WARN)])[0].findings
    assert (slow.severity, slow.summary) == (Severity.UNKNOWN, BUSY)
    assert (other.severity, other.summary) == (Severity.WARN, "It is old.")
    monkeypatch.setattr("wizard.engine.sockets.Scope.is_here", property(lambda _self: False))
    assert report_of([_measured(Severity.WARN)])[0].findings[0].severity is Severity.WARN  # no crowd slows others


def test_a_time_that_was_measured_on_a_quiet_machine_is_told(crowded):
    crowded(0.0)
    assert report_of([_measured(Severity.WARN)])[0].findings[0].severity is Severity.WARN


@pytest.mark.parametrize(
    ("others", "processors", "part"),
    [(0, 1, 0.0), (1, 1, 0.0), (2, 1, 2 / 3), (3, 2, 0.0), (4, 2, 0.6), (15, 2, 0.875), (7, 4, 0.0), (8, 4, 5 / 9)],
)
def test_a_crowd_are_two_others_for_each_processor(others, processors, part):
    assert crowd(others, processors) == pytest.approx(part)


def test_a_pulse_looks_ten_times_a_second_who_else_wants_a_processor(monkeypatch):
    clock = iter([0.0, 0.05, 0.1, 0.19, 1.2, 1.25, 1.3])
    unstarted = SimpleNamespace(Event=threading.Event, Thread=lambda **_given: SimpleNamespace(start=lambda: None))
    monkeypatch.setattr("wizard.engine.lateness.threading", unstarted)
    pulse = Pulse()
    monkeypatch.setattr("wizard.engine.lateness.time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr("wizard.engine.lateness.os", SimpleNamespace(cpu_count=lambda: 2))
    others = iter([3, 4, 9])
    monkeypatch.setattr("wizard.engine.lateness.wanting", lambda: next(others))
    beats = iter([False] * 6 + [True])
    monkeypatch.setattr(pulse, "_over", SimpleNamespace(wait=lambda _seconds: next(beats)))
    pulse._beat()
    assert list(pulse._crowded) == [(1.2, pytest.approx(0.66)), (1.3, pytest.approx(0.08))]
    assert pulse.crowded_since(0.0) == pytest.approx(0.74)
    assert pulse.crowded_since(1.2) == pytest.approx(0.08)


@pytest.mark.parametrize(
    ("text", "others"), [(b"12.8 12.9 7.1 13/186 121", 12), (b"12.8", 0), (b"a b c d", 0), (b"", 0), (OSError(), 0)]
)
def test_those_that_want_a_processor_are_told_by_the_system(monkeypatch, text, others):
    asked = []

    def read_start(path, most):
        asked.append((path, most))
        if isinstance(text, OSError):
            raise text
        return text

    monkeypatch.setattr("wizard.engine.lateness.read_start", read_start)
    assert wanting() == others
    assert asked == [("/proc/loadavg", 100)]


@pytest.mark.parametrize(
    ("others", "processors", "is_one"), [(1, 1, False), (2, 1, True), (3, 2, False), (4, 2, True), (2, None, True)]
)
def test_it_is_a_crowd_where_two_others_want_each_processor(monkeypatch, others, processors, is_one):
    monkeypatch.setattr("wizard.engine.lateness.wanting", lambda: others)
    monkeypatch.setattr("wizard.engine.lateness.os", SimpleNamespace(cpu_count=lambda: processors))
    assert is_crowded() is is_one


@pytest.mark.skipif(sys.platform != "linux", reason="told by Linux alone")
def test_the_system_really_tells_how_many_want_a_processor():
    assert 0 <= wanting() < 1_000_000


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("localhost", True), ("192.0.2.1", False), ("2001:db8::1", False), ("db.example", False)],
)
def test_an_address_is_known_to_be_this_machine_s(host, own):
    assert is_own(host) is own


def test_an_address_is_no_own_one_because_a_socket_may_be_bound_to_it(monkeypatch):
    """A machine for a balancer lets a socket take addresses that it does not have yet."""
    monkeypatch.setattr("socket.socket.bind", lambda _self, _address: None)
    assert is_own("192.0.2.1") is False


@pytest.fixture
def scope():
    made = Scope()
    yield made
    made.leave()


class TestAnAnswerNeedsThisMachine:
    def test_where_a_server_here_was_asked(self, scope, here):
        with scope.entered(), socket.create_connection(here):
            pass
        assert scope.is_here is True

    def test_where_a_library_of_c_asked_it(self, scope, here):
        with socket.create_connection(here) as made:
            with scope.entered():
                watch(made.fileno)
            scope.look()
        assert scope.is_here is True

    def test_and_not_where_a_library_of_c_wakes_itself_by_a_pair_without_names(self, scope):
        one, other = socket.socketpair()
        with one, other:
            with scope.entered():
                watch(one.fileno)
            scope.look()
        assert scope.is_here is (sys.platform == "win32")  # there a pair is of TCP

    def test_where_another_program_asks(self, scope):
        with scope.entered():
            subprocess.run([sys.executable, "-c", ""], check=True, env=dict(os.environ))
        assert scope.is_here is True

    def test_and_not_where_a_library_wakes_itself_by_a_pair_of_its_own(self, scope):
        with scope.entered(), socket.create_server(("127.0.0.1", 0)) as own, socket.socket() as other:
            other.connect(own.getsockname())
        assert scope.is_here is False

    def test_and_nowhere_else(self, scope):
        with scope.entered(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
            assert scope.is_here is False
            attempt(lambda: elsewhere.connect(("192.0.2.1", 9)), explain_any)
        assert scope.is_here is False
